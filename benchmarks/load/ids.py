"""Ids of messages, as long and as unordered as WhatsApp's."""

from __future__ import annotations

import base64
import hashlib


def message_id(name: object) -> str:
    """The same for the same name."""
    return f"wamid.{base64.b64encode(hashlib.sha256(str(name).encode()).digest()).decode()}"
