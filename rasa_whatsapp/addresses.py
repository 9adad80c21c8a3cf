"""Whom a message goes to: phone numbers, business-scoped user ids and groups' ids, whoever carries it."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from rasa_whatsapp.errors import MessageError

USER_ID = r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}"
"""The pattern of a business-scoped user id: the country, then what Meta makes up."""

_GROUP_ID = re.compile(r"[A-Za-z0-9_=+/@.:-]{5,512}")
_WIRE_PHONE = re.compile(r"\+[1-9][0-9]{0,14}")
_SHORTEST = 7
"""Digits of the shortest numbers, those of Niue: three of the country code and four."""
_LONGEST = 15
"""Digits of the longest numbers. Source: ITU-T E.164."""
_WITH_DOMAIN = re.compile(r"@[^@]+\.[^@]+$")
_WITH_COUNTRY_CODE = "write the number with its country code, for example +55 61 99999-0001"
_BRAZILIAN = re.compile(r"(55[1-9][1-9])(9?)([2-9]\d{7})", re.ASCII)
_OLD_MOBILES = "6789"
"""What the eight digits of mobile numbers began with before the 9; landlines begin with 2 to 5."""
_IS_USER_ID = re.compile(USER_ID)


def is_user_id(text: str) -> bool:
    """Whether a text is a business-scoped user id and nothing else."""
    return _IS_USER_ID.fullmatch(text) is not None


class OtherForm(NamedTuple):
    """A Brazilian number with, or without, its ninth digit.

    Attributes:
        digits: the number, without a plus sign.
        certain: it is the same person's; else the shorter of the two may be somebody's landline.
    """

    digits: str
    certain: bool


def other_form(digits: str) -> OtherForm | None:
    """The other way in which WhatsApp may know a Brazilian mobile number; None where there is none.

    Source: Anatel, resolution 553/2010, which put a 9 before them; many accounts are known without it.
    """
    number = _BRAZILIAN.fullmatch(digits)
    if number is None:
        return None
    place, ninth, rest = number.groups()
    return OtherForm(place + ("" if ninth else "9") + rest, rest[0] in _OLD_MOBILES)


def address(to: str) -> dict[str, str]:
    """How a recipient is written on the wire.

    A phone number in any human form goes out as ``+digits``, for without the plus sign Meta puts the
    business's own country code in front. A business-scoped user id goes into ``recipient``; what else may
    be a group's id is taken for one. Source: Meta, Cloud API, Messages; Business-scoped user IDs; ITU-T
    E.164, where no country code begins with 0.

    Raises:
        MessageError: the recipient is blank, begins like a phone number and is none, lacks its country code
            (it begins with a single 0, or has fewer than 7 digits and no plus sign), is an e-mail address or
            mostly digits, or is nothing of these.
    """
    if _WIRE_PHONE.fullmatch(to):  # as nearly always: written like that already
        return {"recipient_type": "individual", "to": to}
    # A number that is copied from a page or a contact brings marks of direction and dashes of print.
    if not to.isascii():
        to = "".join(each for each in to if unicodedata.category(each) != "Cf")
        to = re.sub(r"[\u2010-\u2015\u2212]", "-", to)
    to = re.sub(r"(?i)^(tel|sms|whatsapp):", "", to.strip())
    if is_user_id(to):
        return {"recipient_type": "individual", "recipient": to}
    digits = re.sub(r"^00(?=[1-9])", "", re.sub(r"[\s()./-]", "", to).removeprefix("+"))
    if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST:
        # With the plus sign it may be somebody who has written: they are answered whatever their number.
        if not to.startswith("+"):
            _check_country_code(digits)
        return {"recipient_type": "individual", "to": f"+{digits}"}
    if not digits:
        raise MessageError("to", "is blank; a phone number, a user id or a group id is needed")
    if to.startswith("+"):
        raise MessageError("to", f"begins with + but is no phone number of up to {_LONGEST} digits")
    if _WITH_DOMAIN.search(to):
        raise MessageError("to", "has an @ and a domain, which no phone number, user id or group id has")
    if _is_mostly_digits(to):
        raise MessageError("to", f"is no phone number, though most of it are digits: {_WITH_COUNTRY_CODE}")
    if not _GROUP_ID.fullmatch(to):
        raise MessageError("to", "is no phone number, user id or group id")
    return {"recipient_type": "group", "to": to}


def _is_mostly_digits(to: str) -> bool:
    """Whether it must be a phone number with a slip: groups' ids are letters for the most part, or longer."""
    digits = sum(map(str.isdecimal, to))
    return _SHORTEST <= digits <= _LONGEST and digits >= 2 / 3 * len(to)


def _check_country_code(digits: str) -> None:
    """Refuses what is dialled within a country, such as 061 in Brazil, where the 0 stands before the area."""
    if digits.startswith("0"):
        raise MessageError("to", f"begins with 0: {_WITH_COUNTRY_CODE}")
    if len(digits) < _SHORTEST:
        raise MessageError("to", f"has fewer than {_SHORTEST} digits: {_WITH_COUNTRY_CODE}")
