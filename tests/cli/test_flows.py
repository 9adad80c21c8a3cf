"""`rasa-whatsapp flows` tells what Meta would reject, and brings Flows to the account."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from whatsapp_command import COMMAND, run, section

from rasa_whatsapp.cli.saves import LOOK_EVERY, saves
from rasa_whatsapp.simulator import Simulator

pytestmark = pytest.mark.whatsapp(webhook_url="")

GOOD = """{
  "version": "7.0",
  "screens": [{"id": "%s", "title": "Oi", "terminal": true, "layout": {
    "type": "SingleColumnLayout",
    "children": [
      {"type": "Footer", "label": "Enviar", "on-click-action": {"name": "complete", "payload": {}}}
    ]}}]
}"""


def test_a_file_without_mistakes(tmp_path: Path) -> None:
    """Nothing on stdout, which is for the problems."""
    (tmp_path / "flow.json").write_text(GOOD % "SIGN_UP")
    done = run("flows", "validate", "flow.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_each_problem_with_its_place(tmp_path: Path) -> None:
    """One line each, and an exit code for scripts."""
    (tmp_path / "flow.json").write_text(GOOD % "SUCCESS")
    done = run("flows", "validate", "flow.json", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("screens[0].id: ")


def test_a_flow_in_python(tmp_path: Path) -> None:
    """By module:object, from the folder where the command runs."""
    source = (
        f"from rasa_whatsapp.flows import FlowJSON\nflow = FlowJSON.from_json('''{GOOD % 'SUCCESS'}''')\n"
    )
    (tmp_path / "my_forms.py").write_text(source)
    assert "screens[0].id" in run("flows", "validate", "my_forms:flow", cwd=tmp_path).stdout
    wrong = run("flows", "validate", "my_forms:form", cwd=tmp_path)
    assert wrong.returncode == 1
    assert "my_forms:flow" in wrong.stderr


@pytest.mark.parametrize(("text", "says"), [("{", "no JSON"), ("[]", "JSON object"), (None, "No such file")])
def test_a_file_that_is_no_flow(tmp_path: Path, text: str | None, says: str) -> None:
    """The error names the file."""
    if text is not None:
        (tmp_path / "flow.json").write_text(text)
    done = run("flows", "validate", "flow.json", cwd=tmp_path)
    assert done.returncode == 1
    assert says in done.stderr
    assert "flow.json" in done.stderr


@pytest.fixture
def whatsapp(whatsapp: Simulator, tmp_path: Path) -> Simulator:
    # What only calls WhatsApp needs nothing to receive its messages with.
    receiving = {"app_secret": "", "verify_token": "", "media": "nowhere"}
    settings = section(base_url=whatsapp.url, waba_id=whatsapp.account.waba_id, **receiving)
    (tmp_path / "credentials.yml").write_text(settings)
    (tmp_path / "flow.json").write_text(GOOD % "SIGN_UP")
    return whatsapp


async def flows(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "flows", *arguments, cwd=tmp_path)


async def test_a_flow_that_cannot_be_published_yet(whatsapp: Simulator, tmp_path: Path) -> None:
    """The draft is there: its id, and what is left to be done, are told."""
    made = await flows(tmp_path, "create", "sign up", "--publish")
    assert (made.returncode, made.stdout.strip().isdecimal()) == (1, True), made.stderr
    assert "kept as a draft" in made.stderr
    assert "rasa-whatsapp flows publish 'sign up'" in made.stderr
    assert (await flows(tmp_path, "push", "sign up", "flow.json")).returncode == 0
    assert (await flows(tmp_path, "publish", "sign up", "--yes")).returncode == 0


async def test_the_life_of_a_flow(whatsapp: Simulator, tmp_path: Path) -> None:
    """Created by name, pushed, published, taken out of use; each step is seen in the list."""
    made = await flows(tmp_path, "create", "sign_up", "--category", "SIGN_UP")
    assert (made.returncode, made.stdout.strip().isdecimal()) == (0, True), made.stderr
    pushed = await flows(tmp_path, "push", "sign_up", "flow.json")
    assert pushed.returncode == 0, pushed.stderr
    endpoint = "https://bot.example/webhooks/whatsapp/flow"
    assert (await flows(tmp_path, "update", "sign_up", "--endpoint", endpoint)).returncode == 0
    assert (await flows(tmp_path, "publish", "sign_up", "--yes")).returncode == 0
    [listed] = json.loads((await flows(tmp_path, "list", "--json")).stdout)
    assert (listed["name"], listed["status"], listed["endpoint_uri"]) == ("sign_up", "PUBLISHED", endpoint)
    shown = (await flows(tmp_path, "get", "sign_up")).stdout
    assert "PUBLISHED" in shown
    assert "preview" in shown
    assert "flow.json" in (await flows(tmp_path, "assets", "sign_up")).stdout
    refused = await flows(tmp_path, "delete", "sign_up", "--yes")
    assert (refused.returncode, "published" in refused.stderr) == (1, True)
    assert (await flows(tmp_path, "deprecate", "sign_up", "--yes")).returncode == 0
    assert "DEPRECATED" in (await flows(tmp_path, "list")).stdout


async def test_at_once_and_away_again(whatsapp: Simulator, tmp_path: Path) -> None:
    """One command for the whole, and drafts can be deleted."""
    made = await flows(tmp_path, "create", "a", "--json-from", "flow.json", "--publish", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["validation_errors"] == []
    await flows(tmp_path, "create", "b")
    assert (await flows(tmp_path, "delete", "b", "--yes")).returncode == 0
    [left] = json.loads((await flows(tmp_path, "list", "--json")).stdout)
    assert (left["name"], left["status"]) == ("a", "PUBLISHED")
    unknown = await flows(tmp_path, "publish", "b", "--yes")
    assert "flows list" in unknown.stderr
    moved = await flows(tmp_path, "migrate", "1", "old")
    assert (moved.returncode, "old" in moved.stderr) == (1, True)
    assert (await flows(tmp_path, "metrics", "a", "NONSENSE")).returncode == 1


@pytest.mark.parametrize("command", ["create new --json-from flow.json", "push sign_up flow.json"])
async def test_a_broken_file_never_gets_to_meta(whatsapp: Simulator, tmp_path: Path, command: str) -> None:
    """The place in the file is told, and nobody is called."""
    (tmp_path / "flow.json").write_text('{\n  "version": "7.0",\n  oops\n}')
    done = await flows(tmp_path, *command.split())
    assert done.returncode == 1
    assert "flow.json: This is no JSON, line 3, column 3: " in done.stderr
    assert list(whatsapp.calls) == []


async def test_a_file_of_windows_is_pushed(whatsapp: Simulator, tmp_path: Path) -> None:
    """PowerShell's ``>`` writes UTF-16."""
    await flows(tmp_path, "create", "sign_up")
    (tmp_path / "flow.json").write_text(GOOD % "SIGN_UP", encoding="utf-16")
    done = await flows(tmp_path, "push", "sign_up", "flow.json")
    assert (done.returncode, done.stderr) == (0, "✓ flow.json is in sign_up.\n")
    (tmp_path / "flow.json").write_text(GOOD.replace("Oi", "é") % "SIGN_UP", encoding="latin-1")
    done = await flows(tmp_path, "push", "sign_up", "flow.json")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "UTF-8" in done.stderr


async def test_every_save_is_pushed(whatsapp: Simulator, tmp_path: Path) -> None:
    """`push --watch` goes on until it is stopped."""
    await flows(tmp_path, "create", "sign_up")
    watching = await asyncio.create_subprocess_exec(
        *COMMAND, "flows", "push", "sign_up", "flow.json", "--watch", cwd=tmp_path, stderr=subprocess.PIPE
    )
    assert watching.stderr is not None

    async def says() -> str:
        assert watching.stderr is not None
        return (await asyncio.wait_for(watching.stderr.readline(), 20)).decode()

    assert "is in sign_up" in await says()
    (tmp_path / "flow.json").write_text(GOOD % "SUCCESS")
    assert "screens[0].id" in await says()
    watching.terminate()
    await watching.wait()


async def test_a_file_that_is_away_for_a_moment_is_no_save(tmp_path: Path) -> None:
    """Some editors replace the file instead of writing it."""
    file = tmp_path / "flow.json"
    file.write_text("one")
    noticed = saves(file)
    waiting = asyncio.ensure_future(anext(noticed))
    file.unlink()
    saved, _ = await asyncio.wait([waiting], timeout=2 * LOOK_EVERY)
    assert not saved
    file.write_text("another")
    await asyncio.wait_for(waiting, 10)
    await noticed.aclose()
