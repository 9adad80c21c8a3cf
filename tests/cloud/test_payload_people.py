"""A person is recognised by phone number, by user id, by both or by neither, through every change."""

from __future__ import annotations

import pytest
from payload_fixtures import fixture, value_of

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse

ANA = events.Person(phone="5561990000001", user_id="BR.40917", name="Ana Conceição 🌻", username="ana.c")


@pytest.mark.parametrize(
    ("name", "sender", "address"),
    [
        ("phone_only", events.Person(phone="5561990000001", name="Zoë"), "+5561990000001"),
        ("user_id_only", events.Person(user_id="BR.777", name="João 😀", username="joao"), "BR.777"),
        (
            "parent_user_id",
            events.Person(
                phone="5491150000002", user_id="AR.50211", parent_user_id="AR.ENT.9001", name="Béa Ñuñez"
            ),
            "+5491150000002",
        ),
        ("sender_only_in_contacts", ANA, "+5561990000001"),
        ("without_contacts", events.Person(phone="5561990000001", user_id="BR.40917"), "+5561990000001"),
        ("nobody", events.Person(), ""),
    ],
)
def test_who_wrote_is_told_by_message_and_contact(name: str, sender: events.Person, address: str) -> None:
    """Whatever of the two names the person is used; with several contacts and no id nobody is guessed."""
    event = parse(fixture(f"message_text_{name}"))[0]
    assert event.sender == sender
    assert event.sender.address == address
    assert bool(event.sender) is bool(address)


def test_contacts_are_matched_by_id_and_not_by_place() -> None:
    """In the batch the contacts stand in the other order than the messages."""
    first, second = parse(fixture("batch"))[:2]
    assert first.sender == ANA
    assert second.sender.name == "Béa Ñuñez"


def test_a_missing_phone_is_taken_from_the_contact_with_the_same_user_id() -> None:
    """The message may leave out what its contact tells."""
    body = fixture("message_text")
    del value_of(body)["messages"][0]["from"]
    assert parse(body)[0].sender == ANA


def test_a_missing_user_id_is_taken_from_the_contact_with_the_same_phone() -> None:
    """The same the other way round."""
    body = fixture("message_text")
    del value_of(body)["messages"][0]["from_user_id"]
    assert parse(body)[0].sender == ANA


def test_a_stranger_never_gets_the_name_of_the_only_contact() -> None:
    """A contact with other ids belongs to somebody else."""
    body = fixture("message_text")
    value_of(body)["messages"][0].update({"from": "5561990000008", "from_user_id": "BR.8"})
    assert parse(body)[0].sender == events.Person(phone="5561990000008", user_id="BR.8")


def test_a_new_phone_number() -> None:
    """The old number is the sender, the new one stands in the system message."""
    event = parse(fixture("message_system_user_changed_number"))[0]
    assert isinstance(event, events.NumberChanged)
    assert (event.old, event.new, event.user_id) == ("5561990000001", "5561990000009", "BR.50000")
    assert event.sender == events.Person(phone="5561990000001")
    assert event.key == f"number_changed:{event.id}"


def test_a_new_phone_number_in_the_old_form() -> None:
    """Older versions say customer and new_wa_id, and have no sender."""
    event = parse(fixture("message_system_customer_changed_number_old_form"))[0]
    assert isinstance(event, events.NumberChanged)
    assert (event.old, event.new) == ("5561990000001", "5561990000009")


def test_a_new_user_id_whose_predecessor_stands_only_in_the_words() -> None:
    """A username user has no sender here, and may have chosen a name that looks like the message's end."""
    event = parse(fixture("message_system_user_changed_user_id"))[0]
    assert isinstance(event, events.UserIdChanged)
    assert (event.previous, event.current, event.current_parent) == ("BR.40917", "BR.50000", "BR.ENT.7")
    assert event.sender == events.Person(user_id="BR.40917")


def test_a_new_user_id_with_a_sender() -> None:
    """The sender's user id is the one before, unless it is the new one already."""
    body = fixture("message_system_user_changed_user_id_with_from")
    event = parse(body)[0]
    assert isinstance(event, events.UserIdChanged)
    assert (event.previous, event.current) == ("BR.40917", "BR.50000")
    assert event.sender.phone == "5561990000001"

    value_of(body)["messages"][0]["from_user_id"] = "BR.50000"
    later = parse(body)[0]
    assert isinstance(later, events.UserIdChanged)
    assert (later.previous, later.current) == ("", "BR.50000")


def test_a_new_user_id_that_only_the_words_tell() -> None:
    """Both ids are read from the system message when the field is missing."""
    body = fixture("message_system_user_changed_user_id")
    del value_of(body)["messages"][0]["system"]["user_id"]
    event = parse(body)[0]
    assert isinstance(event, events.UserIdChanged)
    assert (event.previous, event.current) == ("BR.40917", "BR.50000")


def test_words_that_tell_no_user_id() -> None:
    """A user id has at most 128 letters and digits after the country; the head of a longer text is none."""
    body = fixture("message_system_user_changed_user_id")
    system = value_of(body)["messages"][0]["system"]
    del system["user_id"]
    system["body"] = f"User A changed from BR.40917 to BR.{'5' * 129}"
    event = parse(body)[0]
    assert isinstance(event, events.UserIdChanged)
    assert (event.previous, event.current) == ("", "")


def test_the_user_id_update_field_tells_both_ids() -> None:
    """Also those of the parent."""
    event = parse(fixture("user_id_update"))[0]
    assert isinstance(event, events.UserIdChanged)
    assert (event.previous, event.current) == ("BR.40917", "BR.50000")
    assert (event.previous_parent, event.current_parent) == ("BR.ENT.3", "BR.ENT.4")
    assert event.sender == events.Person(phone="5561990000001", user_id="BR.40917", parent_user_id="BR.ENT.3")
    assert event.timestamp == 1790000000


def test_a_changed_security_code() -> None:
    """The new hash is told, and that nobody has acknowledged it."""
    event = parse(fixture("message_system_identity_changed"))[0]
    assert isinstance(event, events.IdentityChanged)
    assert (event.identity_key_hash, event.acknowledged) == ("bm92bw==", False)
    assert event.sender == ANA


def test_aliases_name_everything_by_which_a_person_may_be_recognised() -> None:
    """Phone, user id and parent, but neither profile name nor username."""
    person = events.Person(phone="1", user_id="BR.2", parent_user_id="BR.ENT.3", name="Ana", username="ana")
    assert person.aliases == ("phone:1", "user_id:BR.2", "user_id:BR.ENT.3")
    assert events.Person(name="Ana").aliases == ()
    assert not events.Person(name="Ana", username="ana")
