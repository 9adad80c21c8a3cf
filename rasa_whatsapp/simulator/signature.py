"""A class that is made with what another one takes, without naming it all again."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, get_type_hints

_P = ParamSpec("_P")


def takes(
    other: Callable[_P, object],
) -> Callable[[Callable[..., None]], Callable[Concatenate[Any, _P], None]]:
    """Lets an ``__init__`` take what ``other`` takes, for readers, editors and type checkers alike."""

    def decorate(init: Callable[..., None]) -> Callable[Concatenate[Any, _P], None]:
        taken = inspect.signature(other)
        # Their types are named in the modules of other and what it inherits from, not where init stands.
        types = get_type_hints(other)
        named = [each.replace(annotation=types[each.name]) for each in taken.parameters.values()]
        own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
        vars(init)["__signature__"] = taken.replace(parameters=[own, *named], return_annotation=None)
        return init

    return decorate
