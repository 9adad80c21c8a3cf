"""JSON as it may really arrive: half an emoji, numbers beyond 64 bits, nesting without end.

Whatever comes from here is *sound*: it can be encoded as JSON again, by msgspec or anybody else, it fits into
every store, and it nests no deeper than ``MAX_DEPTH``.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

import msgspec

MAX_DEPTH = 64
"""How deep JSON may nest. WhatsApp's own nests less than 20; deeper parts are cut, because whoever copies or
encodes them later would run into Python's recursion limit."""

_ALL_DIGITS_ZERO = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 19
"""What every integer beyond 64 bits contains then; so do long ids, which are found to be harmless."""

_PRINTABLE_BITS = 4096
"""Python refuses to write much longer integers in decimal digits."""


def loads(data: bytes | str) -> Any:
    """Decodes JSON into sound values.

    Raises:
        ValueError: it is not JSON, or nests deeper than Python can follow.
    """
    if isinstance(data, str):
        data = _mended(data).encode()
    try:
        document = msgspec.json.decode(data)
    except RecursionError:
        raise ValueError("it nests too deep") from None
    except (msgspec.DecodeError, UnicodeError):
        return clean(_loads_leniently(data))
    return clean(document) if _is_doubtful(data, document) else document


def dumps(value: Any) -> bytes:
    """Encodes a value as JSON; where it holds text or numbers that no JSON can carry, a cleaned copy.

    Raises:
        TypeError: it holds something that no JSON is made of.
    """
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, OverflowError):
        return msgspec.json.encode(clean(msgspec.to_builtins(value)))


def sound(value: Any) -> Any:
    """The value itself where it is sound already, as nearly all are, else a cleaned copy."""
    try:
        data = msgspec.json.encode(value)
    except (ValueError, OverflowError, RecursionError, TypeError):
        return clean(value)
    # Infinity, which Python's reader makes of 1e400, has become null in the JSON.
    return clean(value) if b"null" in data or _is_doubtful(data, value) else value


def clean(value: Any, depth: int = MAX_DEPTH) -> Any:
    """A copy without anything unsound.

    Half an emoji becomes ``\\ufffd``, an integer beyond 64 bits its digits as text, infinity None; what
    nests too deep, and what is no JSON at all, becomes None.
    """
    if isinstance(value, str):
        return _mended(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if -(2**63) <= value < 2**63:
            return value
        return str(value) if value.bit_length() <= _PRINTABLE_BITS else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth > 0 and isinstance(value, dict):
        return {_mended(str(name)): clean(item, depth - 1) for name, item in value.items()}
    if depth > 0 and isinstance(value, (list, tuple)):
        return [clean(item, depth - 1) for item in value]
    return None


def _mended(text: str) -> str:
    """The text with ``\\ufffd`` in place of each surrogate that has lost its other half."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _loads_leniently(data: bytes) -> Any:
    """What msgspec refuses but Python's own reader takes: half an emoji, huge numbers, broken UTF-8."""
    try:
        return json.loads(data.decode("utf-8", "replace"), parse_int=_integer, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it nests too deep") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= 20 else digits


def _is_doubtful(data: bytes, value: Any) -> bool:
    """Whether a value, whose JSON is ``data``, may hold something unsound. Cheap for what usually comes."""
    if _LONG_NUMBER in data.translate(_ALL_DIGITS_ZERO):
        return True
    return data.count(b"{") + data.count(b"[") > MAX_DEPTH and _is_deep(value)


def _is_deep(value: Any) -> bool:
    """Whether the value nests deeper than ``MAX_DEPTH``; level by level, so without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, (dict, list, tuple))
        ]
        if not level:
            return False
    return True
