"""The settings and the Flows of a bot of one's own, in the demo's local WhatsApp."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from rasa_whatsapp.cli.demo.club import local_credentials
from rasa_whatsapp.cli.demo.flows import prepared, published
from rasa_whatsapp.cli.demo.project import find_sample_bot
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.settings import load
from rasa_whatsapp.simulator import Simulator

RASA = "http://127.0.0.1:1"


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A bot with the sample bot's Flows."""
    return Path(shutil.copytree(find_sample_bot() / "flows", tmp_path / "bot" / "flows")).parent


def settings_of(bot: Path, tmp_path: Path, section: dict[str, Any]) -> dict[str, Any]:
    """What the demo gives to Rasa for a bot with these settings; Rasa takes them."""
    with (bot / "credentials.yml").open("w") as file:
        YAML().dump({"rasa_whatsapp.WhatsAppInput": section}, file)
    settings = local_credentials(bot, Simulator(), tmp_path)
    load(settings, {})
    return settings


def test_several_numbers_become_the_local_one(bot: Path, tmp_path: Path) -> None:
    """Those of the bot are real."""
    entries = [{"phone_number_id": "1"}, {"phone_number_id": "2"}]
    settings = settings_of(bot, tmp_path, {"numbers": entries, "max_turns": 3})
    assert (settings["phone_number_id"], settings["max_turns"]) == (Simulator().account.phone_number_id, 3)


def test_a_setting_from_the_environment(bot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa itself sees no variable of a WhatsApp number."""
    monkeypatch.setenv("WHATSAPP_PSEUDONYM_KEY", "a long enough key of the bot's own, which is kept")
    written = {"sender_id": "pseudonym", "pseudonym_key": "${WHATSAPP_PSEUDONYM_KEY}"}
    settings = settings_of(bot, tmp_path, written)
    assert settings["pseudonym_key"].startswith("a long enough key")


@pytest.mark.parametrize("written", [{"intents": {"sign_up": "inform"}}, {"texts": {"late": "Too late."}}])
def test_flows_without_an_endpoint(bot: Path, tmp_path: Path, written: dict[str, Any]) -> None:
    """A key would need functions that answer."""
    assert settings_of(bot, tmp_path, {"flows": written})["flows"] == written


async def flows_of(whatsapp: Simulator) -> dict[str, str]:
    account = whatsapp.account
    async with CloudClient(
        account.access_token, account.phone_number_id, waba_id=account.waba_id, base_url=whatsapp.url
    ) as client:
        return {flow.name: flow.status async for flow in client.flows.list()}


async def test_a_flow_that_asks_nobody_is_a_draft(bot: Path, tmp_path: Path) -> None:
    """The others are published."""
    async with Simulator() as whatsapp:
        settings = prepared({"intents": {"sign_up": "inform"}}, tmp_path, whatsapp)
        await published(bot, settings, whatsapp, RASA)
        statuses = await flows_of(whatsapp)
    asking = {
        file.stem
        for file in (bot / "flows").glob("*.json")
        if "data_api_version" in json.loads(file.read_text())
    }
    assert asking
    assert {name for name, status in statuses.items() if status == "DRAFT"} == asking
    assert {name for name, status in statuses.items() if status == "PUBLISHED"} == statuses.keys() - asking


@pytest.mark.parametrize("damage", ["comma", "label"])
async def test_a_flow_that_is_wrong(bot: Path, tmp_path: Path, damage: str) -> None:
    """Which file, and where in it."""
    file = sorted((bot / "flows").glob("*.json"))[0]
    text = file.read_text()
    if damage == "comma":
        file.write_text(text.replace(",", "", 1))
    else:
        document = json.loads(text)
        document["screens"][0]["title"] = 7
        file.write_text(json.dumps(document))
    async with Simulator() as whatsapp:
        settings = prepared({"intents": {}}, tmp_path, whatsapp)
        with pytest.raises(MessageError) as told:
            await published(bot, settings, whatsapp, RASA)
    assert told.value.field == str(file)
    assert ("line" if damage == "comma" else "screens[0].title") in told.value.problem
