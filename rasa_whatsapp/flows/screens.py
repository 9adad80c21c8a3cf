"""The document: screens, their data and their layout."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any, ClassVar, TypeVar

from rasa_whatsapp.flows.components.base import Children, read_components
from rasa_whatsapp.flows.expressions import DataKey, Ref
from rasa_whatsapp.flows.node import Json, Node, plain
from rasa_whatsapp.flows.utils import Version
from rasa_whatsapp.flows.validation import Problem, problems

R = TypeVar("R", bound=Ref)


class LayoutType(str, Enum):
    """How components are arranged; so far only one below the other."""

    SINGLE_COLUMN = "SingleColumnLayout"


@dataclass(kw_only=True, eq=False)
class Layout(Node):
    """What a screen shows: at most 50 components."""

    READS: ClassVar = {"children": read_components}

    type: LayoutType | str = LayoutType.SINGLE_COLUMN
    children: Children


@dataclass(kw_only=True)
class ScreenData:
    """Something that a screen is given: by the message, the screen before it or the endpoint.

    Attributes:
        key: its name.
        example: shown in Meta's preview; its type is the type of the data.
        schema: the whole JSON schema, where the example does not tell it.

    Raises:
        ValueError: neither a schema nor an example that tells the type.
    """

    key: str
    example: Any = None
    schema: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.schema is None:
            self.schema = {**_schema(self.key, plain(self.example)), "__example__": plain(self.example)}

    @property
    def ref(self) -> DataKey:
        """The reference to it: ``${data.key}``; from another screen: ``screen / data.ref``."""
        return DataKey(self.key)

    @property
    def data_key(self) -> DataKey:
        """The same as ``ref``."""
        return self.ref


class _Unread(list[Any]):
    """A list where an object should be: it is written as it was, not as data that were declared in Python."""


def _read_data(document: Any) -> Any:
    if isinstance(document, list):
        return _Unread(document)
    if not isinstance(document, dict) or not all(isinstance(each, dict) for each in document.values()):
        return document
    return [
        ScreenData(key=key, example=schema.get("__example__"), schema=schema)
        for key, schema in document.items()
    ]


@dataclass(kw_only=True, eq=False)
class Screen(Node):
    """One page of a Flow.

    Attributes:
        id: letters and underscores; ``SUCCESS`` is WhatsApp's own.
        title: shown at the top.
        data: what the screen is given.
        terminal: the Flow can end here; such a screen needs a Footer.
        success: whether an end here is a success, which it is unless told.
        refresh_on_back: asks the endpoint when the user goes back from this screen, not when back to it.
        layout: what it shows.
        sensitive: names of inputs that the summary after completion hides. Flow JSON 5.1.

    Source: Meta, WhatsApp Flows, Flow JSON, Screens.
    """

    KEBAB: ClassVar[bool] = False
    READS: ClassVar = {"data": _read_data, "layout": Layout.read}

    id: str
    title: str | None = None
    data: Sequence[ScreenData] | Mapping[str, Any] | None = None
    terminal: bool | None = None
    success: bool | None = None
    refresh_on_back: bool | None = None
    layout: Layout | Json
    sensitive: Sequence[str] | None = None

    def __truediv__(self, ref: R) -> R:
        """``screen / component.ref``: what this screen was given or its user entered, for another screen."""
        return type(ref)(ref.name, screen=self.id)

    def to_dict(self) -> Json:
        """The JSON object."""
        document = super().to_dict()
        data = self.data
        if isinstance(data, Sequence) and not isinstance(data, (str, _Unread)):
            declared = [each for each in data if isinstance(each, ScreenData)]
            if len(declared) == len(data):
                document["data"] = {each.key: plain(each.schema) for each in declared}
        return document


@dataclass(kw_only=True, eq=False)
class FlowJSON(Node):
    """A Flow: the forms and screens that WhatsApp draws.

    Attributes:
        version: of Flow JSON; 3.0 unless told.
        data_api_version: of the endpoint's protocol; only for a Flow with an endpoint.
        routing_model: which screens may follow which; needed with an endpoint.
        data_channel_uri: the endpoint, before Flow JSON 3.0.
        screens: at most 100.

    Source: Meta, WhatsApp Flows, Flow JSON.
    """

    KEBAB: ClassVar[bool] = False
    READS: ClassVar = {"screens": Screen.read_all}

    version: str = Version.FLOW_JSON
    data_api_version: str | None = None
    routing_model: Mapping[str, Sequence[str]] | None = None
    data_channel_uri: str | None = None
    screens: Sequence[Screen | Json]

    @classmethod
    def from_json(cls, source: str | bytes | Mapping[str, Any] | os.PathLike[str] | IO[Any]) -> FlowJSON:
        """Reads a Flow, and keeps all of it: unknown keys and components, and the order of keys.

        Args:
            source: JSON as text, bytes or a dict, or a file: its path (also as text) or the open file.

        Raises:
            ValueError: it is no JSON object.
            OSError: the file cannot be read.
        """
        try:
            document = source if isinstance(source, Mapping) else json.loads(_text(source))
            if not isinstance(document, Mapping):
                raise ValueError(f"A Flow is a JSON object, this is a {type(document).__name__}.")
            return cls.from_dict(document)
        except RecursionError:
            raise ValueError("This JSON nests too deep to be a Flow.") from None
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            raise ValueError(f"This is no JSON, {where}: {error.msg}.") from None
        except UnicodeDecodeError as error:
            raise ValueError(f"This is no JSON: {error}. Save it as UTF-8.") from None

    def problems(self) -> list[Problem]:
        """What Meta would reject, found without asking Meta; each prints as ``place: what is wrong``."""
        try:
            return problems(self.to_dict())
        except RecursionError:
            return [Problem("screens", "nest too deep")]

    def to_json(self, indent: int | None = 2) -> str:
        """The Flow as JSON text, as Meta takes it."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


def _text(source: str | bytes | os.PathLike[str] | IO[Any]) -> str | bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return source.lstrip("\ufeff")
    if isinstance(source, (str, os.PathLike)):
        return Path(source).read_bytes()
    content: str | bytes = source.read()
    return content


def _schema(key: str, example: Any) -> Json:
    """The JSON schema that an example tells."""
    if isinstance(example, bool):
        return {"type": "boolean"}
    if isinstance(example, (int, float)):
        return {"type": "number"}
    if isinstance(example, str):
        return {"type": "string"}
    if isinstance(example, dict):
        return {"type": "object", "properties": {name: _schema(key, each) for name, each in example.items()}}
    if isinstance(example, list) and example:
        return {"type": "array", "items": _schema(key, example[0])}
    raise ValueError(f"The example of {key!r} tells no type: give one, or a schema.")
