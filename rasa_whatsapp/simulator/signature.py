"""A class that is made with what another one takes, without naming it all again."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

_P = ParamSpec("_P")


def takes(
    other: Callable[_P, object],
) -> Callable[[Callable[..., None]], Callable[Concatenate[Any, _P], None]]:
    """Lets an ``__init__`` take what ``other`` takes, for readers, editors and type checkers alike."""

    def decorate(init: Callable[..., None]) -> Callable[Concatenate[Any, _P], None]:
        taken = inspect.signature(other)
        own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
        signature = taken.replace(parameters=[own, *taken.parameters.values()])
        vars(init)["__signature__"] = signature
        return init

    return decorate
