"""Each type of message that a person can write arrives as its own event."""

from __future__ import annotations

from typing import Any

import pytest
from payload_fixtures import NAMES, fixture, value_of

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse

MEDIA = {
    "media_id": "1700000000000001",
    "sha256": "3q2+7w==",
    "url": "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=17",
}
QUOTE = events.Context(id="wamid.OUT1=", sender="5561940000000")
GROUP = "Y2FwaV9ncm91cDox"

EXPECTED: dict[str, tuple[type[events.Event], dict[str, Any]]] = {
    "text": (events.Text, {"body": "Olá! Quero jogar tênis às 18 h 🎾", "context": None, "referral": None}),
    "text_integer_timestamp": (events.Text, {"body": "oi", "timestamp": 1790000000}),
    "text_reply": (events.Text, {"body": "Sim, esse!", "context": QUOTE}),
    "text_forwarded": (events.Text, {"context": events.Context(forwarded=True)}),
    "text_frequently_forwarded": (
        events.Text,
        {"context": events.Context(forwarded=True, frequently_forwarded=True)},
    ),
    "text_about_product": (
        events.Text,
        {
            "context": events.Context(
                id="wamid.OUT1=",
                sender="5561940000000",
                product={"catalog_id": "88001", "product_retailer_id": "raquete-7"},
            )
        },
    ),
    "text_from_ad": (
        events.Text,
        {
            "referral": events.Referral(
                source_url="https://fb.me/aula",
                source_id="120001",
                source_type="ad",
                headline="Aulas de natação 🏊",
                body="Primeira aula grátis",
                media_type="video",
                video_url="https://example.com/v.mp4",
                thumbnail_url="https://example.com/v.jpg",
                ctwa_clid="ARxyz",
                welcome_text="Posso ajudar?",
            )
        },
    ),
    "text_in_group": (events.Text, {"group_id": GROUP, "body": "Oi, pessoal"}),
    "text_with_identity": (
        events.Text,
        {"identity": {"acknowledged": True, "created_timestamp": 1789990000, "hash": "aGFzaA=="}},
    ),
    "text_without_body": (events.Unknown, {"kind": "text"}),
    "image": (events.Image, {**MEDIA, "mime_type": "image/jpeg", "caption": "Minha quadra 🎾 às 7h"}),
    "video": (events.Video, {**MEDIA, "mime_type": "video/mp4", "caption": "Saque"}),
    "audio": (events.Audio, {**MEDIA, "mime_type": "audio/mpeg", "voice": False}),
    "voice": (events.Audio, {**MEDIA, "mime_type": "audio/ogg; codecs=opus", "voice": True}),
    "document": (
        events.Document,
        {
            **MEDIA,
            "mime_type": "application/pdf",
            "filename": "Inscrição 2026.pdf",
            "caption": "Segue a ficha",
        },
    ),
    "sticker": (events.Sticker, {**MEDIA, "mime_type": "image/webp", "animated": True}),
    "location": (
        events.Location,
        {
            "latitude": -15.7942,
            "longitude": -47.8822,
            "name": "Clube São João",
            "address": "Asa Norte, Brasília",
            "url": "https://example.com/clube",
        },
    ),
    "location_bare": (events.Location, {"latitude": -15.0, "longitude": -47.5, "name": ""}),
    "contacts": (
        events.Contacts,
        {
            "contacts": (
                events.Contact(
                    formatted_name="Dr. José D'Ávila",
                    first_name="José",
                    middle_name="M.",
                    last_name="D'Ávila",
                    prefix="Dr.",
                    suffix="Jr.",
                    phones=(
                        events.ContactPhone(phone="+55 61 99000-0005", wa_id="5561990000005", type="WORK"),
                        events.ContactPhone(phone="+55 61 3300-0000"),
                    ),
                    emails=({"email": "jose@example.com", "type": "WORK"},),
                    addresses=({"city": "São Paulo", "country": "Brasil"},),
                    urls=({"url": "https://example.com", "type": "WORK"},),
                    org={"company": "Clínica Açaí"},
                    birthday="1980-02-29",
                    origin="other",
                    vcard="BEGIN:VCARD\nFN:José\nEND:VCARD",
                ),
            )
        },
    ),
    "contacts_requested": (
        events.Contacts,
        {
            "contacts": (
                events.Contact(
                    origin="contact_request",
                    phones=(
                        events.ContactPhone(
                            phone="+5561990000001", wa_id="5561990000001", user_id="BR.40917"
                        ),
                    ),
                ),
            )
        },
    ),
    "order": (
        events.Order,
        {
            "catalog_id": "88001",
            "text": "Sem açúcar, por favor ☕",
            "items": (
                events.OrderItem(
                    product_retailer_id="raquete-7", quantity=2, item_price=149.9, currency="BRL"
                ),
                events.OrderItem(product_retailer_id="bola-3", quantity=3, item_price=9.5, currency="BRL"),
            ),
        },
    ),
    "reaction": (events.Reaction, {"message_id": "wamid.OUT1=", "emoji": "👍🏽"}),
    "reaction_removed_empty": (events.Reaction, {"message_id": "wamid.OUT1=", "emoji": ""}),
    "reaction_removed_absent": (events.Reaction, {"message_id": "wamid.OUT1=", "emoji": ""}),
    "button_reply": (
        events.Reply,
        {
            "source": "button",
            "payload": '/reservar{"quadra": "tênis"}',
            "title": "Reservar já ✅",
            "context": QUOTE,
        },
    ),
    "list_reply": (
        events.Reply,
        {"source": "list", "payload": "pileta", "title": "Pileta", "description": "Aberta até às 22 h"},
    ),
    "template_button": (
        events.Reply,
        {"source": "template", "payload": "SIM_123", "title": "Sim, confirmo", "context": QUOTE},
    ),
    "template_button_without_context": (
        events.Reply,
        {"source": "template", "payload": "Não", "title": "Não", "context": None},
    ),
    "flow_reply": (
        events.FlowReply,
        {
            "name": "flow",
            "body": "Sent",
            "flow_token": "T-1",
            "unreadable": "",
            "answers": {
                "nome": "Inês",
                "idade": 34,
                "foto": [
                    {
                        "file_name": "eu.jpg",
                        "mime_type": "image/jpeg",
                        "sha256": "3q2+7w==",
                        "id": "1700000000000002",
                    }
                ],
            },
        },
    ),
    "flow_reply_without_token": (events.FlowReply, {"answers": {"nome": "Inês"}, "flow_token": ""}),
    "flow_reply_broken": (events.FlowReply, {"answers": {}, "unreadable": '{"nome": "In'}),
    "flow_reply_no_object": (events.FlowReply, {"answers": {}, "unreadable": "[1]"}),
    "address_reply": (
        events.AddressReply,
        {
            "saved_address_id": "a1",
            "values": {"name": "Ravi", "city": "Mumbaí", "in_pin_code": "400063"},
        },
    ),
    "call_permission_accepted": (
        events.CallPermissionReply,
        {"response": "accept", "response_source": "user_action", "expiration_timestamp": 1790600000},
    ),
    "call_permission_rejected": (
        events.CallPermissionReply,
        {"response": "reject", "response_source": "automatic", "expiration_timestamp": 0},
    ),
    "interactive_unknown_kind": (events.Unknown, {"kind": "interactive/hologram_reply"}),
    "interactive_missing": (events.Unknown, {"kind": "interactive"}),
    "edit": (
        events.Edit,
        {"original_id": "wamid.ORIG=", "message": {"type": "text", "text": {"body": "às 19 h"}}},
    ),
    "revoke": (events.Revoke, {"original_id": "wamid.ORIG="}),
    "request_welcome": (events.Welcome, {}),
    "unsupported": (
        events.Unsupported,
        {
            "kind": "poll_creation",
            "errors": (
                events.WireError(
                    code=131051,
                    title="Message type unknown",
                    message="Message type unknown",
                    details="Message type is currently not supported.",
                ),
            ),
        },
    ),
    "unsupported_unavailable": (
        events.Unsupported,
        {"kind": "", "errors": (events.WireError(code=131060, title="This message is unavailable"),)},
    ),
    "unsupported_in_group": (
        events.Unsupported,
        {
            "group_id": GROUP,
            "errors": (events.WireError(code=130501, title="Unsupported", details="em grupo não"),),
        },
    ),
    "unknown_type": (events.Unknown, {"kind": "telepathy"}),
    "without_type": (events.Unknown, {"kind": ""}),
    "system_unknown": (events.Unknown, {"kind": "system/user_grew_wings"}),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_message_arrives_as_its_type_with_every_field(name: str) -> None:
    """The first event of the body has the type and the fields of the table, and keeps the object itself."""
    body = fixture(f"message_{name}")
    event = parse(body)[0]
    expected_type, fields = EXPECTED[name]
    raw = value_of(body)["messages"][0]
    assert type(event) is expected_type
    assert {field: getattr(event, field) for field in fields} == fields
    assert event.raw == raw
    assert event.id == event.key == raw["id"]
    assert event.timestamp == 1790000000
    assert event.number == events.Number(phone_number_id="106540352242922", display="5561940000000")


def test_a_text_from_an_ordinary_chat_names_its_sender() -> None:
    """Phone, user id, profile name and username come from message and contact together."""
    event = parse(fixture("message_text"))[0]
    assert event.sender == events.Person(
        phone="5561990000001", user_id="BR.40917", name="Ana Conceição 🌻", username="ana.c"
    )


def test_an_interactive_message_without_its_object_comes_with_the_error_beside_it() -> None:
    """Meta puts the reason at the level of the change; it becomes an event of its own."""
    message, error = parse(fixture("message_interactive_missing"))
    assert isinstance(message, events.Unknown)
    assert isinstance(error, events.OutOfBandError)
    assert error.errors[0].details == "Não foi possível ler a mensagem"


@pytest.mark.parametrize("kind", ["button_reply", "list_reply", "nfm_reply", "call_permission_reply"])
def test_a_reply_without_its_content_is_unknown(kind: str) -> None:
    """Without the object of its own name there is nothing that a bot could take for an answer."""
    body = fixture("message_button_reply")
    value_of(body)["messages"][0]["interactive"] = {"type": kind}
    event = parse(body)[0]
    assert isinstance(event, events.Unknown)
    assert event.kind == f"interactive/{kind}"


@pytest.mark.parametrize(
    "kind", ["text", "image", "contacts", "order", "reaction", "button", "edit", "revoke"]
)
@pytest.mark.parametrize("content", [None, "text", 5, [], {}, True])
def test_a_message_whose_content_has_the_wrong_form_is_unknown(kind: str, content: object) -> None:
    """The type alone is no promise; what lacks its content is kept raw."""
    body = fixture("message_text")
    message = value_of(body)["messages"][0]
    message["type"], message[kind] = kind, content
    event = parse(body)[0]
    assert isinstance(event, events.Unknown)
    assert event.kind == kind
    assert event.raw == message


@pytest.mark.parametrize(
    "latitude", [None, "north", {}, float("inf"), float("nan"), 10**400, "9" * 400, True]
)
def test_a_location_without_a_place_is_unknown(latitude: object) -> None:
    """A place needs two finite numbers."""
    body = fixture("message_location")
    value_of(body)["messages"][0]["location"]["latitude"] = latitude
    event = parse(body)[0]
    assert isinstance(event, events.Unknown)
    assert event.kind == "location"


def test_a_location_may_be_written_as_text() -> None:
    """Numbers in quotes are numbers."""
    body = fixture("message_location")
    value_of(body)["messages"][0]["location"].update(latitude="-15.5", longitude="47")
    event = parse(body)[0]
    assert isinstance(event, events.Location)
    assert (event.latitude, event.longitude) == (-15.5, 47.0)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1790000000", 1790000000), (1790000000, 1790000000), ("soon", 0), (None, 0), (1.5, 0), ("9" * 30, 0),
     (10**30, 0), ("-5", 0), ("１", 0), (True, 0)],
)  # fmt: skip
def test_a_timestamp_is_text_or_integer_and_else_zero(written: object, seconds: int) -> None:
    """Meta writes it both ways; nothing else is a time."""
    body = fixture("message_text")
    value_of(body)["messages"][0]["timestamp"] = written
    assert parse(body)[0].timestamp == seconds


def test_ids_may_be_numbers() -> None:
    """An id written as a number reads as its digits."""
    body = fixture("message_text")
    message = value_of(body)["messages"][0]
    message["from"], message["id"] = 5561990000001, 77
    event = parse(body)[0]
    assert (event.sender.phone, event.id) == ("5561990000001", "77")


def test_an_address_that_cannot_be_read_is_kept_as_it_came() -> None:
    """A broken address form must not look like an empty one."""
    body = fixture("message_address_reply")
    value_of(body)["messages"][0]["interactive"]["nfm_reply"]["response_json"] = "{"
    event = parse(body)[0]
    assert isinstance(event, events.FlowReply)
    assert (event.name, event.unreadable) == ("address_message", "{")


@pytest.mark.parametrize("event", [parse(fixture(name)) for name in NAMES], ids=NAMES)
def test_no_repr_shows_words_names_or_whole_numbers(event: list[events.Event]) -> None:
    """A repr may end up in a log, where only masked numbers and ids may stand."""
    shown = repr(event)
    for secret in ("Ana", "Olá", "Inês", "quadra", "5561990000001", "5491150000002", "José", "T-1", "oi'"):
        assert secret not in shown


def test_every_message_fixture_is_expected_here_or_beside() -> None:
    """A new fixture needs its expectation."""
    elsewhere = ("message_text_", "message_system_")
    messages = {name for name in NAMES if name.startswith("message_") and not name.startswith(elsewhere)}
    assert messages <= {f"message_{name}" for name in EXPECTED}
