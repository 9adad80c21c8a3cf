"""A Flow asks for its next screen, and whatever else may arrive at the endpoint."""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from rasa_whatsapp.errors import MediaError, StoreError
from rasa_whatsapp.events import FlowReply, Person
from rasa_whatsapp.flows import (
    DataSource,
    FlowCompletion,
    FlowHandlers,
    FlowRequest,
    FlowRequestActionType,
    FlowRequestSignatureAuthenticationFailed,
    FlowResponse,
    FlowTexts,
    FlowToken,
    FlowTokenNoLongerValid,
)
from rasa_whatsapp.flows.texts import texts_for

from .whatsapp import SECRET, TOKEN, VECTORS, Phone, ask, b64, endpoint, jwt, signed

PERSON = "5561999990001"


def shows(screen: str = "NEXT", **data: Any) -> FlowHandlers:
    """Handlers that show this screen, whatever is asked."""
    handlers = FlowHandlers()

    @handlers.on()
    async def show(request: FlowRequest) -> FlowResponse:
        return FlowResponse(screen=screen, data=data)

    return handlers


async def test_a_tap_gets_the_next_screen() -> None:
    """The typed request, the typed response, encrypted as text."""
    handlers, asked = FlowHandlers(), []

    @handlers.on(screen="SIGN_UP", action="data_exchange")
    async def signed_up(request: FlowRequest) -> FlowResponse:
        asked.append(request)
        return FlowResponse(
            screen="NEXT", data={"email": request.data["email"], "slots": [DataSource(id="1", title="8h")]}
        )

    answer, content = await ask(
        endpoint(handlers), action="data_exchange", screen="SIGN_UP", data={"email": "joão@example.com"}
    )
    assert (answer.status, answer.content_type) == (200, "text/plain")
    assert content == {
        "screen": "NEXT",
        "data": {"email": "joão@example.com", "slots": [{"id": "1", "title": "8h"}]},
    }
    [request] = asked
    assert (request.version, request.flow_token, request.flow) == ("3.0", TOKEN, "sign_up")
    assert request.conversation == "5561999990001"
    assert "joão" not in repr(request)
    assert TOKEN not in repr(request)


async def test_a_health_check_is_answered_without_a_token() -> None:
    """Meta's ping, which carries none."""
    answer, content = await ask(endpoint(), action="ping", flow_token=None)
    assert (answer.status, content) == (200, {"data": {"status": "active"}})


@pytest.mark.parametrize("action", ["data_exchange", "INIT", "navigate"])
async def test_a_reported_error_is_acknowledged_and_logged(action: str) -> None:
    """WhatsApp tells that our last answer was wrong; no handler is asked."""
    with capture_logs() as logs:
        data = {"error": "invalid-screen-transition", "error_message": "No route to Z"}
        _, content = await ask(endpoint(), action=action, screen="A", data=data)
    assert content == {"data": {"acknowledged": True}}
    assert logs[0]["event"] == "whatsapp.flow.error_reported"
    assert logs[0]["error"] == "invalid-screen-transition"


@pytest.mark.parametrize("field", ["error", "error_message", "error_key"])
async def test_a_form_may_ask_for_an_error(field: str) -> None:
    """What somebody writes into such a field goes to the handler, and into no log."""
    handlers = FlowHandlers()
    handlers.on()(lambda request: FlowResponse(screen="NEXT", data={"seen": request.data}))
    with capture_logs() as logs:
        data = {field: "The lift is stuck again"}
        _, content = await ask(endpoint(handlers), action="data_exchange", screen="A", data=data)
    assert content == {"screen": "NEXT", "data": {"seen": data}}
    assert "lift" not in str(logs)


@pytest.mark.parametrize(
    ("sent", "address", "flow"),
    [
        ("sign_up", "", "sign_up"),
        ("sign_up", "survey", "sign_up"),
        ("1234567890", "survey", "survey"),
        ("1234567890", "", "1234567890"),
        ("", "survey", "survey"),
    ],
)
async def test_which_flow_asks(sent: str, address: str, flow: str) -> None:
    """Handlers go by names: sent by its id, a Flow has that of its endpoint's address, if there is one."""
    asked = []

    async def verify(_: str) -> FlowToken:
        return FlowToken(conversation=PERSON, flow=sent)

    handlers = FlowHandlers()
    handlers.on()(lambda request: asked.append(request) or FlowResponse(screen="NEXT"))
    await ask(endpoint(handlers, verify=verify), flow=address, action="INIT")
    assert [request.flow for request in asked] == [flow]


async def test_the_most_specific_handler_answers() -> None:
    """More criteria come first; of as many, the Flow before the screen before the action."""
    handlers = FlowHandlers()
    wanted: list[dict[str, Any]] = [
        {},
        {"action": FlowRequestActionType.INIT},
        {"screen": "A"},
        {"flow": "sign_up"},
        {"screen": "A", "action": "INIT"},
        {"flow": "sign_up", "action": "INIT"},
        {"flow": "sign_up", "screen": "A"},
        {"flow": "sign_up", "screen": "A", "action": "INIT"},
    ]
    for number, criteria in enumerate(wanted):
        handlers.on(**criteria)(lambda request, number=number: FlowResponse(screen=f"S{number}"))

    async def answered(**request: Any) -> str:
        handler = handlers.find(FlowRequest(**request))
        assert handler is not None
        return handler(FlowRequest(**request)).screen  # type: ignore[union-attr]

    assert await answered(action="INIT", screen="A", flow="sign_up") == "S7"
    assert await answered(action="BACK", screen="A", flow="sign_up") == "S6"
    assert await answered(action="INIT", screen="B", flow="sign_up") == "S5"
    assert await answered(action="INIT", screen="A", flow="other") == "S4"
    assert await answered(action="BACK", screen="B", flow="sign_up") == "S3"
    assert await answered(action="BACK", screen="A") == "S2"
    assert await answered(action="INIT") == "S1"
    assert await answered(action="BACK") == "S0"


def test_two_handlers_for_the_same_are_refused() -> None:
    """One of them would never be asked."""
    handlers = shows()
    with pytest.raises(ValueError, match="show answers"):
        handlers.on()(lambda request: FlowResponse(screen="A"))


async def test_a_handler_that_is_not_async_does_not_block() -> None:
    """It runs in a thread of its own."""
    handlers, threads = FlowHandlers(), []

    @handlers.on()
    def show(request: FlowRequest) -> FlowResponse:
        threads.append(threading.current_thread())
        return FlowResponse(screen="NEXT")

    answer, _ = await ask(endpoint(handlers), action="INIT")
    assert answer.status == 200
    assert threads[0] is not threading.main_thread()


async def test_a_field_can_be_wrong_and_the_flow_can_end() -> None:
    """The same screen with messages, and the completion with the request's own token."""
    handlers = FlowHandlers()
    handlers.on(screen="A")(
        lambda request: FlowResponse.invalid(request.screen, {"email": "Taken"}, message="Look")
    )
    handlers.on(screen="B")(
        lambda request: FlowResponse(close_flow=True, data={"id": 7}, version=request.version)
    )
    _, content = await ask(endpoint(handlers), action="data_exchange", screen="A")
    assert content == {"screen": "A", "data": {"error_messages": {"email": "Taken"}, "error_message": "Look"}}
    _, content = await ask(endpoint(handlers), action="data_exchange", screen="B")
    parameters = {"flow_token": TOKEN, "id": 7}
    assert content == {
        "version": "3.0",
        "screen": "SUCCESS",
        "data": {"extension_message_response": {"params": parameters}},
    }


@pytest.mark.parametrize(
    "odd", [{}, {"screen": "A", "close_flow": True}, {"close_flow": True, "error_message": "x"}]
)
def test_a_response_is_a_screen_or_the_end(odd: dict[str, Any]) -> None:
    """Neither, or both, is a mistake that is told at once."""
    with pytest.raises(ValueError, match=r"FlowResponse|closed"):
        FlowResponse(**odd)


async def test_picked_files_are_typed() -> None:
    """A picker's value as files that can be decrypted; anything else is an error."""
    request = FlowRequest(action="data_exchange", data={"photos": [VECTORS["media"]["entry"]], "odd": "x"})
    [photo] = request.files("photos")
    assert photo.file_name == "IMG_1.jpg"
    assert request.files("nothing") == ()
    with pytest.raises(MediaError):
        request.files("odd")


@pytest.mark.parametrize(
    "headers", [{}, {"x-hub-signature-256": "md5=1"}, signed(b"another body"), "other secret"]
)
async def test_the_signature_is_checked_first(headers: Any) -> None:
    """432 for a body that is not even JSON, as for a sound one."""
    for body in (b"nothing", Phone().body(b'{"action": "ping"}')):
        given = signed(body, "other") if headers == "other secret" else headers
        answer = await endpoint().respond(body, given)
        assert (answer.status, answer.body) == (432, "")


async def test_either_secret_signs_while_it_is_rotated() -> None:
    """An old and a new app secret."""
    phone = Phone()
    body = phone.body(b'{"action": "ping"}')
    answer = await endpoint(app_secrets=["new", SECRET]).respond(body, signed(body))
    assert answer.status == 200


async def test_without_a_secret_nothing_starts_unless_told() -> None:
    """Anybody could ask otherwise."""
    with pytest.raises(ValueError, match="app secret"):
        endpoint(app_secrets=[""])
    phone = Phone()
    answer = await endpoint(app_secrets=[], allow_unsigned=True).respond(phone.body(b'{"action":"ping"}'), {})
    assert phone.read(answer) == {"data": {"status": "active"}}


@pytest.mark.parametrize("plain", [b"[]", b"x", b"{}", b'{"action": 5}'])
async def test_malformed_requests_are_400(plain: bytes) -> None:
    """Sound encryption around something else."""
    body = Phone().body(plain)
    assert (await endpoint().respond(body, signed(body))).status == 400


async def test_a_body_that_is_too_large_is_413() -> None:
    """Before anything is computed over it."""
    assert (await endpoint().respond(b"x" * (4 * 1024 * 1024 + 1), {})).status == 413


async def test_a_request_for_another_key_is_421() -> None:
    """WhatsApp then fetches our public key again."""
    body = json.dumps({**VECTORS["body"], "encrypted_aes_key": b64(bytes(range(256)))}).encode()
    answer = await endpoint().respond(body, signed(body))
    assert (answer.status, answer.body) == (421, "")


async def test_a_token_that_is_not_ours_is_427_with_a_message() -> None:
    """The button in the chat is switched off, and the user reads why."""
    answer, content = await ask(
        endpoint(shows(), texts=FlowTexts(expired="Peça outro.")), action="INIT", flow_token="foreign"
    )
    assert (answer.status, content) == (427, {"error_msg": "Peça outro."})


async def test_an_expired_form_is_explained_in_the_person_s_language() -> None:
    """The token still tells whose it was; where foreign ones are allowed, it is one of these."""

    async def expired(_: str) -> FlowToken:
        return FlowToken(conversation=PERSON, expired=True)

    answer, content = await ask(endpoint(shows(), verify=expired), action="INIT")
    assert (answer.status, content) == (427, {"error_msg": texts_for(PERSON).expired})
    handlers = FlowHandlers()
    handlers.on()(lambda request: FlowResponse(screen="S", data={"token": request.token}))
    answer, content = await ask(endpoint(handlers, verify=expired, foreign_tokens=True), action="INIT")
    assert (answer.status, content) == (200, {"screen": "S", "data": {"token": None}})


async def test_words_that_are_not_given_stay_in_the_person_s_language() -> None:
    """Whoever words one trouble need not word the others."""
    handlers = FlowHandlers()

    @handlers.on()
    async def fail(request: FlowRequest) -> FlowResponse:
        raise RuntimeError

    asked = endpoint(handlers, texts=FlowTexts(expired="Peça outro."))
    _, content = await ask(asked, action="data_exchange", screen="A")
    assert content == {"screen": "A", "data": {"error_message": "Algo deu errado. Tente de novo."}}
    _, content = await ask(asked, action="INIT", flow_token="foreign")
    assert content == {"error_msg": "Peça outro."}


async def test_foreign_tokens_can_be_allowed() -> None:
    """Flows sent by other systems, and drafts; the address may tell which Flow it is."""
    handlers = FlowHandlers()
    handlers.on(flow="survey")(lambda request: FlowResponse(screen="S", data={"token": request.token}))
    answer, content = await ask(
        endpoint(handlers, foreign_tokens=True), "survey", action="INIT", flow_token="foreign"
    )
    assert (answer.status, content) == (200, {"screen": "S", "data": {"token": None}})


@pytest.mark.parametrize("way", ["raise", "return"])
async def test_a_handler_can_refuse_the_token(way: str) -> None:
    """The seed's two exceptions, raised or returned."""
    handlers = FlowHandlers()

    @handlers.on()
    async def refuse(request: FlowRequest) -> Any:
        refusal: Exception = FlowTokenNoLongerValid("The order has already been placed")
        if request.screen == "B":
            refusal = FlowRequestSignatureAuthenticationFailed()
        if way == "raise":
            raise refusal
        return refusal

    answer, content = await ask(endpoint(handlers), action="data_exchange", screen="A")
    assert (answer.status, content) == (427, {"error_msg": "The order has already been placed"})
    answer, _ = await ask(endpoint(handlers), action="data_exchange", screen="B")
    assert (answer.status, answer.body) == (432, "")


async def test_a_token_signature_is_checked_where_there_is_one() -> None:
    """Signed by Meta for this token and this time: fine; everything else is 432."""
    asked = endpoint(shows())
    now = time.time()
    good = [jwt({}), jwt({"flow_token": TOKEN, "exp": now + 60, "nbf": now - 60})]
    bad = [
        jwt({}, secret="other"),
        jwt({"exp": now - 1}),
        jwt({"nbf": now + 60}),
        jwt({"flow_token": "other"}),
        jwt({}, alg="none"),
        jwt({})[:-3],
        jwt({}).rpartition(".")[0] + ".",
        "x",
        "..",
        "ação.ã.é",
        5,
    ]
    for signature in good:
        assert (await ask(asked, action="INIT", flow_token_signature=signature))[0].status == 200
    for signature in bad:
        assert (await ask(asked, action="INIT", flow_token_signature=signature))[0].status == 432, signature


class Secret(Exception):
    """What nobody outside may read."""


async def test_an_error_in_a_handler_stays_here() -> None:
    """The user reads one sentence on the same screen; the log says which handler failed."""
    handlers = FlowHandlers()

    @handlers.on()
    async def fail(request: FlowRequest) -> FlowResponse:
        raise Secret("password 1234")

    with capture_logs() as logs:
        answer, content = await ask(endpoint(handlers), action="data_exchange", screen="A")
    assert answer.status == 200
    assert content == {"screen": "A", "data": {"error_message": texts_for(PERSON).failed}}
    assert (logs[0]["event"], logs[0]["screen"]) == ("whatsapp.flow.failed", "A")
    assert re.fullmatch(r"Secret at .*test_endpoint\.py:\d+ in fail", logs[0]["error"])
    assert "1234" not in str(logs)
    answer, _ = await ask(endpoint(handlers), action="INIT")
    assert (answer.status, answer.body) == (503, "")


@pytest.mark.parametrize("odd", [None, {"screen": "A"}, FlowResponse(screen="B", data={"x": object()})])
async def test_a_handler_that_answers_nonsense_has_failed(odd: Any) -> None:
    """Nothing, a plain dict, or data that is no JSON."""
    handlers = FlowHandlers()
    handlers.on()(lambda request: odd)
    _, content = await ask(endpoint(handlers), action="data_exchange", screen="A")
    assert content == {"screen": "A", "data": {"error_message": texts_for(PERSON).failed}}


async def test_a_request_that_nobody_handles_is_logged() -> None:
    """The log names what is missing."""
    with capture_logs() as logs:
        _, content = await ask(endpoint(), action="data_exchange", screen="A")
    assert content == {"screen": "A", "data": {"error_message": texts_for(PERSON).failed}}
    assert logs[0]["event"] == "whatsapp.flow.not_handled"


async def test_a_handler_that_takes_too_long_is_left_behind() -> None:
    """The user reads it in time, the log has a line, and the handler is cancelled."""
    handlers, cancelled = FlowHandlers(), asyncio.Event()

    @handlers.on()
    async def dawdle(request: FlowRequest) -> FlowResponse:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise Secret("too late") from None
        raise AssertionError

    with capture_logs() as logs:
        answer, content = await ask(endpoint(handlers, deadline=0.01), action="BACK", screen="A")
    assert (answer.status, content) == (
        200,
        {"screen": "A", "data": {"error_message": texts_for(PERSON).late}},
    )
    assert (logs[0]["event"], logs[0]["deadline"]) == ("whatsapp.flow.late", 0.01)
    await asyncio.wait_for(cancelled.wait(), 5)


async def test_a_handler_that_cancels_itself_has_failed() -> None:
    """The request is not cancelled with it."""
    handlers = FlowHandlers()

    @handlers.on()
    async def give_up(request: FlowRequest) -> FlowResponse:
        raise asyncio.CancelledError

    _, content = await ask(endpoint(handlers), action="BACK", screen="A")
    assert content == {"screen": "A", "data": {"error_message": texts_for(PERSON).failed}}


async def test_a_store_that_cannot_be_read_is_503() -> None:
    """Whether the token is ours cannot be told just now."""

    async def unavailable(token: str) -> None:
        raise StoreError("the disk is full")

    answer, _ = await ask(endpoint(shows(), verify=unavailable), action="INIT")
    assert (answer.status, answer.body) == (503, "")


async def test_ten_thousand_mutated_requests_make_no_error() -> None:
    """Bits, bytes and JSON are changed at random, before and after encryption: only the allowed statuses."""
    chance, asked = random.Random(7), endpoint(shows())
    phone = Phone()
    content = {
        "version": "3.0",
        "action": "data_exchange",
        "screen": "A",
        "data": {"x": 1},
        "flow_token": TOKEN,
    }
    plain = json.dumps(content).encode()
    envelope = phone.body(plain)
    values = [None, 5, "", "ping", "é😀", [], {}, [[[]]], {"error": 1}, 1e300, True, "A" * 3000]
    seen: dict[int, int] = {}
    for number in range(10_000):
        if number % 20 == 0:
            changed = {**content, chance.choice([*content, "flow_token_signature"]): chance.choice(values)}
            body = Phone().body(json.dumps(changed).encode())
        elif number % 20 == 1:
            body = Phone().body(mutated(plain, chance))
        elif number % 2:
            document = json.loads(envelope)
            document[chance.choice(list(document))] = chance.choice(values)
            body = json.dumps(document).encode()
        else:
            body = mutated(envelope, chance)
        headers = signed(mutated(body, chance)) if number % 50 == 49 else signed(body)
        answer = await asked.respond(body, headers)
        seen[answer.status] = seen.get(answer.status, 0) + 1
    assert set(seen) == {200, 400, 421, 427, 432}, seen
    assert sum(seen.values()) == 10_000


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(changed))
        way = chance.randrange(4)
        if way == 0:
            changed[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            del changed[at]
        elif way == 2:
            changed.insert(at, chance.randrange(256))
        else:
            del changed[at : at + chance.randint(1, 40)]
    return bytes(changed)


async def test_undecryptable_bodies_take_the_same_work() -> None:
    """Whether RSA or AES refuses: the same answer, and both operations are done each time."""
    from .test_crypto import UNDECRYPTABLE

    asked, times = endpoint(), {}
    for case, body in UNDECRYPTABLE.items():
        headers, best = signed(body), float("inf")
        for _ in range(40):
            begun = time.perf_counter()
            answer = await asked.respond(body, headers)
            best = min(best, time.perf_counter() - begun)
            assert (answer.status, answer.body, answer.content_type) == (421, "", "text/plain")
        times[case] = best
    assert max(times.values()) < 2 * min(times.values()), times


def test_a_completion_is_typed() -> None:
    """The names of pywa: who, token, response; and the files of a picker."""
    answers = {
        "photo": [{"id": "36", "mime_type": "image/jpeg", "sha256": "x", "file_name": "a.jpg"}, 5],
        "n": 1,
    }
    reply = FlowReply(
        id="wamid.1",
        sender=Person(phone="5561999990001", name="Maria"),
        answers=answers,
        flow_token="T",
        body="Sent",
    )
    completion = FlowCompletion.from_reply(reply)
    assert (completion.from_user.name, completion.token, completion.response["n"]) == ("Maria", "T", 1)
    [photo] = completion.files("photo")
    assert (photo.id, photo.mime_type) == ("36", "image/jpeg")
    assert completion.files("n") == completion.files("nothing") == ()
    assert "Maria" not in repr(completion)


def test_a_handler_that_no_request_would_reach() -> None:
    """An unknown action is refused, and so is a second function for the same requests."""
    handlers = FlowHandlers()
    with pytest.raises(ValueError, match="'dataexchange'; the actions are INIT, BACK, data_exchange"):
        handlers.on(action="dataexchange")
    handlers.on(screen="Z")(lambda request: FlowResponse("A"))
    with pytest.raises(ValueError, match="answers screen='Z' already"):
        handlers.on(screen="Z")(lambda request: FlowResponse("B"))
