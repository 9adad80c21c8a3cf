"""What the validator says about screens, references, actions and routes, before anything is uploaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_whatsapp.flows import FlowJSON

from . import examples

# ruff: noqa: E501 (one case of a table is one line)

DONE = {"type": "Footer", "label": "Done", "on-click-action": {"name": "complete", "payload": {}}}
NEXT = {"name": "navigate", "next": {"type": "screen", "name": "B"}, "payload": {}}
GO = {"type": "Footer", "label": "Go", "on-click-action": NEXT}
EXCHANGE = {"type": "Footer", "label": "Go", "on-click-action": {"name": "data_exchange", "payload": {}}}


def screen(name: str, *children: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": name,
        **more,
        "layout": {"type": "SingleColumnLayout", "children": list(children)},
    }


def static(*, first: tuple[Any, ...] = (), last: tuple[Any, ...] = (), **more: Any) -> dict[str, Any]:
    """Two screens, from A to B, without an endpoint."""
    screens = [screen("A", *first, GO), screen("B", *last, DONE, terminal=True)]
    return {"version": "7.3", "screens": screens, **more}


def dynamic(**more: Any) -> dict[str, Any]:
    """Two screens, from A to B, the endpoint decides."""
    screens = [screen("A", EXCHANGE), screen("B", DONE, terminal=True)]
    model = {"A": ["B"], "B": []}
    return {"version": "7.3", "data_api_version": "3.0", "routing_model": model, "screens": screens, **more}


def problems(document: dict[str, Any]) -> list[str]:
    return [str(each) for each in FlowJSON.from_json(document).problems()]


def input_(name: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "TextInput", "name": name, "label": "X", **more}


def heading(text: str) -> dict[str, Any]:
    return {"type": "TextHeading", "text": text}


@pytest.mark.parametrize("document", [static(), dynamic(), static(version="2.1"), dynamic(version="3.0")])
def test_a_sound_flow_has_no_problems(document: dict[str, Any]) -> None:
    """With and without an endpoint, in old and new versions."""
    assert problems(document) == []


def test_the_guides_examples_have_no_problems() -> None:
    """Both sign-up Flows of pywa's guide are sound."""
    assert examples.static_flow.problems() == examples.dynamic_flow.problems() == []


def test_a_problem_prints_its_place_and_what_is_wrong() -> None:
    """One line that a person can act on."""
    label = input_() | {"label": "x" * 24}
    assert problems(static(first=(heading("a"), heading("b"), label))) == [
        "screens[0].layout.children[2].label: 24 characters, 20 allowed"
    ]


def change(document: dict[str, Any], edit: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    edit(copy)
    return copy


def photo(action: str, payload: Any, **more: Any) -> dict[str, Any]:
    """A dynamic Flow whose last screen has a picker, and sends its files like this."""
    footer = {"type": "Footer", "label": "Go", "on-click-action": {"name": action, "payload": payload}}
    picker = {"type": "PhotoPicker", "name": "p", "label": "P", **more}
    return dynamic(screens=[screen("A", EXCHANGE), screen("B", picker, footer, terminal=True)])


LAST = "screens[1].layout.children[1].on-click-action"
FIRST = "screens[0].layout.children[0].on-click-action"

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "no screens": ({"version": "7.3", "screens": []}, "screens: 0 items, at least 1 needed"),
    "no version": ({"screens": static()["screens"]}, "version: is missing, a Flow needs it"),
    "odd version": (static(version="7.9"), "version: '7.9' is none of 2.1, 3.0, 3.1, 4.0, 5.0, 5.1, 6.0, 6.1, 6.2, 6.3, 7.0, 7.1, 7.2, 7.3"),
    "unknown key": (static(mood="good"), "mood: a Flow has no such property"),
    "101 screens": (static(screens=[screen("A", DONE, terminal=True)] * 101), "screens: 101 items, 100 allowed"),
    "a text among components": (change(static(), lambda d: d["screens"][0]["layout"]["children"].insert(0, "boo")), "screens[0].layout.children[0]: must be an object, is a text"),
    "nothing in a branch": (change(static(), lambda d: d["screens"][0]["layout"]["children"].insert(0, {"type": "If", "condition": "(1 == 1)", "then": [None]})), "screens[0].layout.children[0].then[0]: must be an object, is null"),
    "odd screen": (static(screens=[*static()["screens"], 5]), "screens[2]: must be an object"),
    "id with digits": (change(static(), lambda d: d["screens"][0].update(id="A1")), "screens[0].id: 'A1' has other signs than letters and underscores"),
    "reserved id": (change(static(), lambda d: d["screens"][0].update(id="success")), "screens[0].id: SUCCESS is WhatsApp's own"),
    "same id": (change(static(), lambda d: d["screens"][1].update(id="A")), "screens[1].id: 'A' is the id of another screen too"),
    "no layout": (change(static(), lambda d: d["screens"][0].pop("layout")), "screens[0].layout: is missing, a screen needs it"),
    "odd layout": (change(static(), lambda d: d["screens"][0]["layout"].update(type="Grid")), "screens[0].layout.type: 'Grid' is none of SingleColumnLayout"),
    "51 components": (static(first=(heading("x"),) * 50), "screens[0].layout.children: 51 components, 50 allowed"),
    "no end": (change(static(), lambda d: d["screens"][1].pop("terminal")), "screens: none is terminal, so the Flow cannot end"),
    "end without footer": (static(screens=[screen("A", heading("x"), terminal=True)]), "screens[0].layout.children: has no Footer, a terminal screen needs one"),
    "success before the end": (change(static(), lambda d: d["screens"][0].update(success=True)), "screens[0].success: is for terminal screens only"),
    "no success": (change(static(), lambda d: d["screens"][1].update(success=False)), "screens: no end is a success: one terminal screen must have it"),
    "two footers": (static(last=(DONE,)), "screens[1].layout.children: 2 of Footer on the screen, 1 allowed"),
    "three links": (static(first=({"type": "EmbeddedLink", "text": "x", "on-click-action": NEXT},) * 3), "screens[0].layout.children: 3 of EmbeddedLink on the screen, 2 allowed"),
    "four images": (static(first=({"type": "Image", "src": "x"},) * 4), "screens[0].layout.children: 4 of Image on the screen, 3 allowed"),
    "six opt-ins": (static(first=tuple({"type": "OptIn", "name": n, "label": "x"} for n in "abcdef")), "screens[0].layout.children: 6 of OptIn on the screen, 5 allowed"),
    "two forms": (static(first=({"type": "Form", "name": "f", "children": []},) * 2), "screens[0].layout.children: 2 of Form on the screen, 1 allowed"),
    "four carousels": (static(first=({"type": "ImageCarousel", "images": [{"src": "x", "alt-text": "x"}]},) * 2, last=({"type": "ImageCarousel", "images": [{"src": "x", "alt-text": "x"}]},) * 2), "screens: 4 of ImageCarousel in the Flow, 3 allowed"),
    "same name": (static(first=(input_(), input_())), "screens[0].layout.children[1].name: 'x' stands on this screen twice"),
    "same name in branches": (static(first=(input_(), {"type": "If", "condition": "${form.x} == 'a'", "then": [input_()]})), "screens[0].layout.children[1].then[0].name: 'x' stands on this screen twice"),
    "input beside form": (static(first=(input_(), {"type": "Form", "name": "f", "children": []})), "screens[0].layout.children[0]: must stand in the Form, as the screen has one"),
    "two pickers": (static(first=({"type": "PhotoPicker", "name": "p", "label": "P"}, {"type": "DocumentPicker", "name": "d", "label": "D"})), "screens[0].layout.children[1]: cannot stand on one screen with a PhotoPicker"),
    "two photo pickers": (static(first=({"type": "PhotoPicker", "name": "p", "label": "P"}, {"type": "PhotoPicker", "name": "q", "label": "D"})), "screens[0].layout.children: 2 of PhotoPicker on the screen, 1 allowed"),
    "rich text in company": (static(first=({"type": "RichText", "text": "x"}, heading("x"))), "screens[0].layout.children[0]: cannot stand beside other components but a Footer"),
    "rich text over a footer": (static(version="6.2", first=({"type": "RichText", "text": "x"},)), "screens[0].layout.children[0]: cannot stand beside other components before Flow JSON 6.3"),
    "list in company": (static(first=({"type": "NavigationList", "name": "n", "list-items": "${data.x}"},)), "screens[0].layout.children[0]: cannot stand beside other components"),
    "list at the end": (static(last=({"type": "NavigationList", "name": "n", "list-items": "${data.x}"},)), "screens[1].layout.children[0]: cannot stand on a terminal screen"),
    "nested footer": (static(first=({"type": "If", "condition": "${form.x}", "then": [{"type": "If", "condition": "${form.x}", "then": [GO], "else": [GO]}], "else": [GO]},)), "screens[0].layout.children[0].then[0].then[0]: Footer can stand in the outermost If or Switch only"),
    "sensitive": (change(static(), lambda d: d["screens"][0].update(sensitive=["pin"])), "screens[0].sensitive[0]: A has no input 'pin'"),
    "sensitive, old": (change(static(version="5.0", first=(input_("pin"),)), lambda d: d["screens"][0].update(sensitive=["pin"])), "screens[0].sensitive: needs Flow JSON 5.1, this is 5.0"),
    "data without type": (change(static(), lambda d: d["screens"][0].update(data={"x": {}})), "screens[0].data.x.type: is missing, one of string, number, boolean, object, array"),
    "data of odd type": (change(static(), lambda d: d["screens"][0].update(data={"x": {"type": "null"}})), "screens[0].data.x.type: 'null' is none of string, number, boolean, object, array"),
    "list without items": (change(static(), lambda d: d["screens"][0].update(data={"x": {"type": "array"}})), "screens[0].data.x.items: is missing, a list needs the schema of its items"),
    "odd example": (change(static(), lambda d: d["screens"][0].update(data={"x": {"type": "number", "__example__": "1"}})), "screens[0].data.x.__example__: must be number, is string"),
    "unknown data": (static(first=(heading("${data.x}"),)), "screens[0].layout.children[0].text: A is given no data 'x'"),
    "unknown input": (static(first=(heading("${form.x}"),)), "screens[0].layout.children[0].text: A has no input 'x'"),
    "unknown screen": (static(first=(heading("${screen.Z.form.x}"),)), "screens[0].layout.children[0].text: there is no screen Z"),
    "unknown on a screen": (static(last=(heading("${screen.A.form.x}"),)), "screens[1].layout.children[0].text: A has no input 'x'"),
    "own screen": (static(first=(input_(), heading("${screen.A.form.x}"))), "screens[0].layout.children[1].text: on its own screen this is ${form.x}"),
    "no reference": (static(first=(heading("${x}"),)), "screens[0].layout.children[0].text: a reference is ${data.…}, ${form.…} or ${screen.….data.…}"),
    "reference in expression": (static(first=(heading("`'a' ${form.x}`"),)), "screens[0].layout.children[0].text: A has no input 'x'"),
    "type of data": (change(static(first=(heading("${data.x}"),)), lambda d: d["screens"][0].update(data={"x": {"type": "boolean"}})), "screens[0].layout.children[0].text: must be string, the data is boolean"),
    "unknown next": (change(static(), lambda d: d["screens"][0]["layout"]["children"][0]["on-click-action"]["next"].update(name="Z")), f"{FIRST}.next.name: there is no screen Z"),
    "next is itself": (change(static(), lambda d: d["screens"][0]["layout"]["children"][0]["on-click-action"]["next"].update(name="A")), f"{FIRST}.next.name: leads to the screen itself"),
    "no next": (change(static(), lambda d: d["screens"][0]["layout"]["children"][0]["on-click-action"].pop("next")), f"{FIRST}.next: is missing, navigate needs it"),
    "next is a text": (change(static(), lambda d: d["screens"][0]["layout"]["children"][0]["on-click-action"].update(next="B")), f"{FIRST}.next: must be an object, is a text"),
    "payload lacks": (change(static(), lambda d: d["screens"][1].update(data={"x": {"type": "string"}})), f"{FIRST}.payload.x: is missing, B expects it"),
    "payload has more": (change(static(), lambda d: d["screens"][0]["layout"]["children"][0]["on-click-action"].update(payload={"x": 1})), f"{FIRST}.payload.x: B does not expect it: declare it under its data"),
    "payload of odd type": (change(static(), lambda d: (d["screens"][1].update(data={"x": {"type": "string"}}), d["screens"][0]["layout"]["children"][0]["on-click-action"].update(payload={"x": 1}))), f"{FIRST}.payload.x: B expects string, this is number"),
    "complete too early": (static(screens=[screen("A", DONE), screen("B", DONE, terminal=True)]), f"{FIRST}.name: complete is for terminal screens, this one is not"),
    "exchange without endpoint": (static(screens=[screen("A", EXCHANGE, terminal=True)]), f"{FIRST}.name: data_exchange needs an endpoint: data_api_version is missing at the top"),
    "exchange without uri": (static(version="2.1", screens=[screen("A", EXCHANGE, terminal=True)]), f"{FIRST}.name: data_exchange needs an endpoint: data_channel_uri is missing at the top"),
    "refresh without endpoint": (change(static(), lambda d: d["screens"][0].update(refresh_on_back=True)), "screens[0].refresh_on_back: needs an endpoint: data_api_version is missing"),
    "endpoint without routes": (change(dynamic(), lambda d: d.pop("routing_model")), "routing_model: is missing, a Flow with an endpoint needs it"),
    "uri today": (static(data_channel_uri="https://x"), "data_channel_uri: ended with Flow JSON 2.1: set endpoint_uri at Meta instead"),
    "odd data api": (dynamic(data_api_version="9.0"), "data_api_version: '9.0' is none of 3.0, 4.0"),
    "data api too new": (dynamic(data_api_version="4.0", version="7.2"), "data_api_version: 4.0 needs Flow JSON 7.3, this is 7.2"),
    "files to a screen": (photo("navigate", {"p": "${form.p}"}), f"{LAST}.payload.p: the files of 'p' can only go with data_exchange or complete"),
    "files deep": (photo("data_exchange", {"a": {"b": "${form.p}"}}), f"{LAST}.payload.a: the files of 'p' must be the whole value of a key of the payload"),
    "files too many": (photo("complete", {"p": "${form.p}"}), f"{LAST}.payload.p: complete carries 10 files, 'p' takes 30: set its max-uploaded-photos"),
    "route from nowhere": (dynamic(routing_model={"A": ["B"], "B": [], "Z": []}), "routing_model.Z: there is no screen Z"),
    "route to nowhere": (dynamic(routing_model={"A": ["B", "Z"], "B": []}), "routing_model.A[1]: there is no screen Z"),
    "route to itself": (dynamic(routing_model={"A": ["B", "A"], "B": []}), "routing_model.A[1]: leads to the screen itself"),
    "route is a text": (dynamic(routing_model={"A": "B", "B": []}), "routing_model.A: must be a list of screen ids"),
    "way back": (dynamic(routing_model={"A": ["B"], "B": ["A"]}), "routing_model.B[0]: is the way back to A, only the way forward is written"),
    "no entry": (dynamic(routing_model={"A": ["B"], "B": ["A"]}), "screens: none is the entry: every screen has a route that leads to it"),
    "screen without route": (dynamic(routing_model={"A": []}), "routing_model: the screen B is missing"),
    "eleven routes": (dynamic(routing_model={"A": ["B"] * 11, "B": []}), "routing_model.A: 11 routes, 10 allowed"),
    "unreachable": (dynamic(routing_model={"A": [], "B": []}), "screens[1]: B cannot be reached: no route connects it with the others"),
    "unreachable, static": (static(screens=[screen("A", DONE, terminal=True), screen("B", DONE, terminal=True)]), "screens[1]: B cannot be reached: no route connects it with the others"),
    "navigate beside the model": (dynamic(screens=[screen("A", GO), screen("B", DONE, terminal=True)], routing_model={"A": [], "B": []}), "routing_model.A: lacks B, where a navigate action leads"),
    "dead end": (dynamic(screens=[screen("A", EXCHANGE), screen("B", EXCHANGE), screen("C", DONE, terminal=True)], routing_model={"A": ["B", "C"], "B": [], "C": []}), "screens[1]: B is a dead end: it is not terminal, and no route leads on"),
    "loop": (dynamic(screens=[screen("A", EXCHANGE), *(screen(n, DONE, terminal=True) for n in "BCD")], routing_model={"A": ["B"], "B": ["C"], "C": ["D"], "D": ["B"]}), "routing_model: goes round in a loop: B → C → D → B"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_broken_rule_is_named_with_its_place(case: str) -> None:
    """Each of these Flows has the problem, and a sound one has none."""
    document, problem = CASES[case]
    assert problem in problems(document)


def test_files_that_fit_may_go_with_the_completion() -> None:
    """Ten files, or a request to the endpoint, are fine."""
    assert problems(photo("complete", {"p": "${form.p}"}, **{"max-uploaded-photos": 10})) == []
    assert problems(photo("data_exchange", {"p": "${form.p}"})) == []


def test_footers_in_all_branches_count_as_one() -> None:
    """An If, or a Switch, with a Footer in every branch is the screen's Footer."""
    branch = {"type": "If", "condition": "${form.x} == 'a'", "then": [DONE], "else": [DONE]}
    document = static()
    document["screens"][1]["layout"]["children"] = [input_(), branch]
    assert problems(document) == []
    switch = {"type": "Switch", "value": "${form.x}", "cases": {"a": [DONE], "default": [DONE]}}
    document["screens"][1]["layout"]["children"] = [input_(), switch]
    assert problems(document) == []


def test_a_screen_that_the_data_chooses_hides_no_route() -> None:
    """Where ``navigate`` leads by a reference, nothing is said about unreachable screens."""
    document = static()
    document["screens"][0]["data"] = {"next": {"type": "string"}}
    document["screens"][0]["layout"]["children"][0]["on-click-action"]["next"]["name"] = "${data.next}"
    assert problems(document) == []


NAMES = [
    "id",
    "type",
    "layout",
    "children",
    "data",
    "name",
    "payload",
    "next",
    "on-click-action",
    "data-source",
]
NAMES += [
    "list-items",
    "cases",
    "then",
    "else",
    "condition",
    "init-values",
    "terminal",
    "images",
    "end",
    "start",
]
KINDS = [
    "If",
    "Form",
    "TextInput",
    "Switch",
    "Footer",
    "NavigationList",
    "Dropdown",
    "PhotoPicker",
    "navigate",
    "A",
]
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from([*KINDS, "${form.A}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=40,
)


@given(
    st.dictionaries(st.sampled_from(["version", "data_api_version", "routing_model", "mood"]), anything),
    anything,
)
def test_the_validator_takes_anything(top: dict[str, Any], content: Any) -> None:
    """However odd the document, the answer is a list of problems."""
    for screens in (
        content,
        [content],
        [{"id": "A", "layout": {"children": [content, content]}, "data": content}],
    ):
        assert FlowJSON.from_json({**top, "screens": screens}).problems() or not screens


def test_what_nests_too_deep_is_a_problem_not_a_crash() -> None:
    """Python's recursion limit ends in a problem too."""
    document: dict[str, Any] = {"type": "If"}
    for _ in range(120):
        document = {"type": "If", "then": [document]}
    found = FlowJSON.from_json(static(first=(document,))).problems()
    assert found
