"""A Flow in the local WhatsApp, from the tap to the endpoint and back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.errors import GraphError, MediaError
from rasa_whatsapp.flows import (
    FlowEndpoint,
    FlowHandlers,
    FlowKeys,
    FlowMedia,
    FlowRequest,
    FlowResponse,
    FlowToken,
    generate_keys,
)
from rasa_whatsapp.flows.files import FlowFiles
from rasa_whatsapp.flows.texts import texts_for
from rasa_whatsapp.messages import Flow
from rasa_whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, WABA_ID, Simulator, Unexpected
from rasa_whatsapp.simulator.flows.crypto import encrypted
from rasa_whatsapp.simulator.flows.endpoint import FlowTrouble
from rasa_whatsapp.simulator.flows.form import FlowForm

pytestmark = pytest.mark.whatsapp(webhook_url="http://127.0.0.1:9/", closed_window="ignored")

KEYS, OTHER_KEYS = generate_keys(), generate_keys()
PERSON = "5561999990001"
PICTURE = bytes(range(256)) * 100


def flow_json(version: str = "7.0", data_api: str = "3.0") -> str:
    def screen(id: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
        footer = {"type": "Footer", "label": "Ok", "on-click-action": action}
        layout = {"type": "SingleColumnLayout", "children": [footer]}
        return {"id": id, "title": id, "layout": layout, **more}

    exchange = {"name": "data_exchange", "payload": {}}
    screens = [
        screen("A", exchange),
        screen("B", exchange, refresh_on_back=True),
        screen("C", {"name": "complete", "payload": {}}, terminal=True),
    ]
    routes = {"A": ["B"], "B": ["C"], "C": []}
    return json.dumps(
        {"version": version, "data_api_version": data_api, "routing_model": routes, "screens": screens}
    )


class Endpoint:
    """The endpoint of a bot, in a web server; a test may put an answer of its own in its place."""

    def __init__(self) -> None:
        self.asked: list[FlowRequest] = []
        self.next = FlowResponse(screen="A")
        self.instead: Callable[[], Awaitable[web.Response]] | None = None
        self.files: FlowFiles | None = None
        self.url = ""
        handlers = FlowHandlers()

        @handlers.on()
        async def answer(request: FlowRequest) -> FlowResponse:
            self.asked.append(request)
            return self.next

        async def known(token: str) -> FlowToken | None:
            return FlowToken(conversation=PERSON, flow="form") if token == "ours" else None

        self._endpoint = FlowEndpoint(
            FlowKeys(KEYS.private_key), handlers, app_secrets=[APP_SECRET], verify=known, fetch=self._fetch
        )

    async def _fetch(self, url: str) -> bytes:
        assert self.files is not None
        return await self.files.fetch(url)

    async def respond(self, request: web.Request) -> web.Response:
        if self.instead is not None:
            return await self.instead()
        headers = {name.lower(): value for name, value in request.headers.items()}
        given = await self._endpoint.respond(await request.read(), headers)
        return web.Response(status=given.status, text=given.body, content_type=given.content_type)


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    bot = Endpoint()
    app = web.Application()
    app.router.add_post("/flow", bot.respond)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/flow"
    yield bot
    await runner.cleanup()


async def sends(
    whatsapp: Simulator, endpoint: Endpoint, *, json: str = "", later_key: str = "", token: str = "ours"
) -> None:
    """The bot creates the Flow, publishes it, and sends it."""
    client = CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, waba_id=WABA_ID, base_url=whatsapp.url)
    async with client:
        await client.encryption.set_public_key(KEYS.public_key)
        made = await client.flows.create("form", json=json or flow_json(), endpoint_uri=endpoint.url)
        await client.flows.publish(made.id)
        message = Flow("Hola", "Abrir", flow_name="form", flow_token=token, action="data_exchange")
        await client.send(message, f"+{PERSON}")
        if later_key:
            await client.encryption.set_public_key(later_key)


async def opened(whatsapp: Simulator) -> FlowForm:
    return await whatsapp.user(PERSON).opens_flow()


async def test_a_picked_file_reaches_the_handler(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """Encrypted at an address of its own; the handler downloads it as it was picked."""
    endpoint.files = FlowFiles(whatsapp.url)
    await sends(whatsapp, endpoint)
    form = await opened(whatsapp)
    photo = form.picks(PICTURE, filename="yo.png")
    endpoint.next = FlowResponse(screen="B")
    await form.exchanges({"photo": [photo]})
    [file] = endpoint.asked[-1].files("photo")
    assert (file.file_name, form.screen) == ("yo.png", "B")
    assert await file.download() == PICTURE
    await endpoint.files.close()


async def test_a_file_that_was_changed_is_refused() -> None:
    """One bit is enough."""
    whole, metadata = encrypted(PICTURE)

    async def changed(url: str) -> bytes:
        return whole[:-1] + bytes([whole[-1] ^ 1])

    file = FlowMedia.from_json({"media_id": "1", "cdn_url": "x", "encryption_metadata": metadata}, changed)
    with pytest.raises(MediaError, match="changed on its way"):
        await file.download()


async def test_a_file_elsewhere_is_not_fetched() -> None:
    """Only Meta's media servers, and the local WhatsApp where the bot talks to that."""
    files = FlowFiles()
    with pytest.raises(MediaError, match="not Meta's"):
        await files.fetch("http://169.254.169.254/latest/meta-data")
    await files.close()


async def test_going_back_asks_again_where_the_screen_wants_it(
    whatsapp: Simulator, endpoint: Endpoint
) -> None:
    """The endpoint hears BACK from the screen that is left, and the Flow's name each time."""
    await sends(whatsapp, endpoint)
    form = await opened(whatsapp)
    endpoint.next = FlowResponse(screen="B")
    await form.exchanges({})
    endpoint.next = FlowResponse(screen="A", data={"n": 1})
    await form.exchanges({}, action="BACK")
    asked = [(request.action, request.screen) for request in endpoint.asked]
    assert asked == [("INIT", ""), ("data_exchange", "A"), ("BACK", "B")]
    assert {(request.flow, request.conversation) for request in endpoint.asked} == {("form", PERSON)}
    assert form.data == {"n": 1}


async def test_an_answer_that_ends_it_is_the_reply(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """SUCCESS needs no last tap; the token stands among the answers."""
    await sends(whatsapp, endpoint)
    form = await opened(whatsapp)
    endpoint.next = FlowResponse(close_flow=True, data={"court": 2})
    await form.exchanges({})
    assert form.reply is not None
    answers = json.loads(form.reply.content["interactive"]["nfm_reply"]["response_json"])
    assert answers == {"flow_token": "ours", "court": 2}
    with pytest.raises(FlowTrouble, match="already"):
        await form.completes({})


async def test_the_newest_version_signs_the_token(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """The endpoint checks Meta's signature, so that a good answer says that it was good."""
    await sends(whatsapp, endpoint, json=flow_json("7.3", "4.0"))
    assert (await opened(whatsapp)).screen == "A"
    assert endpoint.asked[0].version == "4.0"


async def test_a_screen_that_no_route_leads_to(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """The person reads it, and the endpoint is told."""
    await sends(whatsapp, endpoint)
    form = await opened(whatsapp)
    endpoint.next = FlowResponse(screen="C")
    told: list[Any] = []
    whatsapp.listen(lambda event: told.append(event.get("exchange")))
    with pytest.raises(FlowTrouble, match="no route leads to C") as caught:
        await form.exchanges({})
    assert caught.value.error == "invalid-screen-transition"
    notice = [exchange for exchange in told if exchange][-1]
    assert notice["request"]["data"]["error"] == "invalid-screen-transition"
    assert notice["response"] == {"data": {"acknowledged": True}}


async def test_the_wrong_key_is_tried_twice(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """421 lets a phone fetch the key anew; it helps only where the key has changed meanwhile."""
    await sends(whatsapp, endpoint, later_key=OTHER_KEYS.public_key)
    told: list[Any] = []
    whatsapp.listen(lambda event: told.append(event.get("exchange")))
    with pytest.raises(FlowTrouble, match="421"):
        await opened(whatsapp)
    assert [exchange["status"] for exchange in told if exchange] == [421, 421]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.Response(status=500), "unexpected_http_status_code"),
        (web.Response(text="not encrypted"), "response-decryption-error"),
    ],
)
async def test_an_answer_that_is_none(
    whatsapp: Simulator, endpoint: Endpoint, answer: web.Response, error: str
) -> None:
    """By Meta's names of what went wrong."""
    await sends(whatsapp, endpoint)

    async def give() -> web.Response:
        return web.Response(status=answer.status, text=answer.text)

    endpoint.instead = give
    with pytest.raises(FlowTrouble) as caught:
        await opened(whatsapp)
    assert caught.value.error == error


@pytest.mark.parametrize(
    ("conversation", "words"),
    [
        ("5561999990001", "Algo deu errado. Tente de novo."),
        ("106540352242922:+5491155550001", "Algo salió mal. Inténtalo de nuevo."),
        ("351912345678", "Algo deu errado. Tente de novo."),
        ("15550100000", "Something went wrong. Please try again."),
        ("55" * 16, "Something went wrong. Please try again."),
        ("106540352242922:55ab0917c3", "Something went wrong. Please try again."),
        ("BR.40917", "Something went wrong. Please try again."),
        ("", "Something went wrong. Please try again."),
    ],
)
def test_texts_in_the_language_of_the_number(conversation: str, words: str) -> None:
    """By the country code; a user id or a pseudonym says nothing of the language."""
    assert texts_for(conversation).failed == words


async def refused(whatsapp: Simulator, *, uri: str, public_key: str = KEYS.public_key) -> str:
    """Why a Flow with this endpoint is not published; it stays a draft."""
    client = CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, waba_id=WABA_ID, base_url=whatsapp.url)
    async with client:
        if public_key:
            await client.encryption.set_public_key(public_key)
        made = await client.flows.create("form", json=flow_json(), endpoint_uri=uri)
        with pytest.raises(GraphError) as caught:
            await client.flows.publish(made.id)
        assert caught.value.code == 139002
        assert (await client.flows.get(made.id)).status == "DRAFT"
    return str(caught.value)


async def test_an_endpoint_is_asked_before_its_flow_is_published(
    whatsapp: Simulator, endpoint: Endpoint
) -> None:
    """By ping, which is answered without a handler."""
    told: list[Any] = []
    whatsapp.listen(lambda event: told.append(event.get("exchange")))
    await sends(whatsapp, endpoint)
    [ping] = filter(None, told)
    assert (ping["request"]["action"], ping["response"]) == ("ping", {"data": {"status": "active"}})
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (web.Response(status=500), "The endpoint answered 500"),
        (web.Response(text="not encrypted"), "health check"),
    ],
)
async def test_an_ill_endpoint_cannot_be_published(
    whatsapp: Simulator, endpoint: Endpoint, answer: web.Response, words: str
) -> None:
    """Meta's 139002 says why."""

    async def instead() -> web.Response:
        return answer

    endpoint.instead = instead
    assert words in await refused(whatsapp, uri=endpoint.url)


async def test_an_endpoint_that_cannot_be_asked(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """Its Flow has screens to ask for, and no address."""
    assert "no endpoint_uri" in await refused(whatsapp, uri="")


async def test_an_endpoint_without_a_key(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """The remedy is the command that uploads one."""
    assert "keys upload" in await refused(whatsapp, uri=endpoint.url, public_key="")


async def test_an_endpoint_with_another_key(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """It cannot read the ping."""
    assert "421" in await refused(whatsapp, uri=endpoint.url, public_key=OTHER_KEYS.public_key)


async def test_an_endpoint_that_is_away(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """Nobody listens there."""
    assert "cannot be reached" in await refused(whatsapp, uri="http://127.0.0.1:9/flow")


async def test_a_form_opens_in_its_own_chat_only(whatsapp: Simulator, endpoint: Endpoint) -> None:
    """Nobody has the Flow of somebody else's message, or of none."""
    await sends(whatsapp, endpoint)
    maria, ana = whatsapp.user(PERSON), whatsapp.user("+5491155550009", name="Ana")
    with pytest.raises(FlowTrouble, match="no such message in this chat"):
        await ana.opens_flow(maria.messages[-1])
    with pytest.raises(Unexpected, match="no such message"):
        await maria.opens_flow("wamid.none")
