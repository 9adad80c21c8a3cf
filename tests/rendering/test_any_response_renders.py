"""Whatever a bot says, WhatsApp gets only what it accepts, and the person misses nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_whatsapp.messages import Buttons, Carousel, List, Message, from_json
from rasa_whatsapp.rendering import PAYLOAD_PREFIX, Rendering, render

ALPHABET = st.one_of(st.characters(), st.sampled_from(" \n.…🎾👨‍👩‍👧🇦🇷\ud83dé"))
TEXTS = st.one_of(
    st.text(ALPHABET, max_size=30),
    st.builds(lambda text, times: text * times, st.text(ALPHABET, max_size=20), st.integers(0, 600)),
)
WORDS = st.one_of(
    st.sampled_from(["Sí", "No", "", " ", "Una cancha de tenis muy larga"]), st.text(ALPHABET, max_size=90)
)
LINKS = st.sampled_from(
    [
        "https://a.example/1.jpg",
        "http://a.example/x.pdf",
        "https://a.example/2.mp4",
        "https://a.example/s.ogg",
        "https://[",
        "http://",
        "/tmp/a.png",
        "tel:1",
        "",
        "https://a.example/a b.gif",
    ]
)
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, LINKS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.text(max_size=8), st.sampled_from(["type", "payload", "title"])), inner, max_size=4
        ),
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(
    ["image", "video", "audio", "file", "sticker", "template", "web_url", "postback", "location"]
)


def mapping(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with any of the fields, each of them what it should be or junk."""
    return st.fixed_dictionaries({}, optional={key: st.one_of(value, JUNK) for key, value in fields.items()})


PAYLOADS = st.one_of(st.sampled_from(["/a", "/b", " /c", "", PAYLOAD_PREFIX]), TEXTS)
CHOICES = st.lists(st.fixed_dictionaries({"title": WORDS, "payload": PAYLOADS}), max_size=40)
BUTTONS = st.lists(mapping(title=WORDS, payload=PAYLOADS, url=LINKS, type=KINDS), max_size=12)
ELEMENTS = st.lists(
    mapping(title=WORDS, subtitle=TEXTS, image_url=LINKS, buttons=BUTTONS, default_action=mapping(url=LINKS)),
    max_size=12,
)
ATTACHMENTS = st.one_of(
    LINKS,
    mapping(
        type=KINDS,
        payload=mapping(src=LINKS, url=LINKS, title=WORDS, text=TEXTS, buttons=BUTTONS, elements=ELEMENTS),
    ),
)
CUSTOM = mapping(
    type=st.sampled_from(["text", "image", "interactive", "contacts", "template"]),
    text=mapping(body=TEXTS),
    image=mapping(link=LINKS, caption=TEXTS),
    interactive=mapping(
        type=st.sampled_from(["button", "list", "carousel"]), body=mapping(text=TEXTS), action=JUNK
    ),
    whatsapp=JUNK,
)
LOOKS = mapping(
    header=TEXTS,
    footer=TEXTS,
    list_button=WORDS,
    sections=st.lists(mapping(title=WORDS, count=st.integers()), max_size=4),
)
RESPONSES = mapping(
    text=TEXTS,
    image=LINKS,
    attachment=ATTACHMENTS,
    buttons=BUTTONS,
    quick_replies=BUTTONS,
    elements=ELEMENTS,
    custom=CUSTOM,
    metadata=mapping(whatsapp=LOOKS),
)


@settings(max_examples=200, deadline=None)
@given(RESPONSES)
def test_any_response_renders_to_messages_inside_every_limit(response: dict[str, Any]) -> None:
    """Nothing raises, and each message is accepted again when it is read back from its own JSON."""
    rendering = render(response)
    for message in rendering.messages:
        assert from_json(msgspec.json.decode(msgspec.json.encode(message.to_json()))) == message
    json.dumps([rendering.payloads, rendering.cuts, rendering.problems], ensure_ascii=False).encode()


@settings(max_examples=100, deadline=None)
@given(CHOICES, TEXTS, LINKS, LOOKS)
def test_every_payload_comes_back_unchanged_and_in_order(
    choices: list[dict[str, str]], text: str, image: str, looks: dict[str, Any]
) -> None:
    """However many buttons, with whatever titles: tapping each gives its own payload."""
    rendering = render({"text": text, "image": image, "buttons": choices, "metadata": {"whatsapp": looks}})
    expected = [repaired(c["payload"]) for c in choices if c["title"].strip() or c["payload"].strip()]
    assert [payload for payload, _ in taps(rendering)] == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({"title": WORDS, "image_url": LINKS, "buttons": CHOICES}), max_size=12))
def test_every_payload_of_elements_comes_back_unchanged(elements: list[dict[str, Any]]) -> None:
    """Cards or messages of their own: no button is lost."""
    choices = [choice for element in elements for choice in element["buttons"]]
    expected = Counter(repaired(c["payload"]) for c in choices if c["title"].strip() or c["payload"].strip())
    assert Counter(payload for payload, _ in taps(render({"elements": elements}))) == expected


@settings(max_examples=100, deadline=None)
@given(CHOICES)
def test_titles_within_a_response_are_all_different(choices: list[dict[str, str]]) -> None:
    """A person can tell every choice from every other."""
    titles = [title for _, title in taps(render({"text": "?", "buttons": choices}))]
    assert len(set(titles)) == len(titles)


@settings(max_examples=100, deadline=None)
@given(TEXTS, LINKS, BUTTONS, ELEMENTS, LOOKS)
def test_no_text_is_lost(
    text: str,
    image: str,
    buttons: list[dict[str, Any]],
    elements: list[dict[str, Any]],
    looks: dict[str, Any],
) -> None:
    """The whole text stands in the bodies and captions, in order; only white space at the seams may go."""
    rendering = render(
        {
            "text": text,
            "image": image,
            "buttons": buttons,
            "elements": elements,
            "metadata": {"whatsapp": looks},
        }
    )
    assert squeezed(repaired(text)) in squeezed("".join(map(words, rendering.messages)))


@settings(max_examples=60, deadline=None)
@given(RESPONSES)
def test_rendering_twice_gives_the_same(response: dict[str, Any]) -> None:
    """A turn that runs again after a crash is recognised by its JSON, and the response is left as it was."""
    before = repr(response)
    assert render(response) == render(response)
    assert repr(response) == before


def taps(rendering: Rendering) -> Iterator[tuple[str, str]]:
    """Yield payload and title of everything that can be tapped."""
    for message in rendering.messages:
        for item in tappable(message):
            stored = item.id.startswith(PAYLOAD_PREFIX)
            yield rendering.payloads[item.id] if stored else item.id, item.title


def tappable(message: Message) -> list[Any]:
    if isinstance(message, Buttons):
        return list(message.buttons)
    if isinstance(message, List):
        return [row for section in message.sections for row in section.rows]
    if isinstance(message, Carousel):
        return [reply for card in message.cards for reply in card.replies]
    return []


def words(message: Message) -> str:
    return getattr(message, "body", "") or getattr(message, "caption", "")


def squeezed(text: str) -> str:
    return "".join(text.split())


def repaired(text: str) -> str:
    """Return the text as UTF-8 can carry it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
