"""How people write a recipient, and how it goes out."""

from __future__ import annotations

import pytest

from rasa_whatsapp import events
from rasa_whatsapp.addresses import address, other_form
from rasa_whatsapp.errors import MessageError


@pytest.mark.parametrize(
    "to",
    [
        "5561990000001",
        "+5561990000001",
        "+55 (61) 99000-0001",
        " 55 61 99000.0001 ",
        "+55\u00a061\u00a0990000001",
    ],
)
def test_a_phone_number_goes_out_with_a_plus(to: str) -> None:
    """Without it Meta puts the business's country code in front."""
    assert address(to) == {"recipient_type": "individual", "to": "+5561990000001"}


@pytest.mark.parametrize("to", ["BR.40917", "AR.ENT.9001", " BR.40917 ", "US." + "a" * 128])
def test_a_user_id_goes_into_recipient(to: str) -> None:
    """Then ``to`` is left out, for it would win."""
    assert address(to) == {"recipient_type": "individual", "recipient": to.strip()}


@pytest.mark.parametrize(
    "to",
    [
        "Y2FwaV9ncm91cDox",
        "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD",
        "120363043968066561",
        "5561999990001-1400000000",
        "US." + "a" * 129,
        "br.40917",
    ],
)
def test_everything_else_is_a_group(to: str) -> None:
    """A group's id has no fixed form."""
    assert address(to) == {"recipient_type": "group", "to": to}


@pytest.mark.parametrize("to", ["", "  ", "\n", "+", "( )", "-"])
def test_a_blank_recipient_is_refused(to: str) -> None:
    """With the place and what is needed."""
    with pytest.raises(MessageError, match=r"^to: is blank; a phone number"):
        address(to)


@pytest.mark.parametrize("to", ["+55 61 9900O-0001", "+1234567890123456", "+５５61990000001"])
def test_a_phone_number_with_a_slip_is_refused_and_not_shown(to: str) -> None:
    """It must not go out as a group, and no error shows a number."""
    with pytest.raises(MessageError, match="no phone number") as caught:
        address(to)
    assert "990" not in str(caught.value)


@pytest.mark.parametrize(
    "to", ["5561-99999x0001", "55619999900O1", "5561999990001@", "(61)99999_0001", "tel:5561-99999x0001"]
)
def test_a_slip_in_a_number_makes_no_group(to: str) -> None:
    """It would go to nobody, and nothing would tell why."""
    with pytest.raises(MessageError, match="is no phone number") as caught:
        address(to)
    assert to not in str(caught.value)


@pytest.mark.parametrize("to", ["maria@example.com", "5561999990001@s.whatsapp.net", "a.b@mail.example.com"])
def test_an_address_of_another_kind_makes_no_group(to: str) -> None:
    """Of e-mail, or as other WhatsApp libraries write people."""
    with pytest.raises(MessageError, match="has an @ and a domain") as caught:
        address(to)
    assert to.partition("@")[0] not in str(caught.value)


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("061999990001", "begins with 0"),
        ("(061) 99999-0001", "begins with 0"),
        ("tel:061999990001", "begins with 0"),
        ("000 61 99999-0001", "begins with 0"),
        ("123", "has fewer than 7 digits"),
        ("0", "begins with 0"),
    ],
)
def test_a_number_without_its_country_code_is_refused(to: str, says: str) -> None:
    """As people write numbers of their own country; it would go to nobody, or to somebody else."""
    with pytest.raises(
        MessageError, match=rf"^to: {says}.*: write the number with its country code"
    ) as caught:
        address(to)
    assert "61999990001" not in str(caught.value)


@pytest.mark.parametrize("to", ["0055 61 99000-0001", "+00 55 61 990000001"])
def test_the_international_prefix_is_a_plus(to: str) -> None:
    """00 stands before the country code."""
    assert address(to)["to"] == "+5561990000001"


@pytest.mark.parametrize("phone", ["0619900001", "123", "6834000"])
def test_whoever_has_written_can_be_answered(phone: str) -> None:
    """Their number is WhatsApp's, however odd it looks."""
    assert address(events.Person(phone=phone).address)["to"] == f"+{phone}"


def test_the_address_of_a_person_is_an_address() -> None:
    """What an event says of its sender can be answered as it stands."""
    assert address(events.Person(phone="5561990000001", user_id="BR.1").address)["to"] == "+5561990000001"
    assert address(events.Person(user_id="BR.1").address)["recipient"] == "BR.1"


@pytest.mark.parametrize(
    ("digits", "other", "certain"),
    [
        ("5561999990001", "556199990001", True),
        ("556199990001", "5561999990001", True),
        ("5511933330001", "551133330001", False),
        ("551133330001", "5511933330001", False),
    ],
)
def test_a_brazilian_number_has_another_form(digits: str, other: str, certain: bool) -> None:
    """With or without its ninth digit; eight digits that begin with 2 to 5 are somebody's landline."""
    assert other_form(digits) == (other, certain)


@pytest.mark.parametrize(
    "digits", ["351912345678", "12025550100", "55619999000", "55619999900012", "5561899990001"]
)
def test_other_numbers_have_one_form(digits: str) -> None:
    """Of other countries, and of other lengths."""
    assert other_form(digits) is None
