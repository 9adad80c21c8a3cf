"""What all components have in common. Source: Meta, WhatsApp Flows, Components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeAlias

from rasa_whatsapp.flows.actions import Action
from rasa_whatsapp.flows.expressions import Expression, FormRef
from rasa_whatsapp.flows.node import Json, Node

# What a property may be: the value itself, or a reference or expression, as such or as text.
Text: TypeAlias = str | Expression
Flag: TypeAlias = bool | str | Expression
Number: TypeAlias = int | float | str | Expression
Date: TypeAlias = str | date | Expression
Dates: TypeAlias = str | Expression | Sequence[str | date]
Words: TypeAlias = str | Expression | Sequence[str]


@dataclass(kw_only=True, eq=False)
class Component(Node):
    """Something on a screen. Its class name is its ``type``."""

    READS: ClassVar = {
        "on_click_action": Action.read,
        "on_select_action": Action.read,
        "on_unselect_action": Action.read,
    }

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.KIND = cls.__name__


@dataclass(kw_only=True, eq=False)
class Input(Component):
    """A component that the user fills in; ``name`` is unique on its screen."""

    name: str

    @property
    def ref(self) -> FormRef:
        """What the user has entered: ``${form.name}``; from another screen: ``screen / component.ref``."""
        return FormRef(self.name)

    @property
    def form_ref(self) -> FormRef:
        """The same as ``ref``."""
        return self.ref


Children: TypeAlias = Sequence[Component | Json]


def read_component(document: Any) -> Any:
    """A component as its own type; one of a type that is not known here stays a plain dict."""
    if not isinstance(document, dict):
        return document
    kind = _kinds(Component).get(str(document.get("type")))
    return kind.from_dict(document) if kind else document


def read_components(documents: Any) -> Any:
    """A list of components; anything else stays as it is."""
    return [read_component(each) for each in documents] if isinstance(documents, list) else documents


def read_cases(document: Any) -> Any:
    """The components of each case of a Switch."""
    if not isinstance(document, dict):
        return document
    return {key: read_components(each) for key, each in document.items()}


def _kinds(base: type[Component]) -> dict[str, type[Component]]:
    """Every component by its type; subclasses that users make for themselves count too."""
    found: dict[str, type[Component]] = {}
    for kind in base.__subclasses__():
        if kind is not Input:
            found[kind.KIND] = kind
        found |= _kinds(kind)
    return found
