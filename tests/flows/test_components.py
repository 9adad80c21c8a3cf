"""Every component: its Python, its JSON, and each limit that the validator knows of it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from rasa_whatsapp.flows import *  # noqa: F403
from rasa_whatsapp.flows.validation import component_rules

# ruff: noqa: F405, E501 (one case of a table is one line)

COMPLETE = Action(name=FlowActionType.COMPLETE, payload={})
EXCHANGE = Action(name="data_exchange", payload={})
DONE = Footer(label="Done", on_click_action=COMPLETE)
UPDATE = {"name": "update_data", "payload": {"flag": True}}
OPTIONS = [DataSource(id="1", title="One"), DataSource(id="2", title="Two")]
FLAG = ScreenData(key="flag", example=True)
WORD = ScreenData(key="word", example="x")
ROW = {"id": "1", "main-content": {"title": "One"}, "start": {"image": "aGk="}}


def flow(*children: Any, version: str = "7.3", terminal: bool = True, **more: Any) -> FlowJSON:
    """A Flow with one screen that shows these components."""
    screen = Screen(
        id="A", title="A", data=[FLAG, WORD], terminal=terminal, layout=Layout(children=list(children))
    )
    endpoint = {"data_api_version": "3.0", "routing_model": {}}
    return FlowJSON(version=version, screens=[screen], **{**endpoint, **more})


COMPONENTS: list[tuple[Component, dict[str, Any]]] = [
    (TextHeading(text="Hi"), {"type": "TextHeading", "text": "Hi"}),
    (
        TextSubheading(text="Hi", visible=FLAG.ref),
        {"type": "TextSubheading", "text": "Hi", "visible": "${data.flag}"},
    ),
    (
        TextBody(text=["*Hi*"], font_weight=FontWeight.BOLD_ITALIC, strikethrough=True, markdown=True),
        {
            "type": "TextBody",
            "text": ["*Hi*"],
            "font-weight": "bold_italic",
            "strikethrough": True,
            "markdown": True,
        },
    ),
    (TextCaption(text=WORD.ref), {"type": "TextCaption", "text": "${data.word}"}),
    (RichText(text=["# Terms", "- one"]), {"type": "RichText", "text": ["# Terms", "- one"]}),
    (
        TextInput(
            name="pin",
            label="PIN",
            label_variant=LabelVariant.LARGE,
            input_type=InputType.PASSCODE,
            pattern="[0-9]+",
            required=True,
            min_chars=4,
            max_chars=8,
            helper_text="Digits",
            init_value="1234",
            error_message="Wrong",
        ),
        {
            "type": "TextInput",
            "name": "pin",
            "label": "PIN",
            "label-variant": "large",
            "input-type": "passcode",
            "pattern": "[0-9]+",
            "required": True,
            "min-chars": 4,
            "max-chars": 8,
            "helper-text": "Digits",
            "init-value": "1234",
            "error-message": "Wrong",
        },
    ),
    (
        TextArea(name="note", label="Note", max_length=100, enabled=False),
        {"type": "TextArea", "name": "note", "label": "Note", "max-length": 100, "enabled": False},
    ),
    (
        CheckboxGroup(name="c", label="C", data_source=OPTIONS, min_selected_items=1, init_value=["1"]),
        {
            "type": "CheckboxGroup",
            "name": "c",
            "data-source": [{"id": "1", "title": "One"}, {"id": "2", "title": "Two"}],
            "label": "C",
            "min-selected-items": 1,
            "init-value": ["1"],
        },
    ),
    (
        RadioButtonsGroup(name="r", label="R", data_source=OPTIONS[:1], media_size=MediaSize.LARGE),
        {
            "type": "RadioButtonsGroup",
            "name": "r",
            "data-source": [{"id": "1", "title": "One"}],
            "label": "R",
            "media-size": "large",
        },
    ),
    (
        Dropdown(name="d", label="D", data_source=OPTIONS[:1], on_select_action=EXCHANGE),
        {
            "type": "Dropdown",
            "name": "d",
            "data-source": [{"id": "1", "title": "One"}],
            "label": "D",
            "on-select-action": {"name": "data_exchange", "payload": {}},
        },
    ),
    (
        ChipsSelector(name="h", label="H", data_source=OPTIONS, on_unselect_action=Action.from_dict(UPDATE)),
        {
            "type": "ChipsSelector",
            "name": "h",
            "data-source": [{"id": "1", "title": "One"}, {"id": "2", "title": "Two"}],
            "label": "H",
            "on-unselect-action": UPDATE,
        },
    ),
    (
        OptIn(name="o", label="O", on_click_action=Action(name="open_url", url="https://example.com")),
        {
            "type": "OptIn",
            "name": "o",
            "label": "O",
            "on-click-action": {"name": "open_url", "url": "https://example.com"},
        },
    ),
    (
        DatePicker(name="d", label="D", min_date="2026-01-01", unavailable_dates=["2026-02-03"]),
        {
            "type": "DatePicker",
            "name": "d",
            "label": "D",
            "min-date": "2026-01-01",
            "unavailable-dates": ["2026-02-03"],
        },
    ),
    (
        CalendarPicker(
            name="k",
            label={"start-date": "From", "end-date": "To"},
            title="Stay",
            mode=CalendarPickerMode.RANGE,
            include_days=[CalendarDay.MON],
            min_days=1,
            max_days=5,
        ),
        {
            "type": "CalendarPicker",
            "name": "k",
            "label": {"start-date": "From", "end-date": "To"},
            "title": "Stay",
            "mode": "range",
            "include-days": ["Mon"],
            "min-days": 1,
            "max-days": 5,
        },
    ),
    (
        Image(src="aGk=", height=100, scale_type=ScaleType.COVER, aspect_ratio=1.5, alt_text="x"),
        {
            "type": "Image",
            "src": "aGk=",
            "height": 100,
            "scale-type": "cover",
            "aspect-ratio": 1.5,
            "alt-text": "x",
        },
    ),
    (
        ImageCarousel(images=[ImageCarouselItem(src="aGk=", alt_text="x")], aspect_ratio="16:9"),
        {"type": "ImageCarousel", "images": [{"src": "aGk=", "alt-text": "x"}], "aspect-ratio": "16:9"},
    ),
    (
        EmbeddedLink(text="More", on_click_action=EXCHANGE),
        {"type": "EmbeddedLink", "text": "More", "on-click-action": {"name": "data_exchange", "payload": {}}},
    ),
    (
        PhotoPicker(name="p", label="P", photo_source=PhotoSource.CAMERA, max_uploaded_photos=3),
        {
            "type": "PhotoPicker",
            "name": "p",
            "label": "P",
            "photo-source": "camera",
            "max-uploaded-photos": 3,
        },
    ),
    (
        DocumentPicker(name="p", label="P", allowed_mime_types=["application/pdf"]),
        {"type": "DocumentPicker", "name": "p", "label": "P", "allowed-mime-types": ["application/pdf"]},
    ),
    (
        If(condition=FLAG.ref, then=[TextBody(text="x")], else_=[TextBody(text="y")]),
        {
            "type": "If",
            "condition": "${data.flag}",
            "then": [{"type": "TextBody", "text": "x"}],
            "else": [{"type": "TextBody", "text": "y"}],
        },
    ),
    (
        Switch(value=WORD.ref, cases={"x": [TextBody(text="x")], "default": []}),
        {
            "type": "Switch",
            "value": "${data.word}",
            "cases": {"x": [{"type": "TextBody", "text": "x"}], "default": []},
        },
    ),
    (
        Form(name="f", children=[TextInput(name="a", label="A")], init_values={"a": "x"}),
        {
            "type": "Form",
            "name": "f",
            "children": [{"type": "TextInput", "name": "a", "label": "A"}],
            "init-values": {"a": "x"},
        },
    ),
]


@pytest.mark.parametrize(("component", "document"), COMPONENTS, ids=lambda each: getattr(each, "KIND", ""))
def test_a_component_is_its_json_both_ways_and_is_accepted(component: Any, document: dict[str, Any]) -> None:
    """Python gives the JSON, the JSON gives the Python, and the validator finds nothing."""
    assert component.to_dict() == document
    whole = flow(component, DONE)
    again = FlowJSON.from_json(whole.to_json())
    assert type(again.screens[0].layout.children[0]) is type(component)
    assert again == whole
    assert whole.problems() == []


def test_footer_and_navigation_list_are_accepted() -> None:
    """The two that need a screen of their own kind: a Footer with captions, a list before the last screen."""
    footer = Footer(label="Done", on_click_action=COMPLETE, left_caption="1", right_caption="2", enabled=True)
    assert flow(footer).problems() == []
    item = NavigationItem(
        id="1",
        main_content=NavigationItemMainContent(title="One", description="x", metadata="y"),
        start=NavigationItemStart(image="aGk=", alt_text="x"),
        end=NavigationItemEnd(title="R$ 9"),
        badge="New",
        tags=["a", "b"],
    )
    listed = NavigationList(name="n", list_items=[item], label="L", on_click_action=EXCHANGE)
    last = Screen(id="B", terminal=True, layout=Layout(children=[DONE]))
    whole = flow(listed, terminal=False, routing_model={"A": ["B"], "B": []})
    whole.screens.append(last)
    assert whole.problems() == []
    assert FlowJSON.from_json(whole.to_json()) == whole
    assert listed.to_dict()["list-items"][0]["main-content"] == {
        "title": "One",
        "description": "x",
        "metadata": "y",
    }


def test_every_component_of_the_table_has_a_class_and_a_test() -> None:
    """The validator's table, the classes and the list above name the same components and properties."""
    tested = {type(component) for component, _ in COMPONENTS} | {Footer, NavigationList}
    assert {kind.KIND for kind in tested} == set(component_rules.COMPONENTS)
    for kind in tested:
        names = {each.name for each in fields(kind)} - {"extra"}
        assert {name.rstrip("_").replace("_", "-") for name in names} == set(
            component_rules.COMPONENTS[kind.KIND].properties
        ), kind.KIND


def broken(kind: str, **change: Any) -> dict[str, Any]:
    """The JSON of the component above with some properties changed (``_`` for ``-``), None removes one."""
    document = {
        "Footer": DONE.to_dict(),
        "NavigationList": {"type": "NavigationList", "name": "n", "list-items": [ROW]},
    }
    document |= {component.KIND: json for component, json in COMPONENTS}
    changed = {**document[kind], **{key.replace("_", "-"): value for key, value in change.items()}}
    return {key: value for key, value in changed.items() if value is not None}


def options(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": str(each), "title": "x", **more} for each in range(number)]


HERE = "screens[0].layout.children[0]"
LIMITS: list[tuple[dict[str, Any], str]] = [
    (broken("TextHeading", text="x" * 81), "text: 81 characters, 80 allowed"),
    (broken("TextHeading", text=" "), "text: is empty"),
    (broken("TextHeading", text=None), "text: is missing, TextHeading needs it"),
    (broken("TextHeading", text=5), "text: must be a text, is a number"),
    (broken("TextHeading", colour="red"), "colour: TextHeading has no such property"),
    (broken("TextSubheading", text="😀" * 41), "text: 82 characters, 80 allowed"),
    (broken("TextSubheading", visible="yes"), "visible: must be true or false, is a text"),
    (broken("TextBody", text="x" * 4097), "text: 4097 characters, 4096 allowed"),
    (broken("TextBody", font_weight="thin"), "font-weight: 'thin' is none of bold, italic, bold_italic, normal"),
    (broken("TextCaption", text="x" * 4097), "text: 4097 characters, 4096 allowed"),
    (broken("RichText", text=None), "text: is missing, RichText needs it"),
    (broken("TextInput", label="x" * 24), "label: 24 characters, 20 allowed"),
    (broken("TextInput", name=None), "name: is missing, TextInput needs it"),
    (broken("TextInput", name="${data.word}"), "name: must be given as such, not by a reference"),
    (broken("TextInput", helper_text="x" * 81), "helper-text: 81 characters, 80 allowed"),
    (broken("TextInput", error_message="x" * 31), "error-message: 31 characters, 30 allowed"),
    (broken("TextInput", input_type="date"), "input-type: 'date' is none of text, number, email, password, passcode, phone"),
    (broken("TextInput", label_variant="tiny"), "label-variant: 'tiny' is none of large"),
    (broken("TextInput", min_chars=9), "min-chars: 9 is above max-chars, which is 8"),
    (broken("TextInput", min_chars=-1), "min-chars: -1, at least 0 needed"),
    (broken("TextInput", max_chars="Hundred"), "max-chars: 'Hundred' is no number"),
    (broken("TextInput", helper_text=None), "helper-text: is missing, a pattern needs it"),
    (broken("TextInput", input_type="email"), "pattern: goes with input-type text, number, password or passcode only"),
    (broken("TextArea", label="x" * 21), "label: 21 characters, 20 allowed"),
    (broken("TextArea", helper_text="x" * 81), "helper-text: 81 characters, 80 allowed"),
    (broken("TextArea", max_length=0), "max-length: 0, at least 1 needed"),
    (broken("CheckboxGroup", label="x" * 31), "label: 31 characters, 30 allowed"),
    (broken("CheckboxGroup", label=None), "label: is missing, CheckboxGroup needs it"),
    (broken("CheckboxGroup", description="x" * 301), "description: 301 characters, 300 allowed"),
    (broken("CheckboxGroup", data_source=[]), "data-source: 0 items, at least 1 needed"),
    (broken("CheckboxGroup", data_source=options(21)), "data-source: 21 items, 20 allowed"),
    (broken("CheckboxGroup", max_selected_items=21), "max-selected-items: 21, at most 20 allowed"),
    (broken("CheckboxGroup", min_selected_items=3, max_selected_items=2), "min-selected-items: 3 is above max-selected-items, which is 2"),
    (broken("CheckboxGroup", init_value="1"), "init-value: must be a list, is a text"),
    (broken("CheckboxGroup", data_source=[1]), "data-source[0]: must be an object, is a number"),
    (broken("CheckboxGroup", data_source=options(2) + options(1)), "data-source[2].id: '0' stands there twice"),
    (broken("RadioButtonsGroup", data_source=options(1, title="x" * 31)), "data-source[0].title: 31 characters, 30 allowed"),
    (broken("RadioButtonsGroup", data_source=options(1, description="x" * 301)), "data-source[0].description: 301 characters, 300 allowed"),
    (broken("RadioButtonsGroup", data_source=options(1, metadata="x" * 21)), "data-source[0].metadata: 21 characters, 20 allowed"),
    (broken("RadioButtonsGroup", data_source=options(1, color="red")), "data-source[0].color: 'red' is no color of the form #RRGGBB"),
    (broken("RadioButtonsGroup", data_source=options(1, image="A" * 140000)), "data-source[0].image: 102.5 KB, 100 KB allowed"),
    (broken("RadioButtonsGroup", data_source=options(1, id=None)), "data-source[0].id: must be a text, is null"),
    (broken("RadioButtonsGroup", data_source=[{"id": "1"}]), "data-source[0].title: is missing, an item of data-source needs it"),
    (broken("RadioButtonsGroup", data_source=options(1, **{"on-select-action": {"name": "complete"}})), "data-source[0].on-select-action.name: 'complete' is none of update_data"),
    (broken("RadioButtonsGroup", media_size="huge"), "media-size: 'huge' is none of regular, large"),
    (broken("RadioButtonsGroup", label="x" * 31), "label: 31 characters, 30 allowed"),
    (broken("RadioButtonsGroup", data_source=options(21)), "data-source: 21 items, 20 allowed"),
    (broken("Dropdown", label="x" * 31), "label: 31 characters, 30 allowed"),
    (broken("Dropdown", data_source=options(201)), "data-source: 201 items, 200 allowed"),
    (broken("Dropdown", data_source=options(101, image="aGk=")), "data-source: 101 items with images, 100 allowed"),
    (broken("Dropdown", on_select_action={"name": "navigate"}), "on-select-action.name: 'navigate' is none of data_exchange, update_data"),
    (broken("ChipsSelector", label="x" * 81), "label: 81 characters, 80 allowed"),
    (broken("ChipsSelector", data_source=options(1)), "data-source: 1 items, at least 2 needed"),
    (broken("ChipsSelector", data_source=options(21)), "data-source: 21 items, 20 allowed"),
    (broken("ChipsSelector", on_unselect_action={"name": "update_data", "payload": {"no": 1}}), "on-unselect-action.payload.no: A is given no data 'no'"),
    (broken("OptIn", label="x" * 121), "label: 121 characters, 120 allowed"),
    (broken("OptIn", on_click_action={"name": "complete"}), "on-click-action.name: 'complete' is none of navigate, data_exchange, open_url"),
    (broken("OptIn", on_click_action={"name": "open_url"}), "on-click-action.url: is missing, open_url needs it"),
    (broken("DatePicker", label="x" * 41), "label: 41 characters, 40 allowed"),
    (broken("DatePicker", helper_text="x" * 81), "helper-text: 81 characters, 80 allowed"),
    (broken("DatePicker", error_message="x" * 81), "error-message: 81 characters, 80 allowed"),
    (broken("DatePicker", min_date="01/02/2026"), "min-date: '01/02/2026' is no date of the form YYYY-MM-DD"),
    (broken("DatePicker", max_date="2025-12-31"), "min-date: 2026-01-01 is above max-date, which is 2025-12-31"),
    (broken("DatePicker", unavailable_dates=["2026-02-30"]), "unavailable-dates[0]: '2026-02-30' is no date of the form YYYY-MM-DD"),
    (broken("CalendarPicker", title="x" * 81), "title: 81 characters, 80 allowed"),
    (broken("CalendarPicker", description="x" * 301), "description: 301 characters, 300 allowed"),
    (broken("CalendarPicker", label="x" * 41), "label: 41 characters, 40 allowed"),
    (broken("CalendarPicker", helper_text="x" * 81), "helper-text: 81 characters, 80 allowed"),
    (broken("CalendarPicker", include_days=["Mo"]), "include-days[0]: 'Mo' is none of Mon, Tue, Wed, Thu, Fri, Sat, Sun"),
    (broken("CalendarPicker", mode="single", label="x", title=None), "min-days: is for the mode range only"),
    (broken("CalendarPicker", mode=None), "label: may be an object in the mode range only"),
    (broken("CalendarPicker", min_days=6), "min-days: 6 is above max-days, which is 5"),
    (broken("Image", src=None), "src: is missing, Image needs it"),
    (broken("Image", scale_type="fit"), "scale-type: 'fit' is none of cover, contain"),
    (broken("ImageCarousel", images=[]), "images: 0 items, at least 1 needed"),
    (broken("ImageCarousel", images=[{"src": "x", "alt-text": "x"}] * 4), "images: 4 items, 3 allowed"),
    (broken("ImageCarousel", images=[{"src": "x"}]), "images[0].alt-text: is missing, an item of images needs it"),
    (broken("ImageCarousel", aspect_ratio="1:1"), "aspect-ratio: '1:1' is none of 4:3, 16:9"),
    (broken("EmbeddedLink", text="x" * 36), "text: 36 characters, 35 allowed"),
    (broken("EmbeddedLink", on_click_action=None), "on-click-action: is missing, EmbeddedLink needs it"),
    (broken("EmbeddedLink", on_click_action={}), "on-click-action.name: is missing, one of navigate, data_exchange, open_url"),
    (broken("NavigationList", label="x" * 81), "label: 81 characters, 80 allowed"),
    (broken("NavigationList", description="x" * 301), "description: 301 characters, 300 allowed"),
    (broken("NavigationList", list_items=[]), "list-items: 0 items, at least 1 needed"),
    (broken("NavigationList", list_items=[{**ROW, "id": str(n)} for n in range(21)]), "list-items: 21 items, 20 allowed"),
    (broken("NavigationList", list_items=[{**ROW, "main-content": {"title": "x" * 31}}]), "list-items[0].main-content.title: 31 characters, 30 allowed"),
    (broken("NavigationList", list_items=[{**ROW, "main-content": {"title": "x", "description": "x" * 21}}]), "list-items[0].main-content.description: 21 characters, 20 allowed"),
    (broken("NavigationList", list_items=[{**ROW, "main-content": {"title": "x", "metadata": "x" * 81}}]), "list-items[0].main-content.metadata: 81 characters, 80 allowed"),
    (broken("NavigationList", list_items=[{**ROW, "end": {"title": "x" * 11}}]), "list-items[0].end.title: 11 characters, 10 allowed"),
    (broken("NavigationList", media_size="large", list_items=[{**ROW, "end": {"title": "x"}}]), "list-items[0].end: does not go with the media-size large"),
    (broken("NavigationList", list_items=[{**ROW, "start": {"image": "A" * 140000}}]), "list-items[0].start.image: 102.5 KB, 100 KB allowed"),
    (broken("NavigationList", list_items=[{**ROW, "badge": "x" * 16}]), "list-items[0].badge: 16 characters, 15 allowed"),
    (broken("NavigationList", list_items=[{**ROW, "badge": "x"}, {**ROW, "id": "2", "badge": "x"}]), "list-items[1].badge: is the second one, a list has one badge"),
    (broken("NavigationList", list_items=[{**ROW, "tags": ["x"] * 4}]), "list-items[0].tags: 4 items, 3 allowed"),
    (broken("NavigationList", list_items=[{**ROW, "tags": ["x" * 16]}]), "list-items[0].tags[0]: 16 characters, 15 allowed"),
    (broken("NavigationList", list_items=[ROW, ROW]), "list-items[1].id: '1' stands there twice"),
    (broken("NavigationList", on_click_action={"name": "data_exchange"}, list_items=[{**ROW, "on-click-action": {"name": "data_exchange"}}]), "list-items[0].on-click-action: goes either into the list or into its items"),
    (broken("PhotoPicker", label="x" * 81), "label: 81 characters, 80 allowed"),
    (broken("PhotoPicker", description="x" * 301), "description: 301 characters, 300 allowed"),
    (broken("PhotoPicker", photo_source="web"), "photo-source: 'web' is none of camera_gallery, camera, gallery"),
    (broken("PhotoPicker", max_file_size_kb=25601), "max-file-size-kb: 25601, at most 25600 allowed"),
    (broken("PhotoPicker", max_uploaded_photos=31), "max-uploaded-photos: 31, at most 30 allowed"),
    (broken("PhotoPicker", min_uploaded_photos=4), "min-uploaded-photos: 4 is above max-uploaded-photos, which is 3"),
    (broken("DocumentPicker", max_uploaded_documents=31), "max-uploaded-documents: 31, at most 30 allowed"),
    (broken("DocumentPicker", min_uploaded_documents=-1), "min-uploaded-documents: -1, at least 0 needed"),
    (broken("DocumentPicker", allowed_mime_types="application/pdf"), "allowed-mime-types: must be a list, is a text"),
    (broken("If", then=[]), "then: 0 items, at least 1 needed"),
    (broken("If", condition=None), "condition: is missing, If needs it"),
    (broken("If", condition="1 == 2"), "condition: names no ${data.…} or ${form.…}, so it is always the same"),
    (broken("If", condition=True), "condition: names no ${data.…} or ${form.…}, so it is always the same"),
    (broken("If", condition="(${data.flag}"), "condition: has a parenthesis that is not closed"),
    (broken("If", condition="${data.flag})"), "condition: closes a parenthesis that was not opened"),
    (broken("If", condition="${data.flag} && ()"), "condition: has empty parentheses"),
    (broken("If", condition="${data.word} == 'x"), "condition: has a text without its closing quote"),
    (broken("If", condition="${data.flag} &&"), "condition: ends with an operator"),
    (broken("If", then=[broken("RichText")]), "then[0]: RichText cannot stand in an If"),
    (broken("If", then=[broken("If", then=[broken("If", then=[broken("If")])])]), "then[0].then[0].then[0]: is nested 4 deep, 3 allowed"),
    (broken("If", then=[broken("Footer")]), "else: has no Footer, though another branch has one"),
    (broken("Switch", cases={}), "cases: is empty, at least 1 needed"),
    (broken("Switch", cases={"x": [broken("If")]}), "cases.x[0]: If cannot stand in a Switch"),
    (broken("Switch", cases={"x": [broken("Footer")], "y": []}), "cases.y: has no Footer, though another branch has one"),
    (broken("Form", children=[broken("Form")]), "children[0]: Form cannot stand in a Form"),
    (broken("Form", children=[broken("TextInput")], init_values=None), "children[0].init-value: is not allowed inside a Form, use the Form's init-values"),
    (broken("Form", init_values={"b": 1}), "init-values.b: the Form has no input 'b'"),
    (broken("Form", children=[broken("PhotoPicker")], init_values={"p": "x"}), "init-values.p: a PhotoPicker cannot have a value from the start"),
    (broken("Footer", label="x" * 36), "label: 36 characters, 35 allowed"),
    (broken("Footer", left_caption="x" * 16, right_caption="x"), "left-caption: 16 characters, 15 allowed"),
    (broken("Footer", left_caption="x"), "right-caption: is missing, the captions left and right go together"),
    (broken("Footer", center_caption="x", left_caption="y"), "center-caption: stands alone, without left-caption and right-caption"),
    (broken("Footer", on_click_action={"name": "open_url", "url": "x"}), "on-click-action.name: 'open_url' is none of navigate, data_exchange, complete, update_data"),
    ({"type": "HologramPicker"}, "type: 'HologramPicker' is no component"),
    ({"text": "x"}, "type: is missing, every component needs it"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("component", "problem"), LIMITS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_each_broken_limit_is_named_with_its_place(component: dict[str, Any], problem: str) -> None:
    """The problem prints as ``place: what is wrong``, and it is not there in the sound component."""
    found = [str(each) for each in FlowJSON.from_json(flow(component, DONE).to_dict()).problems()]
    assert f"{HERE}.{problem}" in found or f"{HERE}{problem.partition(':')[0]}" in found


OLDER = [
    ("4.0", broken("TextBody", font_weight=None), "markdown: needs Flow JSON 5.1, this is 4.0"),
    ("5.0", broken("RichText"), ": RichText needs Flow JSON 5.1, this is 5.0"),
    ("6.1", broken("TextInput"), "pattern: needs Flow JSON 6.2, this is 6.1"),
    ("6.3", broken("TextInput"), "label-variant: needs Flow JSON 7.0, this is 6.3"),
    ("4.0", broken("RadioButtonsGroup"), "media-size: needs Flow JSON 5.0, this is 4.0"),
    ("4.0", broken("CheckboxGroup", data_source=options(1, image="x")), "data-source[0].image: needs Flow JSON 5.0, this is 4.0"),
    ("6.2", broken("ChipsSelector"), ": ChipsSelector needs Flow JSON 6.3, this is 6.2"),
    ("5.1", broken("ChipsSelector"), "on-unselect-action.name: update_data needs Flow JSON 6.0, this is 5.1"),
    ("5.1", broken("OptIn"), "on-click-action.name: open_url needs Flow JSON 6.0, this is 5.1"),
    ("4.0", broken("DatePicker"), "min-date: '2026-01-01' is no date, before Flow JSON 5.0 milliseconds since 1970 as text"),
    ("6.0", broken("CalendarPicker"), ": CalendarPicker needs Flow JSON 6.1, this is 6.0"),
    ("7.0", broken("ImageCarousel"), ": ImageCarousel needs Flow JSON 7.1, this is 7.0"),
    ("6.1", broken("NavigationList"), ": NavigationList needs Flow JSON 6.2, this is 6.1"),
    ("3.1", broken("PhotoPicker"), ": PhotoPicker needs Flow JSON 4.0, this is 3.1"),
    ("3.0", broken("If"), ": If needs Flow JSON 4.0, this is 3.0"),
    ("3.0", broken("Switch"), ": Switch needs Flow JSON 4.0, this is 3.0"),
    ("3.0", broken("TextArea"), ": must stand in a Form, this is Flow JSON 3.0"),
    ("7.0", broken("If", then=[broken("ChipsSelector")]), "then[0]: ChipsSelector cannot stand in an If"),
    ("5.1", broken("TextBody", text="`${data.word}`"), "text: an expression needs Flow JSON 6.0, this is 5.1"),
    ("3.0", broken("TextHeading", text="${screen.B.data.x}"), "text: a reference to another screen needs Flow JSON 4.0, this is 3.0"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "component", "problem"), OLDER, ids=lambda each: str(each)[:60])
def test_a_property_is_known_since_its_version(version: str, component: dict[str, Any], problem: str) -> None:
    """What came later is named with the version that it needs."""
    found = [str(each) for each in flow(component, DONE, version=version).problems()]
    assert (HERE + problem if problem.startswith(":") else f"{HERE}.{problem}") in found
