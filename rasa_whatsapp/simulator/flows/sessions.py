"""Flows that people have open: what WhatsApp on a phone does between the form and the endpoint.

The page, or a test, says what was filled in and tapped; screens, encryption and the reply are done here.

Source: Meta, WhatsApp Flows, Implementing endpoints; Error codes; Flow JSON, Routing model.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.flows.book import FlowBook
from rasa_whatsapp.simulator.flows.crypto import encrypted
from rasa_whatsapp.simulator.flows.endpoint import FlowEndpoint, FlowTrouble
from rasa_whatsapp.simulator.flows.token import token_signature
from rasa_whatsapp.simulator.media.shelf import MediaShelf, sha256_base64
from rasa_whatsapp.simulator.state import Media, Message

SUCCESS = "SUCCESS"
_OPEN = 1_000
_PICKED_FILES = 100
PICKED = "$picked"
"""A picker's file in a payload: ``{"$picked": media id}``."""

Json = dict[str, Any]


class Holder(Protocol):
    """Who holds the phone: sees the conversation, and sends the reply."""

    @property
    def messages(self) -> list[Message]:
        """The conversation so far."""

    async def completes_flow(self, answers: Json, *, reply_to: Message | str) -> Message:
        """Send a Flow's reply, with these answers."""


@dataclass
class FlowSession:
    """One opened Flow.

    Attributes:
        screen: where the person is; empty before the first screen.
        done: the reply, once the Flow is complete.
    """

    id: str
    user: Holder
    message: Message
    flow: Json
    document: Json
    token: str
    screen: str = ""
    done: Message | None = None
    files: dict[str, Media] = field(default_factory=dict)

    @property
    def screens(self) -> dict[str, Json]:
        """The screens of the Flow JSON, by their ids."""
        return {screen["id"]: screen for screen in self.document["screens"]}


class FlowSessions:
    """Opens Flows, and carries what is tapped in them.

    Args:
        flows: the account's Flows.
        shelf: where picked files lie.
        url: the simulator's own address, where encrypted files are served.
    """

    def __init__(
        self,
        account: Account,
        flows: FlowBook,
        shelf: MediaShelf,
        endpoint: FlowEndpoint,
        url: Callable[[], str],
    ) -> None:
        self._account = account
        self._flows = flows
        self._shelf = shelf
        self._endpoint = endpoint
        self._url = url
        self._sessions: dict[str, FlowSession] = {}
        self._encrypted: dict[str, bytes] = {}

    def find(self, session_id: str) -> FlowSession:
        """Raises :class:`FlowTrouble` for one that is not open."""
        session = self._sessions.get(session_id)
        if session is None:
            raise FlowTrouble("This form is not open any more.")
        return session

    def file(self, name: str) -> bytes | None:
        """A picked file as it lies at Meta's, encrypted."""
        return self._encrypted.get(name)

    async def open(self, user: Holder, message: Message) -> tuple[FlowSession, Json]:
        """Opens the Flow of a message; returns it, and the first screen with its data.

        Raises:
            FlowTrouble: the message's Flow cannot be opened; says why.
        """
        if all(each is not message for each in user.messages):
            raise FlowTrouble("There is no such message in this chat.")
        parameters = _parameters(message)
        flow, document = self._flow(parameters)
        session = FlowSession(
            id=secrets.token_hex(8),
            user=user,
            message=message,
            flow=flow,
            document=document,
            token=str(parameters.get("flow_token") or "unused"),
        )
        self._sessions[session.id] = session
        while len(self._sessions) > _OPEN:
            self._sessions.pop(next(iter(self._sessions)))
        if parameters.get("flow_action") == "data_exchange":
            return session, await self.exchange(session, "INIT", {})
        payload = parameters.get("flow_action_payload") or {}
        screen = str(payload.get("screen") or document["screens"][0]["id"])
        return session, self._show(session, screen, payload.get("data") or {})

    def navigate(self, session: FlowSession, screen: str) -> None:
        """The person went to another screen without the endpoint, forth or back.

        Raises:
            FlowTrouble: there is no such screen.
        """
        self._show(session, screen, {})

    async def exchange(self, session: FlowSession, action: str, payload: Json) -> Json:
        """Asks the endpoint, and returns the next screen with its data, or that the Flow is done.

        Args:
            action: ``INIT``, ``BACK`` or ``data_exchange``.

        Raises:
            FlowTrouble: there is no usable answer.
        """
        request: Json = {
            "version": str(session.document.get("data_api_version") or "3.0"),
            "action": action,
            "flow_token": session.token,
            "screen": session.screen,
            "data": self._with_files(session, payload, for_endpoint=True),
        }
        if request["version"] >= "4.0":
            request["flow_token_signature"] = token_signature(session.token, self._account.app_secret)
        answer = await self._endpoint.ask(session.flow, request, user=session.message.user)
        screen, data = answer.get("screen"), answer.get("data")
        if not isinstance(screen, str) or not isinstance(data, dict):
            raise await self._reject(session, "payload-schema-error", "The answer has no screen, or no data.")
        if screen == SUCCESS:
            response = data.get("extension_message_response")
            parameters = response.get("params") if isinstance(response, dict) else None
            if not isinstance(parameters, dict):
                problem = "SUCCESS needs data.extension_message_response.params."
                raise await self._reject(session, "payload-schema-error", problem)
            return await self.complete(session, parameters)
        if screen not in session.screens or not self._may_follow(session, screen):
            problem = f"From {session.screen or 'the start'} no route leads to {screen}."
            raise await self._reject(session, "invalid-screen-transition", problem)
        return self._show(session, screen, data)

    async def complete(self, session: FlowSession, payload: Json) -> Json:
        """Sends the reply of the Flow to the bot; the answers stand in it with the token.

        Raises:
            FlowTrouble: it is complete already.
        """
        if session.done is not None:
            raise FlowTrouble("This form was sent already.")
        answers = {"flow_token": session.token, **self._with_files(session, payload, for_endpoint=False)}
        session.done = await session.user.completes_flow(answers, reply_to=session.message)
        return {"done": True}

    def pick(self, session: FlowSession, media: Media) -> str:
        """Notes a file that the person has picked; payloads name it as ``{"$picked": id}``."""
        session.files[media.id] = media
        return media.id

    # --- inside ---

    def _flow(self, parameters: Json) -> tuple[Json, Json]:
        name, id = parameters.get("flow_name"), str(parameters.get("flow_id") or "")
        flow = self._flows.named(str(name)) if name else self._flows.find(id)
        if flow is None:
            raise FlowTrouble(f"There is no Flow {name or id}: create and publish it first.")
        draft = parameters.get("mode") == "draft"
        if not draft and flow["status"] not in ("PUBLISHED", "THROTTLED"):
            raise FlowTrouble(f"The Flow {flow['name']} is {flow['status']}: publish it first.")
        document = self._flows.document(flow["id"])
        if document is None:
            raise FlowTrouble(f"The Flow {flow['name']} has no JSON that can be shown.")
        return flow, document

    def _show(self, session: FlowSession, screen: str, data: Json) -> Json:
        if screen not in session.screens:
            raise FlowTrouble(f"The Flow {session.flow['name']} has no screen {screen}.")
        session.screen = screen
        return {"screen": screen, "data": data}

    def _may_follow(self, session: FlowSession, screen: str) -> bool:
        routes = session.document.get("routing_model")
        if not session.screen or screen == session.screen or not isinstance(routes, dict) or not routes:
            return True
        return screen in (routes.get(session.screen) or ()) or session.screen in (routes.get(screen) or ())

    async def _reject(self, session: FlowSession, error: str, problem: str) -> FlowTrouble:
        """Tells the endpoint that its answer was wrong, as phones do; returns what the person reads."""
        action = "data_exchange" if session.screen else "INIT"
        notice: Json = {
            "version": str(session.document.get("data_api_version") or "3.0"),
            "action": action,
            "flow_token": session.token,
            "screen": session.screen,
            "data": {"error": error, "error_message": problem},
        }
        with contextlib.suppress(FlowTrouble):  # the notice is a courtesy
            await self._endpoint.ask(session.flow, notice, user=session.message.user)
        return FlowTrouble(problem, error)

    def _with_files(self, session: FlowSession, value: Any, *, for_endpoint: bool) -> Any:
        """The payload with picked files as WhatsApp writes them."""
        if isinstance(value, list):
            return [self._with_files(session, item, for_endpoint=for_endpoint) for item in value]
        if not isinstance(value, dict):
            return value
        picked = value.get(PICKED)
        media = session.files.get(picked) if isinstance(picked, str) else None
        if media is None:
            return {
                key: self._with_files(session, item, for_endpoint=for_endpoint) for key, item in value.items()
            }
        if for_endpoint:
            whole, metadata = encrypted(media.data)
            self._encrypted[media.id] = whole
            while len(self._encrypted) > _PICKED_FILES:
                self._encrypted.pop(next(iter(self._encrypted)))
            return {
                "media_id": media.id,
                "cdn_url": f"{self._url()}/flows/media/{media.id}",
                "file_name": media.filename,
                "encryption_metadata": metadata,
            }
        return {
            "file_name": media.filename,
            "mime_type": media.mime_type,
            "sha256": sha256_base64(media.data),
            "id": media.id,
        }


def _parameters(message: Message) -> Json:
    interactive = message.content.get("interactive")
    action = interactive.get("action") if isinstance(interactive, dict) else None
    parameters = action.get("parameters") if isinstance(action, dict) else None
    if not isinstance(parameters, dict) or interactive.get("type") != "flow":  # type: ignore[union-attr]
        raise FlowTrouble("This message has no Flow.")
    return parameters
