"""Components that are shown under a condition. Flow JSON 4.0. Source: Meta, WhatsApp Flows, Components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rasa_whatsapp.flows.components.base import Children, Component, Text, read_cases, read_components
from rasa_whatsapp.flows.expressions import Expression
from rasa_whatsapp.flows.node import Json


@dataclass(kw_only=True, eq=False)
class If(Component):
    """Shows ``then`` where the condition holds, else ``else_``; may be nested three deep.

    The condition is an expression, ``(age.ref >= 18) & member.ref``, or its text.
    """

    READS: ClassVar = {"then": read_components, "else_": read_components}

    condition: Text
    then: Children
    else_: Children | None = None

    def to_dict(self) -> Json:
        """The JSON object; the condition stands in it without backticks."""
        document = super().to_dict()
        if isinstance(self.condition, Expression):
            document["condition"] = str(self.condition)
        return document


@dataclass(kw_only=True, eq=False)
class Switch(Component):
    """Shows the case whose key is the value."""

    READS: ClassVar = {"cases": read_cases}

    value: Text
    cases: Mapping[str, Children]
