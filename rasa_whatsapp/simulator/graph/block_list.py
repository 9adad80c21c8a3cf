"""The block list: people to whom the number cannot write, and whose messages do not reach it.

Source: Meta, Cloud API, Block users: only who has written within 24 hours can be blocked.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.api.access import Access, json_object
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.api.paging import page
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Person, State
from rasa_whatsapp.simulator.state.windows import service_window_open

_MOST = 64_000


class BlockList:
    """The people whom the number has blocked."""

    def __init__(self, access: Access, state: State, clock: Clock) -> None:
        self._access = access
        self._state = state
        self._clock = clock

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes."""
        path = r"/{id:\d+}/block_users"
        return [("GET", path, self.list), ("POST", path, self.add), ("DELETE", path, self.remove)]

    async def list(self, request: web.Request) -> web.Response:
        """``GET /{phone_number_id}/block_users``."""
        self._access.number(request)
        blocked = [person for person in self._state.people.values() if person.blocked]
        return page(request, [{"messaging_product": "whatsapp", **_named(each)} for each in blocked])

    async def add(self, request: web.Request) -> web.Response:
        """``POST …/block_users``."""
        users = await self._read(request)
        blocked = sum(person.blocked for person in self._state.people.values())
        if blocked + len(users) > _MOST:
            raise Refusal(139101, f"The block list has room for {_MOST} people.")
        return self._set(users, "added_users", True)

    async def remove(self, request: web.Request) -> web.Response:
        """``DELETE …/block_users``, with a body."""
        return self._set(await self._read(request), "removed_users", False)

    async def _read(self, request: web.Request) -> dict[str, Person | None]:
        """What each person is called in the request, and who it is."""
        self._access.number(request)
        body = await json_object(request)
        users = body.get("block_users")
        if body.get("messaging_product") != "whatsapp" or not isinstance(users, list) or not users:
            raise Refusal(100, "The parameters messaging_product and block_users are required.")
        return {name: self._state.person(name) for name in map(_name, users)}

    def _set(self, users: dict[str, Person | None], what: str, blocked: bool) -> web.Response:
        """Block or unblock everybody who can be; Meta tells of both, with an error when some could not."""
        now = self._clock.now()
        done, failed = [], []
        for name, person in users.items():
            if person is not None and (not blocked or service_window_open(person, now)):
                person.blocked = blocked
                done.append({"input": name, **_named(person)})
            else:
                failed.append({"input": name, "errors": [_UNREACHED]})
        told: dict[str, Any] = {what: done} | ({"failed_users": failed} if failed else {})
        answer = {"messaging_product": "whatsapp", "block_users": told}
        if failed:
            raise Refusal(139100, "Some of the people have not written within 24 hours.", beside=answer)
        return web.json_response(answer)


_UNREACHED = Refusal(131047, "The person has not written within 24 hours.").in_webhook()


def _name(user: Any) -> str:
    for key in ("user", "user_id"):
        if isinstance(user, dict) and isinstance(user.get(key), str):
            return str(user[key])
    raise Refusal(100, "Each of block_users needs user or user_id.")


def _named(person: Person) -> dict[str, str]:
    return {"wa_id": person.phone} if person.phone else {"user_id": person.user_id}
