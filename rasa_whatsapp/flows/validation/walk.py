"""Every component of a screen, however deep it stands, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Placed:
    """A component and where it stands.

    Attributes:
        place: its path in the JSON.
        parents: the types of what it stands in, outermost first, without the layout.
    """

    document: Json
    place: str
    parents: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return str(self.document.get("type", ""))

    @property
    def in_form(self) -> bool:
        return "Form" in self.parents


@dataclass(frozen=True)
class PlacedScreen:
    """A screen, its place and its components."""

    document: Json
    place: str
    components: tuple[Placed, ...] = field(default=())

    @property
    def id(self) -> str:
        return str(self.document.get("id", ""))

    @property
    def terminal(self) -> bool:
        return self.document.get("terminal") is True

    @property
    def data(self) -> Json:
        data = self.document.get("data")
        return data if isinstance(data, dict) else {}

    @property
    def children(self) -> Any:
        layout = self.document.get("layout")
        return layout.get("children") if isinstance(layout, dict) else None

    def named(self, *kinds: str) -> dict[str, Placed]:
        """The components of these types by their names."""
        found = (each for each in self.components if each.kind in kinds)
        return {each.document["name"]: each for each in found if isinstance(each.document.get("name"), str)}


def screens(document: Json) -> list[PlacedScreen]:
    """The screens of a Flow; what is no object is left out."""
    listed = document.get("screens")
    found = []
    for number, each in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(each, dict):
            screen = PlacedScreen(each, f"screens[{number}]")
            inside = tuple(_components(screen.children, f"{screen.place}.layout.children", ()))
            found.append(PlacedScreen(each, screen.place, inside))
    return found


def branches(component: Json) -> Iterator[tuple[str, Any]]:
    """The lists of components inside a component, each with the way to it."""
    kind = component.get("type")
    if kind == "Form":
        yield "children", component.get("children")
    elif kind == "If":
        yield from ((key, component[key]) for key in ("then", "else") if key in component)
    elif kind == "Switch" and isinstance(component.get("cases"), dict):
        yield from ((f"cases.{key}", each) for key, each in component["cases"].items())


def _components(documents: Any, place: str, parents: tuple[str, ...]) -> Iterator[Placed]:
    for number, each in enumerate(documents if isinstance(documents, list) else ()):
        if isinstance(each, dict):
            here = Placed(each, f"{place}[{number}]", parents)
            yield here
            for way, inside in branches(each):
                yield from _components(inside, f"{here.place}.{way}", (*parents, here.kind))
