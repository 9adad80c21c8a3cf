"""Who reads only the docstrings knows what a thing does, in which units, what it raises, and who says so."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import inspect
import re
import textwrap
import typing
from collections.abc import Callable, Iterator
from typing import Any

from surface import Thing, things

THINGS = list(things())
FUNCTIONS = [thing for thing in THINGS if not inspect.isclass(thing.value)]
UNIT = re.compile(
    r"second|minute|hour|day|bytes|KiB|MiB|kB|degree|metre|pixel|character|percent|1970|month|year|digit|"
    r"at most|up to|at least|how many|number of|count|status|code|port|version|index|ordinal|page|amount|"
    r"price|thousandth|step|ratio",
    re.IGNORECASE,
)


def test_everything_public_is_looked_at() -> None:
    """The promised modules have not silently become empty."""
    assert len(THINGS) > 400
    assert len(FUNCTIONS) > 150


def test_everything_public_has_a_docstring() -> None:
    """A sentence, not a word."""
    assert [thing.name for thing in THINGS if len(thing.docs[0].split()) < 3] == []


def test_what_a_function_raises_is_told() -> None:
    """Each error that its body raises stands under ``Raises:``, by its own name or that of a parent."""
    untold = [
        f"{thing.name}: {error.__name__}"
        for thing in FUNCTIONS
        for error in _raised(thing.function)
        if not _names(error) & set(re.findall(r"\w+", _section(thing.docs[0], "Raises")))
    ]
    assert untold == []


def test_arguments_that_are_told_exist() -> None:
    """A renamed argument does not keep its old name in the text."""
    assert [
        f"{thing.name}: {name}"
        for thing in FUNCTIONS
        for name in re.findall(r"^    (\w+)(?:, \w+)*:", _section(thing.docs[0], "Args"), re.MULTILINE)
        if name not in inspect.signature(thing.function).parameters
    ] == []


def test_annotations_can_be_resolved_where_they_are_inherited() -> None:
    """An editor, or the API reference, looks a dataclass's fields up in the class's own module."""
    for thing in THINGS:
        if dataclasses.is_dataclass(thing.value) and inspect.isclass(thing.value):
            typing.get_type_hints(thing.value.__init__)


def test_a_signature_taken_from_another_class_tells_types() -> None:
    """Not their names, which nobody could look up where they stand."""
    given = [
        vars(thing.value.__init__).get("__signature__")
        for thing in THINGS
        if inspect.isclass(thing.value) and inspect.isfunction(thing.value.__init__)
    ]
    taken = [signature for signature in given if signature is not None]
    assert taken
    for signature in taken:
        assert not any(isinstance(each.annotation, str) for each in signature.parameters.values())


def test_numbers_have_units() -> None:
    """Where a number goes in or comes out, the text says of what, and how large it may be."""
    assert [
        f"{thing.name}: {name}"
        for thing in THINGS
        for name, hint in _hints(thing)
        if _is_number(hint) and not UNIT.search(" ".join(thing.docs[:2]))
    ] == []


def test_facts_of_the_wire_have_a_source() -> None:
    """What speaks of Meta's or Serpro's wire names the page, itself or where it stands."""
    about_wire = re.compile(r"rasa_whatsapp\.(messages|events|cloud|serpro|flows\.components)\b")
    assert [
        thing.name
        for thing in THINGS
        if about_wire.match(thing.name) and not any("Source:" in text for text in thing.docs)
    ] == []


def _section(text: str, title: str) -> str:
    found = re.search(rf"^{title}:\n((?:[ ]{{4}}.*\n|\n)*)", inspect.cleandoc(text) + "\n", re.MULTILINE)
    return found[1] if found else ""


def _raised(function: Callable[..., Any]) -> Iterator[type[BaseException]]:
    """The errors that the function's own statements raise."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    scope = inspect.unwrap(function).__globals__
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = made.id if isinstance(made, ast.Name) else ""
            error = scope.get(name) or getattr(builtins, name, None)
            if inspect.isclass(error) and issubclass(error, BaseException):
                yield error


def _names(error: type[BaseException]) -> set[str]:
    """The names under which somebody may catch it."""
    return {kind.__name__ for kind in error.__mro__ if issubclass(kind, Exception)} - {"Exception"}


def _hints(thing: Thing) -> list[tuple[str, Any]]:
    """Arguments and results, or a class's own fields, with what they may be."""
    if inspect.isclass(thing.value):
        return list(inspect.get_annotations(thing.value).items())
    return list(inspect.get_annotations(thing.function).items())


def _is_number(hint: Any) -> bool:
    if isinstance(hint, str):
        return bool(re.search(r"\b(int|float)\b", hint)) and "Callable" not in hint
    return hint in (int, float) or any(_is_number(part) for part in typing.get_args(hint))
