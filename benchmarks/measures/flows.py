"""One data exchange of a Flow beside `openssl speed rsa2048`, and beside parsing the key for each request."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from benchmarks.results.result import Result
from rasa_whatsapp.flows import (
    FlowEndpoint,
    FlowHandlers,
    FlowKeys,
    FlowRequest,
    FlowResponse,
    FlowToken,
    generate_keys,
)
from rasa_whatsapp.simulator.flows.crypto import Sealed, signed

ROUNDS = 5
EXCHANGES = 1_000
PARSED = 20
"""Exchanges with the key parsed anew; each takes tens of milliseconds."""
SECRET = "app-secret"
GOAL = 1.3
"""How many times the limit's time the cryptographic part may take."""
REQUEST = {
    "version": "3.0",
    "action": "data_exchange",
    "screen": "SIGN_UP",
    "flow_token": "token",
    "data": {"name": "Maria da Conceição", "email": "maria@example.org"},
}


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures all of them one after the other in every round, in one process, and prints a table."""
    if shutil.which("openssl") is None:
        raise SystemExit("The limit needs the program openssl: apt-get install openssl")
    pair = generate_keys()
    keys, sealed = FlowKeys(pair.private_key), Sealed()
    body = sealed.body(json.dumps(REQUEST).encode(), pair.public_key)
    answer = json.dumps({"screen": "NEXT", "data": {"email": "maria@example.org"}}).encode()
    whole = _endpoint(keys)
    headers = {name.lower(): value for name, value in signed(body, SECRET).items()}
    found: dict[str, list[float]] = {name: [] for name in ("limit", "crypto", "whole", "parsed")}
    for number in range(1, rounds + 1):
        with console.status(f"round {number} of {rounds}"):
            found["limit"].append(await asyncio.to_thread(_openssl))
            found["crypto"].append(_each(lambda: keys.open(body).seal(answer), EXCHANGES))
            begun = time.perf_counter()
            for _ in range(EXCHANGES):
                assert (await whole.respond(body, headers)).status == 200
            found["whole"].append((time.perf_counter() - begun) / EXCHANGES)
            found["parsed"].append(_each(lambda: FlowKeys(pair.private_key).open(body).seal(answer), PARSED))

    console.print(_table(found))
    return [
        _result("decrypt and encrypt", found["crypto"], found["limit"], GOAL),
        _result("whole request", found["whole"], found["limit"]),
        _result("key parsed each time", found["parsed"], found["limit"]),
    ]


def _result(name: str, seconds: list[float], limit: list[float], goal: float | None = None) -> Result:
    return Result(
        measure="One data exchange of a Flow",
        beside="`openssl speed rsa2048`",
        name=name,
        ratio=statistics.median(each / least for each, least in zip(seconds, limit, strict=True)),
        figure=f"{statistics.median(seconds) * 1000:.2f} ms",
        goal=goal,
        at_most=True,
    )


def _table(found: dict[str, list[float]]) -> Table:
    table = Table(title="One data exchange of a Flow, on one core")
    for column in ("", "ms, median", "a second", "of the limit, median", "goal"):
        table.add_column(column, justify="left" if not column else "right")
    names = {
        "limit": "openssl speed rsa2048: one private operation",
        "crypto": "decrypt and encrypt",
        "whole": "the whole request: signature, token, handler",
        "parsed": "decrypt and encrypt, the key parsed each time",
    }
    for name, title in names.items():
        seconds = statistics.median(found[name])
        pairs = zip(found[name], found["limit"], strict=True)
        ratio = statistics.median(each / limit for each, limit in pairs)
        verdict = "[green]met" if ratio <= GOAL else "[red]missed"
        goal = f"{GOAL} {verdict}" if name == "crypto" else ""
        table.add_row(title, f"{seconds * 1000:.3f}", f"{1 / seconds:.0f}", f"{ratio:.2f}", goal)
    return table


def _endpoint(keys: FlowKeys) -> FlowEndpoint:
    handlers = FlowHandlers()

    @handlers.on()
    async def signed_up(request: FlowRequest) -> FlowResponse:
        return FlowResponse(screen="NEXT", data={"email": request.data["email"]})

    async def known(token: str) -> FlowToken:
        return FlowToken(conversation="5561999990001", flow="sign_up")

    return FlowEndpoint(keys, handlers, app_secrets=[SECRET], verify=known)


def _each(work: Callable[[], object], times: int) -> float:
    """Seconds for one call."""
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times


def _openssl() -> float:
    """Seconds for one private operation, as openssl itself measures it."""
    command = ["openssl", "speed", "-seconds", "1", "rsa2048"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    line = re.search(r"rsa\s+2048 bits\s+([\d.]+)s", printed)
    if line is None:
        raise SystemExit(f"openssl printed no time for rsa2048:\n{printed}")
    rate = re.search(r"rsa\s+2048 bits\s+[\d.]+s\s+[\d.]+s\s+([\d.]+)", printed)
    return 1 / float(rate[1]) if rate else float(line[1])
