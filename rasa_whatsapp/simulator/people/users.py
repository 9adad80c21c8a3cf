"""The people at the keyboard: one :class:`User` for each person, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable

from rasa_whatsapp.simulator.flows.sessions import FlowSessions
from rasa_whatsapp.simulator.media.links import Links
from rasa_whatsapp.simulator.media.shelf import MediaShelf
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.people.user import User
from rasa_whatsapp.simulator.state import Media, Message, Person


class Users:
    """Every user by their person's key, made when first asked for."""

    def __init__(
        self,
        network: Network,
        shelf: MediaShelf,
        media_url: Callable[[Media], str],
        flows: Callable[[], FlowSessions | None],
        links: Links,
    ) -> None:
        self._network = network
        self._shelf = shelf
        self._media_url = media_url
        self._flows = flows
        self._links = links
        self._users: dict[str, User] = {}

    def of(self, person: Person) -> User:
        """The user who is this person."""
        if person.key not in self._users:
            self._users[person.key] = User(
                person, self._network, self._shelf, self._media_url, self._flows, self._links
            )
        return self._users[person.key]

    def of_key(self, key: str) -> User:
        """The user by what the page calls the person. Raises :class:`ValueError` where there is none."""
        person = self._network.state.person(key)
        if person is None:
            raise ValueError("There is no such user.")
        return self.of(person)

    def arrived(self, person: Person, message: Message) -> None:
        """A message of the bot is here for this person."""
        self._links.note(message.content)
        self.of(person).arrived(message)
