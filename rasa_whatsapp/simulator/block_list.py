"""The block list. It is kept, not enforced: people here write what they are told to."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.access import Access, json_object
from rasa_whatsapp.simulator.calls import Handler
from rasa_whatsapp.simulator.ids import digits
from rasa_whatsapp.simulator.paging import page
from rasa_whatsapp.simulator.refusal import Refusal


class BlockList:
    """The people whom the number has blocked."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._people: dict[str, dict[str, str]] = {}

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes."""
        path = r"/{id:\d+}/block_users"
        return [("GET", path, self.list), ("POST", path, self.add), ("DELETE", path, self.remove)]

    async def list(self, request: web.Request) -> web.Response:
        """``GET /{phone_number_id}/block_users``."""
        self._access.number(request)
        return page(request, [{"messaging_product": "whatsapp", **each} for each in self._people.values()])

    async def add(self, request: web.Request) -> web.Response:
        """``POST …/block_users``."""
        people = await self._read(request)
        self._people |= people
        return _answer("added_users", people)

    async def remove(self, request: web.Request) -> web.Response:
        """``DELETE …/block_users``, with a body."""
        people = await self._read(request)
        for key in people:
            self._people.pop(key, None)
        return _answer("removed_users", people)

    async def _read(self, request: web.Request) -> dict[str, dict[str, str]]:
        self._access.number(request)
        body = await json_object(request)
        users = body.get("block_users")
        if body.get("messaging_product") != "whatsapp" or not isinstance(users, list) or not users:
            raise Refusal(100, "The parameters messaging_product and block_users are required.")
        return dict(map(_person, users))


def _person(user: Any) -> tuple[str, dict[str, str]]:
    if isinstance(user, dict) and isinstance(user.get("user"), str):
        phone = digits(user["user"])
        return phone, {"wa_id": phone}
    if isinstance(user, dict) and isinstance(user.get("user_id"), str):
        return user["user_id"], {"user_id": user["user_id"]}
    raise Refusal(100, "Each of block_users needs user or user_id.")


def _answer(what: str, people: dict[str, dict[str, str]]) -> web.Response:
    told = [{"input": key, **person} for key, person in people.items()]
    return web.json_response({"messaging_product": "whatsapp", "block_users": {what: told}})
