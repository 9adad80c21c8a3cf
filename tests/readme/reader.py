"""Somebody who does what a document says, against the local WhatsApp."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from textwrap import dedent

from documents import ROOT, Line, words_of
from whatsapp_command import COMMAND, run

from rasa_whatsapp import events
from rasa_whatsapp.delivery.rows import Arrival, Contact
from rasa_whatsapp.delivery.stores import open_url
from rasa_whatsapp.simulator import (
    ACCESS_TOKEN,
    APP_SECRET,
    CLIENT_SECRET,
    VERIFY_TOKEN,
    WEBHOOK_TOKEN,
    Simulator,
)

SAMPLE_BOT = ROOT / "sample_bot"
PERSON = "5561999990001"
DEAD = "wamid.DEAD"
SECRETS = {
    "WHATSAPP_ACCESS_TOKEN": ACCESS_TOKEN,
    "WHATSAPP_APP_SECRET": APP_SECRET,
    "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
    "WHATSAPP_WEBHOOK_TOKEN": WEBHOOK_TOKEN,
    "WHATSAPP_CLIENT_SECRET": CLIENT_SECRET,
    "WHATSAPP_PSEUDONYM_KEY": "a key of the tests' own",
}
JSON = re.compile(r"```json\n(.*?)```", re.DOTALL)
CREDENTIALS = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
FLOW_URL = re.compile(r"https?://\S+/webhooks/whatsapp/flow")
ENDLESS = {"--watch": "is in ", "simulator": "Ctrl-C ends it."}
"""What runs until Ctrl-C, by a word of the line; and what it prints when it is there."""


def is_endless(line: Line) -> bool:
    """Whether a line runs until Ctrl-C."""
    return any(word in words_of(line) for word in ENDLESS)


class Reader:
    """Somebody with a copy of the sample bot, the files that a document speaks of, and a WhatsApp."""

    def __init__(self, folder: Path, whatsapp: Simulator, flow_url: str) -> None:
        self.folder = folder
        self.whatsapp = whatsapp
        self._flow_url = flow_url
        self.named = {
            "ID": DEAD,
            "NAME": "membership",
            "FILE": "sign_up.json",
            "URL": flow_url,
        }
        """What the reader writes for a word that stands for something of their own."""

    async def does(self, line: Line) -> None:
        """Runs the line, says yes when asked, and pastes what is to be pasted."""
        words = [self.named.get(word, word) for word in words_of(line)]
        words = [self._flow_url if FLOW_URL.fullmatch(word) else word for word in words]
        if is_endless(line):
            await self._runs_until_ctrl_c(line, words)
            return
        done = await asyncio.to_thread(run, *words, cwd=self.folder, answer="y\n")
        assert done.returncode == 0, f"{line.text}\n{done.stdout}{done.stderr}"
        if words[:2] == ["keys", "generate"]:
            self._pastes(done.stdout)
        if words[:2] == ["media", "upload"]:
            self.named["1234567890"] = done.stdout.strip()

    async def _runs_until_ctrl_c(self, line: Line, words: list[str]) -> None:
        port = ["--port", "0"] if "simulator" in words else []
        process = await asyncio.create_subprocess_exec(
            *(*COMMAND, *words, *port), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert process.stdout is not None
        printed = ""
        while not any(there in printed for there in ENDLESS.values()):
            new = await asyncio.wait_for(process.stdout.readline(), 30)
            printed += new.decode()
            assert new, f"{line.text}\n{printed}"
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), 30)

    def _pastes(self, lines: str) -> None:
        credentials = self.folder / "credentials.yml"
        text = credentials.read_text(encoding="utf-8")
        if "  flows:" not in text:
            credentials.write_text(text + lines)


def example(document: Path) -> str:
    """The document's first credentials.yml for one number."""
    if document.parent == SAMPLE_BOT:
        return (SAMPLE_BOT / "credentials.yml").read_text(encoding="utf-8")
    found = [dedent(block) for block in CREDENTIALS.findall(document.read_text(encoding="utf-8"))]
    return next((block for block in found if "WhatsAppInput:" in block and "numbers:" not in block), "")


def pointed_at(whatsapp: Simulator, text: str) -> str:
    """A credentials.yml that leads to the local WhatsApp and is otherwise the reader's."""
    if not text:
        text = "rasa_whatsapp.WhatsAppInput:\n"
        text += "".join(f'  {key}: "{value}"\n' for key, value in whatsapp.credentials.items())
    text = re.sub(r"^  base_url: .*\n", "", text, flags=re.MULTILINE)
    return f"{text.rstrip()}\n  base_url: {whatsapp.url}\n"


def lay_out(folder: Path, document: Path) -> None:
    """A copy of the sample bot, with the files that a document speaks of."""
    shutil.copytree(
        SAMPLE_BOT, folder, ignore=shutil.ignore_patterns("__pycache__", ".rasa", "models", "*.db*")
    )
    shutil.copy(SAMPLE_BOT / "flows" / "hacerme_socio.json", folder / "sign_up.json")
    shutil.copy(SAMPLE_BOT / "media" / "mapa.png", folder / "map.png")
    (folder / "my_flows.py").write_text("from club_flows import handlers\n")
    for block in JSON.findall(document.read_text(encoding="utf-8")):
        (folder / f"{json.loads(block)['name']}.json").write_text(block, encoding="utf-8")


async def keep_a_dead_letter(credentials: str) -> None:
    """In the store that the settings name, as a bot keeps a turn that it gave up."""
    found = re.search(r"store: (\S+)", credentials)
    store = open_url(found[1] if found else "sqlite:///whatsapp.db")
    await store.open()
    text = events.Text(id=DEAD, timestamp=int(time.time()), sender=events.Person(phone=PERSON), body="Hola")
    arrival = Arrival(
        id=DEAD,
        wanted=PERSON,
        aliases=(f"phone:{PERSON}",),
        contact=Contact(phone=PERSON, number="100", seen=time.time()),
        body=events.encode(text),
        at=time.time(),
    )
    await store.take_in([arrival])
    await store.turns.claim()
    row = await store.turns.advance(PERSON)
    assert row is not None
    await store.turns.bury(row, "the turn failed five times")
    await store.turns.release(PERSON)
    await store.close()
