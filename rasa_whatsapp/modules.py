"""What the bot's own project has, and credentials.yml or the command line names as ``module:object``."""

from __future__ import annotations

import importlib
import os
import re
import sys
from difflib import get_close_matches
from types import ModuleType
from typing import Any, TypeVar

from rasa_whatsapp.errors import SettingsError

T = TypeVar("T")


def is_reference(text: str) -> bool:
    """Whether a text has the form ``module:object``."""
    return re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*", text) is not None


def load(name: str) -> ModuleType:
    """Imports a module, which may lie in the working directory, as Rasa's own do.

    Raises:
        Exception: whatever the import raises.
    """
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    importlib.invalidate_caches()
    return importlib.import_module(name)


def named(reference: str, key: str, kind: type[T] | None = None) -> T:
    """The object that ``module:object`` names; the module may lie in the working directory.

    Args:
        key: where it was named, for the error.
        kind: what it must be; a function unless told.

    Raises:
        SettingsError: the module cannot be imported, or has no such object of that kind.
    """
    module_name, _, name = reference.partition(":")
    try:
        module = load(module_name)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and f"{module_name}.".startswith(f"{error.name}."):
            problem = f"names the module {error.name}, which does not exist."
            remedy = f"Put it into the folder {os.getcwd()}, or install it."
        else:
            problem = (
                f"names {module_name}, which fails when it is imported: {type(error).__name__}: {error}."
            )
            remedy = f"Correct it; `python -c 'import {module_name}'` shows the whole error."
        raise SettingsError(key, problem, remedy) from error
    found: T | None = getattr(module, name, None)
    if found is not None and _fits(found, kind):
        return found
    called = kind.__name__ if kind else "function"
    problem = (
        f"names {name}, which {module_name} does not have."
        if found is None
        else f"names {module_name}:{name}, a {type(found).__name__} and no {called}."
    )
    others = [each for each, value in vars(module).items() if _fits(value, kind) and _is_own(value, module)]
    guesses = [*get_close_matches(name, others, 1), *others]
    guess = f"Did you mean {module_name}:{guesses[0]}?" if guesses else f"Make a {called} there."
    raise SettingsError(key, problem, guess)


def _fits(value: Any, kind: type[Any] | None) -> bool:
    return isinstance(value, kind) if kind else callable(value)


def _is_own(value: Any, module: ModuleType) -> bool:
    """Whether it was written there; only functions and classes can tell."""
    return not hasattr(value, "__qualname__") or getattr(value, "__module__", "") == module.__name__
