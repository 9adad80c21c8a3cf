"""The components of Flow JSON 2.1 to 7.3 as tables: their properties, since when, and their limits.

Rules that look at more than one property are in the modules beside this one.

Where sources differ the larger limit holds, for Meta checks again at the upload, and to refuse what Meta
takes would be worse: OptIn.label (30 or 120), PhotoPicker.label and DocumentPicker.label (30 or 80),
Dropdown.label (20 or 30), EmbeddedLink.text (25 or 35), TextCaption.text (409 or 4096).

Source: Meta, WhatsApp Flows, Components; Error codes, Static validation errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rasa_whatsapp.flows.validation.rule import (
    ALWAYS,
    Kind,
    Rule,
    acts,
    children,
    choice,
    flag,
    listed,
    number,
    text,
)

NAME = text(required=ALWAYS, dynamic=False)
INIT_VALUE = text(since="4.0", outside_form=True)
ERROR_MESSAGE = text(since="4.0", outside_form=True)
DATE = text(form="date")
DATES = Rule(("array",), form="date")
PROSE = Rule(("string", "array"), most=4096, required=ALWAYS)
SELECT = acts("data_exchange", "update_data")
UPDATE = acts("update_data", since="6.0")
CAPTIONS = text(15)

SOURCE = {
    "id": text(required=ALWAYS),
    "title": text(30, required=ALWAYS),
    "description": text(300),
    "metadata": text(20),
    "enabled": flag(),
    "image": text(since="5.0"),
    "alt-text": text(since="5.0"),
    "color": text(since="5.0", form="color"),
    "on-select-action": UPDATE,
    "on-unselect-action": UPDATE,
}
CHOICE = {
    "name": NAME,
    "data-source": listed(1, 20, SOURCE),
    "label": text(30, required="4.0"),
    "description": text(300, since="4.0"),
    "required": flag(),
    "enabled": flag(),
    "visible": flag(),
    "init-value": INIT_VALUE,
    "error-message": ERROR_MESSAGE,
    "media-size": choice("regular", "large", since="5.0"),
    "on-select-action": SELECT,
    "on-unselect-action": UPDATE,
}
SEVERAL = {
    "min-selected-items": number(0, 20),
    "max-selected-items": number(1, 20),
    "init-value": replace(INIT_VALUE, types=("array",)),
}
PICKER = {
    "name": NAME,
    "label": text(80, required=ALWAYS),
    "description": text(300),
    "max-file-size-kb": number(1, 25600),
    "enabled": flag(),
    "visible": flag(),
    "error-message": Rule(("string", "object")),
}
WORDS = {
    "text": PROSE,
    "font-weight": choice("bold", "italic", "bold_italic", "normal"),
    "strikethrough": flag(),
    "visible": flag(),
    "markdown": flag(since="5.1", dynamic=False),
}
TITLE = {"text": text(80, required=ALWAYS), "visible": flag()}
ROW = {
    "id": text(required=ALWAYS),
    "main-content": Rule(
        ("object",),
        required=ALWAYS,
        items={"title": text(30, required=ALWAYS), "description": text(20), "metadata": text(80)},
    ),
    "start": Rule(("object",), items={"image": text(required=ALWAYS), "alt-text": text()}),
    "end": Rule(("object",), items={"title": text(10), "description": text(10), "metadata": text(10)}),
    "badge": text(15),
    "tags": Rule(("array",), most=3),
    "on-click-action": acts("navigate", "data_exchange"),
}

COMPONENTS: Mapping[str, Kind] = {
    "Form": Kind(
        per_screen=1,
        properties={
            "name": NAME,
            "children": children(),
            "init-values": Rule(("object",)),
            "error-messages": Rule(("object",)),
        },
    ),
    "TextHeading": Kind(TITLE),
    "TextSubheading": Kind(TITLE),
    "TextBody": Kind(WORDS),
    "TextCaption": Kind(WORDS),
    "RichText": Kind(
        since="5.1",
        per_screen=1,
        properties={"text": Rule(("string", "array"), required=ALWAYS), "visible": flag()},
    ),
    "TextInput": Kind(
        {
            "name": NAME,
            "label": text(20, required=ALWAYS),
            "label-variant": choice("large", since="7.0"),
            "input-type": choice("text", "number", "email", "password", "passcode", "phone"),
            "pattern": text(since="6.2", dynamic=False),
            "required": flag(),
            "min-chars": number(0),
            "max-chars": number(1),
            "helper-text": text(80),
            "enabled": flag(),
            "visible": flag(),
            "init-value": INIT_VALUE,
            "error-message": replace(ERROR_MESSAGE, most=30),
        }
    ),
    "TextArea": Kind(
        {
            "name": NAME,
            "label": text(20, required=ALWAYS),
            "label-variant": choice("large", since="7.0"),
            "required": flag(),
            "max-length": number(1),
            "helper-text": text(80),
            "enabled": flag(),
            "visible": flag(),
            "init-value": INIT_VALUE,
            "error-message": ERROR_MESSAGE,
        }
    ),
    "CheckboxGroup": Kind({**CHOICE, **SEVERAL}),
    "RadioButtonsGroup": Kind(CHOICE),
    "Dropdown": Kind(
        {
            **{key: rule for key, rule in CHOICE.items() if key not in ("description", "media-size")},
            "label": text(30, required=ALWAYS),
            "data-source": listed(1, 200, SOURCE),
        }
    ),
    "ChipsSelector": Kind(
        since="6.3",
        properties={
            **{key: rule for key, rule in CHOICE.items() if key != "media-size"},
            **SEVERAL,
            "label": text(80, required=ALWAYS),
            "data-source": listed(2, 20, SOURCE),
        },
    ),
    "OptIn": Kind(
        per_screen=5,
        properties={
            "name": NAME,
            "label": text(120, required=ALWAYS),
            "required": flag(),
            "visible": flag(),
            "init-value": replace(INIT_VALUE, types=("boolean",)),
            "on-click-action": acts("navigate", "data_exchange", "open_url"),
            "on-select-action": UPDATE,
            "on-unselect-action": UPDATE,
        },
    ),
    "DatePicker": Kind(
        {
            "name": NAME,
            "label": text(40, required=ALWAYS),
            "min-date": DATE,
            "max-date": DATE,
            "unavailable-dates": DATES,
            "helper-text": text(80),
            "required": flag(),
            "enabled": flag(),
            "visible": flag(),
            "init-value": replace(INIT_VALUE, form="date"),
            "error-message": replace(ERROR_MESSAGE, most=80),
            "on-select-action": acts("data_exchange"),
        }
    ),
    "CalendarPicker": Kind(
        since="6.1",
        properties={
            "name": NAME,
            "label": text(40, types=("string", "object"), required=ALWAYS),
            "title": text(80),
            "description": text(300),
            "helper-text": text(80, types=("string", "object")),
            "required": flag(types=("boolean", "object")),
            "enabled": flag(),
            "visible": flag(),
            "mode": choice("single", "range"),
            "min-date": DATE,
            "max-date": DATE,
            "unavailable-dates": DATES,
            "include-days": Rule(("array",), values=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")),
            "min-days": number(0),
            "max-days": number(1),
            "init-value": replace(INIT_VALUE, types=("string", "object"), form="date"),
            "error-message": replace(ERROR_MESSAGE, types=("string", "object"), most=80),
            "on-select-action": acts("data_exchange"),
        },
    ),
    "Image": Kind(
        per_screen=3,
        properties={
            "src": text(required=ALWAYS),
            "width": number(1),
            "height": number(1),
            "scale-type": choice("cover", "contain"),
            "aspect-ratio": Rule(("number", "string")),
            "alt-text": text(),
            "visible": flag(),
        },
    ),
    "ImageCarousel": Kind(
        since="7.1",
        per_screen=2,
        per_flow=3,
        properties={
            "images": listed(1, 3, {"src": text(required=ALWAYS), "alt-text": text(required=ALWAYS)}),
            "aspect-ratio": choice("4:3", "16:9"),
            "scale-type": choice("contain", "cover"),
            "visible": flag(),
        },
    ),
    "EmbeddedLink": Kind(
        per_screen=2,
        properties={
            "text": text(35, required=ALWAYS),
            "on-click-action": acts("navigate", "data_exchange", "open_url", required=ALWAYS),
            "visible": flag(),
        },
    ),
    "NavigationList": Kind(
        since="6.2",
        per_screen=2,
        properties={
            "name": NAME,
            "list-items": listed(1, 20, ROW),
            "label": text(80),
            "description": text(300),
            "media-size": choice("regular", "large"),
            "visible": flag(),
            "on-click-action": acts("navigate", "data_exchange"),
        },
    ),
    "PhotoPicker": Kind(
        since="4.0",
        per_screen=1,
        properties={
            **PICKER,
            "photo-source": choice("camera_gallery", "camera", "gallery"),
            "min-uploaded-photos": number(0, 30),
            "max-uploaded-photos": number(1, 30),
        },
    ),
    "DocumentPicker": Kind(
        since="4.0",
        per_screen=1,
        properties={
            **PICKER,
            "allowed-mime-types": Rule(("array",)),
            "min-uploaded-documents": number(0, 30),
            "max-uploaded-documents": number(1, 30),
        },
    ),
    "If": Kind(
        since="4.0",
        properties={
            "condition": text(types=("string", "boolean"), required=ALWAYS),
            "then": children(least=1),
            "else": children(required="", least=1),
        },
    ),
    "Switch": Kind(
        since="4.0",
        properties={
            "value": text(types=("string", "number", "boolean"), required=ALWAYS),
            "cases": Rule(("object",), required=ALWAYS, least=1, dynamic=False),
        },
    ),
    "Footer": Kind(
        per_screen=1,
        properties={
            "label": text(35, required=ALWAYS),
            "left-caption": CAPTIONS,
            "center-caption": CAPTIONS,
            "right-caption": CAPTIONS,
            "enabled": flag(),
            "on-click-action": acts("navigate", "data_exchange", "complete", "update_data", required=ALWAYS),
        },
    ),
}

INPUTS = (
    "TextInput", "TextArea", "CheckboxGroup", "RadioButtonsGroup", "Dropdown", "ChipsSelector", "OptIn",
    "DatePicker", "CalendarPicker", "PhotoPicker", "DocumentPicker",
)  # fmt: skip
"""Components that have a value; before 4.0 they stand in a Form, since then not beside one."""

CONDITIONAL = (
    "TextHeading", "TextSubheading", "TextBody", "TextCaption", "CheckboxGroup", "DatePicker", "Dropdown",
    "EmbeddedLink", "Footer", "Image", "OptIn", "RadioButtonsGroup", "TextArea", "TextInput",
)  # fmt: skip
"""What may stand in an If or a Switch; since 7.1 ChipsSelector too, and in an If also If and Switch."""
