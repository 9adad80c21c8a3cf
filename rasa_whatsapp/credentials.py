"""What a client proves itself with, as it was pasted by somebody."""

from __future__ import annotations

from rasa_whatsapp.errors import SettingsError


def is_token(text: str) -> bool:
    """Whether a text can be a token: something, in one piece, that a header can carry."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def credential(key: str, value: str) -> str:
    """The value without blanks around it.

    Raises:
        SettingsError: it cannot be sent; the error names the key and never the value.
    """
    value = value.strip()
    if not is_token(value):
        raise SettingsError(key, "is empty or holds characters it cannot have.", "Copy it again.")
    return value
