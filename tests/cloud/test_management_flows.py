"""Managing Flows, against the local WhatsApp."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.errors import GraphError, InvalidMessage, MessageError, SettingsError
from rasa_whatsapp.flows import FlowJSON
from rasa_whatsapp.simulator import ACCESS_TOKEN, PHONE_NUMBER_ID, WABA_ID, Simulator

URL = "https://bot.example.com/webhooks/whatsapp/flow"
GOOD: dict[str, Any] = {
    "version": "7.0",
    "screens": [
        {
            "id": "SIGN_UP",
            "title": "Inscrição",
            "terminal": True,
            "layout": {
                "type": "SingleColumnLayout",
                "children": [
                    {"type": "TextInput", "name": "email", "label": "E-mail", "input-type": "email"},
                    {
                        "type": "Footer",
                        "label": "Enviar",
                        "on-click-action": {"name": "complete", "payload": {"email": "${form.email}"}},
                    },
                ],
            },
        }
    ],
}
BAD = {**GOOD, "screens": [{**GOOD["screens"][0], "id": "SUCCESS"}]}


@pytest.fixture
async def client() -> AsyncIterator[CloudClient]:
    async with (
        Simulator(port=0, webhook_url="") as whatsapp,
        CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, waba_id=WABA_ID, base_url=whatsapp.url) as client,
    ):
        yield client


async def test_a_flow_from_its_draft_to_its_end(client: CloudClient) -> None:
    """It is made, filled, published and deprecated; a published one stays as it is."""
    made = await client.flows.create("sign_up", ["SIGN_UP"], endpoint_uri=URL)
    assert (await client.flows.get(made.id)).status == "DRAFT"
    assert await client.flows.push(made.id, GOOD) == ()
    await client.flows.update(made.id, name="inscription", categories=["SIGN_UP", "OTHER"])
    await client.flows.publish(made.id)
    flow = await client.flows.get(made.id)
    assert (flow.name, flow.status, flow.categories) == ("inscription", "PUBLISHED", ("SIGN_UP", "OTHER"))
    assert (flow.json_version, flow.endpoint_uri) == ("7.0", URL)
    assert flow.health_status["can_send_message"] == "AVAILABLE"
    (asset,) = [asset async for asset in client.flows.assets(made.id)]
    async with aiohttp.ClientSession() as session, session.get(asset.download_url) as answer:
        assert (asset.asset_type, await answer.json()) == ("FLOW_JSON", GOOD)
    for refused in (client.flows.push(made.id, GOOD), client.flows.delete(made.id)):
        with pytest.raises(GraphError):
            await refused
    await client.flows.deprecate(made.id)
    assert [flow.status async for flow in client.flows.list()] == ["DEPRECATED"]


async def test_the_address_of_a_preview(client: CloudClient) -> None:
    """The local WhatsApp's own tells where the Flow can be seen, without a token, as long as there is one."""
    made = await client.flows.create("sign_up", json=GOOD)
    url = (await client.flows.get(made.id)).preview.preview_url
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            told = await answer.text()
            assert (answer.status, answer.content_type) == (200, "text/plain")
        assert "sign_up" in told
        async with session.get(told.split()[-1]) as answer:
            assert await answer.json() == GOOD
        await client.flows.delete(made.id)
        async with session.get(url) as answer:
            assert answer.status == 400


async def test_json_in_every_form(client: CloudClient, tmp_path: Path) -> None:
    """An object, a dict, text, bytes, a path; one is as good as the other."""
    path = tmp_path / "flow.json"
    path.write_text(json.dumps(GOOD))
    made = await client.flows.create("sign_up")
    for form in (FlowJSON.from_json(GOOD), GOOD, json.dumps(GOOD), path.read_bytes(), path, str(path)):
        assert await client.flows.push(made.id, form) == ()
    copy = await client.flows.create("copy", clone=made.id, publish=True)
    assert (await client.flows.get(copy.id)).status == "PUBLISHED"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
async def test_json_in_every_encoding(client: CloudClient, tmp_path: Path, encoding: str) -> None:
    """As Windows writes files, with ``>`` in PowerShell; Meta gets UTF-8."""
    path = tmp_path / "flow.json"
    path.write_bytes(json.dumps({**GOOD, "name": "ação"}, ensure_ascii=False).encode(encoding))
    made = await client.flows.create("sign_up", json=path)
    assert made.validation_errors == await client.flows.push(made.id, path.read_bytes())


async def test_json_that_is_no_unicode_is_refused(client: CloudClient, tmp_path: Path) -> None:
    """With what to do about it."""
    path = tmp_path / "flow.json"
    path.write_bytes('{"version": "ação"}'.encode("latin-1"))
    for source in path, path.read_bytes():
        with pytest.raises(MessageError, match="save it as UTF-8"):
            await client.flows.push("1", source)


async def test_what_is_wrong_with_a_flow(client: CloudClient) -> None:
    """It is kept as a draft, tells its errors, and cannot be published until they are mended."""
    made = await client.flows.create("sign_up", json=BAD)
    (issue,) = made.validation_errors
    assert "SUCCESS" in str(issue)
    assert (await client.flows.get(made.id)).validation_errors == (issue,)
    with pytest.raises(GraphError):
        await client.flows.publish(made.id)
    (issue,) = await client.flows.push(made.id, '{\n  "version": 7,,\n}')
    assert str(issue).startswith("line 2, column ")
    assert await client.flows.push(made.id, GOOD) == ()
    await client.flows.delete(made.id)
    assert [flow async for flow in client.flows.list()] == []


async def test_copies_from_another_account_and_numbers(client: CloudClient) -> None:
    """What could not be copied is told; a new Flow has no numbers."""
    outcome = await client.flows.migrate("900800700", ["sign_up"])
    assert (outcome.migrated, [each["source_name"] for each in outcome.failed]) == ((), ["sign_up"])
    made = await client.flows.create("sign_up")
    with pytest.raises(InvalidMessage) as refused:
        await client.flows.metrics(made.id, "ENDPOINT_AVAILABILITY", since="2026-01-01")
    assert refused.value.code == 139006


async def test_mistakes_are_found_before_meta_is_asked(client: CloudClient) -> None:
    """The error names the part."""
    with pytest.raises(MessageError, match="categories"):
        await client.flows.create("sign_up", ["PARTY"])
    with pytest.raises(MessageError, match="endpoint_uri"):
        await client.flows.update("1", endpoint_uri="bot.example.com")
    with pytest.raises(MessageError, match="nothing to change"):
        await client.flows.update("1")
    with pytest.raises(MessageError, match="name"):
        await client.flows.metrics("1", "LIKES")
    with pytest.raises(SettingsError, match="waba_id"):
        await CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID).flows.create("sign_up")
