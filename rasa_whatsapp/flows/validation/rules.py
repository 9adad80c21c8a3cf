"""The rules of Flow JSON 2.1 to 7.3 for a Flow, its screens and its actions, as tables.

Source: Meta, WhatsApp Flows, Flow JSON; Media upload; Error codes, Static validation errors.
"""

from __future__ import annotations

from collections.abc import Mapping

from rasa_whatsapp.flows.validation.rule import ALWAYS, Rule, children, choice, flag, text

VERSIONS = (
    ("2.1", "3.0", "3.1", "4.0", "5.0", "5.1", "6.0", "6.1", "6.2", "6.3", "7.0", "7.1", "7.2", "7.3")
)  # fmt: skip
DATA_API_VERSIONS = {"3.0": "2.1", "4.0": "7.3"}
"""Version of the endpoint's protocol, and the Flow JSON that it needs."""

SCREENS = 100
COMPONENTS_PER_SCREEN = 50
BRANCHES = 10
"""Routes that may leave one screen."""
IF_DEPTH = 3
FILES_IN_COMPLETION = 10
DROPDOWN_WITH_IMAGES = 100
NAVIGATION_IMAGE_KB = 100
OPTION_IMAGE_KB = {"5.0": 300, "6.0": 100}
"""Size of an option's picture since that version."""
PICKERS = ("PhotoPicker", "DocumentPicker")
DATA_TYPES = ("string", "number", "boolean", "object", "array")

LOW_AND_HIGH = (
    ("min-chars", "max-chars"),
    ("min-selected-items", "max-selected-items"),
    ("min-date", "max-date"),
    ("min-days", "max-days"),
    ("min-uploaded-photos", "max-uploaded-photos"),
    ("min-uploaded-documents", "max-uploaded-documents"),
)
"""The first must not be above the second."""

LAYOUT = {
    "type": Rule(("string",), values=("SingleColumnLayout",), required=ALWAYS, dynamic=False),
    "children": children(),
}
SCREEN = {
    "id": text(required=ALWAYS, dynamic=False, form="id"),
    "title": text(dynamic=False),
    "data": Rule(("object",), dynamic=False),
    "terminal": flag(dynamic=False),
    "success": flag(dynamic=False),
    "refresh_on_back": flag(dynamic=False),
    "sensitive": Rule(("array",), since="5.1", dynamic=False),
    "layout": Rule(("object",), required=ALWAYS, dynamic=False),
}
FLOW = {
    "version": Rule(("string",), values=VERSIONS, required=ALWAYS, dynamic=False),
    "data_api_version": Rule(("string",), values=tuple(DATA_API_VERSIONS), dynamic=False),
    "routing_model": Rule(("object",), dynamic=False),
    "data_channel_uri": Rule(("string",), dynamic=False),
    "screens": Rule(("array",), least=1, most=SCREENS, required=ALWAYS, dynamic=False),
}
ACTION_SINCE = {"open_url": "6.0", "update_data": "6.0"}
ACTIONS: Mapping[str, Mapping[str, Rule]] = {
    "navigate": {
        "next": Rule(
            ("object",),
            required=ALWAYS,
            dynamic=False,
            items={"type": choice("screen"), "name": text(required=ALWAYS)},
        ),
        "payload": Rule(("object",)),
    },
    "data_exchange": {"payload": Rule(("object",))},
    "complete": {"payload": Rule(("object",))},
    "open_url": {"url": text(required=ALWAYS)},
    "update_data": {"payload": Rule(("object",), required=ALWAYS)},
}
