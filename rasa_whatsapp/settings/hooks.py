"""The kinds of settings that name a function of the bot's own project."""

from __future__ import annotations

import re
from typing import Any

from rasa_whatsapp.settings import kinds
from rasa_whatsapp.settings.kinds import Kind, Wrong


def _function(value: Any) -> str:
    text: str = kinds.TEXT.read(value)
    if not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*", text):
        raise Wrong("is not the name of a function.", "Write module:function, such as my_bot.hooks:hear.")
    return text


FUNCTION = Kind("module:function", _function)
