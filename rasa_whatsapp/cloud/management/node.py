"""One object of the Graph API, such as a number or an account, and what is below it.

Source: Meta, Graph API, Overview.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar, get_args, get_origin
from urllib.parse import parse_qs, quote, urlsplit

import aiohttp
import msgspec

from rasa_whatsapp.cloud.graph import Graph
from rasa_whatsapp.errors import GraphError, SettingsError
from rasa_whatsapp.fields import items, mapping, text

PAGE = "100"
"""Objects that one request of a list asks for; Meta's default is 25."""

T = TypeVar("T", bound=msgspec.Struct)


class Node:
    """An object of the Graph API, by its id.

    Args:
        key: the setting that holds the id, for the error when it is empty.
    """

    def __init__(self, graph: Graph, key: str, node_id: str) -> None:
        self._graph = graph
        self._key = key
        self._id = node_id

    def other(self, node_id: str) -> Node:
        """Another object, reached with the same token."""
        return Node(self._graph, self._key, node_id)

    async def get(self, *below: str, **params: str) -> dict[str, Any]:
        """Read the object, or what is ``below`` it; parameters without a value are left out."""
        return await self._graph.request("GET", self._path(below), params=_given(params))

    async def items(self, *below: str, **params: str) -> AsyncIterator[dict[str, Any]]:
        """Each object of a list, page after page; the next page is asked for when it is needed.

        Only the cursor is taken from ``paging.next``: its address holds the token and is never opened.
        Source: Meta, Graph API, Paginated results.
        """
        seen = {""}
        while True:
            page = await self.get(*below, **params)
            for item in items(page, "data"):
                yield item
            params["after"] = _next_cursor(page)
            if params["after"] in seen:
                return
            seen.add(params["after"])

    async def post(self, *below: str, json: Mapping[str, Any], private: str = "") -> dict[str, Any]:
        """Change the object; ``private`` is a text to keep out of errors."""
        return _done(await self._graph.request("POST", self._path(below), json=dict(json), private=private))

    async def post_form(self, *below: str, form: aiohttp.FormData) -> dict[str, Any]:
        """Send a form with a file."""
        return _done(await self._graph.request("POST", self._path(below), data=form))

    async def delete(
        self, *below: str, json: Mapping[str, Any] | None = None, private: str = "", **params: str
    ) -> dict[str, Any]:
        """Delete what is below the object."""
        return _done(
            await self._graph.request(
                "DELETE", self._path(below), json=json, params=_given(params), private=private
            )
        )

    def _path(self, below: tuple[str, ...]) -> str:
        if not self._id:
            remedy = "This call needs it: write it into credentials.yml, or give it to the client in Python."
            raise SettingsError(self._key, "is not set.", remedy)
        return "/".join(quote(part, safe="") for part in (self._id, *below))


def read(kind: type[T], answer: Mapping[str, Any]) -> T:
    """The fields of Meta's ``answer`` that ``kind`` knows; one of an unexpected type reads as missing.

    So do those of the objects below it; what does not fit into a list is passed over.
    """
    found = {}
    for field in msgspec.structs.fields(kind):
        with suppress(msgspec.ValidationError):
            found[field.name] = _value(field.type, answer, field.encode_name)
    return kind(**found)


def _value(kind: Any, answer: Mapping[str, Any], name: str) -> Any:
    if kind is str:
        return text(answer, name)
    if _is_struct(kind):
        return read(kind, mapping(answer, name))
    if get_origin(kind) is not tuple:
        return msgspec.convert(answer.get(name), kind, strict=False)
    each = get_args(kind)[0]
    if _is_struct(each):
        return tuple(read(each, item) for item in items(answer, name))
    listed = []
    for item in msgspec.convert(answer.get(name), list[Any]):
        with suppress(msgspec.ValidationError):
            listed.append(msgspec.convert(item, each, strict=False))
    return tuple(listed)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def field_names(kind: type[msgspec.Struct]) -> str:
    """What Graph's ``fields`` must say to get all that ``kind`` knows."""
    return ",".join(field.encode_name for field in msgspec.structs.fields(kind))


def _given(params: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in params.items() if value}


def _next_cursor(page: Mapping[str, Any]) -> str:
    """Where the next page begins; empty after the last one, which has cursors too, but no ``next``."""
    paging = mapping(page, "paging")
    following = text(paging, "next")
    if not following:
        return ""
    return (
        text(mapping(paging, "cursors"), "after") or parse_qs(urlsplit(following).query).get("after", [""])[0]
    )


def _done(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("success") is False:
        raise GraphError(None, "success is false", help="Nothing was changed; Meta does not say why.")
    return answer
