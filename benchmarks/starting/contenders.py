"""Who takes webhooks: the channel, its limit, and its peers as their users run them, each in a process."""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load.turn import Turn
from benchmarks.load.webhooks import BODY, PATH, request, text
from benchmarks.starting.settings import CHANNEL, ROOT, credentials
from rasa_whatsapp.cli.ports import free_port, listening
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.simulator import Simulator
from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.webhook.envelope import encode

_ids = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Contender:
    """One of them.

    Attributes:
        name: as it stands in a table.
        module: the program, started with the port, ``options``, a file of credentials, and the turn.
        write: makes the request for a text message.
    """

    name: str
    module: str
    options: Sequence[str] = ()
    path: str = PATH
    write: Callable[[Account, str, str, str, str], bytes] = text

    def requests(self, count: int, people: int) -> list[bytes]:
        """So many messages, each of another person than the one before."""
        account = Simulator().account
        return [
            self.write(account, f"wamid.load{number}", f"5491155{number % people:06}", BODY, self.path)
            for number in itertools.islice(_ids, count)
        ]

    @property
    def answers(self) -> bool:
        """Whether it runs turns at all."""
        return self is not LIMIT

    @asynccontextmanager
    async def serving(self, turn: Turn, graph: str) -> AsyncIterator[int]:
        """Starts it and gives its port; its answers go to a Graph."""
        port = free_port()
        with TemporaryDirectory(prefix="benchmark-") as name:
            folder = Path(name)
            store = f"sqlite:///{folder / 'whatsapp.db'}"
            settings = {**credentials(Simulator()), "base_url": graph, "store": store}
            file = folder / "credentials.json"
            file.write_text(json.dumps(settings), encoding="utf-8")
            # What is under way when all is measured is of no interest.
            async with Programs(folder, environment(), grace=0) as programs:
                command = [sys.executable, "-m", self.module, str(port), *self.options, str(file), str(turn)]
                await programs.start(self.name, command, cwd=ROOT)
                await programs.during(listening(port))
                yield port


def _to_messenger(account: Account, id_: str, phone: str, body: str, path: str) -> bytes:
    """Messenger's own envelope, and its older signature."""
    message = {
        "sender": {"id": phone},
        "recipient": {"id": account.phone_number_id},
        "timestamp": int(time.time() * 1000),
        "message": {"mid": id_, "text": body},
    }
    whole = encode({"object": "page", "entry": [{"id": account.waba_id, "messaging": [message]}]})
    proof = hmac.new(account.app_secret.encode(), whole, hashlib.sha1).hexdigest()
    return request(path, whole, f"X-Hub-Signature: sha1={proof}")


LIMIT = Contender("bare handler: verifies, no turns", "benchmarks.servers.bare")
OURS = Contender("rasa_whatsapp, SQLite", "benchmarks.servers.channel", [CHANNEL])
PEERS = [
    Contender(
        "plain connector, awaits the turn",
        "benchmarks.servers.channel",
        ["benchmarks.servers.plain.PlainInput"],
        "/webhooks/plain/webhook",
    ),
    Contender(
        "plain connector, create_task",
        "benchmarks.servers.channel",
        ["benchmarks.servers.plain.TaskInput"],
        "/webhooks/tasks/webhook",
    ),
    Contender(
        "Rasa's facebook channel",
        "benchmarks.servers.channel",
        ["benchmarks.servers.messenger.LocalFacebookInput"],
        "/webhooks/facebook/webhook",
        _to_messenger,
    ),
]
if importlib.util.find_spec("pywa"):
    PEERS += [
        Contender("pywa on FastAPI, async", "benchmarks.servers.pywa_fastapi", ["async"]),
        Contender("pywa on FastAPI, threads", "benchmarks.servers.pywa_fastapi", ["threads"]),
    ]
