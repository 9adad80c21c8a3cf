"""`rasa-whatsapp send` sends one message by hand, and says what became of it."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from whatsapp_command import run, section

from rasa_whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN, Simulator, User

pytestmark = pytest.mark.whatsapp(webhook_url="", closed_window="ignored", status_delay=0)

PHONE = "+55 61 99999-0001"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100

FLOW = """{
  "version": "7.0",
  "screens": [{"id": "SIGN_UP", "title": "Oi", "terminal": true, "data": {
    "name": {"type": "string", "__example__": "Ana"}}, "layout": {
    "type": "SingleColumnLayout",
    "children": [
      {"type": "TextBody", "text": "${data.name}"},
      {"type": "Footer", "label": "Enviar", "on-click-action": {"name": "complete", "payload": {}}}
    ]}}]
}"""


@pytest.fixture
def whatsapp(whatsapp: Simulator, tmp_path: Path) -> Simulator:
    (tmp_path / "credentials.yml").write_text(section(base_url=whatsapp.url))
    return whatsapp


@pytest.fixture
def maria(whatsapp: Simulator) -> User:
    return whatsapp.user(PHONE, name="Maria")


async def sent(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "send", *arguments, cwd=tmp_path)


def message(whatsapp: Simulator) -> dict[str, Any]:
    """The latest message that the Graph API was given."""
    body: dict[str, Any] = next(call.body for call in reversed(whatsapp.calls) if "/messages" in call.path)
    return body


async def test_a_text(maria: User, tmp_path: Path) -> None:
    """The message's id is printed; the person has the text."""
    done = await sent(tmp_path, "text", PHONE, "Olá 👋")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("accepted: wamid.")
    await maria.receives("Olá 👋")


async def test_a_number_without_its_country_code(whatsapp: Simulator, tmp_path: Path) -> None:
    """As it is dialled within Brazil; nothing goes out."""
    done = await sent(tmp_path, "text", "061999990001", "oi")
    assert done.returncode == 1
    assert "to: begins with 0: write the number with its country code" in done.stderr
    assert not whatsapp.calls


@pytest.mark.whatsapp(webhook_url="", closed_window="refused")
async def test_a_person_who_has_been_silent(maria: User, tmp_path: Path) -> None:
    """It is said once, and what helps is another command."""
    done = await sent(tmp_path, "text", PHONE, "oi")
    assert done.returncode == 1
    assert "Meta's error 131047" in done.stderr
    assert done.stderr.count("24 hours have passed") == 1
    assert "`rasa-whatsapp send template TO NAME`" in done.stderr
    assert "reengagement_template" not in done.stderr


async def test_json_for_programs(maria: User, tmp_path: Path) -> None:
    """Stdout holds one JSON document and nothing else."""
    done = await sent(tmp_path, "text", PHONE, "oi", "--json")
    told = json.loads(done.stdout)
    assert told["id"].startswith("wamid.")
    assert (told["status"], told["wa_id"]) == ("accepted", "5561999990001")


async def test_a_template_with_its_values(whatsapp: Simulator, maria: User, tmp_path: Path) -> None:
    """Values fill the variables in order."""
    arguments = ("hello", "--language", "pt_BR", "--body", "Ana", "--body", "10h", "--header", "Clube")
    done = await sent(tmp_path, "template", PHONE, *arguments)
    assert done.returncode == 0, done.stderr
    template = message(whatsapp)["template"]
    assert (template["name"], template["language"]) == ("hello", {"code": "pt_BR"})
    values = [[value["text"] for value in part["parameters"]] for part in template["components"]]
    assert values == [["Clube"], ["Ana", "10h"]]


@pytest.mark.parametrize(
    ("arguments", "kind", "content"),
    [
        (("image", PHONE, "https://a.example/a.png", "--caption", "Foto"), "image", {"caption": "Foto"}),
        (
            ("document", PHONE, "https://a.example/a.pdf", "--filename", "a.pdf"),
            "document",
            {"filename": "a.pdf"},
        ),
        (
            ("location", PHONE, "--latitude", "-15.79", "--longitude", "-47.88", "--name", "Clube"),
            "location",
            {"latitude": -15.79, "longitude": -47.88, "name": "Clube"},
        ),
    ],
)
async def test_other_kinds(
    whatsapp: Simulator, maria: User, tmp_path: Path, arguments: tuple[str, ...], kind: str, content: Any
) -> None:
    """Coordinates may be negative, links go out as they are."""
    done = await sent(tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert content.items() <= message(whatsapp)[kind].items()


async def test_a_flow(whatsapp: Simulator, maria: User, tmp_path: Path) -> None:
    """By its name or its id; a draft is sent as one."""
    (tmp_path / "flow.json").write_text(FLOW)
    arguments = ("flows", "create", "sign_up", "--json-from", "flow.json")
    made = await asyncio.to_thread(run, *arguments, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    for flow in "sign_up", made.stdout.strip():
        options = ("--button", "Abrir", "--draft", "--screen", "SIGN_UP", "--data", '{"name": "Ana"}')
        done = await sent(tmp_path, "flow", PHONE, flow, "Cadastre-se", *options, "--token", "t-1")
        assert done.returncode == 0, done.stderr
        assert (await maria.receives("Cadastre-se")).type == "interactive"
        parameters = message(whatsapp)["interactive"]["action"]["parameters"]
        assert parameters["flow_name" if flow == "sign_up" else "flow_id"] == flow
        assert (parameters["mode"], parameters["flow_cta"], parameters["flow_token"]) == (
            "draft",
            "Abrir",
            "t-1",
        )
        assert parameters["flow_action_payload"] == {"screen": "SIGN_UP", "data": {"name": "Ana"}}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--data", "{oops"), "no JSON object"),
        (("--data", "[1]"), "no JSON object"),
        (("--data", '{"a": 1}'), "screen: is missing"),
        (("--exchange", "--screen", "A"), "screen: must be empty"),
    ],
)
async def test_a_flow_with_a_slip(
    whatsapp: Simulator, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    """It is told, and nobody is called."""
    done = await sent(tmp_path, "flow", PHONE, "sign_up", "Oi", *arguments)
    assert done.returncode in (1, 2)
    assert says in " ".join(done.stderr.split())
    assert not whatsapp.calls


async def test_a_file_is_uploaded_first(whatsapp: Simulator, maria: User, tmp_path: Path) -> None:
    """Documents keep their name; an id that is known is used again."""
    (tmp_path / "map.png").write_bytes(PNG)
    (tmp_path / "rules.pdf").write_bytes(b"%PDF-1.4")
    assert (await sent(tmp_path, "image", PHONE, "map.png")).returncode == 0
    media_id = message(whatsapp)["image"]["id"]
    assert (await sent(tmp_path, "document", PHONE, "rules.pdf")).returncode == 0
    assert message(whatsapp)["document"]["filename"] == "rules.pdf"
    assert (await sent(tmp_path, "template", PHONE, "news", "--image", media_id)).returncode == 0
    header = message(whatsapp)["template"]["components"][0]
    assert header["parameters"][0]["image"]["id"] == media_id


async def test_what_goes_wrong_is_told(whatsapp: Simulator, maria: User, tmp_path: Path) -> None:
    """Exit code 1, one line on stderr, no secret, no full phone number, nothing on stdout."""
    whatsapp.fail_next(131030, details=f"The number {PHONE} (5561999990001) is not on the list")
    for arguments, says in (
        (("text", PHONE, "oi"), "131030"),
        (("text", "", "oi"), "to: is blank"),
        (("text", PHONE, "x" * 4097), "4096"),
        (("image", PHONE, "missing.png"), "missing.png: No such file"),
        (("location", PHONE, "--latitude", "91", "--longitude", "0"), "latitude"),
        (("text", PHONE, "oi", "--number", "999"), "none of the settings' numbers"),
        (("text", PHONE, "oi", "--credentials", "elsewhere.yml"), "elsewhere.yml"),
    ):
        done = await sent(tmp_path, *arguments)
        assert (done.returncode, done.stdout) == (1, ""), arguments
        assert says in done.stderr
        assert "Traceback" not in done.stderr
        assert "5561999990001" not in done.stderr
        for secret in (ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN):
            assert secret not in done.stderr


async def test_each_mistake_of_the_settings_stands_by_itself(tmp_path: Path) -> None:
    """Nobody has to see where one ends and the next begins."""
    (tmp_path / "credentials.yml").write_text(section(access_token="", throughput="fast", max_turn="3"))
    done = await sent(tmp_path, "text", PHONE, "oi")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert all(line.startswith("✗ ") for line in lines)
    assert sorted(line.split(":")[0] for line in lines) == ["✗ access_token", "✗ max_turn", "✗ throughput"]


async def test_two_headers_are_wrong_usage(tmp_path: Path) -> None:
    """Exit code 2, before anything is read or called."""
    done = await sent(tmp_path, "template", PHONE, "news", "--image", "1", "--header", "Clube")
    assert done.returncode == 2
    assert "one header" in done.stderr


async def test_one_of_several_numbers_must_be_named(whatsapp: Simulator, maria: User, tmp_path: Path) -> None:
    """The error lists them."""
    account = whatsapp.account
    secrets = f"access_token: {ACCESS_TOKEN}, app_secret: {APP_SECRET}, verify_token: {VERIFY_TOKEN}"
    (tmp_path / "credentials.yml").write_text(
        f"rasa_whatsapp.WhatsAppInput:\n  base_url: {whatsapp.url}\n  numbers:\n"
        f'    - {{phone_number_id: "{account.phone_number_id}", {secrets}}}\n'
        f'    - {{phone_number_id: "7", access_token: t, app_secret: other, verify_token: v}}\n'
    )
    done = await sent(tmp_path, "text", PHONE, "oi")
    assert done.returncode == 1
    assert f"{account.phone_number_id}, 7" in done.stderr
    done = await sent(tmp_path, "text", PHONE, "oi", "--number", account.phone_number_id)
    assert done.returncode == 0, done.stderr
