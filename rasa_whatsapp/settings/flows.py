"""The ``flows`` setting: the endpoint's keys and functions, and what the replies are called."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from rasa_whatsapp.modules import is_reference
from rasa_whatsapp.settings import kinds
from rasa_whatsapp.settings.kinds import Kind, Wrong, nearest

LATEST_DEADLINE = 10.0
"""Seconds after which WhatsApp gives up. Source: Meta, WhatsApp Flows, Error codes, ``timeout_error``."""


class FlowSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the channel knows of Flows; its repr shows no secret.

    Attributes:
        private_key: PEM or paths of PEM files, the newest first; empty without an endpoint.
        passphrase: of the keys that have one.
        handlers: ``module:object``, the functions that answer; empty where none do.
        action: the custom action that answers what no function does; empty for none.
        texts: what the user reads when something goes wrong: ``failed``, ``late``, ``expired``.
        intents: what a Flow's reply is called in Rasa, by the name or the id that the Flow was sent with, or
            by the name of its template.
        foreign_tokens: whether requests with tokens of other systems are answered.
        deadline: seconds that a function has.
    """

    private_key: tuple[str, ...] = ()
    passphrase: str = ""
    handlers: str = ""
    action: str = ""
    texts: dict[str, str] = {}
    intents: dict[str, str] = {}
    foreign_tokens: bool = False
    deadline: float = 8.0

    def __repr__(self) -> str:
        return f"FlowSettings({len(self.private_key)} private keys, handlers={self.handlers!r})"


def _read(value: Any) -> FlowSettings:
    if not isinstance(value, Mapping):
        raise Wrong("is not a mapping.", "Write lines such as private_key: and handlers: under it.")
    known = FlowSettings.__struct_fields__
    for name in value:
        if name not in known:
            guess = nearest(name, known) if isinstance(name, str) else ""
            raise Wrong("has an unknown key.", f"{guess}The keys are: {', '.join(known)}.")
    given = {name: _part(name, each) for name, each in value.items() if not _blank(each)}
    flows = FlowSettings(**given)
    if flows.private_key and not (flows.handlers or flows.action):
        remedy = f"It belongs to private_key, unless action does. {_REMEDIES['handlers']}"
        raise Wrong("is missing.", remedy, below="handlers")
    for one in ("handlers", "action"):
        if getattr(flows, one) and not flows.private_key:
            remedy = f"It belongs to {one}. {_REMEDIES['private_key']}"
            raise Wrong("is missing.", remedy, below="private_key")
    return flows


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _part(name: str, value: Any) -> Any:
    try:
        return _PARTS[name](value)
    except Wrong as wrong:
        raise Wrong(wrong.problem, wrong.remedy, below=name) from None


def _private_key(value: Any) -> tuple[str, ...]:
    keys = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(kinds.TEXT.read(key) for key in keys)


def _handlers(value: Any) -> str:
    text: str = kinds.TEXT.read(value)
    reference = text if ":" in text else f"{text}:handlers"
    if not is_reference(reference):
        raise Wrong("is not the name of a Python module.", _REMEDIES["handlers"])
    return reference


def _action(value: Any) -> str:
    text: str = kinds.TEXT.read(value)
    if not re.fullmatch(r"\w+", text):
        raise Wrong("is not the name of a custom action.", "Write it as in domain.yml, such as action_flow.")
    return text


def _texts(value: Any) -> dict[str, str]:
    names = ("failed", "late", "expired")
    if not isinstance(value, Mapping) or not set(value) <= set(names):
        raise Wrong(
            "is not a mapping of texts.", f"Write lines such as late: … under it: {', '.join(names)}."
        )
    return {str(name): kinds.TEXT.read(text) for name, text in value.items()}


def _intents(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) and name for name in value):
        raise Wrong("is not a mapping of Flows.", "Write lines such as sign_up: inform under it.")
    return {str(name): kinds.INTENT.read(intent) for name, intent in value.items()}


def _deadline(value: Any) -> float:
    seconds: float = kinds.duration().read(value)
    if seconds >= LATEST_DEADLINE:
        raise Wrong("is too late: WhatsApp gives up after 10 s.", "Write less, such as 8.")
    return seconds


_PARTS = {
    "private_key": _private_key,
    "passphrase": kinds.TEXT.read,
    "handlers": _handlers,
    "action": _action,
    "texts": _texts,
    "intents": _intents,
    "foreign_tokens": kinds.FLAG.read,
    "deadline": _deadline,
}
_REMEDIES = {
    "private_key": "Name the file that `rasa-whatsapp keys generate` makes.",
    "handlers": "Write module:object, such as my_flows:handlers, a FlowHandlers.",
}

FLOWS = Kind("mapping", _read, structured=True, empty=None)
