"""References to what a Flow knows while it runs, and expressions made of them with Python's operators.

    >>> age, member = FormRef("age"), DataKey("member")
    >>> str((age >= 18) & ~member)
    '(${form.age} >= 18) && !${data.member}'

Sources: Meta, WhatsApp Flows, Flow JSON, Dynamic properties and Nested expressions; Components, If.
"""

from __future__ import annotations

from string import Formatter
from typing import TypeAlias

Operand: TypeAlias = "Expression | str | int | float"


class Expression:
    """Something that WhatsApp computes on the phone.

    ``==``, ``!=``, ``<``, ``<=``, ``>`` and ``>=`` compare, ``&``, ``|`` and ``~`` combine conditions
    (Python's ``and``, ``or`` and ``not`` cannot be used), ``+``, ``-``, ``*``, ``/`` and ``%`` calculate.
    Needs Flow JSON 6.0, in the condition of an ``If`` 4.0.

    Args:
        text: the expression as WhatsApp reads it, without backticks.
        compound: it needs parentheses when it becomes a part of another one.
    """

    def __init__(self, text: str, *, compound: bool = False) -> None:
        self._text = text
        self._compound = compound

    def __str__(self) -> str:
        """The expression without backticks, as the condition of an ``If`` wants it."""
        return self._text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._text!r})"

    @property
    def json(self) -> str:
        """The expression as the value of any other property: between backticks."""
        return f"`{self._text}`"

    def __eq__(self, other: Operand) -> Expression:  # type: ignore[override]
        return self._with("==", other)

    def __ne__(self, other: Operand) -> Expression:  # type: ignore[override]
        return self._with("!=", other)

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        raise TypeError(f"{self._text} is known on the phone only: write &, | and ~ for and, or and not.")

    def __lt__(self, other: Operand) -> Expression:
        return self._with("<", other)

    def __le__(self, other: Operand) -> Expression:
        return self._with("<=", other)

    def __gt__(self, other: Operand) -> Expression:
        return self._with(">", other)

    def __ge__(self, other: Operand) -> Expression:
        return self._with(">=", other)

    def __and__(self, other: Operand) -> Expression:
        return self._with("&&", other)

    def __or__(self, other: Operand) -> Expression:
        return self._with("||", other)

    def __invert__(self) -> Expression:
        return Expression(f"!{_part(self)}")

    def __add__(self, other: Operand) -> Expression:
        return self._with("+", other)

    def __sub__(self, other: Operand) -> Expression:
        return self._with("-", other)

    def __mul__(self, other: Operand) -> Expression:
        return self._with("*", other)

    def __truediv__(self, other: Operand) -> Expression:
        return self._with("/", other)

    def __mod__(self, other: Operand) -> Expression:
        return self._with("%", other)

    def __radd__(self, other: Operand) -> Expression:
        return _joined(other, "+", self)

    def __rsub__(self, other: Operand) -> Expression:
        return _joined(other, "-", self)

    def __rmul__(self, other: Operand) -> Expression:
        return _joined(other, "*", self)

    def __rtruediv__(self, other: Operand) -> Expression:
        return _joined(other, "/", self)

    def __rmod__(self, other: Operand) -> Expression:
        return _joined(other, "%", self)

    def _with(self, operator: str, other: Operand) -> Expression:
        return _joined(self, operator, other)


class Ref(Expression):
    """A reference: ``${form.email}``, ``${data.email}``, ``${screen.SIGN_UP.form.email}``.

    ``screen / ref`` is the same thing seen from another screen (Flow JSON 4.0).
    """

    SCOPE = ""

    def __init__(self, name: str, *, screen: str = "") -> None:
        self.name = name
        path = f"screen.{screen}.{self.SCOPE}.{name}" if screen else f"{self.SCOPE}.{name}"
        super().__init__(f"${{{path}}}")

    @property
    def json(self) -> str:
        """The reference, which needs no backticks."""
        return self._text


class FormRef(Ref):
    """What the user has entered into the component of this name: ``${form.name}``."""

    SCOPE = "form"


class DataKey(Ref):
    """What the screen was given under this key: ``${data.key}``."""

    SCOPE = "data"


class FlowStr(Expression):
    """A text with references in it: ``FlowStr("Hello, {name}!", name=first_name.ref)``. Flow JSON 6.0.

    Raises:
        KeyError: the text names a value that is not given.
    """

    def __init__(self, template: str, **values: Operand) -> None:
        parts: list[str] = []
        for words, field, _, _ in Formatter().parse(template):
            if words:
                parts.append(_literal(words))
            if field is not None:
                parts.append(_part(values[field]))
        super().__init__(" ".join(parts) or "''", compound=True)


def _joined(left: Operand, operator: str, right: Operand) -> Expression:
    return Expression(f"{_part(left)} {operator} {_part(right)}", compound=True)


def _part(value: Operand) -> str:
    """The operand as a part of a larger expression."""
    if isinstance(value, Expression):
        return f"({value})" if value._compound else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return _literal(value)
    raise TypeError(f"An expression compares texts, numbers and booleans, not {type(value).__name__}.")


def _literal(words: str) -> str:
    """A text between single quotes, with those inside escaped."""
    escaped = words.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
