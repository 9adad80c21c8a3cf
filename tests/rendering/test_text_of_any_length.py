"""A bot says something, short or very long."""

from __future__ import annotations

from rasa_whatsapp.messages import Text, limits
from rasa_whatsapp.rendering import Rendering, render


def test_a_text_is_one_message_exactly_as_written() -> None:
    """Markup, line breaks and spaces of a text are left alone."""
    text = "  *Hola!*\n\n- uno\n- dos  "
    assert render({"text": text}) == Rendering((Text(text),))


def test_a_text_over_the_limit_is_split_at_a_paragraph() -> None:
    """Two paragraphs that do not fit together become two messages."""
    first, second = "a" * 3000, "b" * 3000
    assert render({"text": f"{first}\n\n{second}"}).messages == (Text(first), Text(second))


def test_emoji_count_as_whatsapp_counts_them() -> None:
    """An emoji takes two of the 4096 units, so 3000 of them need two messages."""
    messages = render({"text": "🎾" * 3000}).messages
    assert [limits.length(message.body) for message in messages] == [4096, 1904]


def test_a_number_is_text_too() -> None:
    """A domain file may say ``text: 42``."""
    assert render({"text": 42}).messages == (Text("42"),)


def test_half_an_emoji_cannot_break_the_message() -> None:
    """A surrogate that stands alone cannot be sent as UTF-8; a pair is put together again."""
    assert render({"text": "ok \ud83d!"}).messages == (Text("ok \ufffd!"),)
    assert render({"text": "ok \ud83c\udfbe!"}).messages == (Text("ok 🎾!"),)


def test_nothing_to_say_is_no_message() -> None:
    """A blank text would be rejected by WhatsApp, so nothing is sent."""
    assert render({"text": " \n "}) == Rendering()
