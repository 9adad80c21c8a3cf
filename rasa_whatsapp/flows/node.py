"""One object of a Flow JSON document: typed for people, and faithful to the JSON that it was read from."""

# Annotations are not kept as text here: each component inherits ``extra`` into an ``__init__`` of its own,
# and its module does not know what ``Json`` is.

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from enum import Enum
from typing import Any, ClassVar, TypeVar

from rasa_whatsapp.flows.expressions import Expression

Json = dict[str, Any]
N = TypeVar("N", bound="Node")


@dataclass(kw_only=True, eq=False)
class Node:
    """The base of screens, components, actions and options.

    A field's name becomes the JSON key, with ``-`` for ``_`` where ``KEBAB`` says so. What is None is left
    out, unless it was null when it was read; what was read keeps its place, and keys that are not known here
    are kept in ``extra``.
    """

    KEBAB: ClassVar[bool] = True
    KIND: ClassVar[str] = ""
    """The value of ``type``, for the nodes that have a fixed one."""
    READS: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    """How the fields that hold other nodes are read, by the field's name."""

    extra: Json = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._order: tuple[str, ...] = ()
        self._nulls: frozenset[str] = frozenset()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self) -> Json:
        """The JSON object: keys in the order in which they were read, then those that were added."""
        written: Json = {"type": self.KIND} if self.KIND else {}
        for key, each in _keys(type(self)).items():
            value = getattr(self, each.name)
            if value is not None or key in self._nulls:
                written[key] = plain(value)
        written.update(plain(self.extra))
        return {key: written[key] for key in dict.fromkeys((*self._order, *written)) if key in written}

    @classmethod
    def from_dict(cls: type[N], document: Mapping[str, Any]) -> N:
        """Reads the JSON object. Nothing is refused: what a rule forbids is for ``FlowJSON.problems``."""
        keys = _keys(cls)
        given: Json = {each.name: None for each in keys.values()}
        extra: Json = {}
        for key, value in document.items():
            if key in keys:
                name = keys[key].name
                given[name] = cls.READS[name](value) if name in cls.READS else value
            elif key != "type" or not cls.KIND:
                extra[key] = value
        node = cls(**given, extra=extra)
        node._order = tuple(document)
        node._nulls = frozenset(key for key, value in document.items() if value is None)
        return node

    @classmethod
    def read(cls, value: Any) -> Any:
        """Reads an object as this kind of node; anything else, which no Flow has there, stays as it is."""
        return cls.from_dict(value) if isinstance(value, dict) else value

    @classmethod
    def read_all(cls, value: Any) -> Any:
        """Reads a list of objects as nodes of this kind; anything else stays as it is."""
        return [cls.read(each) for each in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """The value as JSON has it: nodes as objects, references and expressions as text."""
    if isinstance(value, Expression):
        return value.json
    if isinstance(value, Node):
        return value.to_dict()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def _keys(kind: type[Node]) -> dict[str, Field[Any]]:
    """The JSON key of each field. A trailing ``_`` only keeps the name apart from Python's own words."""
    names = {each.name.rstrip("_"): each for each in fields(kind) if each.name != "extra"}
    return {(name.replace("_", "-") if kind.KEBAB else name): each for name, each in names.items()}
