"""Run where only rasa-sdk stands beside the wheel: the sample bot's action server needs no Rasa.

``python actions_alone.py SAMPLE_BOT``: starts the action server there and has it run every custom action.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PATIENCE = 60.0


def main(bot: Path) -> None:
    """Raises where an action does not answer."""
    assert importlib.util.find_spec("rasa") is None, "rasa is installed, so this proves nothing"
    declared = re.search(r"^actions:\n((?:  - .+\n)+)", (bot / "domain.yml").read_text("utf-8"), re.MULTILINE)
    assert declared, "the domain declares no actions"
    names = re.findall(r"  - (action_\w+)", declared[1])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    with subprocess.Popen(command, cwd=bot, env={**os.environ, "SANIC_HOST": "127.0.0.1"}) as server:
        try:
            _wait_for(port, server)
            said = {name: _run(port, name) for name in names}
        finally:
            server.terminate()
    whatsapp = [name for name, messages in said.items() if any(map(_is_for_whatsapp, messages))]
    assert whatsapp, "no action has said what only WhatsApp shows"
    print(
        f"rasa-sdk {importlib.metadata.version('rasa-sdk')}, no Rasa: "
        f"{len(said)} actions ran, {len(whatsapp)} of them answered with WhatsApp's own messages"
    )


def _is_for_whatsapp(response: dict[str, Any]) -> bool:
    return "messages" in response.get("metadata", {}).get("whatsapp", {})


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)  # nothing announces the open port
    raise SystemExit("The action server did not start.")


def _run(port: int, action: str) -> list[dict[str, Any]]:
    """Asks for an action as Rasa does, on WhatsApp, and returns what it says."""
    message = {"text": "hola", "intent": {}, "entities": [], "metadata": {"whatsapp": _EVENT}}
    tracker = {
        "sender_id": "549115550001",
        "slots": {},
        "latest_message": message,
        "events": [],
        "latest_input_channel": "whatsapp",
    }
    call = {"next_action": action, "sender_id": "549115550001", "tracker": tracker, "domain": {}}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/webhook",
        json.dumps(call).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            said: list[dict[str, Any]] = json.load(answer)["responses"]
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{action}: HTTP {error.code}: {error.read().decode('utf-8', 'replace')}") from None
    return said


_EVENT = {
    "event": "text",
    "id": "wamid.1",
    "timestamp": 1790000000,
    "sender": {"phone": "549115550001", "user_id": "AR.1", "name": "María"},
    "number": {"phone_number_id": "106540352242922", "display": "5491155550000"},
    "body": "hola",
}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
