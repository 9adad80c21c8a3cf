"""Every message type is written as the Cloud API wants it, and read back."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from rasa_whatsapp import messages as m
from rasa_whatsapp.errors import MessageError

from .examples import CASES, interactive, parameters, template

cases = pytest.mark.parametrize(("message", "body"), CASES.values(), ids=CASES)


@cases
def test_a_message_is_written_exactly_as_the_cloud_api_wants_it(message: m.Message, body: Any) -> None:
    """The JSON has the documented keys and no others."""
    assert message.to_json() == body
    json.dumps(message.to_json())


@cases
def test_a_raw_body_becomes_the_same_typed_message(message: m.Message, body: Any) -> None:
    """Reading is the inverse of writing, and leaves the body it was given alone."""
    before = copy.deepcopy(body)
    assert m.from_json(body) == message
    assert body == before


@cases
def test_the_envelope_and_the_type_may_be_there_or_not(message: m.Message, body: Any) -> None:
    """A body copied from Meta's page, recipient and all, is the same message; so is one without type."""
    envelope = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "1", "recipient": "B"}
    assert m.from_json(envelope | body) == message
    assert m.from_json({key: value for key, value in body.items() if key != "type"}) == message


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(child)


@cases
def test_a_field_that_meta_adds_tomorrow_survives_at_its_place(message: m.Message, body: Any) -> None:
    """An unknown key, in whichever object of the body, is written again where it stood."""
    for index in range(len(list(objects_in(body)))):
        extended = copy.deepcopy(body)
        list(objects_in(extended))[index]["tomorrow"] = "new"
        assert m.from_json(extended).to_json() == extended


@cases
def test_a_message_is_frozen_and_discreet(message: m.Message, body: Any) -> None:
    """Nothing can be changed, and the repr tells lengths instead of texts."""
    with pytest.raises(AttributeError):
        message.reply_to = "x"  # type: ignore[misc]
    assert "Oi" not in repr(message)
    assert "Ana" not in repr(message)
    assert "Olá" not in repr(message)


def test_all_message_types_are_covered() -> None:
    """A new message type cannot be added without its JSON being pinned here."""
    types = {
        value
        for name in m.__all__
        if isinstance(value := getattr(m, name), type) and issubclass(value, m.Message)
    }
    assert types - {m.Message} == {type(message) for message, _ in CASES.values()}


def test_unknown_fields_stay_with_their_template_component_when_the_order_changes() -> None:
    """Components are sorted and those without variables dropped; the unknown fields move along."""
    body = template(
        parameters("BUTTON", {"type": "payload", "payload": "p"}, sub_type="QUICK_REPLY", index=1, n=1),
        {"type": "hologram", "n": 2},
        {"type": "header"},
        parameters("BODY", {"type": "text", "text": "Ana", "n": 3}),
    )
    assert m.from_json(body).to_json()["template"]["components"] == [
        parameters("body", {"type": "text", "text": "Ana", "n": 3}),
        parameters("button", {"type": "payload", "payload": "p"}, sub_type="quick_reply", index="1", n=1),
        {"type": "hologram", "n": 2},
    ]


def test_empty_texts_of_a_raw_body_are_left_out() -> None:
    """Meta rejects empty strings, so an empty footer, header or description is dropped."""
    body = CASES["list"][1]
    raw = copy.deepcopy(body)
    raw["interactive"]["footer"] = {"text": ""}
    raw["interactive"]["header"] = {"type": "text", "text": ""}
    raw["interactive"]["tomorrow"] = ""
    raw["interactive"]["action"]["sections"][0]["rows"][0]["description"] = None
    written = m.from_json(raw).to_json()["interactive"]
    assert "footer" not in written
    assert "header" not in written
    assert "tomorrow" not in written
    assert "description" not in written["action"]["sections"][0]["rows"][0]


def test_numbers_from_yaml_are_read_as_ids() -> None:
    """An id that YAML has read as a number becomes text again."""
    row = {"id": 7, "title": 2026}
    body = interactive("list", {"button": "Ver", "sections": [{"rows": [row]}]})
    assert m.from_json(body) == m.List("Oi", "Ver", [m.Section(rows=[m.Row("7", "2026")])])


def test_extra_is_sent_but_never_replaces_what_is_known() -> None:
    """A field of tomorrow can be sent today; a known one keeps its checked value."""
    message = m.Text("Olá", extra={"text": {"body": "no", "tomorrow": 1}, "priority": "high"})
    assert message.to_json() == {
        "type": "text",
        "text": {"body": "Olá", "tomorrow": 1},
        "priority": "high",
    }


@pytest.mark.parametrize(
    "name",
    [
        *("location request", "contact request", "call permission", "product", "catalog"),
        *("carousel of links", "carousel of quick replies"),
    ],
)
@pytest.mark.parametrize("header", [{"type": "text", "text": "Clube"}, {"image": {"id": "7"}}])
def test_a_header_where_there_is_none_is_refused(name: str, header: dict[str, Any]) -> None:
    """WhatsApp would refuse the message; an empty one is left out, as everywhere."""
    message, body = CASES[name]
    raw = copy.deepcopy(body)
    raw["interactive"]["header"] = {"type": "text", "text": ""}
    assert m.from_json(raw) == message
    raw["interactive"]["header"] = header
    with pytest.raises(MessageError, match="has no header") as caught:
        m.from_json(raw)
    assert caught.value.field == "interactive.header"


@pytest.mark.parametrize(
    "name", ["buttons", "buttons under a document", "list", "link", "flow", "order details"]
)
def test_a_header_need_not_say_its_type(name: str) -> None:
    """Its only key tells."""
    _, body = CASES[name]
    raw = copy.deepcopy(body)
    header = raw["interactive"].setdefault("header", {"type": "image", "image": {"id": "7"}})
    expected = m.from_json(raw)
    del header["type"]
    assert m.from_json(raw) == expected
    assert m.from_json(raw).to_json()["interactive"]["header"]["type"] in header


def test_a_plain_name_makes_a_contact() -> None:
    """The first word of a plain name serves as the second part that Meta demands."""
    assert m.Contact("Ana Souza").name == m.ContactName("Ana Souza", "Ana")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"type": "gif", "gif": {}}, "type", '"gif" is unknown; known are: audio, contacts, document'),
        ({"status": "read", "message_id": "wamid.A"}, "type", "is missing; known are: audio"),
        ({}, "type", "is missing"),
        ({"text": {"body": "a"}, "image": {"id": "1"}}, "type", "is missing"),
        ({"type": "text"}, "text", "is missing"),
        ({"type": "text", "text": "Olá"}, "text", "must be a JSON object, is str"),
        ({"type": "interactive", "interactive": {"type": "poll"}}, "interactive.type", '"poll" is unknown'),
        ({"type": "text", "text": {"body": ["a"]}}, "text.body", "must be text, is list"),
        *(
            (
                interactive("button", {"buttons": []}, header=header),
                "interactive.header.type",
                "must be one of: document, image, text, video",
            )
            for header in ({"sticker": {"id": "7"}}, {"text": "Oi", "image": {"id": "7"}})
        ),
        (interactive("button", {"buttons": {}}), "interactive.action.buttons", "must be a list, is dict"),
        (
            interactive("button", {"buttons": [{"type": "call", "reply": {}}]}),
            "interactive.action.buttons[0].type",
            'must be "reply"',
        ),
        (
            interactive("list", {"button": "x", "sections": [{"rows": [{"id": "1", "title": "x" * 28}]}]}),
            "sections[0].rows[0].title",
            "28 characters, WhatsApp allows 24",
        ),
        ({"audio": {"id": "1", "caption": "Oi"}}, "caption", "is not allowed"),
        ({"location": {"latitude": "north", "longitude": 1}}, "location.latitude", "must be a number"),
        (
            template(
                parameters(
                    "body",
                    {"type": "text", "text": "a"},
                    {"type": "text", "text": "b", "parameter_name": "n"},
                )
            ),
            "body",
            "mixes",
        ),
        (
            template(
                parameters("body", {"type": "text", "text": "a"}),
                parameters("body", {"type": "text", "text": "b"}),
            ),
            "template.components[1]",
            "second component",
        ),
    ],
)
def test_a_wrong_raw_body_is_refused_with_its_place(body: Any, field: str, says: str) -> None:
    """The error names the place and what is wrong there."""
    with pytest.raises(MessageError) as caught:
        m.from_json(body)
    assert caught.value.field == field
    assert says in caught.value.problem


@pytest.mark.parametrize(
    ("document", "filename"),
    [
        (m.Document(link="media://docs/rules.pdf"), "rules.pdf"),
        (m.Document(link="media://rules.pdf", filename="Regras.pdf"), "Regras.pdf"),
        (m.Document(link="https://example.org/rules.pdf"), None),
        (m.Document(id="4711"), None),
    ],
)
def test_a_file_of_the_bot_keeps_its_name(document: m.Document, filename: str | None) -> None:
    """It becomes an id when it leaves, which tells no name: WhatsApp would show "Untitled"."""
    assert document.to_json()["document"].get("filename") == filename
    header = m.Template("rules", "pt_BR", header=document).to_json()["template"]["components"][0]
    assert header["parameters"][0]["document"].get("filename") == filename
