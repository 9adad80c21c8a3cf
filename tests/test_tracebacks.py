"""What a log tells of an error: where it happened, and nobody's words."""

from __future__ import annotations

from rasa_whatsapp.errors import StoreError
from rasa_whatsapp.tracebacks import told


def read(answer: str) -> int:
    return int(answer)


def caught(answer: str, name: str = "") -> Exception:
    try:
        try:
            read(answer)
        except ValueError as error:
            if not name:
                raise StoreError("the store is away") from error
            raise KeyError(name) from error
    except Exception as error:
        return error
    raise AssertionError


def test_types_and_places_without_words() -> None:
    """Both errors, the cause too, with the functions they passed."""
    words = told(caught("my password", name="my name"))
    first, cause = words.split("; after ")
    assert first.startswith("KeyError at ")
    assert first.endswith("in caught")
    assert cause.startswith("ValueError at ")
    assert cause.endswith("in read")
    assert "my " not in words


def test_our_own_errors_keep_their_words() -> None:
    """They hold nothing of what people wrote, and say what to do."""
    assert told(caught("my password")).startswith("StoreError (")
    assert "the store is away" in told(caught("my password"))


def test_an_error_that_was_never_raised() -> None:
    """It has a type, and no place."""
    assert told(ValueError("my password")) == "ValueError"
