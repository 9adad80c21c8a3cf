"""What the page tells the local WhatsApp to do. All that comes from it is data: checked, and never run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa_whatsapp.simulator.api.calls import read_json
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.people.reader import Unexpected
from rasa_whatsapp.simulator.people.user import User

_MOST_HOURS = 24 * 365


class Commands:
    """The commands of the page, by their names."""

    def __init__(self, network: Network, clock: Clock, user_of: Callable[[str], User]) -> None:
        self._network = network
        self._clock = clock
        self._user_of = user_of
        self._by_name: dict[str, Callable[[User, dict[str, Any]], Awaitable[object]]] = {
            "text": lambda user, command: user.says(
                _need(command, "text"), reply_to=_text(command, "reply_to")
            ),
            "tap": lambda user, command: user.taps_id(_need(command, "message"), _need(command, "id")),
            "media": _media,
            "location": _location,
            "contacts": _contacts,
            "forward": lambda user, command: user.forwards(
                _need(command, "message"), often=command.get("often") is True
            ),
            "order": _order,
            "address": _address,
            "calls": lambda user, command: user.allows_calls(
                command.get("allowed") is True, reply_to=_need(command, "reply_to")
            ),
            "number": lambda user, command: user.changes_number(_need(command, "phone")),
            "ad": lambda user, command: user.comes_by_ad(
                _need(command, "text"), headline=_text(command, "headline")
            ),
            "marketing": lambda user, command: user.stops_marketing(command.get("stopped") is True),
            "reaction": lambda user, command: user.reacts(
                _text(command, "message"), command.get("emoji") or ""
            ),
            "read": lambda user, command: user.reads(),
        }

    async def obey(self, packet: str) -> str:
        """Carry out a command of the page; what was wrong with it, or an empty string."""
        try:
            command = read_json(packet)
            if not isinstance(command, dict):
                return "A command is a JSON object."
            if command.get("do") == "user":
                self._network.person(_need(command, "phone"), name=_text(command, "name"))
                return ""
            if command.get("do") == "advance":
                self._clock.advance(hours=_hours(command))
                return ""
            do = self._by_name.get(_need(command, "do"))
            if do is None:
                return f"The simulator knows no command {command['do']!r}."
            await do(self._user_of(_need(command, "user")), command)
        except KeyError as missing:
            return f"The command needs {missing}."
        except (ValueError, TypeError, OverflowError, RecursionError, Unexpected) as problem:
            return str(problem)
        return ""


def _text(command: dict[str, Any], key: str) -> str:
    """A text of the command; empty when it is not there."""
    value = command.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"The command's {key!r} must be a text.")
    return value


def _need(command: dict[str, Any], key: str) -> str:
    value = _text(command, key)
    if not value:
        raise ValueError(f"The command needs {key!r}.")
    return value


def _hours(command: dict[str, Any]) -> float:
    hours = float(command["hours"])
    if not 0 < hours <= _MOST_HOURS:
        raise ValueError(f"The time can be moved ahead by up to {_MOST_HOURS} hours.")
    return hours


async def _media(user: User, command: dict[str, Any]) -> None:
    await user.sends_media(
        _need(command, "kind"),
        _need(command, "media"),
        caption=_text(command, "caption"),
        filename=_text(command, "filename"),
        voice=command.get("voice") is True,
        reply_to=_text(command, "reply_to"),
    )


async def _location(user: User, command: dict[str, Any]) -> None:
    latitude, longitude = float(command["latitude"]), float(command["longitude"])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("There is no such place.")
    await user.sends_location(
        latitude,
        longitude,
        name=_text(command, "name"),
        address=_text(command, "address"),
        reply_to=_text(command, "reply_to"),
    )


async def _contacts(user: User, command: dict[str, Any]) -> None:
    contacts = command.get("contacts")
    if not isinstance(contacts, list) or not contacts or not all(isinstance(item, dict) for item in contacts):
        raise ValueError("The command needs a list of contacts.")
    await user.sends_contacts(*contacts, reply_to=_text(command, "reply_to"))


async def _order(user: User, command: dict[str, Any]) -> None:
    items = command.get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise ValueError("The command needs a list of items.")
    await user.orders(
        *items,
        catalog_id=_text(command, "catalog"),
        text=_text(command, "text"),
        reply_to=_text(command, "reply_to"),
    )


async def _address(user: User, command: dict[str, Any]) -> None:
    values = command.get("values")
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise ValueError("The command needs an address: an object of texts.")
    await user.gives_address(values, reply_to=_need(command, "reply_to"))
