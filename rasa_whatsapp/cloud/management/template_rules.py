"""What Meta is known to reject in a template's definition, found before it is handed in.

Source: Meta, WhatsApp Business Management API, Message templates, Template components.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits

CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
BUTTON_TEXT = 25
BUTTON_URL = 2000
BUTTON_PHONE = 20

_NAME = re.compile(r"[a-z0-9_]+")
_TEXTS = {"HEADER": limits.TEMPLATE_HEADER, "BODY": limits.TEMPLATE_BODY, "FOOTER": limits.FOOTER}
_BUTTON_PARTS = {"text": BUTTON_TEXT, "url": BUTTON_URL, "phone_number": BUTTON_PHONE}


def check_definition(definition: Mapping[str, Any]) -> None:
    """Raise `MessageError` for what is missing, too long or too many."""
    name = definition.get("name", "")
    checks.identifier("name", name, limits.TEMPLATE_NAME)
    if not _NAME.fullmatch(name):
        raise MessageError("name", "may hold small letters, digits and _ only.")
    checks.identifier("language", definition.get("language", ""))
    check_category(definition.get("category", ""))
    if "library_template_name" not in definition:
        check_components("components", definition.get("components", ()))


def check_category(category: str) -> None:
    """Raise `MessageError` unless it is one of Meta's."""
    checks.text("category", category)
    checks.one_of("category", category.upper(), CATEGORIES)


def check_components(place: str, components: Iterable[Any]) -> None:
    """Raise `MessageError` for a component that is too long, twice there, or without examples."""
    kinds = []
    for index, component in enumerate(checks.parts(place, components, dict, None)):
        here = f"{place}[{index}]"
        kind = component.get("type", "")
        checks.text(f"{here}.type", kind)
        kind = kind.upper()
        kinds.append((f"{here}.type", kind))
        if kind in _TEXTS and "text" in component:
            _check_text(here, component, _TEXTS[kind])
        elif kind == "BUTTONS":
            _check_buttons(f"{here}.buttons", component.get("buttons", ()))
        elif kind == "CAROUSEL":
            _check_cards(f"{here}.cards", component.get("cards", ()))
    checks.unique(kinds)


def _check_text(place: str, component: Mapping[str, Any], limit: int) -> None:
    checks.text(f"{place}.text", component["text"], limit)
    if "{{" in component["text"] and "example" not in component:
        raise MessageError(f"{place}.example", "is missing: the reviewers want an example of each variable.")


def _check_buttons(place: str, buttons: Iterable[Any]) -> None:
    for index, button in enumerate(checks.parts(place, buttons, dict, limits.TEMPLATE_BUTTONS)):
        for part, limit in _BUTTON_PARTS.items():
            if part in button:
                checks.text(f"{place}[{index}].{part}", button[part], limit)


def _check_cards(place: str, cards: Iterable[Any]) -> None:
    for index, card in enumerate(checks.parts(place, cards, dict, limits.CARDS, limits.CARDS_MIN)):
        check_components(f"{place}[{index}].components", card.get("components", ()))
