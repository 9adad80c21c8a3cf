"""Every limit of the Cloud API has Meta's error code, and nothing inside the limits is refused."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_whatsapp.simulator.limits.messages import TYPES, check_message, check_read
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state.content import offers, plain_text, uploads

LINK = "https://example.org/a"


def interactive(kind: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": "B"}, "action": action, **more},
    }


def button(id_: str, title: str) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": id_, "title": title}}


def card(link: str = LINK) -> dict[str, Any]:
    return {
        "card_index": 0,
        "type": "cta_url",
        "header": {"type": "image", "image": {"link": link}},
        "body": {"text": "one\ntwo\nthree"},
        "action": {"name": "cta_url", "parameters": {"display_text": "T" * 20, "url": LINK}},
    }


def quick_card() -> dict[str, Any]:
    quick = {"type": "quick_reply", "quick_reply": {"id": "q", "title": "Q"}}
    return {**card(), "action": {"buttons": [quick]}}


GOOD: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "text": {"body": "👍" * 2048, "preview_url": True}},
    "text without type": {"text": {"body": "x"}},
    "image": {"type": "image", "image": {"link": LINK, "caption": "c" * 1024}},
    "video": {"type": "video", "video": {"link": LINK}},
    "audio": {"type": "audio", "audio": {"link": LINK, "voice": True}},
    "document": {"type": "document", "document": {"link": LINK, "filename": "a.pdf", "caption": "c"}},
    "sticker": {"type": "sticker", "sticker": {"link": LINK}},
    "location": {"type": "location", "location": {"latitude": -90, "longitude": "180", "name": "N"}},
    "contacts": {
        "type": "contacts",
        "contacts": [{"name": {"formatted_name": "A B", "first_name": "A"}}] * 257,
    },
    "reaction": {"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": ""}},
    "template": {
        "type": "template",
        "template": {
            "name": "hello_world",
            "language": {"code": "en_US"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ada"}]}],
        },
    },
    "buttons": interactive(
        "button",
        {"buttons": [button(str(n) * 256, str(n) * 20) for n in range(3)]},
        header={"type": "text", "text": "h" * 60},
        footer={"text": "f" * 60},
    ),
    "list": {
        "type": "interactive",
        "interactive": {
            "type": "list",
            "body": {"text": "b" * 4096},
            "action": {
                "button": "b" * 20,
                "sections": [
                    {
                        "title": f"{s}" * 24,
                        "rows": [
                            {"id": f"{s}{r}".ljust(200, "i"), "title": "t" * 24, "description": "d" * 72}
                            for r in range(5)
                        ],
                    }
                    for s in range(2)
                ],
            },
        },
    },
    "cta": interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "d" * 20, "url": LINK}}),
    "location request": interactive("location_request_message", {"name": "send_location"}),
    "contact request": interactive("request_contact_info", {"name": "request_contact_info"}),
    "address": interactive("address_message", {"name": "address_message", "parameters": {"country": "IN"}}),
    "flow": interactive(
        "flow",
        {
            "name": "flow",
            "parameters": {
                "flow_message_version": "3",
                "flow_id": "1",
                "flow_cta": "Open",
                "flow_action": "navigate",
                "flow_action_payload": {"screen": "S", "data": {"k": "v"}},
            },
        },
    ),
    "product": {
        "type": "interactive",
        "interactive": {"type": "product", "action": {"catalog_id": "1", "product_retailer_id": "2"}},
    },
    "product list": interactive(
        "product_list",
        {
            "catalog_id": "1",
            "sections": [{"title": "S", "product_items": [{"product_retailer_id": "p"}] * 30}],
        },
        header={"type": "text", "text": "H"},
    ),
    "catalog": interactive("catalog_message", {"name": "catalog_message"}),
    "carousel": interactive("carousel", {"cards": [card()] * 10}),
    "quick reply carousel": interactive("carousel", {"cards": [quick_card(), quick_card()]}),
    "voice call": interactive("voice_call", {"name": "voice_call", "parameters": {"ttl_minutes": 43200}}),
    "call permission": interactive("call_permission_request", {"name": "call_permission_request"}),
    "order status": interactive(
        "order_status",
        {"name": "review_order", "parameters": {"reference_id": "r" * 60}},
        header={"type": "text", "text": "Pedido"},
    ),
}

A = "interactive.action"
# which good message, where it is changed, to what (None: removed), and the code it is refused with
BROKEN: list[tuple[str, str, Any, int]] = [
    ("text", "messaging_product", None, 131008),
    ("text", "messaging_product", "telegram", 100),
    ("text", "to", None, 100),
    ("text", "to", "Maria", 100),
    ("text", "recipient", "not a user id", 100),
    ("text", "recipient_type", "everybody", 100),
    ("text", "type", "telegram", 131051),
    ("text", "biz_opaque_callback_data", "x" * 513, 100),
    ("text", "context", {}, 131008),
    ("text", "text", None, 131008),
    ("text", "text", "hi", 100),
    ("text", "text.body", "", 100),
    ("text", "text.body", "x" * 4097, 100),
    ("text", "text.body", "👍" * 2048 + "x", 100),
    ("text", "text.body", 7, 100),
    ("text", "text.preview_url", "yes", 100),
    ("text", "txet", {"body": "hi"}, 100),
    ("text", "text.preview", True, 100),
    ("location", "location.latitud", 1, 100),
    ("reaction", "reaction.emojis", "👍", 100),
    ("template", "template.parameters", [], 100),
    ("buttons", "interactive.buttons", [], 100),
    ("image", "image.link", None, 100),
    ("image", "image.id", "1", 100),
    ("image", "image.link", "file:///etc/passwd", 131009),
    ("image", "image.caption", "c" * 1025, 100),
    ("image", "image.filename", "a.png", 100),
    ("audio", "audio.caption", "c", 100),
    ("audio", "audio.voice", "yes", 100),
    ("sticker", "sticker.caption", "c", 100),
    ("location", "location.latitude", 91, 131009),
    ("location", "location.longitude", "east", 131009),
    ("location", "location.longitude", None, 131008),
    ("location", "location.name", "", 131009),
    ("contacts", "contacts", [], 131009),
    ("contacts", "contacts", [{"name": {"formatted_name": "A", "first_name": "A"}}] * 258, 131009),
    ("contacts", "contacts", [{"name": {"formatted_name": "A"}}], 131009),
    ("contacts", "contacts", [{"phones": []}], 131008),
    ("reaction", "reaction.message_id", None, 131008),
    ("template", "template.name", "n" * 513, 131009),
    ("template", "template.language", None, 131008),
    ("template", "template.components", [{"type": "trailer"}], 132012),
    (
        "template",
        "template.components",
        [{"type": "body", "parameters": [{"type": "text", "parameter_name": "a"}, {"type": "text"}]}],
        132012,
    ),
    ("buttons", "interactive.type", "hologram", 131009),
    ("buttons", "interactive.body", None, 131008),
    ("buttons", "interactive.body.text", "b" * 1025, 131009),
    ("buttons", "interactive.footer.text", "f" * 61, 131009),
    ("buttons", "interactive.header.text", "h" * 61, 131009),
    ("buttons", "interactive.header", {"type": "audio", "audio": {"id": "1"}}, 131009),
    ("buttons", f"{A}.buttons", [], 131009),
    ("buttons", f"{A}.buttons", [button(str(n), str(n)) for n in range(4)], 131009),
    ("buttons", f"{A}.buttons", [button("a", "t" * 21)], 131009),
    ("buttons", f"{A}.buttons", [button("a", "")], 131009),
    ("buttons", f"{A}.buttons", [button("i" * 257, "t")], 131009),
    ("buttons", f"{A}.buttons", [button(" a", "t")], 131009),
    ("buttons", f"{A}.buttons", [button("a", "t"), button("a", "u")], 131009),
    ("buttons", f"{A}.buttons", [button("a", "t"), button("b", "t")], 131009),
    ("buttons", f"{A}.buttons", {"type": "reply"}, 131009),
    ("list", "interactive.body.text", "b" * 4097, 131009),
    ("list", "interactive.header", {"type": "image", "image": {"link": LINK}}, 131009),
    ("list", f"{A}.button", "b" * 21, 131009),
    ("list", f"{A}.sections", [], 131009),
    ("list", f"{A}.sections", [{"title": "S", "rows": []}], 131009),
    ("list", f"{A}.sections", [{"rows": [{"id": str(n), "title": "t"} for n in range(11)]}], 131009),
    (
        "list",
        f"{A}.sections",
        [{"title": f"{s}", "rows": [{"id": f"{s}{n}", "title": "t"} for n in range(6)]} for s in range(2)],
        131009,
    ),
    ("list", f"{A}.sections", [{"rows": [{"id": f"{s}", "title": "t"}]} for s in range(2)], 131009),
    ("list", f"{A}.sections", [{"title": "s" * 25, "rows": [{"id": "1", "title": "t"}]}], 131009),
    ("list", f"{A}.sections", [{"rows": [{"id": "i" * 201, "title": "t"}]}], 131009),
    ("list", f"{A}.sections", [{"rows": [{"id": "1", "title": "t" * 25}]}], 131009),
    ("list", f"{A}.sections", [{"rows": [{"id": "1", "title": "t", "description": "d" * 73}]}], 131009),
    ("list", f"{A}.sections", [{"rows": [{"id": "1", "title": "t"}, {"id": "1", "title": "u"}]}], 131009),
    ("list", f"{A}.sections", [{"rows": [{"title": "t"}]}], 131008),
    ("list", f"{A}.sections", ["rows"], 100),
    ("cta", f"{A}.parameters.display_text", "d" * 21, 131009),
    ("cta", f"{A}.parameters.url", "javascript:alert(1)", 131009),
    ("location request", "interactive.header", {"type": "text", "text": "H"}, 131009),
    ("location request", f"{A}.name", "send_money", 131009),
    ("address", f"{A}.parameters.country", "BR", 131009),
    ("flow", f"{A}.parameters.flow_name", "both", 100),
    ("flow", f"{A}.parameters.flow_cta", "c" * 31, 131009),
    ("flow", f"{A}.parameters.flow_action_payload.data", {}, 131009),
    ("product", "interactive.header", {"type": "text", "text": "H"}, 131009),
    ("product list", "interactive.header", None, 131008),
    (
        "product list",
        f"{A}.sections",
        [{"title": "S", "product_items": [{"product_retailer_id": "p"}] * 31}],
        131009,
    ),
    ("carousel", f"{A}.cards", [card()], 131009),
    ("carousel", f"{A}.cards", [card()] * 11, 131009),
    ("carousel", f"{A}.cards", [card(), quick_card()], 131009),
    ("carousel", f"{A}.cards", [{**card(), "header": {"type": "image", "image": {"id": "1"}}}] * 2, 100),
    ("carousel", f"{A}.cards", [{**card(), "body": {"text": "b" * 161}}] * 2, 131009),
    ("carousel", f"{A}.cards", [{**card(), "body": {"text": "1\n2\n3\n4"}}] * 2, 131009),
    ("carousel", f"{A}.cards", [{**card(), "action": {"name": "cta_url"}}] * 2, 131008),
    ("carousel", f"{A}.cards", [{**card(), "action": {}}] * 2, 131008),
    ("carousel", "interactive.footer", {"text": "f"}, 131009),
    ("voice call", f"{A}.parameters.ttl_minutes", 43201, 131009),
]


def whole(name: str) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": "+5561999990001", **copy.deepcopy(GOOD[name])}


def put(body: dict[str, Any], path: str, value: Any) -> None:
    *steps, last = path.split(".")
    for step in steps:
        body = body[step]
    if value is None:
        del body[last]
    else:
        body[last] = value


@pytest.mark.parametrize("name", GOOD)
def test_a_message_at_its_limits_is_accepted(name: str) -> None:
    """Nothing that Meta accepts is refused, up to the last character."""
    body = whole(name)
    check_message(body)
    assert isinstance(plain_text(body), str)
    assert all(offer.title for offer in offers(body))


@pytest.mark.parametrize(("name", "path", "value", "code"), BROKEN)
def test_one_step_over_a_limit_is_refused(name: str, path: str, value: Any, code: int) -> None:
    """A broken limit has Meta's code, and details that name the place."""
    body = whole(name)
    put(body, path, value)
    with pytest.raises(Refusal) as refused:
        check_message(body)
    assert refused.value.code == code, refused.value
    assert path.rpartition(".")[2] in refused.value.details or "." in refused.value.details


async def test_a_refusal_has_metas_error_body(graph) -> None:
    """The HTTP answer is Meta's: message, type, code, details and trace id."""
    status, answer = await graph.send({"type": "text", "text": {"body": "x" * 4097}})
    assert status == 400
    error = answer["error"]
    assert error["code"] == 100
    assert error["type"] == "OAuthException"
    assert error["message"] == "(#100) Invalid parameter"
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert "text.body" in error["error_data"]["details"]
    assert error["fbtrace_id"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'"hi"', b"{", b"[" * 100_000, b'{"a": 1}', b"\xff"],
    ids=["empty", "array", "string", "cut off", "nested too deep", "no message", "not UTF-8"],
)
async def test_a_body_that_is_no_message_is_refused(graph, body: bytes) -> None:
    """Whatever the body, the answer is an error that says so."""
    path = f"/v26.0/{graph.simulator.account.phone_number_id}/messages"
    status, answer = await graph.call("POST", path, data=body, headers={"Content-Type": "application/json"})
    assert (status, answer["error"]["code"]) in ((400, 100), (400, 131008))


def test_a_read_receipt_has_its_own_limits() -> None:
    """Only ``read``, with a message id, and typing only as text."""
    good = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A"}
    check_read({**good, "typing_indicator": {"type": "text"}})
    for broken in ({"status": "seen"}, {"message_id": ""}, {"typing_indicator": {"type": "voice"}}):
        with pytest.raises(Refusal):
            check_read({**good, **broken})


scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(LINK),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "id", "title", "rows", "name", "header"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(GOOD)), data=st.data())
def test_odd_json_is_accepted_or_refused_and_never_breaks(name: str, data: st.DataObject) -> None:
    """With any part of a message replaced by anything, the check ends in yes or no, and it can be shown."""
    body = whole(name)
    places = list(_places(body))
    holder, key = data.draw(st.sampled_from(range(len(places))).map(places.__getitem__))
    holder[key] = data.draw(scraps)
    assert isinstance(plain_text(body), str)
    assert isinstance(offers(body), list)
    assert isinstance(uploads(body), list)
    with contextlib.suppress(Refusal):
        check_message(body)


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)


def test_every_type_is_in_the_table() -> None:
    """Each type of the messages reference has its rows."""
    documented = {
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
    }
    assert documented | {"interactive", "template", "pin"} == set(TYPES)
