"""What is sent in a header, such as a token, as it was pasted by somebody."""

from __future__ import annotations

from rasa_whatsapp.errors import SettingsError


def fits_header(text: str) -> bool:
    """Whether a header can carry a text as one word: something, in one piece, of ASCII alone."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def header_value(key: str, value: str) -> str:
    """The value without blanks around it.

    Raises:
        SettingsError: it cannot be sent; the error names the key and never the value.
    """
    value = value.strip()
    if not fits_header(value):
        raise SettingsError(key, "is empty or holds characters it cannot have.", "Copy it again.")
    return value
