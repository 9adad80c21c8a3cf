"""Meta asks the channel for the screens of a Flow."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from flows.whatsapp import VECTORS, Phone
from rasa.core.run import _create_single_channel
from rasa.shared.exceptions import RasaException
from serving import SECRET, Bot, Server, WhatsApp, serving, signature

from rasa_whatsapp.flows import Answer, FlowTokens
from rasa_whatsapp.flows.tokens import LIFETIME

pytestmark = pytest.mark.cloud_only("Serpro has no Flows")

CLUB = """
from rasa_whatsapp.flows import FlowHandlers, FlowResponse

handlers = FlowHandlers()
nothing = 7


@handlers.on(flow="sign_up", screen="SIGN_UP", action="data_exchange")
async def signed_up(request):
    return FlowResponse(screen="NEXT", data={"email": request.data["email"], "who": request.conversation})


@handlers.on(flow="mensalidade à vista")
def paid(request):
    return FlowResponse(screen="PAID")
"""


@pytest.fixture
def flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The `flows` setting of a bot whose functions lie where Rasa was started."""
    (tmp_path / "ground_flows.py").write_text(CLUB)
    (tmp_path / "broken_flows.py").write_text("1 / 0")
    (tmp_path / "flows.pem").write_text(VECTORS["private_key"])
    monkeypatch.chdir(tmp_path)
    return {
        "private_key": "flows.pem",
        "passphrase": VECTORS["passphrase"],
        "handlers": "ground_flows:handlers",
    }


async def ask(
    server: Server, path: str = "/flow", secret: str = SECRET, **request: Any
) -> tuple[int, str, Any]:
    """Posts an encrypted request as Meta does; returns status, content type and the opened answer."""
    phone = Phone()
    body = phone.body(json.dumps({"version": "3.0", **request}).encode())
    headers = {"X-Hub-Signature-256": signature(body, secret), "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}{path}", data=body, headers=headers) as answer,
    ):
        text = await answer.text()
        return answer.status, answer.content_type, phone.read(Answer(200, text)) if text else None


async def token(server: Server, flow: str = "sign_up") -> str:
    """A token as the channel makes them when it sends a Flow."""
    assert server.channel._running is not None
    return await FlowTokens(server.channel._running._delivery.store).issue("5561999990001", flow)


async def test_a_screen_for_a_token_of_ours(whatsapp: WhatsApp, flows: dict[str, Any]) -> None:
    """The function of the Flow's name answers, in text, and knows the conversation."""
    async with serving(Bot(), whatsapp, flows=flows) as server:
        given = {"screen": "SIGN_UP", "action": "data_exchange", "data": {"email": "ana@clube.example"}}
        status, content_type, answer = await ask(server, flow_token=await token(server), **given)
    assert (status, content_type) == (200, "text/plain")
    assert answer == {"screen": "NEXT", "data": {"email": "ana@clube.example", "who": "5561999990001"}}


async def test_whatsapp_looks_whether_the_endpoint_is_well(whatsapp: WhatsApp, flows: dict[str, Any]) -> None:
    """Before a Flow is published, and now and then."""
    async with serving(Bot(), whatsapp, flows=flows) as server:
        assert await ask(server, action="ping") == (200, "text/plain", {"data": {"status": "active"}})


async def test_a_token_of_another_system(whatsapp: WhatsApp, flows: dict[str, Any]) -> None:
    """It is refused unless the settings allow it; then the address says which Flow it is."""
    async with serving(Bot(), whatsapp, flows=flows) as server:
        status, _, answer = await ask(server, action="INIT", flow_token="theirs")
        assert (status, list(answer)) == (427, ["error_msg"])
    async with serving(Bot(), whatsapp, flows={**flows, "foreign_tokens": True}) as server:
        path = "/flow/mensalidade%20%C3%A0%20vista"
        assert (await ask(server, path, action="INIT", flow_token="theirs"))[2]["screen"] == "PAID"


@pytest.mark.parametrize(
    ("texts", "words"),
    [({}, "Este formulário não vale mais. Peça um novo."), ({"expired": "Peça outro."}, "Peça outro.")],
)
async def test_a_form_that_is_too_old(
    whatsapp: WhatsApp, flows: dict[str, Any], texts: dict[str, str], words: str
) -> None:
    """Its person reads why it does not open, in their language or in words of the settings."""
    async with serving(Bot(), whatsapp, flows={**flows, "texts": texts}) as server:
        assert server.channel._running is not None
        store = server.channel._running._delivery.store
        old = await FlowTokens(store, clock=lambda: time.time() - LIFETIME).issue("5561999990001", "sign_up")
        status, _, answer = await ask(server, action="INIT", flow_token=old)
    assert (status, answer) == (427, {"error_msg": words})


async def test_what_is_not_metas_is_refused(whatsapp: WhatsApp, flows: dict[str, Any]) -> None:
    """A wrong signature, an unsigned body, a body that is none; without a word in the answer."""
    async with serving(Bot(), whatsapp, flows=flows) as server:
        assert (await ask(server, secret="another", action="ping"))[0] == 432
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{server.url}/flow", data=b"{}") as answer:
                assert (answer.status, await answer.read()) == (432, b"")
            headers = {"X-Hub-Signature-256": signature(b"{}")}
            async with session.post(f"{server.url}/flow", data=b"{}", headers=headers) as answer:
                assert (answer.status, await answer.read()) == (400, b"")


async def test_the_secret_of_any_number_signs(whatsapp: WhatsApp, flows: dict[str, Any]) -> None:
    """Numbers of several Meta apps share the address."""
    numbers = [{"phone_number_id": 1}, {"phone_number_id": 2, "app_secret": ["new", "old"]}]
    async with serving(Bot(), whatsapp, phone_number_id=None, numbers=numbers, flows=flows) as server:
        for secret, status in ((SECRET, 200), ("old", 200), ("none", 432)):
            assert (await ask(server, secret=secret, action="ping"))[0] == status


async def test_without_a_private_key_there_is_no_endpoint(whatsapp: WhatsApp) -> None:
    """Static Flows need none."""
    async with (
        serving(Bot(), whatsapp, flows={"intents": {"sign_up": "inform"}}) as server,
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/flow", data=b"{}") as answer,
    ):
        assert answer.status == 404


@pytest.mark.parametrize(
    ("handlers", "words"),
    [
        ("no_such_flows", ("no_such_flows", "does not exist")),
        ("broken_flows", ("broken_flows", "ZeroDivisionError")),
        ("ground_flows:handler", ("does not have", "ground_flows:handlers")),
        ("ground_flows:nothing", ("a int and no FlowHandlers", "ground_flows:handlers")),
    ],
)
def test_functions_that_cannot_be_found(flows: dict[str, Any], handlers: str, words: tuple[str, ...]) -> None:
    """Rasa does not start, and says why."""
    settings = {"phone_number_id": 1, "access_token": "t", "app_secret": "s", "verify_token": "v"}
    with pytest.raises(RasaException) as caught:
        _create_single_channel(
            "rasa_whatsapp.WhatsAppInput", {**settings, "flows": {**flows, "handlers": handlers}}
        )
    for word in ("flows.handlers", *words):
        assert word in str(caught.value)
