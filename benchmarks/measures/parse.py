"""Microseconds to read each kind of webhook and to write each kind of message, beside `json` on the same.

pywa reads the webhooks too where it is installed: ``uv run --group bench python -m benchmarks parse``.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.results.result import Result
from benchmarks.starting.settings import ROOT
from rasa_whatsapp.cloud.payload import parse, wrap
from rasa_whatsapp.cloud.webhook import read
from rasa_whatsapp.rendering import render
from rasa_whatsapp.simulator.webhook.envelope import encode
from tests.messages.examples import CASES

ROUNDS = 5
WINDOWS, WITHIN = 5, 0.001
"""In a round each is repeated for so long so often, and the best counts: others use the machine, too."""
PHONE, OUTBOX_ID = "+5491155550000", "0" * 32
PIZZAS = [{"title": f"Pizza {number}", "payload": f"/pizza{number}"} for number in range(10)]
CARD = {"image_url": "https://example.org/a.jpg", "subtitle": "A court for two", "buttons": PIZZAS[:2]}
RESPONSES: dict[str, dict[str, Any]] = {
    "text": {"text": "oi, tudo bem? 👍"},
    "text and image": {"text": "The club", "image": "https://example.org/a.jpg"},
    "three buttons": {"text": "Which one?", "buttons": PIZZAS[:3]},
    "ten buttons": {"text": "Which one?", "buttons": PIZZAS},
    "elements": {"elements": [{"title": f"Court {number}", **CARD} for number in range(5)]},
    "text of 10 000": {"text": "One sentence after the other. " * 333},
    "custom body": {"custom": {"type": "location", "location": {"latitude": -15.79, "longitude": -47.88}}},
}

Work = Callable[[], object]


@dataclass
class Kind:
    """One kind of webhook or message: what is done to it, and the seconds it took in each round."""

    name: str
    limit: Work
    ours: Work
    pywa: Work | None = None
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"limit": [], "ours": [], "pywa": []})

    def measure(self) -> None:
        """One round, one after the other."""
        for name, work in (("limit", self.limit), ("ours", self.ours), ("pywa", self.pywa)):
            if work is not None:
                self.seconds[name].append(_seconds(work))

    def microseconds(self, who: str) -> float:
        """The median."""
        return statistics.median(self.seconds[who]) * 1e6

    def ratio(self, who: str) -> float:
        """The median of the ratios to the limit."""
        pairs = zip(self.seconds[who], self.seconds["limit"], strict=True)
        return statistics.median(a / b for a, b in pairs)


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures every kind in every round, in one process, and prints a table of each."""
    webhooks, messages, responses = _webhooks(), _messages(), _responses()
    for number in range(1, rounds + 1):
        with console.status(f"round {number} of {rounds}"):
            for kind in (*webhooks, *messages, *responses):
                kind.measure()
    console.print(_table("Webhook's bytes to events", "json.loads", webhooks))
    console.print(_table("Message to the request's bytes", "json.dumps", messages))
    console.print(_table("Rasa's response to the requests' bytes", "json.dumps", responses))
    return [
        *_results("Webhooks read", "`json.loads` of the bytes", webhooks),
        *_results("Messages written", "`json.dumps` of the body", messages),
        *_results("Rasa's responses rendered and written", "`json.dumps` of the bodies", responses),
    ]


def _seconds(work: Work) -> float:
    """For one call."""
    return min(_window(work) for _ in range(WINDOWS))


def _window(work: Work) -> float:
    calls, began = 0, time.perf_counter()
    while (taken := time.perf_counter() - began) < WITHIN:
        work()
        calls += 1
    return taken / calls


def _webhooks() -> list[Kind]:
    """One webhook for each kind of event, and a batch of several."""
    pywa = _pywa_reader()
    kinds: dict[str, Kind] = {}
    for file in sorted((ROOT / "tests" / "fixtures" / "cloud").glob("*.json")):
        webhook = json.loads(file.read_text(encoding="utf-8"))
        events = parse(webhook)
        name = type(events[0]).__name__ if len(events) == 1 else file.stem
        if name not in kinds:
            body = encode(webhook)
            theirs = pywa(body) if len(events) == 1 else None  # it reads the first one alone
            kinds[name] = Kind(name, _call(json.loads, body), _call(_read, body), theirs)
    return [kinds[name] for name in sorted(kinds, key=lambda name: (name != "Text", name))]


def _read(body: bytes) -> object:
    return parse(read(body))


def _messages() -> list[Kind]:
    """One message of each kind."""
    kinds: dict[str, Kind] = {}
    for message, _ in CASES.values():
        body = wrap(message, PHONE, OUTBOX_ID)
        kinds.setdefault(
            type(message).__name__,
            Kind(type(message).__name__, _call(json.dumps, body), _call(_write, message)),
        )
    return list(kinds.values())


def _write(message: Any) -> object:
    return json.dumps(wrap(message, PHONE, OUTBOX_ID)).encode()


def _responses() -> list[Kind]:
    kinds = []
    for name, response in RESPONSES.items():
        bodies = [wrap(message, PHONE, OUTBOX_ID) for message in render(response).messages]
        kinds.append(Kind(name, _call(_dump_all, bodies), _call(_render, response)))
    return kinds


def _dump_all(bodies: list[Any]) -> object:
    return [json.dumps(body) for body in bodies]


def _render(response: Mapping[str, Any]) -> object:
    return [_write(message) for message in render(response).messages]


def _call(work: Callable[..., object], *arguments: Any) -> Work:
    return lambda: work(*arguments)


def _pywa_reader() -> Callable[[bytes], Work | None]:
    """What pywa does between a webhook's bytes and the call of a handler, its checks for repeats left out."""
    if importlib.util.find_spec("pywa") is None:
        return lambda body: None
    from pywa import WhatsApp
    from pywa.types import RawUpdate

    logging.getLogger("pywa").setLevel(logging.CRITICAL)  # it warns of what it does not know
    client = WhatsApp("106540352242922", "token", filter_updates=False)

    def reading(body: bytes) -> Work | None:
        def work() -> object:
            update = RawUpdate(body, hmac_header=None, update_hash="")
            handler = client._get_handler_type(update)
            return client._handlers_to_updates[handler].from_update(client=client, update=update)

        RawUpdate(body, hmac_header=None, update_hash="")
        try:
            work()
        except (KeyError, TypeError, ValueError, AttributeError):  # a kind that it does not know
            return None
        return work

    return reading


def _table(title: str, limit: str, kinds: list[Kind]) -> Table:
    with_pywa = any(kind.pywa for kind in kinds)
    table = Table(title=f"{title}, microseconds", caption="In brackets: times the limit, median.")
    table.add_column("")
    for column in (f"limit: {limit}", "rasa_whatsapp", *(["pywa"] if with_pywa else [])):
        table.add_column(column, justify="right")
    for kind in kinds:
        cells = [f"{kind.microseconds('limit'):.1f}"]
        for who in ("ours", "pywa") if with_pywa else ("ours",):
            known = kind.seconds[who]
            cells.append(f"{kind.microseconds(who):.1f} ({kind.ratio(who):.1f})" if known else "")
        table.add_row(kind.name, *cells)
    return table


def _results(measure: str, beside: str, kinds: list[Kind]) -> list[Result]:
    """The median over all kinds and the slowest; where pywa reads some, both of these side by side."""
    slowest = max(kinds, key=lambda kind: kind.microseconds("ours"))
    some = [kind for kind in kinds if kind.pywa]
    chosen = [
        (f"median of {len(kinds)} kinds", "ours", kinds),
        (f"the slowest, {slowest.name}", "ours", [slowest]),
    ]
    if some:
        chosen += [(f"{len(some)} kinds pywa knows", "ours", some), ("pywa, the same kinds", "pywa", some)]
    return [
        Result(
            measure=measure,
            beside=beside,
            name=name,
            ratio=statistics.median(kind.ratio(who) for kind in group),
            figure=f"{statistics.median(kind.microseconds(who) for kind in group):.1f} µs",
            at_most=True,
        )
        for name, who, group in chosen
    ]
