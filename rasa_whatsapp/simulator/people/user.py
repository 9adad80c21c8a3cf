"""People as Python sees them: they write, tap, send files, and wait for what the bot answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa_whatsapp.simulator.flows.form import FlowForm, has_flow
from rasa_whatsapp.simulator.flows.sessions import FlowSessions
from rasa_whatsapp.simulator.media.links import Links
from rasa_whatsapp.simulator.media.shelf import MediaShelf
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.people.attachments import USUAL_TYPE, Attachments
from rasa_whatsapp.simulator.people.reader import Reader, Unexpected
from rasa_whatsapp.simulator.state import Media, Message, Person

CALLS_ALLOWED = 7 * 24 * 60 * 60
"""Seconds for which a person lets a business call. Source: Meta, Cloud API Calling, call permissions."""


class User(Reader):
    """One person in front of WhatsApp. All waiting is for at most ``timeout`` seconds.

    Made by ``Simulator.user``. Messages of the bot are read at once, as if the chat were always open.
    """

    def __init__(
        self,
        person: Person,
        network: Network,
        shelf: MediaShelf,
        media_url: Callable[[Media], str],
        flows: Callable[[], FlowSessions | None],
        links: Links,
    ) -> None:
        super().__init__(person, network)
        self._shelf = shelf
        self._flows = flows
        self._attachments = Attachments(shelf, media_url, links)

    def __repr__(self) -> str:
        return f"<User {self._person.user_id}>"

    @property
    def phone(self) -> str:
        """Digits, or empty for somebody who hides the number."""
        return self._person.phone

    @property
    def user_id(self) -> str:
        """The business-scoped user id."""
        return self._person.user_id

    @property
    def name(self) -> str:
        """The name in the profile."""
        return self._person.name

    @property
    def identity_key_hash(self) -> str:
        """What a message may name as ``identity_key_hash``; with another number there is another."""
        return self._person.identity_key_hash

    # --- what a person does ---

    async def changes_number(self, phone: str) -> None:
        """Move to another phone number, as WhatsApp lets one do, and get another user id with it.

        The bot is told of both, and the conversation goes on. The old number reaches nobody (131026) until
        somebody else has it, as by ``whatsapp.user(old)``.

        Raises:
            ValueError: this is no phone number or another's, or the person hides theirs.
        """
        self._network.identities.change_number(self._person, phone)

    async def stops_marketing(self, stopped: bool = True) -> None:
        """Stop the business's marketing messages, which then fail with 131050; or resume them.

        The bot is told, except by Serpro.
        """
        self._network.identities.wants_marketing(self._person, not stopped)

    async def says(self, text: str, *, reply_to: Message | str | None = None) -> Message:
        """Write a text."""
        return await self.sends({"type": "text", "text": {"body": text}}, reply_to=reply_to)

    async def comes_by_ad(
        self,
        text: str,
        *,
        headline: str = "",
        source_id: str = "120200000000000",
        source_url: str = "https://fb.me/local",
    ) -> Message:
        """Write by way of an advertisement that opens WhatsApp; once the bot answers, 72 hours cost nothing.

        Source: Meta, Webhooks, text messages (``referral``); Pricing, free entry points.
        """
        referral = {"source_type": "ad", "source_id": source_id, "source_url": source_url}
        referral |= {"headline": headline} if headline else {}
        return await self.sends({"type": "text", "text": {"body": text}, "referral": referral})

    async def taps(self, title: str, *, timeout: float = 10.0) -> Message:
        """Tap the button or row with this title in the latest message that has it.

        A row is also found by its description, where a bot may have put a title that was too long.
        Raises :class:`Unexpected` when no such thing is offered in time.
        """

        def find() -> tuple[Message, dict[str, Any]] | None:
            for message in reversed(self.messages):
                for offer in message.offers if message.from_bot else ():
                    if title in (offer.title, offer.description):
                        return message, offer.reply
            return None

        message, reply = await self._wait(find, timeout, f"nothing to tap that says {title!r}")
        return await self.sends(reply, reply_to=message)

    async def taps_id(self, message_id: str, offer_id: str) -> Message:
        """Tap the button or row with this id in this message.

        Raises:
            Unexpected: the message has none.
        """
        message = self._network.state.messages.get(message_id)
        for offer in message.offers if message and message.user == self._person.key else ():
            if offer.id == offer_id:
                return await self.sends(offer.reply, reply_to=message_id)
        raise Unexpected("This message offers no such button or row.")

    async def sends_image(
        self, source: bytes | str | Path, *, caption: str = "", mime_type: str = ""
    ) -> Message:
        """Send a picture, from a file or from its bytes."""
        return await self._sends_file("image", source, mime_type, "", caption=caption)

    async def sends_video(
        self, source: bytes | str | Path, *, caption: str = "", mime_type: str = ""
    ) -> Message:
        """Send a video, from a file or from its bytes."""
        return await self._sends_file("video", source, mime_type, "", caption=caption)

    async def sends_audio(
        self, source: bytes | str | Path, *, voice: bool = False, mime_type: str = ""
    ) -> Message:
        """Send a sound, from a file or from its bytes; ``voice`` for one recorded in the chat."""
        return await self._sends_file("audio", source, mime_type, "", voice=voice)

    async def sends_document(
        self, source: bytes | str | Path, *, filename: str = "", caption: str = "", mime_type: str = ""
    ) -> Message:
        """Send a document, from a file or from its bytes."""
        return await self._sends_file("document", source, mime_type, filename, caption=caption)

    async def sends_sticker(self, source: bytes | str | Path, *, mime_type: str = "") -> Message:
        """Send a sticker, from a file or from its bytes."""
        return await self._sends_file("sticker", source, mime_type, "")

    async def sends_media(
        self,
        kind: str,
        media_id: str,
        *,
        caption: str = "",
        filename: str = "",
        voice: bool = False,
        reply_to: str | None = None,
    ) -> Message:
        """Send a file that is on the shelf already; ``voice`` for a sound recorded in the chat.

        Raises:
            ValueError: there is no such file, or no such kind of message.
        """
        content = self._attachments.kept(kind, media_id, caption=caption, filename=filename, voice=voice)
        return await self.sends(content, reply_to=reply_to)

    async def sends_location(
        self,
        latitude: float,
        longitude: float,
        *,
        name: str = "",
        address: str = "",
        reply_to: Message | str | None = None,
    ) -> Message:
        """Share a place."""
        words = {key: value for key, value in (("name", name), ("address", address)) if value}
        place = {"latitude": latitude, "longitude": longitude, **words}
        return await self.sends({"type": "location", "location": place}, reply_to=reply_to)

    async def sends_contacts(
        self, *contacts: dict[str, Any], reply_to: Message | str | None = None
    ) -> Message:
        """Share contacts, each as WhatsApp's contact object."""
        return await self.sends({"type": "contacts", "contacts": list(contacts)}, reply_to=reply_to)

    async def orders(
        self,
        *items: dict[str, Any],
        catalog_id: str,
        text: str = "",
        reply_to: Message | str | None = None,
    ) -> Message:
        """Order products: ``product_retailer_id``, ``quantity``, ``item_price`` and ``currency`` of each."""
        cart = {"catalog_id": catalog_id, "text": text, "product_items": list(items)}
        return await self.sends({"type": "order", "order": cart}, reply_to=reply_to)

    async def gives_address(self, values: dict[str, str], *, reply_to: Message | str) -> Message:
        """Fill in WhatsApp's address form, which numbers in India may ask for."""
        answer = json.dumps({"values": values}, ensure_ascii=False)
        words = ", ".join(values.values())
        return await self._fills_in("address_message", words, answer, reply_to)

    async def opens_flow(self, message: Message | str | None = None, *, timeout: float = 10.0) -> FlowForm:
        """Tap the button of a Flow: of this message, or of the latest that has one, waiting for it.

        Raises:
            Unexpected: there is none in time.
            FlowTrouble: it cannot be opened.
        """

        def find() -> Message | None:
            return next((each for each in reversed(self.messages) if has_flow(each)), None)

        if message is None:
            found = await self._wait(find, timeout, "no message with a Flow")
        elif given := self._network.state.messages.get(_id(message)):
            found = given
        else:
            raise Unexpected("There is no such message.")
        sessions = self._flows()
        if sessions is None:
            raise Unexpected("Serpro carries no Flows.")
        session, shown = await sessions.open(self, found)
        return FlowForm(sessions, self._shelf, session, shown)

    async def completes_flow(self, answers: dict[str, Any], *, reply_to: Message | str) -> Message:
        """Send a Flow's reply, with these answers, the ``flow_token`` among them."""
        return await self._fills_in("flow", "Sent", json.dumps(answers, ensure_ascii=False), reply_to)

    async def allows_calls(self, allowed: bool = True, *, reply_to: Message | str) -> Message:
        """Answer a request for leave to call; it lasts for seven days."""
        answer: dict[str, Any] = {"response": "reject", "response_source": "user_action"}
        if allowed:
            answer |= {"response": "accept", "expiration_timestamp": self._network.now() + CALLS_ALLOWED}
        content = {"type": "call_permission_reply", "call_permission_reply": answer}
        return await self.sends({"type": "interactive", "interactive": content}, reply_to=reply_to)

    async def forwards(self, message: Message | str, *, often: bool = False) -> Message:
        """Forward a message of this chat to the bot. What WhatsApp does not forward goes as its words.

        Args:
            often: it has been forwarded many times.

        Raises:
            Unexpected: there is no such message, or its file is gone.
        """
        given = self._network.state.messages.get(_id(message))
        if given is None or given.user != self._person.key:
            raise Unexpected("There is no such message in this chat.")
        content = {"type": "text", "text": {"body": given.text}}
        if given.type in ("text", "location", "contacts"):
            content = given.content
        elif given.type in USUAL_TYPE:
            copied = await self._attachments.copied(given)
            if copied is None:
                raise Unexpected("The file of this message is gone.")
            content = copied
        return self._network.send_to_bot(self._person, content, forwarded="often" if often else "once")

    async def reacts(self, message: Message | str, emoji: str) -> Message:
        """React to a message; an empty emoji takes the reaction back."""
        reaction = {"message_id": _id(message)} | ({"emoji": emoji} if emoji else {})
        return await self.sends({"type": "reaction", "reaction": reaction})

    async def sends(self, content: dict[str, Any], *, reply_to: Message | str | None = None) -> Message:
        """Send any message object, ``{"type": kind, kind: …}``, exactly as it stands."""
        return self._network.send_to_bot(self._person, content, _id(reply_to) if reply_to else None)

    # --- inside ---

    async def _sends_file(
        self, kind: str, source: bytes | str | Path, mime_type: str, filename: str, **extras: Any
    ) -> Message:
        return await self.sends(self._attachments.read(kind, source, mime_type, filename, **extras))

    async def _fills_in(
        self, name: str, words: str, response: str, reply_to: Message | str | None
    ) -> Message:
        reply = {"name": name, "body": words, "response_json": response}
        content = {"type": "nfm_reply", "nfm_reply": reply}
        return await self.sends({"type": "interactive", "interactive": content}, reply_to=reply_to)


def _id(message: Message | str) -> str:
    return message if isinstance(message, str) else message.id
