"""What of a phone number may stand in a log, an error or a repr."""

from __future__ import annotations

import re

_NO_DIGITS = re.compile(r"\D+")


def mask_phone(phone: str) -> str:
    """Shortens a phone number to its country's first digits and its last four: ``+55…0001``.

    Fewer than eight digits would be shown almost whole, so they are hidden. An empty text stays empty, so
    that a log shows the difference between "hidden" and "not known".
    """
    digits = _NO_DIGITS.sub("", phone)
    if len(digits) >= 8:
        return f"+{digits[:2]}…{digits[-4:]}"
    return "+…" if phone else ""


def mask_key(key: str) -> str:
    """A conversation's or a report's key that can be shown: a phone number at its end is masked."""
    before, separator, person = key.rpartition(":")
    phone = re.fullmatch(r"\+?(\d{4,})(~\d+)?", person)
    return f"{before}{separator}{mask_phone(phone[1])}{phone[2] or ''}" if phone else key
