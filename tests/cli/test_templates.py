"""`rasa-whatsapp templates` lists, hands in and deletes templates."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from whatsapp_command import run, section

from rasa_whatsapp.simulator import Simulator

pytestmark = [pytest.mark.whatsapp(webhook_url=""), pytest.mark.usefixtures("credentials")]

YAML = """\
name: greeting
language: pt_BR
category: UTILITY
components:
  - type: BODY
    text: "Olá, {{1}}"
    example: {body_text: [["Ana"]]}
"""


@pytest.fixture(autouse=True)
def file(tmp_path: Path) -> None:
    (tmp_path / "greeting.yml").write_text(YAML)


async def templates(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "templates", *arguments, cwd=tmp_path)


async def names(tmp_path: Path, *arguments: str) -> list[str]:
    listed = await templates(tmp_path, "list", "--json", *arguments)
    return [template["name"] for template in json.loads(listed.stdout)]


async def test_a_template_is_handed_in_listed_and_deleted(whatsapp: Simulator, tmp_path: Path) -> None:
    """From a YAML file, as one would keep it beside the bot."""
    made = await templates(tmp_path, "create", "greeting.yml")
    assert made.returncode == 0, made.stderr
    assert "greeting (pt_BR) is APPROVED" in made.stdout
    assert await names(tmp_path) == ["hello_world", "greeting"]
    assert await names(tmp_path, "--language", "pt_BR", "--status", "approved") == ["greeting"]
    gone = await templates(tmp_path, "delete", "greeting", "--yes")
    assert gone.returncode == 0, gone.stderr
    assert await names(tmp_path) == ["hello_world"]


async def test_json_in_and_out(whatsapp: Simulator, tmp_path: Path) -> None:
    """Meta's own JSON is a template file, too; the answer can be read by programs."""
    body = {"type": "BODY", "text": "Hi 👋"}
    definition = {"name": "hi", "language": "en_US", "category": "MARKETING", "components": [body]}
    (tmp_path / "hi.json").write_text(json.dumps(definition))
    told = json.loads((await templates(tmp_path, "create", "hi.json", "--json")).stdout)
    assert (told["status"], told["category"]) == ("APPROVED", "MARKETING")
    gone = await templates(tmp_path, "delete", "hi", "--id", told["id"], "--yes")
    assert told["id"] in gone.stdout


async def test_lines_for_scripts_and_a_table_for_people(
    whatsapp: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells are divided by tabs in a pipe; on a terminal there is a head."""
    plain = (await templates(tmp_path, "list")).stdout
    assert plain.splitlines()[0].split("\t")[:4] == ["hello_world", "en_US", "UTILITY", "APPROVED"]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    table = (await templates(tmp_path, "list")).stdout
    assert "Category" in table.splitlines()[0]
    assert "hello_world" in table


async def test_deleting_asks_first(whatsapp: Simulator, tmp_path: Path) -> None:
    """Nobody to answer means no."""
    await templates(tmp_path, "create", "greeting.yml")
    asked = await templates(tmp_path, "delete", "greeting")
    assert asked.returncode == 1
    assert "in all its languages?" in asked.stderr
    assert "greeting" in await names(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (YAML.replace("greeting", "Greeting"), "name"),
        (YAML.replace("    example:", "    note:"), "components[0].example"),
        ("- a\n- b\n", "must hold one template"),
        ("name: [", "not valid YAML"),
    ],
)
async def test_mistakes_in_the_file(whatsapp: Simulator, tmp_path: Path, text: str, says: str) -> None:
    """They are found before Meta is asked."""
    (tmp_path / "wrong.yml").write_text(text)
    done = await templates(tmp_path, "create", "wrong.yml")
    assert done.returncode == 1
    assert says in done.stderr
    assert len(whatsapp.calls) == 0


async def test_an_account_without_its_id(whatsapp: Simulator, tmp_path: Path) -> None:
    """Templates belong to the account."""
    (tmp_path / "credentials.yml").write_text(section(base_url=whatsapp.url, waba_id=""))
    done = await templates(tmp_path, "list")
    assert done.returncode == 1
    assert "waba_id" in done.stderr
