"""What a user names as ``module:object``: the functions of Flows, or a Flow written in Python."""

from __future__ import annotations

import os
from typing import TypeVar

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.modules import load

T = TypeVar("T")


def imported(named: str, kind: type[T], key: str) -> T:
    """The object that ``module:object`` names; the module may lie in the working directory.

    Args:
        kind: what it must be.
        key: where it was named, for the error.

    Raises:
        SettingsError: the module cannot be imported, or has no such object of that kind.
    """
    module_name, _, name = named.partition(":")
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
    found = getattr(module, name, None)
    if isinstance(found, kind):
        return found
    problem = (
        f"names {name}, which {module_name} does not have."
        if found is None
        else f"names {module_name}:{name}, a {type(found).__name__} and no {kind.__name__}."
    )
    others = [each for each, value in vars(module).items() if isinstance(value, kind)]
    guess = f"Did you mean {module_name}:{others[0]}?" if others else f"Make a {kind.__name__} there."
    raise SettingsError(key, problem, guess)
