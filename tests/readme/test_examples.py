"""The documents' examples of Python run, those of settings load; one guide is made from a table."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import error_guide
import pytest
from documents import DOCUMENTS, ROOT
from rasa.shared.core.domain import Domain
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from reader import PERSON, SAMPLE_BOT, Reader

from rasa_whatsapp import events
from rasa_whatsapp.errors import codes
from rasa_whatsapp.flows import generate_keys
from rasa_whatsapp.rendering import render
from rasa_whatsapp.settings import KEYS, load, read_credentials

GUIDES = sorted((ROOT / ".github" / "guides").glob("*.md"))


def blocks(document: Path, language: str) -> list[str]:
    """The examples in a language."""
    text = document.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_the_guide_to_error_codes_is_the_table() -> None:
    """`uv run python tests/readme/error_guide.py` writes it; no code of the table is left out."""
    assert error_guide.GUIDE.read_text(encoding="utf-8") == error_guide.guide()
    tables = [value for name, value in vars(codes).items() if name.isupper() and isinstance(value, dict)]
    assert sorted(map(id, tables)) == sorted(id(table) for _, table in error_guide.SECTIONS.values())


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_settings_of_a_guide_load(guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example of a credentials.yml is complete."""
    text = guide.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if "private_key: flows.pem" in text:
        Path("flows.pem").write_text(generate_keys().private_key, encoding="utf-8")
    for folder in re.findall(r"^ +media: (\w+)(?: |$)", text, re.MULTILINE):
        Path(folder).mkdir(exist_ok=True)
    for block in blocks(guide, "yaml"):
        if "WhatsAppInput" in block:
            file = tmp_path / "credentials.yml"
            file.write_text(block, encoding="utf-8")
            secrets = dict.fromkeys(re.findall(r"\$\{(\w+)\}", block), "x" * 16)
            assert load(read_credentials(file, secrets), secrets).numbers


@pytest.mark.parametrize("file", [*DOCUMENTS, ROOT / "credentials.yml.example"], ids=lambda path: path.name)
def test_a_setting_has_one_variable_in_all_examples(file: Path) -> None:
    """``WHATSAPP_<KEY>``: names of earlier connectors are read too, and would only confuse."""
    aliases = {key.alias: key.variables[0] for key in KEYS if key.alias}
    used = re.findall(r"\$\{(\w+)\}", file.read_text(encoding="utf-8"))
    assert {name: aliases[name] for name in used if name in aliases} == {}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_rasa_accepts_the_responses_of_a_document(document: Path) -> None:
    """Each example of a domain loads, and WhatsApp can be sent what it says."""
    for block in blocks(document, "yaml"):
        if block.startswith("responses:"):
            for variations in Domain.from_yaml(f'version: "3.1"\n{block}').responses.values():
                for response in variations:
                    rendering = render(response)
                    assert rendering.messages
                    assert not rendering.problems
                    assert not rendering.cuts


@pytest.mark.parametrize(
    "document", [document for document in DOCUMENTS if blocks(document, "python")], ids=lambda path: path.name
)
async def test_the_python_of_a_document_runs(document: Path, reader: Reader) -> None:
    """From top to bottom, in an action that somebody's picture, or place, has led to."""
    found = blocks(document, "python")
    (reader.folder / "flows.pem").write_text(generate_keys().private_key, encoding="utf-8")
    sent = await reader.whatsapp.user(f"+{PERSON}").sends_image(SAMPLE_BOT / "media" / "mapa.png")
    sender = events.Person(phone=PERSON, name="Ana")
    event: events.Message = events.Location(id=sent.id, sender=sender, latitude=-34.4, longitude=-58.8)
    if any("events.Image" in block for block in found):
        event = events.Image(id=sent.id, sender=sender, media_id=sent.content["image"]["id"])
    latest = {"metadata": {"whatsapp": events.to_builtins(event)}}
    tracker = Tracker.from_dict({"sender_id": PERSON, "slots": {}, "latest_message": latest, "events": []})
    said = CollectingDispatcher()
    names: dict[str, Any] = {"tracker": tracker, "dispatcher": said, "pytest": pytest}
    for block in found:
        code = compile(block, document.name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        running = eval(code, names)
        if inspect.iscoroutine(running):
            await running
    for kind in [each for each in names.values() if inspect.isclass(each) and Action in each.__bases__]:
        kind().run(said, tracker, {})
    assert bool(said.messages) == any("actions.reply(" in block for block in found)
