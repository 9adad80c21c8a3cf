"""Run where neither Rasa nor Sanic is installed: an action server often has none."""

from __future__ import annotations

import importlib
import importlib.util

for absent in ("rasa", "sanic", "rasa_sdk", "redis"):
    assert importlib.util.find_spec(absent) is None, f"{absent} is installed, so this proves nothing"

for name in (
    "",
    ".actions",
    ".cloud",
    ".delivery",
    ".errors",
    ".events",
    ".messages",
    ".rendering",
    ".settings",
):
    importlib.import_module(f"rasa_whatsapp{name}")

try:
    answer = repr(importlib.import_module("rasa_whatsapp").WhatsAppInput)
except RuntimeError as error:
    answer = str(error)
assert "pip install" in answer, answer

print("imported without Rasa")
