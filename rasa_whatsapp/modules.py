"""Modules of the bot's own project, which credentials.yml or the command line names."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType


def load(name: str) -> ModuleType:
    """Imports a module, which may lie in the working directory, as Rasa's own do.

    Raises:
        Exception: whatever the import raises.
    """
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    importlib.invalidate_caches()
    return importlib.import_module(name)
