"""How a message is written for Meta."""

from __future__ import annotations

import pytest
from payload_fixtures import fixture, value_of

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse, wrap
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Button, Buttons, Pin, Text

ROW = "0123456789abcdef0123456789abcdef"


def test_a_message_is_wrapped() -> None:
    """Product, recipient and content, and nothing that was not asked for."""
    assert wrap(Text("Olá 😀", reply_to="wamid.1"), "5561990000001") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+5561990000001",
        "type": "text",
        "text": {"body": "Olá 😀"},
        "context": {"message_id": "wamid.1"},
    }


@pytest.mark.parametrize("theirs", ["", "pedido 7", "x" * (512 - 36), "rw:mine", "😀" * 238])
def test_our_row_and_the_callers_data_come_back_apart(theirs: str) -> None:
    """What leaves in one field arrives in two."""
    sent = wrap(Text("oi", opaque=theirs), "5561990000001", ROW)["biz_opaque_callback_data"]
    body = fixture("status_read")
    value_of(body)["statuses"][0]["biz_opaque_callback_data"] = sent
    (status,) = parse(body)
    assert isinstance(status, events.Status)
    assert (status.outbox_id, status.opaque) == (ROW, theirs)


@pytest.mark.parametrize("theirs", ["x" * (512 - 35), "x" * 512, "😀" * 239])
def test_over_long_data_of_the_caller_goes_alone(theirs: str) -> None:
    """The caller's data is never cut; it leaves no room for ours."""
    assert wrap(Text("oi", opaque=theirs), "5561990000001", ROW)["biz_opaque_callback_data"] == theirs


def test_without_a_row_the_callers_data_goes_as_it_is() -> None:
    """Also when there is none at all."""
    assert wrap(Text("oi", opaque="meu"), "5561990000001")["biz_opaque_callback_data"] == "meu"
    assert "biz_opaque_callback_data" not in wrap(Text("oi"), "5561990000001")


def test_a_group_gets_no_interactive_message() -> None:
    """Meta refuses it; a text it gets."""
    group = "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM"
    assert wrap(Text("oi"), group)["recipient_type"] == "group"
    assert wrap(Pin("wamid.1", 7), group)["recipient_type"] == "group"
    with pytest.raises(MessageError, match="to: is a group"):
        wrap(Buttons("?", [Button("a", "A")]), group)
