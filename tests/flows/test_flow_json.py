"""A Flow written in Python is the JSON that WhatsApp reads, and JSON that is read loses nothing."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rasa_whatsapp import flows
from rasa_whatsapp.flows import (
    Action,
    ActionNext,
    DataSource,
    DatePicker,
    FlowActionType,
    FlowJSON,
    FlowStr,
    Footer,
    If,
    Layout,
    OptIn,
    Screen,
    ScreenData,
    TextBody,
    TextHeading,
    TextInput,
)

from . import examples

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.mark.parametrize("name", ["static", "dynamic"])
def test_the_guides_python_gives_the_guides_json(name: str) -> None:
    """The two Flows of pywa's guide come out byte for byte as printed there."""
    flow: FlowJSON = getattr(examples, f"{name}_flow")
    printed = (DOCUMENTS / f"{name}_sign_up.json").read_text()
    assert flow.to_json() + "\n" == printed


@pytest.mark.parametrize("name", ["static", "dynamic"])
def test_the_guides_json_loads_as_the_guides_python(name: str) -> None:
    """Reading the printed JSON gives an equal Flow, whose components have their types."""
    loaded = FlowJSON.from_json(DOCUMENTS / f"{name}_sign_up.json")
    assert loaded == getattr(examples, f"{name}_flow")
    form = loaded.screens[0].layout.children[0]
    assert isinstance(form, flows.Form)
    assert isinstance(form.children[0], TextInput)
    assert isinstance(form.children[3].on_click_action, Action)


def test_json_may_come_as_text_bytes_dict_path_or_open_file(tmp_path: Path) -> None:
    """Whatever form the JSON has, the Flow is the same."""
    text = examples.dynamic_flow.to_json()
    path = tmp_path / "flow.json"
    path.write_text(text)
    sources = [text, "\ufeff\n" + text, text.encode(), json.loads(text), path, str(path), io.StringIO(text)]
    for source in sources:
        assert FlowJSON.from_json(source) == examples.dynamic_flow


@pytest.mark.parametrize("source", ["{", "[]", b"\xff", '{"a":' * 9000])
def test_what_is_no_object_is_refused(source: Any) -> None:
    """A ValueError, also for JSON that nests too deep."""
    with pytest.raises(ValueError, match="JSON"):
        FlowJSON.from_json(source)


def test_nothing_that_was_read_is_lost() -> None:
    """Unknown keys, unknown components, explicit nulls and the order of keys survive at every level."""
    document = {
        "screens": [
            {
                "layout": {
                    "children": [
                        {"name": "x", "type": "TextInput", "new-key": {"a": None}, "visible": None},
                        {"type": "HologramPicker", "depth": 3},
                        {"type": "If", "else": [], "condition": "true", "then": [{"type": "Video"}]},
                        {"type": "Switch", "cases": {"b": [{"text": "B", "type": "TextBody"}], "a": "odd"}},
                        {"type": "Footer", "on-click-action": {"payload": {}, "name": "fly", "speed": 1.5}},
                        "odd",
                    ],
                    "type": "GridLayout",
                },
                "id": "A",
                "data": {"b": {"type": "string", "maxLength": 3}, "a": {"type": "array", "items": {}}},
                "mood": "good",
            },
            7,
        ],
        "version": "9.9",
        "extra": {"yes": True},
    }
    assert FlowJSON.from_json(document).to_json() == json.dumps(document, indent=2)


NAMES = ["type", "children", "label", "data", "id", "then", "cases", "next", "name", "extra", "list-items"]
KINDS = ["If", "Form", "TextInput", "Switch", "Footer", "NavigationList", "Dropdown", "Unknown"]
words, kinds = st.sampled_from(NAMES), st.sampled_from(KINDS)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | kinds,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(["screens", "version", "layout", "extra"]), anything, max_size=4))
@example({"screens": [{"data": ""}]})
@example({"screens": [{"data": []}]})
@example({"screens": [{"data": {}}]})
def test_any_object_comes_back_unchanged(document: dict[str, Any]) -> None:
    """Whatever stands where, reading and writing is the identity, order of keys included."""
    screens = {"screens": [{"id": "A", "layout": {"children": [document]}}]}
    for each in (document, screens):
        assert json.dumps(FlowJSON.from_json(each).to_dict()) == json.dumps(each)


def test_no_data_declared_in_python_is_an_empty_object() -> None:
    """A list that a program found nothing for declares nothing."""
    assert Screen(id="A", data=[], layout=Layout(children=[])).to_dict()["data"] == {}


def test_references_are_seen_from_their_screen_and_from_another() -> None:
    """``ref`` on the same screen, ``screen / ref`` from another one."""
    first = Screen(id="FIRST", layout=Layout(children=[]))
    name = TextInput(name="name", label="Name")
    known = ScreenData(key="known", example=True)
    assert str(name.ref) == str(name.form_ref) == "${form.name}"
    assert str(known.ref) == str(known.data_key) == "${data.known}"
    assert str(first / name.ref) == "${screen.FIRST.form.name}"
    assert str(first / known.ref) == "${screen.FIRST.data.known}"


def test_conditions_are_written_with_python_operators() -> None:
    """Every operator, with parentheses around what is compound."""
    age, member = TextInput(name="age", label="Age").ref, ScreenData(key="member", example=True).ref
    written = {
        "${form.age} == 18": age == 18,
        "${form.age} != 'x'": age != "x",
        "${form.age} < 1.5": age < 1.5,
        "${form.age} <= 2": age <= 2,
        "${form.age} > ${data.member}": age > member,
        "${data.member} == true": member == True,  # noqa: E712
        "(${form.age} >= 18) && !${data.member}": (age >= 18) & ~member,
        "!((${form.age} >= 18) || ${data.member})": ~((age >= 18) | member),
        "${form.age} == 'Ana\\'s'": age == "Ana's",
        "(${form.age} + 1) * 2": (age + 1) * 2,
        "10 - (${form.age} / 2)": 10 - age / 2,
        "5 % ${form.age}": 5 % age,
        "3 + ${form.age}": 3 + age,
        "3 * ${form.age}": 3 * age,
        "3 / ${form.age}": 3 / age,
        "${form.age} - (${form.age} % 2)": age - age % 2,
    }
    for text, expression in written.items():
        assert str(expression) == text


def test_an_expression_stands_in_backticks_except_in_an_if() -> None:
    """A condition of an If is bare, a reference always is, everything else goes between backticks."""
    age = TextInput(name="age", label="Age").ref
    shown = TextBody(text=FlowStr("You are {age}.", age=age), visible=age > 17)
    branch = If(condition=age > 17, then=[shown])
    assert branch.to_dict()["condition"] == "${form.age} > 17"
    assert shown.to_dict()["visible"] == "`${form.age} > 17`"
    assert shown.to_dict()["text"] == "`'You are ' ${form.age} '.'`"
    assert TextHeading(text=age).to_dict()["text"] == "${form.age}"
    assert Action(name="data_exchange", payload={"twice": [age * 2]}).to_dict()["payload"] == {
        "twice": ["`${form.age} * 2`"]
    }


def test_pythons_own_and_or_not_are_refused() -> None:
    """They would silently drop half of the condition."""
    age = TextInput(name="age", label="Age").ref
    with pytest.raises(TypeError, match="&"):
        bool((age > 1) and (age < 5))
    with pytest.raises(TypeError, match="NoneType"):
        age == None  # noqa: B015, E711


def test_references_can_be_kept_in_sets() -> None:
    """A reference is hashable, though it cannot be compared."""
    assert len({TextInput(name="a", label="A").ref}) == 1


@pytest.mark.parametrize(
    ("example", "schema"),
    [
        ("x", {"type": "string"}),
        (1.5, {"type": "number"}),
        (True, {"type": "boolean"}),
        (["x"], {"type": "array", "items": {"type": "string"}}),
        ({"a": 1}, {"type": "object", "properties": {"a": {"type": "number"}}}),
        (
            [DataSource(id="1", title="One")],
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"id": {"type": "string"}, "title": {"type": "string"}},
                },
            },
        ),
    ],
)
def test_the_example_tells_the_type_of_screen_data(example: Any, schema: dict[str, Any]) -> None:
    """Scalars, lists, objects and options."""
    screen = Screen(id="A", data=[ScreenData(key="k", example=example)], layout=Layout(children=[]))
    written = screen.to_dict()["data"]["k"]
    del written["__example__"]
    assert written == schema


@pytest.mark.parametrize("example", [None, []])
def test_an_example_that_tells_no_type_needs_a_schema(example: Any) -> None:
    """The error names the key."""
    with pytest.raises(ValueError, match="slots"):
        ScreenData(key="slots", example=example)
    schema = {"type": "array", "items": {"type": "string"}}
    assert ScreenData(key="slots", schema=schema).schema == schema


def test_dates_enums_and_nodes_become_json() -> None:
    """A date is written as WhatsApp reads it, an enum as its value."""
    picker = DatePicker(name="d", label="D", min_date=date(2026, 1, 2), unavailable_dates=[date(2026, 2, 3)])
    assert picker.to_dict()["min-date"] == "2026-01-02"
    assert picker.to_dict()["unavailable-dates"] == ["2026-02-03"]
    step = Action(name=FlowActionType.NAVIGATE, next=ActionNext(name="B"))
    assert Footer(label="Go", on_click_action=step).to_dict()["on-click-action"] == {
        "name": "navigate",
        "next": {"type": "screen", "name": "B"},
    }


def test_a_key_of_a_newer_version_can_be_set() -> None:
    """``extra`` holds what these types do not know."""
    box = OptIn(name="ok", label="OK", extra={"glow": True})
    assert box.to_dict() == {"type": "OptIn", "name": "ok", "label": "OK", "glow": True}


def test_what_is_changed_after_reading_is_written() -> None:
    """A loaded Flow may be edited: the change keeps the key's place."""
    flow = FlowJSON.from_json(examples.static_flow.to_json())
    flow.screens[0].title = "Welcome"
    flow.version = "7.3"
    assert list(json.loads(flow.to_json())["screens"][0]) == ["id", "title", "terminal", "layout"]
    assert json.loads(flow.to_json())["screens"][0]["title"] == "Welcome"


def test_a_property_that_is_taken_away_is_not_written() -> None:
    """Not even as null, which Meta rejects; a null that was read stays, for nothing is lost that was read."""
    read = {"type": "TextInput", "helper-text": "h", "name": "a", "label": None}
    field = TextInput.from_dict(read)
    assert field.to_dict() == read
    field.helper_text = None
    assert field.to_dict() == {"type": "TextInput", "name": "a", "label": None}
