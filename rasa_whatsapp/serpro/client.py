"""The Serpro client: messages, read receipts, media and administration of one business number.

Source: Serpro, WhatsApp API, documentation.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import aiohttp

from rasa_whatsapp.errors import SendTimeout
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
from rasa_whatsapp.hosts import SERPRO
from rasa_whatsapp.messages import Message, Template
from rasa_whatsapp.serpro.administration import Administration
from rasa_whatsapp.serpro.api import Api, object_of, segment
from rasa_whatsapp.serpro.media import fetch, form_fields
from rasa_whatsapp.serpro.nearest import fit
from rasa_whatsapp.serpro.payload import Post, wrap, wrap_template
from rasa_whatsapp.shelf import Shelf


@dataclass(frozen=True)
class Sent:
    """Serpro has taken a message; whether it arrives is told later, by statuses or `SerproClient.status`.

    Attributes:
        id: the request's id (idRequisicao), which the statuses refer to; not WhatsApp's own id of the
            message. Empty when Serpro told none.
        ids: those of all requests, where one message became several.
    """

    id: str
    ids: tuple[str, ...] = ()


class SerproClient(Administration):
    """One business number's way to WhatsApp through Serpro, for one event loop.

    Nothing is opened before the first call. Use it as an async context manager, or call `close`.
    Every call may raise `GraphError` (Serpro or Meta refused; `TokenError` when the credentials are wrong),
    `NotSent` (no connection or no token; trying again is safe) or `SendTimeout` (the outcome is unknown).

    Args:
        client_id, client_secret: what Serpro handed out.
        waba_id: the WhatsApp Business Account; templates, metrics and the list of numbers need it.
        phone_number_id: by default the client id, which Serpro says is the same.
        base_url: another address than Serpro's, such as a simulator's.
        session: an open session to use; it stays the caller's to close.
        ca_bundle: a PEM file of certificate authorities to trust besides the system's.
        timeout: seconds for one call; uploads and downloads may take 10 minutes.
        shelf: a store that shares the token with other processes of the same client.

    Raises:
        SettingsError: the base URL or a credential cannot be used.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        waba_id: str = "",
        phone_number_id: str = "",
        base_url: str = SERPRO,
        api_version: str = "v2",
        session: aiohttp.ClientSession | None = None,
        ca_bundle: str = "",
        timeout: float = 30.0,
        shelf: Shelf | None = None,
    ) -> None:
        api = Api(
            client_id,
            client_secret,
            base_url=base_url,
            session=session,
            ca_bundle=ca_bundle,
            timeout=timeout,
            shelf=shelf,
        )
        super().__init__(api, phone_number_id or api.client_id, waba_id, api_version)

    def __repr__(self) -> str:
        return f"SerproClient(phone_number_id={self.phone_number_id!r})"

    async def __aenter__(self) -> SerproClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections and wait until they are gone; an injected session is left alone."""
        await self._api.close()

    async def send(self, message: Message, to: str) -> Sent:
        """Send one message to one person.

        What Serpro has no endpoint for is replaced by the nearest messages it has, which go out in order; see
        `rasa_whatsapp.serpro.nearest`.

        Args:
            to: a phone number with country code. It is written as it was given, without punctuation.

        Raises:
            MessageError: Serpro cannot carry it, or the recipient is no phone number; nothing was sent.
            GraphError: it was refused; ``safe_to_resend`` says whether a repeat can be a duplicate.
            NotSent: it has not left this machine.
            SendTimeout: Serpro may have taken it.

        Source: Serpro, WhatsApp API, "Como enviar mensagens de retorno".
        """
        posts = [self._wrap(each, to) for each in fit(message)]
        ids = [await self._post(post) for post in posts]
        return Sent(ids[-1] if ids else "", tuple(ids))

    async def send_template(self, template: Template, recipients: Sequence[str]) -> Sent:
        """Send one approved template, with the same values, to many people in one request.

        Raises:
            MessageError: there is no WABA id, or Serpro has no field for one of the values.

        Source: Serpro, WhatsApp API, "Pacote de requisições".
        """
        id = await self._post(wrap_template(template, recipients, self.waba_id))
        return Sent(id, (id,))

    async def status(self, request_id: str) -> dict[str, Any]:
        """What became of a request: ``requisicoesEnvio``, ``aguardandoEnvio`` … Empty right after sending.

        Source: Serpro, WhatsApp API, "Como consultar status".
        """
        return object_of(await self.request("GET", self._client(f"requisicao/{segment(request_id)}")))

    async def mark_read(self, message_id: str) -> None:
        """Mark a received message as read. Serpro has no typing indicator."""
        await self.request(
            "POST", self._client("requisicao/informacao-de-leitura"), json={"message_id": message_id}
        )

    async def upload(
        self, file: File, mime_type: str = "", filename: str = "", *, progress: Progress | None = None
    ) -> str:
        """Upload a file for messages of this number and return its id.

        Args:
            file: a path, an http(s) URL, the bytes, or a seekable binary file, read from where it stands and
                not closed. A URL is fetched here, without any token; never take it from a stranger.
            mime_type: when not given, told by the web server or by the file name.
            progress: called with the bytes that have left and the file's size.

        Raises:
            GraphError: Serpro, or Meta through it, refused.
            SendTimeout: whether it was uploaded is unknown.
            MessageError: WhatsApp does not carry this type, or not at this size.
            MediaError: the URL could not be fetched.
            OSError: the file cannot be read.

        Source: Serpro, WhatsApp API, "Como enviar mídia".
        """
        async with at_hand(file, mime_type, filename, self.fetched) as here:
            content = here.file
            start = None if isinstance(content, (str, os.PathLike, bytes)) else content.tell()

            @contextlib.asynccontextmanager
            async def form() -> AsyncIterator[aiohttp.FormData]:
                if start is not None and not isinstance(content, (str, os.PathLike, bytes)):
                    content.seek(start)
                async with upload_form(*here, form_fields, progress) as checked:
                    yield checked

            answer = await self._api.upload(self._client("media"), form)
        media_id = str(object_of(answer).get("id") or "")
        if not media_id:
            raise SendTimeout("The answer has no media id: the upload's outcome is unknown.")
        return media_id

    def fetched(self, url: str) -> contextlib.AbstractAsyncContextManager[Fetched]:
        """A file from the web, at most 100 MiB, while it is open; see `rasa_whatsapp.files.fetched`."""
        return fetched(self._api.transport, url, LARGEST)

    async def download(
        self, media: str | HasMedia, to: str | os.PathLike[str] | None = None, *, max_bytes: int = LARGEST
    ) -> MediaFile:
        """Download a file that a person sent, or that was uploaded, into the folder ``to``.

        The file's name is made up here; nothing the sender chose is part of it.

        Args:
            media: a media id, or an event with one.
            to: a folder, made when missing; without it, the system's folder for temporary files.
            max_bytes: larger files are not kept; 100 MiB by default.

        Raises:
            MediaError: it is too large, lies on a foreign host, or the connection broke.
            OSError: the file cannot be written.
        """
        media_id = media if isinstance(media, str) else media.media_id
        info = MediaInfo(
            media_id,
            self._api.url(self._client(f"media/{segment(media_id)}")),
            "" if isinstance(media, str) else getattr(media, "mime_type", ""),
        )
        return await self._api.authorised(
            lambda token: fetch(self._api.transport, info, token, to, max_bytes)
        )

    def _wrap(self, message: Message, to: str) -> Post:
        if isinstance(message, Template):
            return wrap_template(message, [to], self.waba_id)
        return wrap(message, to)

    async def _post(self, post: Post) -> str:
        path = self._client(f"requisicao/{post.path}")
        answer = await self.request("POST", path, json=post.body, private=_private(post.body))
        return str(object_of(answer).get("id") or "")


_PRIVATE = frozenset(
    {"destinatario", "destinatarios", "body", "textoBody", "caption", "titulo", "descricao", "valor"}
    | {"button", "filename"}
)


def _private(value: Any, key: str = "") -> list[str]:
    """What of a message's body must not stand in an error: whom it is for, and what it says."""
    if isinstance(value, dict):
        return [found for name, each in value.items() for found in _private(each, name)]
    if isinstance(value, list):
        return [found for each in value for found in _private(each, key)]
    return [value] if isinstance(value, str) and key in _PRIVATE else []
