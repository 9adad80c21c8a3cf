"""The Cloud API client: messages, read receipts and media of one business number.

Source: Meta, Cloud API, Messages; Media; Business phone numbers.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp

from rasa_whatsapp.cloud import management
from rasa_whatsapp.cloud.graph import Graph
from rasa_whatsapp.cloud.media import fetch, form_fields, media_info
from rasa_whatsapp.cloud.payload import wrap
from rasa_whatsapp.errors import GraphError, MessageError, SendTimeout
from rasa_whatsapp.fields import items, mapping, text
from rasa_whatsapp.files import (
    LARGEST,
    Fetched,
    File,
    HasMedia,
    MediaFile,
    MediaInfo,
    Progress,
    at_hand,
    fetched,
    upload_form,
)
from rasa_whatsapp.hosts import GRAPH

if TYPE_CHECKING:
    from rasa_whatsapp.messages import Message

NUMBER_FIELDS = (
    "display_phone_number,verified_name,quality_rating,throughput,status,name_status,"
    "code_verification_status,platform_type"
)
"""What `CloudClient.phone_number` asks for."""
_EXPIRED = (403, 404, 410)
"""What the media servers answer for an address that has expired."""


@dataclass(frozen=True)
class Sent:
    """WhatsApp has accepted a message; whether it arrives is told later, by statuses.

    Attributes:
        id: the message's id (wamid), which its statuses and replies refer to.
        wa_id: the recipient's phone as WhatsApp writes it; may differ from the one written to. Empty for a
            recipient addressed by user id.
        user_id: the recipient's business-scoped user id, when told.
        status: ``accepted``, ``held_for_quality_assessment`` or ``paused``, when told.
    """

    id: str
    wa_id: str = field(default="", repr=False)
    user_id: str = field(default="", repr=False)
    status: str = ""


class CloudClient:
    """One business number's way to WhatsApp, for one event loop.

    Nothing is opened before the first call. Use it as an async context manager, or call `close`.
    Every call may raise `GraphError` (Meta refused), `NotSent` (no connection; trying again is safe) or
    `SendTimeout` (the outcome is unknown).

    Management stands in groups of calls (`rasa_whatsapp.cloud.management`), which need
    ``whatsapp_business_management``: `templates`, `profile`, `numbers`, `qr_codes`, `blocked`, `automation`
    (ice breakers and commands), `webhooks`, `encryption`, `username` and `flows`.

    Args:
        access_token: a system user's token with ``whatsapp_business_messaging``.
        phone_number_id: of the number to send from.
        waba_id: of its WhatsApp Business Account; only templates, Flows, subscriptions and the list of
            numbers need it.
        base_url: another address than Meta's, such as a simulator's.
        app_secret: of the app that the token was made for. With it calls are proved where Meta demands that,
            as it does where the app is set to *Require App Secret*; it is not sent itself.
        session: an open session to use; it stays the caller's to close.
        ca_bundle: a PEM file of certificate authorities to trust besides the system's.
        timeout: seconds for one call; uploads and downloads may take 10 minutes.

    Raises:
        SettingsError: the base URL or the token cannot be used.
    """

    def __init__(
        self,
        access_token: str,
        phone_number_id: str,
        *,
        waba_id: str = "",
        base_url: str = GRAPH,
        api_version: str = "v26.0",
        app_secret: str = "",
        session: aiohttp.ClientSession | None = None,
        ca_bundle: str = "",
        timeout: float = 30.0,
    ) -> None:
        self.phone_number_id = phone_number_id
        self.waba_id = waba_id
        self._token = access_token.strip()
        self._graph = Graph(
            access_token,
            base_url=base_url,
            api_version=api_version,
            app_secret=app_secret,
            session=session,
            ca_bundle=ca_bundle,
            timeout=timeout,
        )
        number = management.Node(self._graph, "phone_number_id", phone_number_id)
        account = management.Node(self._graph, "waba_id", waba_id)
        self.templates = management.Templates(account)
        self.profile = management.Profile(number)
        self.numbers = management.Numbers(number, account)
        self.qr_codes = management.QrCodes(number)
        self.blocked = management.Blocked(number)
        self.automation = management.Automation(number)
        self.webhooks = management.Webhooks(number, account)
        self.encryption = management.Encryption(number)
        self.username = management.Username(number)
        self.flows = management.Flows(account)

    def __repr__(self) -> str:
        return f"CloudClient(phone_number_id={self.phone_number_id!r})"

    async def __aenter__(self) -> CloudClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections and wait until they are gone; an injected session is left alone."""
        await self._graph.close()

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        data: aiohttp.FormData | None = None,
        params: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Make any call of the Graph API; ``path`` stands below the version, as in ``"me"``."""
        return await self._graph.request(method, path, json=json, data=data, params=params)

    async def send(self, message: Message, to: str, *, opaque: str | None = None) -> Sent:
        """Send one message, once; it is never repeated here.

        Args:
            to: a phone number with country code, a business-scoped user id, or a group id.
            opaque: comes back with the message's statuses, before the message's own ``opaque``.

        Raises:
            GraphError: WhatsApp has refused it; ``safe_to_resend`` says whether a repeat can be a duplicate.
            NotSent: it has not left this machine.
            SendTimeout: WhatsApp may have accepted it.

        Source: Meta, Cloud API, Messages.
        """
        digits = re.sub(r"\D", "", to)
        private = digits if len(digits) > 6 else ""
        answer = await self._graph.request(
            "POST", self._path("messages"), json=wrap(message, to, opaque), private=private
        )
        sent, contact = (next(iter(items(answer, key)), {}) for key in ("messages", "contacts"))
        if not text(sent, "id"):
            raise SendTimeout("The answer has no message id: WhatsApp may have accepted the message.")
        return Sent(
            id=text(sent, "id"),
            wa_id=text(contact, "wa_id"),
            user_id=text(contact, "user_id"),
            status=text(sent, "message_status"),
        )

    async def mark_read(self, message_id: str, typing: bool = False) -> None:
        """Mark a received message, and all before it, as read.

        With ``typing``, also show that an answer is coming: the bubble goes with the next message, or after
        25 seconds.

        Source: Meta, Cloud API, Mark messages as read; Typing indicators.
        """
        body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        if typing:
            body["typing_indicator"] = {"type": "text"}
        await self._graph.request("POST", self._path("messages"), json=body)

    async def upload(
        self, file: File, mime_type: str = "", filename: str = "", *, progress: Progress | None = None
    ) -> str:
        """Upload a file for messages of this number and return its id, which can be used for 30 days.

        Args:
            file: a path, an http(s) URL, the bytes, or a seekable binary file, read from where it stands and
                not closed. A URL is fetched here, without any token; never take it from a stranger.
            mime_type: when not given, told by the web server or by the file name.
            progress: called with the bytes that have left and the file's size.

        Raises:
            MessageError: WhatsApp does not carry this type, or not at this size.
            MediaError: the URL could not be fetched.
            OSError: the file cannot be read.
        """
        async with (
            at_hand(file, mime_type, filename, self.fetched) as here,
            upload_form(*here, form_fields, progress) as form,
        ):
            answer = await self._graph.request("POST", self._path("media"), data=form)
        return _known_id(answer)

    def fetched(self, url: str) -> contextlib.AbstractAsyncContextManager[Fetched]:
        """A file from the web, at most 100 MiB, while it is open; see `rasa_whatsapp.files.fetched`."""
        return fetched(self._graph.transport, url, LARGEST)

    async def media(self, media_id: str) -> MediaInfo:
        """Look a file up: its type, size, checksum, and its address for the next 5 minutes."""
        answer = await self._graph.request("GET", quote(media_id, safe=""), params=self._own())
        return media_info(answer, media_id)

    async def download(
        self,
        media: str | HasMedia,
        to: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = LARGEST,
        progress: Progress | None = None,
    ) -> MediaFile:
        """Download a file that a person sent, or that was uploaded, into the folder ``to``.

        The file's name is made up here; nothing the sender chose is part of it. Received files can be
        downloaded for 7 days.

        Args:
            media: a media id, or an event with one.
            to: a folder, made when missing; without it, the system's folder for temporary files.
            max_bytes: larger files are not kept; 100 MiB by default.
            progress: called with the bytes received so far and the file's size, 0 where Meta does not tell.

        Raises:
            MediaError: it is too large, lies on a foreign host, or the connection broke.
            OSError: the file cannot be written.
        """
        media_id = media if isinstance(media, str) else media.media_id
        info = await self.media(media_id)
        try:
            return await fetch(self._graph, info, to, max_bytes, progress)
        except GraphError as error:
            if error.http_status not in _EXPIRED:
                raise
        return await fetch(self._graph, await self.media(media_id), to, max_bytes, progress)

    async def delete_media(self, media_id: str) -> None:
        """Delete an uploaded file at Meta.

        Raises:
            MessageError: the id is empty.
            SendError: see the tree in ``rasa_whatsapp.errors``.
        """
        if not media_id:
            raise MessageError("media_id", "is empty.")
        await self._graph.request("DELETE", quote(media_id, safe=""), params=self._own())

    async def phone_number(self) -> dict[str, Any]:
        """What Meta knows about this number: display number, verified name, quality, throughput, status."""
        return await self._graph.request("GET", self._path(), params={"fields": NUMBER_FIELDS})

    async def debug_token(self) -> dict[str, Any]:
        """What Meta knows about the access token: ``is_valid``, ``expires_at``, ``scopes`` …"""
        answer = await self._graph.request("GET", "debug_token", params={"input_token": self._token})
        return mapping(answer, "data")

    def _path(self, *below: str) -> str:
        return "/".join((quote(self.phone_number_id, safe=""), *below))

    def _own(self) -> dict[str, str]:
        return {"phone_number_id": self.phone_number_id}


def _known_id(answer: Mapping[str, Any]) -> str:
    media_id = str(answer.get("id") or "")
    if not media_id:
        raise SendTimeout("The answer has no media id: the upload's outcome is unknown.")
    return media_id
