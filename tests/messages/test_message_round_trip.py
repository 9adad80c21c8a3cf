"""Any message that can be made can be written and read back; any JSON is read or refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rasa_whatsapp import messages as m
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import limits

from .examples import CASES


def text(limit: int) -> st.SearchStrategy[str]:
    return (
        st.text(min_size=1, max_size=min(limit, 40))
        .map(str.strip)
        .filter(lambda value: bool(value) and limits.length(value) <= limit)
    )


def line(limit: int) -> st.SearchStrategy[str]:
    """Without what WhatsApp allows in no value of a template: line breaks, tabs, five spaces in a row."""
    return text(limit).map(lambda value: " ".join(value.split()))


def maybe(limit: int) -> st.SearchStrategy[str]:
    return st.just("") | text(limit)


ids = st.text(alphabet='abc_/{}"12é', min_size=1, max_size=20)
links = st.sampled_from(["https://example.org", "http://example.org/a?b=c#d", "HTTPS://é.org/😀"])
common = {"reply_to": maybe(40), "opaque": maybe(limits.OPAQUE), "identity_key_hash": maybe(40)}


def media(kind: Any, **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(kind, link=links, **fields) | st.builds(kind, id=ids, **fields)


def headers(words: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), words, media(m.Image), media(m.Video), media(m.Document, filename=maybe(40)))


buttons = st.lists(
    st.builds(m.Button, ids, text(limits.BUTTON_TITLE)),
    min_size=1,
    max_size=3,
    unique_by=(lambda button: button.id, lambda button: button.title),
)


@st.composite
def lists(draw: st.DrawFn) -> m.List:
    row_ids = draw(st.lists(ids, min_size=1, max_size=10, unique=True))
    titles = draw(st.lists(text(limits.ROW_TITLE), min_size=len(row_ids), max_size=len(row_ids), unique=True))
    every = [m.Row(*pair, draw(maybe(limits.ROW_DESCRIPTION))) for pair in zip(row_ids, titles, strict=True)]
    at = draw(st.integers(1, len(every)))
    sections = [
        m.Section(title=draw(text(limits.SECTION_TITLE)), rows=part)
        for part in (every[:at], every[at:])
        if part
    ]
    return m.List(
        draw(text(40)), draw(text(20)), sections, draw(maybe(60)), draw(maybe(60)), reply_to=draw(maybe(40))
    )


values = st.one_of(
    line(100),
    st.builds(m.DateTime, line(40)),
    st.builds(m.Currency, line(40), st.sampled_from(["BRL", "USD"]), st.integers(0, 10**9)),
)
template_buttons = st.one_of(
    st.builds(m.QuickReplyButton, text(40)),
    st.builds(m.UrlButton, text(40)),
    st.builds(m.CopyCodeButton, st.text(alphabet="AB12", min_size=1, max_size=15)),
    st.builds(m.FlowButton, maybe(20), st.dictionaries(ids, st.integers() | st.text(max_size=9), max_size=2)),
    st.builds(m.CallButton, st.integers(1, 43200)),
)
messages: st.SearchStrategy[m.Message] = st.one_of(
    st.builds(m.Text, text(limits.TEXT), preview_url=st.booleans(), **common),
    media(m.Image, caption=maybe(40), **common),
    media(m.Document, caption=maybe(40), filename=maybe(40), **common),
    media(m.Audio, voice=st.booleans()),
    st.builds(m.Location, st.floats(-90, 90), st.floats(-180, 180), maybe(40), maybe(40), **common),
    st.builds(m.Reaction, ids, maybe(9)),
    st.builds(m.Buttons, text(40), buttons, headers(text(limits.HEADER)), maybe(60), **common),
    lists(),
    st.builds(m.CtaUrl, text(40), text(20), links, headers(text(limits.HEADER)), maybe(60)),
    st.builds(
        m.Template,
        ids,
        st.just("pt_BR"),
        header=headers(line(limits.TEMPLATE_HEADER)),
        body=st.lists(values, max_size=4) | st.dictionaries(ids, values, max_size=4),
        buttons=st.lists(template_buttons, max_size=5),
        **common,
    ),
)


@given(messages)
def test_a_message_survives_the_wire(message: m.Message) -> None:
    """Written as JSON text and read back, it is the same message."""
    assert m.from_json(json.loads(json.dumps(message.to_json()))) == message


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from places(child, (*path, key))


def refusal(body: Any) -> MessageError | None:
    try:
        m.from_json(body)
    except MessageError as error:
        return error
    return None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@given(st.sampled_from(list(CASES.values())), st.data())
def test_any_json_is_read_or_refused_with_its_place(case: tuple[m.Message, Any], data: st.DataObject) -> None:
    """Whatever stands where something else should, the error is a MessageError that names a field."""
    body = copy.deepcopy(case[1])
    *parents, last = data.draw(st.sampled_from(list(places(body))))
    parent: Any = body
    for key in parents:
        parent = parent[key]
    parent[last] = data.draw(anything)
    error = refusal(body)
    if error:
        assert error.field
        assert error.problem
    else:
        written = m.from_json(body).to_json()
        assert m.from_json(written).to_json() == written


@given(anything)
def test_any_value_is_read_or_refused(body: Any) -> None:
    """The body may be no object at all."""
    assert refusal(body)
