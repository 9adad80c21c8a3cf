"""The kinds of values a setting may have: each checks one raw value and returns the finished one.

A raw value comes from YAML, JSON or an environment variable, so every kind also reads its textual form.
No kind ever quotes the value it refuses: it could be a secret that was put in the wrong place.
"""

from __future__ import annotations

import ipaddress
import math
import re
import ssl
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.header_value import fits_header
from rasa_whatsapp.messages import Template
from rasa_whatsapp.messages.limits import length

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
FLAGS = {
    **dict.fromkeys(("true", "on", "yes", "1"), True),
    **dict.fromkeys(("false", "off", "no", "0"), False),
}


class Wrong(ValueError):
    """A value that its kind refuses: ``problem`` continues the key's name, ``remedy`` is a sentence.

    ``below`` names the part of a mapping that is wrong, where it is only one.
    """

    def __init__(self, problem: str, remedy: str, below: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.below = below


class Kind(NamedTuple):
    """What a value must be.

    Attributes:
        label: its name for people.
        read: checks a raw value and returns the finished one, or raises `Wrong`.
        structured: whether it may be a list or mapping, which stands as YAML in an environment variable.
        empty: the finished value when there is none.
    """

    label: str
    read: Callable[[Any], Any]
    structured: bool = False
    empty: Any = ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, as a question to begin a remedy with; empty when none is."""
    found = get_close_matches(word.lower(), list(known), n=1)
    return f"Did you mean {found[0]}? " if found else ""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(f"is {_noun(value)}, not text.", "Write it in quotes.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong("has half a character in it (a lone surrogate).", "Write it again.") from None
    return str(value).strip()


def _noun(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple, set)):
        return "a list"
    return "empty" if value is None else "of another type"


def _token(value: Any) -> str:
    text = _text(value)
    if not fits_header(text):
        raise Wrong("has spaces or characters outside ASCII.", "Copy it again, in one piece.")
    return text


def _token_or_number(value: Any) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**32
    return str(int(value)) if is_number else _token(value)


def _path_token(value: Any) -> str:
    text = _token(value)
    if not re.fullmatch(r"[A-Za-z0-9_~-]{16,128}", text):
        raise Wrong(
            "is not 16 to 128 letters, digits, dashes and underscores.",
            "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'.",
        )
    return text


def _tokens(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        return (_token(value),)
    if not value:
        raise Wrong("is an empty list.", "Give at least one secret, or leave the key out.")
    return tuple(_token(item) for item in value)


def _identifier(value: Any) -> str:
    if isinstance(value, float):
        raise Wrong("is a decimal number, which loses digits.", "Write the id in quotes.")
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**32:
        return str(int(value))
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,32}", value.strip()):
        raise Wrong(
            "is not an id of digits alone.",
            "Copy the id (not the phone number) from the app's page WhatsApp > API Setup.",
        )
    return str(value).strip()


def _finite(value: Any) -> float:
    """The number that a value is or spells; not-a-number when it is none, or infinite."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    return number if math.isfinite(number) else math.nan


def _number(value: Any) -> float:
    number = _finite(value)
    if not number > 0:
        raise Wrong("is not a number above 0.", "Write a number such as 80.")
    return number


def _count(value: Any) -> int:
    number = _finite(value)
    if not 1 <= number <= 10_000 or number != int(number):
        raise Wrong("is not a whole number from 1 to 10000.", "Write a whole number such as 16.")
    return int(number)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in FLAGS:
        raise Wrong("is neither true nor false.", "Write true or false.")
    return FLAGS[word]


def _url(value: Any) -> str:
    text = _text(value).rstrip("/")
    example = "Write an address such as https://graph.facebook.com."
    try:
        url = urlsplit(text)
        host, _ = (url.hostname or "").lower(), url.port
    except ValueError:
        raise Wrong("is not a URL.", example) from None
    if url.scheme not in ("http", "https") or not re.fullmatch(r"[!-~]+", text) or not host:
        raise Wrong("is not an http or https URL.", example)
    if url.query or url.fragment or "@" in url.netloc:
        raise Wrong("has a user name, a query or a fragment.", f"Leave them out. {example}")
    if url.scheme == "http" and not _stays_home(host):
        raise Wrong(
            "begins with http://, so the access token would travel unencrypted.",
            "Write https://; http:// is for this machine and private networks.",
        )
    return text


def _stays_home(host: str) -> bool:
    """Whether plain HTTP to this host stays on the machine or in a private (Docker, office) network.

    True for loopback and private addresses, names without a dot (containers), and names under
    ``.localhost``, ``.internal`` and ``.local``, none of which exist on the public internet.
    """
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return bool(re.fullmatch(r"[a-z][a-z0-9_-]*|[a-z0-9._-]+\.(localhost|internal|local)", host))


def _api_version(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"v[0-9]{1,3}(\.[0-9]{1,3})?", value.strip()):
        raise Wrong("is not a version of the API.", "Write it like v26.0, for Serpro like v2.")
    return str(value).strip()


def _store(value: Any) -> str:
    text = _text(value)
    if text == "memory://":
        return text
    if text.startswith(("redis://", "rediss://")):
        return _redis(text)
    if re.fullmatch(r"sqlite:///[^?#:\x00]*[^?#:/\x00]", text):
        return text
    raise Wrong(
        "is not the address of a store.",
        "Write sqlite:///whatsapp.db (relative), sqlite:////var/lib/whatsapp.db (absolute), "
        "redis://host:6379/0 or memory://.",
    )


def _redis(text: str) -> str:
    example = "Write redis://:password@host:6379/0 (in a password, %40 for @), or rediss:// for TLS."
    try:
        url = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError:
        raise Wrong("is not the address of a Redis server.", example) from None
    if not host or not re.fullmatch(r"[!-~]+", text) or not re.fullmatch(r"/?|/[0-9]{1,5}", url.path):
        raise Wrong("is not the address of a Redis server.", example)
    options = [option.partition("=")[0] for option in url.query.split("&") if option]
    if url.fragment or not all(option.startswith("ssl_") for option in options):
        raise Wrong("has options other than those that begin with ssl_.", f"Leave them out. {example}")
    return text


def _ca_bundle(value: Any) -> str:
    text = _text(value)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=text)
    except ssl.SSLError:
        raise Wrong("names a file without PEM certificates.", "Name a file of certificates in PEM.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        problem = f"names a file that cannot be read ({reason})."
        raise Wrong(problem, "Correct the path or the file's rights.") from None
    return text


def duration(*, or_none: bool = False) -> Kind:
    """Seconds, or a number with a unit (s, m, h, d); 0 only with ``or_none``."""

    def read(value: Any) -> float:
        parts = (
            re.fullmatch(r"([0-9.]+)\s*([smhd])", value.strip().lower()) if isinstance(value, str) else None
        )
        seconds = _finite(_finite(parts[1]) * SECONDS[parts[2]]) if parts else _finite(value)
        if not (seconds >= 0 if or_none else seconds > 0):
            raise Wrong(
                f"is not a duration {'of 0 or more' if or_none else 'above 0'}.",
                "Write seconds, or a number with a unit: 20s, 30m, 24h, 7d.",
            )
        return seconds

    return Kind("duration", read)


def choice(*known: str) -> Kind:
    """One of a few words."""

    def read(value: Any) -> str:
        word = value.strip().lower() if isinstance(value, str) else ""
        if word not in known:
            remedy = f"{nearest(word, known)}It can be: {', '.join(known)}."
            raise Wrong("is not a value it can have.", remedy)
        return word

    return Kind(" or ".join(known), read)


def label(limit: int) -> Kind:
    """A text that people see, up to ``limit`` characters as WhatsApp counts them."""

    def read(value: Any) -> str:
        text = _text(value)
        if length(text) > limit:
            raise Wrong(f"is {length(text)} characters long.", f"Write at most {limit}.")
        return text

    return Kind(f"text up to {limit}", read)


_INTENT = r"[^\s{}@/]+"


def _intent(value: Any) -> str:
    text = _text(value)
    if not re.fullmatch(_INTENT, text):
        raise Wrong("is not the name of an intent.", "Write it without a slash.")
    return text


def _template(value: Any) -> Template:
    if not isinstance(value, Mapping) or set(value) - {"name", "language"}:
        raise Wrong(
            "is not a template.", "Write name: and language: under it, such as hello_world and en_US."
        )
    if missing := [key for key in ("name", "language") if key not in value]:
        raise Wrong(f"has no {missing[0]}.", "Write name: and language: under it.")
    try:
        return Template(_text(value["name"]), _text(value["language"]))
    except MessageError as error:
        raise Wrong(f"is not a template: {error}.", "Correct it.") from None


def intents(kinds: tuple[str, ...]) -> Kind:
    """A mapping from the kind of a message to an intent's name, to ``text`` or to null."""

    def read(value: Any) -> dict[str, str | None]:
        if not isinstance(value, Mapping):
            raise Wrong("is not a mapping.", "Write lines such as image: send_picture under it.")
        for kind, intent in value.items():
            if kind not in kinds:
                guess = nearest(kind, kinds) if isinstance(kind, str) else ""
                raise Wrong("has an unknown kind of message.", f"{guess}The kinds are: {', '.join(kinds)}.")
            if intent is not None and not (isinstance(intent, str) and re.fullmatch(_INTENT, intent)):
                raise Wrong(
                    f"gives {kind} something that is not an intent.",
                    "Write the intent's name without a slash, text for the caption, or null for silence.",
                )
        return {str(kind): None if intent is None else str(intent) for kind, intent in value.items()}

    return Kind("mapping", read, structured=True)


def _entries(value: Any) -> list[dict[Any, Any]]:
    is_list = isinstance(value, (list, tuple)) and value
    if not is_list or not all(isinstance(entry, Mapping) for entry in value):
        raise Wrong(
            "is not a list of numbers.", "Write one entry for each, beginning with - phone_number_id:."
        )
    return [dict(entry) for entry in value]


TEXT = Kind("text", _text)
TOKEN = Kind("text", _token)
TOKEN_OR_NUMBER = Kind("id", _token_or_number)
PATH_TOKEN = Kind("text", _path_token)
TOKENS = Kind("text or list", _tokens, structured=True, empty=())
IDENTIFIER = Kind("id", _identifier)
NUMBER = Kind("number", _number)
COUNT = Kind("whole number", _count)
FLAG = Kind("true or false", _flag)
URL = Kind("URL", _url)
API_VERSION = Kind("version", _api_version)
STORE = Kind("URL", _store)
CA_BUNDLE = Kind("path", _ca_bundle)
ENTRIES = Kind("list", _entries, structured=True)
INTENT = Kind("intent", _intent)
TEMPLATE = Kind("mapping", _template, structured=True, empty=None)
