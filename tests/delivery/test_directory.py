"""Whom a message goes to that answers none."""

from __future__ import annotations

import pytest
from arrivals import arrival

from rasa_whatsapp.delivery.directory import Directory
from rasa_whatsapp.delivery.identity import Identity
from rasa_whatsapp.delivery.outbox import Destination
from rasa_whatsapp.delivery.stores import Store
from rasa_whatsapp.errors import MessageError

PHONE = "5561999990001"


def directory(store: Store, per_number: bool = False) -> Directory:
    return Directory(store, Identity("phone", per_number), ["99", "100"])


async def test_a_name_leads_to_the_conversation(store: Store) -> None:
    """By any of a person's names a message joins their conversation, and leaves by their number of ours."""
    await store.take_in([arrival("1", f"phone:{PHONE}", "user_id:BR.409")])
    assert await store.owner("user_id:BR.409") == PHONE
    assert await store.owner("user_id:BR.7") is None
    found = await directory(store).find("BR.409", "", "t")
    assert found == Destination("t", PHONE, "BR.409", "100")
    assert await directory(store).find("+55 61 99999-0001", "", "t") == Destination(
        "t", PHONE, f"+{PHONE}", "100"
    )
    assert await directory(store).find(PHONE, "99", "t") == Destination("t", PHONE, f"+{PHONE}", "99")


async def test_a_conversation_per_number(store: Store) -> None:
    """The conversation with the number that the message leaves by, else with the one they wrote to."""
    await store.take_in([arrival("1", f"100:phone:{PHONE}", wanted=f"100:{PHONE}")])
    found = await directory(store, per_number=True).find(f"+{PHONE}", "", "t")
    assert (found.conversation, found.number) == (f"100:{PHONE}", "100")
    found = await directory(store, per_number=True).find(f"+{PHONE}", "99", "t")
    assert (found.conversation, found.number) == (f"99:{PHONE}", "99")


@pytest.mark.parametrize(
    ("to", "conversation", "address"),
    [
        ("+55 61 99999-0001", PHONE, f"+{PHONE}"),
        ("\u202a+55 61 99999\u20110001\u202c", PHONE, f"+{PHONE}"),
        ("whatsapp:+5561999990001", PHONE, f"+{PHONE}"),
        ("tel:+55-61-99999-0001", PHONE, f"+{PHONE}"),
        ("0055 61 99999 0001", PHONE, f"+{PHONE}"),
        ("BR.409", "BR.409", "BR.409"),
        ("group-1", "group-1", "group-1"),
    ],
)
async def test_who_never_wrote_gets_a_conversation(
    store: Store, to: str, conversation: str, address: str
) -> None:
    """It is the one that an answer of theirs will have."""
    assert await directory(store).find(to, "", "t") == Destination("t", conversation, address, "99")


@pytest.mark.parametrize("to", ["", "hi", "não sei", "+55 61 abc", "Maria da Silva"])
async def test_who_cannot_be_written_to(store: Store, to: str) -> None:
    """What is no phone number, user id or group id is refused, and not sent to a group of that name."""
    with pytest.raises(MessageError, match=r"^to: "):
        await directory(store).find(to, "", "t")
