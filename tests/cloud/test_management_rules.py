"""Management knows Meta's limits before Meta is asked, and makes little of what Meta may answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from graph_servers import NUMBER, TOKEN, answering, calling, graph

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.cloud.management import Command
from rasa_whatsapp.errors import GraphError, MessageError, SettingsError

URL = "https://bot.example.com/webhook"
BODY = {"type": "BODY", "text": "Hi"}


def template(*components: Any, **changed: Any) -> dict[str, Any]:
    """A definition that is sound but for what is given."""
    return {"name": "hi", "language": "en", "category": "UTILITY", "components": list(components), **changed}


def key(size: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def pem(public: Any) -> str:
    text: str = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return text


PRIVATE = key(2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
BUTTONS = [{"type": "QUICK_REPLY", "text": str(number)} for number in range(11)]
CARD = {"components": [BODY]}

WRONG: list[tuple[str, Callable[[CloudClient], Awaitable[Any]]]] = [
    ("name", lambda c: c.templates.create(template(BODY, name="Hi There"))),
    ("name", lambda c: c.templates.create(template(BODY, name="x" * 513))),
    ("language", lambda c: c.templates.create(template(BODY, language=""))),
    ("category", lambda c: c.templates.create(template(BODY, category="PROMOTION"))),
    ("components", lambda c: c.templates.create(template())),
    ("components[0]", lambda c: c.templates.create(template("body"))),
    ("components[0].type", lambda c: c.templates.create(template({"text": "Hi"}))),
    ("components[1].type", lambda c: c.templates.create(template(BODY, {"type": "body", "text": "Hi"}))),
    ("components[0].text", lambda c: c.templates.create(template({"type": "BODY", "text": "x" * 1025}))),
    ("components[0].text", lambda c: c.templates.create(template({"type": "HEADER", "text": "x" * 61}))),
    (
        "components[1].text",
        lambda c: c.templates.create(template(BODY, {"type": "FOOTER", "text": "x" * 61})),
    ),
    ("components[0].example", lambda c: c.templates.create(template({"type": "BODY", "text": "Hi {{1}}"}))),
    (
        "components[0].buttons",
        lambda c: c.templates.create(template({"type": "BUTTONS", "buttons": BUTTONS})),
    ),
    (
        "components[0].buttons[0].text",
        lambda c: c.templates.create(template({"type": "BUTTONS", "buttons": [{"text": "x" * 26}]})),
    ),
    (
        "components[0].cards",
        lambda c: c.templates.create(template({"type": "CAROUSEL", "cards": [CARD]})),
    ),
    (
        "components[0].cards[1].components",
        lambda c: c.templates.create(template({"type": "CAROUSEL", "cards": [CARD, {}]})),
    ),
    ("components", lambda c: c.templates.edit("1")),
    ("template_id", lambda c: c.templates.get(" ")),
    ("name", lambda c: c.templates.delete("")),
    ("about", lambda c: c.profile.update(about="")),
    ("about", lambda c: c.profile.update(about="👋" * 70)),
    ("about", lambda c: c.profile.update()),
    ("address", lambda c: c.profile.update(address="x" * 257)),
    ("description", lambda c: c.profile.update(description="x" * 513)),
    ("email", lambda c: c.profile.update(email="x" * 129)),
    ("websites", lambda c: c.profile.update(websites=["https://a.example"] * 3)),
    ("websites[0]", lambda c: c.profile.update(websites=["a.example"])),
    ("method", lambda c: c.numbers.request_code("EMAIL")),
    ("code", lambda c: c.numbers.verify_code("12345")),
    ("pin", lambda c: c.numbers.register("12345a")),
    ("pin", lambda c: c.numbers.set_pin("1234567")),
    ("message", lambda c: c.qr_codes.create("x" * 141)),
    ("image", lambda c: c.qr_codes.create("Hi", image="GIF")),
    ("code", lambda c: c.qr_codes.update("", "Hi")),
    ("user", lambda c: c.blocked.add("some-group")),
    ("to", lambda c: c.blocked.remove("")),
    ("prompts", lambda c: c.automation.set(prompts=["a", "b", "c", "d", "e"])),
    ("prompts[0]", lambda c: c.automation.set(prompts=["x" * 81])),
    ("prompts", lambda c: c.automation.set()),
    ("commands", lambda c: c.automation.set(commands=[Command(f"c{n}", "d") for n in range(31)])),
    ("commands[0].name", lambda c: c.automation.set(commands=[Command("x" * 31, "d")])),
    ("commands[0].name", lambda c: c.automation.set(commands=[Command("/help", "d")])),
    ("commands[1].name", lambda c: c.automation.set(commands=[Command("a", "d"), Command("a", "e")])),
    ("commands[0].description", lambda c: c.automation.set(commands=[Command("a", "x" * 257)])),
    ("url", lambda c: c.webhooks.override_number("http://bot.example.com", "t")),
    ("url", lambda c: c.webhooks.override_number("https://bot.example.com/" + "x" * 200, "t")),
    ("url", lambda c: c.webhooks.override_account("", "t")),
    ("verify_token", lambda c: c.webhooks.override_account(URL, "")),
    ("pem", lambda c: c.encryption.set_public_key("key")),
    ("pem", lambda c: c.encryption.set_public_key(PRIVATE)),
    ("pem", lambda c: c.encryption.set_public_key(pem(key(1024).public_key()))),
    ("pem", lambda c: c.encryption.set_public_key(pem(ec.generate_private_key(ec.SECP256R1()).public_key()))),
    ("username", lambda c: c.username.set("ab")),
    ("username", lambda c: c.username.set("x" * 36)),
    ("username", lambda c: c.username.set("clube tênis")),
    ("username", lambda c: c.username.set("12345")),
    ("username", lambda c: c.username.set("club..tennis")),
    ("username", lambda c: c.username.set(".club")),
    ("username", lambda c: c.username.set("www.club")),
]


@pytest.mark.parametrize(("field", "call"), WRONG)
async def test_what_meta_would_reject_is_not_sent(
    field: str, call: Callable[[CloudClient], Awaitable[Any]]
) -> None:
    """The error names the field; Meta hears nothing of it."""
    asked = []

    async def remember(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({})

    async with calling(remember, waba_id="1") as client:
        with pytest.raises(MessageError) as wrong:
            await call(client)
    assert wrong.value.field == field
    assert "PRIVATE KEY" not in str(wrong.value)
    assert not asked


async def test_a_library_template_has_no_components_of_its_own() -> None:
    """Meta's library brings them."""
    made = {"id": 12, "status": "APPROVED", "category": "UTILITY"}
    definition = template(library_template_name="delivery_update_1")
    del definition["components"]
    async with calling(answering(json=made), waba_id="1") as client:
        assert (await client.templates.create(definition)).id == "12"


async def test_calls_of_the_account_need_its_id() -> None:
    """The error names the setting."""
    async with calling(answering(json={"data": []})) as client:
        with pytest.raises(SettingsError, match="waba_id"):
            await client.templates.status("hi")
        with pytest.raises(SettingsError, match="waba_id"):
            await client.webhooks.subscribe()


async def test_the_next_page_is_asked_of_meta_alone() -> None:
    """`paging.next` holds the token and may lead anywhere: only its cursor is used."""
    elsewhere_asked, asked = [], []

    async def elsewhere(request: web.Request) -> web.Response:
        elsewhere_asked.append(request.path)
        return web.json_response({"data": [{"code": "stolen"}]})

    async with graph(elsewhere) as foreign:

        async def pages(request: web.Request) -> web.Response:
            asked.append(request.query.get("after", ""))
            following = {
                "": {"next": f"{foreign}/1/message_qrdls?after=A&access_token={TOKEN}"},
                "A": {"cursors": {"before": "x", "after": "B"}, "next": foreign},
                "B": {"cursors": {"before": "y", "after": "C"}},
            }[request.query.get("after", "")]
            return web.json_response({"data": [{"code": f"code{len(asked)}"}], "paging": following})

        async with calling(pages) as client:
            codes = [each.code async for each in client.qr_codes.list()]
    assert codes == ["code1", "code2", "code3"]
    assert asked == ["", "A", "B"]
    assert not elsewhere_asked


async def test_pages_that_turn_in_a_circle_end() -> None:
    """A faulty cursor must not keep a program busy for ever."""
    circle = {"data": [{"code": "a"}], "paging": {"cursors": {"after": "A"}, "next": "https://x.example"}}
    async with calling(answering(json=circle)) as client:
        assert len([each async for each in client.qr_codes.list()]) == 2


@pytest.mark.parametrize(
    "answer",
    [{}, {"data": None}, {"data": ["text", 1]}, {"data": [{"id": None, "throughput": "x", "new": {}}]}],
)
async def test_odd_answers_read_as_missing_fields(answer: dict[str, Any]) -> None:
    """Meta adds and changes fields at will."""
    async with calling(answering(json=answer), waba_id="1") as client:
        assert all([not number.id async for number in client.numbers.list()])
        assert (await client.profile.get()).about == ""
        assert (await client.encryption.public_key()).pem == ""
        assert await client.username.suggestions() == ()
        assert (await client.automation.get()).commands == ()


async def test_blocked_people_in_both_shapes() -> None:
    """Meta's reference and its guide disagree on the list."""
    people = [{"wa_id": "1"}, {"block_users": [{"wa_id": "2"}, {"wa_id": "3"}]}, {"block_users": []}]
    async with calling(answering(json={"data": people})) as client:
        assert [person.wa_id async for person in client.blocked.list()] == ["1", "2", "3"]


async def test_success_that_is_false_is_an_error() -> None:
    """Nobody should believe that a number was registered."""
    async with calling(answering(json={"success": False})) as client:
        with pytest.raises(GraphError, match="Nothing was changed"):
            await client.numbers.deregister()


async def test_secrets_and_phones_stay_out_of_errors() -> None:
    """Meta repeats what it was given; errors do not."""

    async def repeat(request: web.Request) -> web.Response:
        body = await request.text()
        return web.json_response({"error": {"code": 100, "message": body}}, status=400)

    async with calling(repeat) as client:
        for secret, call in (
            ("424242", client.numbers.register("424242")),
            ("424242", client.numbers.set_pin("424242")),
            ("424242", client.numbers.verify_code("424-242")),
            ("word-of-mine", client.webhooks.override_number(URL, "word-of-mine")),
            ("5561999990001", client.blocked.add("+55 61 99999-0001")),
            ("5561999990001", client.blocked.remove("+55 61 99999-0001")),
        ):
            with pytest.raises(GraphError) as refused:
                await call
            assert secret not in str(refused.value)


async def test_calls_go_to_the_number_of_the_client() -> None:
    """The path begins with its id, whatever is in it."""
    paths = []

    async def remember(request: web.Request) -> web.Response:
        paths.append(request.raw_path)
        return web.json_response({"data": []})

    async with calling(remember) as client:
        await client.qr_codes.get("a/../b")
    assert paths == [f"/v26.0/{NUMBER}/message_qrdls/a%2F..%2Fb"]
