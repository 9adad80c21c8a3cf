"""How the local WhatsApp is started on the command line: on which bad day, with which conversations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from rasa_whatsapp.cli.app import app
from rasa_whatsapp.cli.demo import project
from rasa_whatsapp.cli.demo.show import Show
from rasa_whatsapp.simulator import BadDay, Options, Restrictions, Simulator


@pytest.fixture(autouse=True)
def any_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the demo here comes before Rasa is started, so that it may be any."""
    monkeypatch.setattr(project, "require_rasa", lambda: "3.6.21")


@pytest.mark.parametrize("command", ["demo", "simulator"])
def test_a_trouble_that_does_not_exist(command: str) -> None:
    """The error names it and lists those there are."""
    result = CliRunner().invoke(app, [command, "--bad-day", "duplicats=0.3"])
    assert result.exit_code == 2
    assert "duplicats" in result.output
    assert "expired_media" in result.output


def test_the_simulator_has_the_day_that_was_ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The troubles, their chances, and the seed."""
    days: list[tuple[BadDay | None, int]] = []
    monkeypatch.setattr(Simulator, "bad_day", lambda _, day=None, /, seed=0: days.append((day, seed)))
    monkeypatch.setattr(Simulator, "__aenter__", _stop)
    CliRunner().invoke(app, ["simulator", "--port", "0", "--bad-day", "duplicates=0.3,slow", "--seed", "7"])
    assert days == [(BadDay(duplicates=0.3, slow=1.0), 7)]


def test_the_demo_has_the_day_that_was_ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes to the demo's own WhatsApp."""
    shows: list[Show] = []

    async def run(show: Show) -> int:
        shows.append(show)
        return 0

    monkeypatch.setattr(Show, "run", run)
    assert CliRunner().invoke(app, ["demo", "--bad-day", "shuffled", "--seed", "3"]).exit_code == 0
    assert (shows[0].bad_day, shows[0].seed) == (BadDay(shuffled=1.0), 3)


@pytest.mark.parametrize("command", ["demo", "simulator"])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["pair_brust=45"], ("pair_brust", "allowed_recipients")),
        (["standing=liked"], ("standing", "spam")),
        (["throughput=fast"], ("throughput=fast",)),
        (["pair_burst=45", "--provider", "serpro"], ("not Serpro",)),
    ],
)
def test_a_restriction_that_cannot_be(command: str, options: list[str], words: tuple[str, ...]) -> None:
    """The error says what is wrong and what there is, before anything is started."""
    result = CliRunner().invoke(app, [command, "--restrict", *options], env={"COLUMNS": "400"})
    assert result.exit_code == 2
    assert all(word in result.output for word in words)


RESTRICT = "pair_burst=45,allowed_recipients=+54 9 11 5555-0001,allowed_recipients=+1555,experiment"


def test_the_simulator_has_the_restrictions_that_were_ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name alone switches on, and a list is the same name again."""
    started: list[Simulator] = []

    async def start(whatsapp: Simulator) -> Simulator:
        started.append(whatsapp)
        return await _stop(whatsapp)

    monkeypatch.setattr(Simulator, "__aenter__", start)
    CliRunner().invoke(app, ["simulator", "--port", "0", "--restrict", RESTRICT])
    assert started[0].restrictions.named == {
        **Restrictions().named,
        "pair_burst": 45,
        "allowed_recipients": ["+54 9 11 5555-0001", "+1555"],
        "experiment": True,
    }


def test_the_demo_has_the_restrictions_that_were_ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """They go to the demo's own WhatsApp."""
    shows: list[Show] = []

    async def run(show: Show) -> int:
        shows.append(show)
        return 0

    monkeypatch.setattr(Show, "run", run)
    assert CliRunner().invoke(app, ["demo", "--restrict", "token_lifetime=3600"]).exit_code == 0
    assert shows[0].options.token_lifetime == 3600.0


async def test_the_demo_sets_up_its_bot_before_anything_is_restricted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A key and Flows are the account's: the token that may only send would be refused them."""
    seen: list[str] = []

    @asynccontextmanager
    async def running(*arguments: Any) -> AsyncIterator[Simulator]:
        [whatsapp] = [each for each in arguments if isinstance(each, Simulator)]
        seen.append(whatsapp.restrictions.permissions)
        yield whatsapp

    async def play(whatsapp: Simulator, _: Console) -> int:
        seen.append(whatsapp.restrictions.permissions)
        return 0

    monkeypatch.setattr("rasa_whatsapp.cli.demo.show.running", running)
    monkeypatch.setattr("rasa_whatsapp.cli.demo.show.play", play)
    options = Options(port=0, permissions="messaging")
    show = Show(Console(quiet=True), tmp_path, tmp_path / "model", options, check=True, browser=False)
    assert await show.run() == 0
    assert seen == ["all", "messaging"]


@pytest.mark.parametrize("command", ["demo", "simulator"])
def test_a_state_file_that_is_none(command: str, tmp_path: Path) -> None:
    """The error names the file and what to do, before anything is started."""
    other = tmp_path / "other.json"
    other.write_text("{}")
    result = CliRunner().invoke(app, [command, "--port", "0", "--state", str(other)])
    assert result.exit_code in (1, 2)
    words = " ".join(result.output.replace("│", " ").split())
    assert "holds no conversations of the local WhatsApp" in words
    assert "Name another file" in words
    assert other.read_text() == "{}"


async def _stop(_: Simulator) -> Simulator:
    raise KeyboardInterrupt
