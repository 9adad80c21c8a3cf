"""The Serpro client: messages, read receipts, media and administration of one business number.

Source: Serpro, WhatsApp API, documentation.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import quote

import aiohttp

from rasa_whatsapp.errors import GraphError, SendTimeout, SettingsError
from rasa_whatsapp.files import (
    LARGEST,
    Fetched,
    File,
    HasMedia,
    MediaFile,
    MediaInfo,
    Progress,
    fetched,
    is_url,
    upload_form,
)
from rasa_whatsapp.messages import Message, Template
from rasa_whatsapp.serpro.media import fetch
from rasa_whatsapp.serpro.nearest import fit
from rasa_whatsapp.serpro.payload import Post, wrap, wrap_template
from rasa_whatsapp.serpro.refusal import refusal
from rasa_whatsapp.serpro.tokens import Tokens
from rasa_whatsapp.shelf import Shelf
from rasa_whatsapp.transport import Answer, Transport, is_token

BASE_URL = "https://api.whatsapp.serpro.gov.br"


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


class SerproClient:
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
        base_url: str = BASE_URL,
        api_version: str = "v2",
        session: aiohttp.ClientSession | None = None,
        ca_bundle: str = "",
        timeout: float = 30.0,
        shelf: Shelf | None = None,
    ) -> None:
        for key, value in (("client_id", client_id), ("client_secret", client_secret)):
            if not is_token(value.strip()):
                raise SettingsError(key, "is empty or holds characters none has.", "Copy it again.")
        self.phone_number_id = phone_number_id or client_id.strip()
        self.waba_id = waba_id
        self._transport = Transport(
            base_url, example=BASE_URL, session=session, ca_bundle=ca_bundle, timeout=timeout
        )
        self._tokens = Tokens(self._transport, client_id.strip(), client_secret.strip(), shelf)
        self._version = api_version.strip("/")

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
        await self._transport.close()

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
        return _object(await self.request("GET", self._client(f"requisicao/{_segment(request_id)}")))

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
            mime_type: told from the file name when not given.
            progress: called with the bytes that have left and the file's size.

        Raises:
            GraphError: Serpro, or Meta through it, refused.
            SendTimeout: whether it was uploaded is unknown.
            MessageError: WhatsApp does not carry this type, or not at this size.
            MediaError: the URL could not be fetched.
            OSError: the file cannot be read.

        Source: Serpro, WhatsApp API, "Como enviar mídia".
        """
        if is_url(file):
            async with self.fetched(file) as found:
                return await self.upload(
                    found.content, mime_type or found.mime_type, filename or found.filename, progress=progress
                )
        start = None if isinstance(file, (str, os.PathLike, bytes)) else file.tell()

        async def post(headers: dict[str, str]) -> Answer:
            if start is not None and not isinstance(file, (str, os.PathLike, bytes)):
                file.seek(start)
            async with upload_form(file, mime_type, filename, _fields, progress) as form:
                return await self._transport.call(
                    "POST", self._url(self._client("media")), headers=headers, data=form
                )

        answer = await self._authorised(post)
        if not answer.accepted:
            raise refusal(answer, self._tokens.secrets)
        media_id = str(_object(answer.json()).get("id") or "")
        if not media_id:
            raise SendTimeout("The answer has no media id: the upload's outcome is unknown.")
        return media_id

    def fetched(self, url: str) -> contextlib.AbstractAsyncContextManager[Fetched]:
        """A file from the web, at most 100 MiB, while it is open; see `rasa_whatsapp.files.fetched`."""
        return fetched(self._transport, url, LARGEST)

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
        url = self._url(self._client(f"media/{_segment(media_id)}"))
        info = MediaInfo(media_id, url, "" if isinstance(media, str) else getattr(media, "mime_type", ""))
        token = await self._tokens.get()
        try:
            return await fetch(self._transport, info, token, to, max_bytes)
        except GraphError as error:
            if error.http_status != 401:
                raise
        return await fetch(self._transport, info, await self._tokens.get(refused=token), to, max_bytes)

    async def phone_numbers(self) -> list[dict[str, Any]]:
        """The numbers of the WhatsApp Business Account; a cheap check of the credentials.

        Source: Serpro, WhatsApp API, "Gerenciamento de telefone".
        """
        return _objects(await self.request("GET", self._waba("telefones")))

    async def templates(self) -> list[dict[str, Any]]:
        """The templates of the account: ``name``, ``category``, ``language``, ``status``, ``components``."""
        return _objects(await self.request("GET", self._waba("templates")))

    async def create_template(self, template: dict[str, Any]) -> dict[str, Any]:
        """Submit a template, in Meta's form, for approval."""
        return _object(await self.request("POST", self._waba("templates"), json=template))

    async def delete_template(self, name: str) -> None:
        """Delete a template in all its languages."""
        await self.request("DELETE", self._waba(f"templates/{_segment(name)}"))

    async def metrics(self, start: str, end: str) -> object:
        """The account's metrics between two dates, as Serpro gives them."""
        return await self.request("GET", self._waba("metricas"), params={"inicio": start, "fim": end})

    async def qr_codes(self) -> list[dict[str, Any]]:
        """The number's QR codes: ``codigo``, ``mensagemPrePreenchida``, ``deepLinkUrl``, ``qrImageUrl``."""
        return _objects(await self.request("GET", self._client("qrcode"), params={"tipoDeImagem": "PNG"}))

    async def create_qr_code(self, text: str) -> dict[str, Any]:
        """Make a QR code that opens a chat with ``text`` already written."""
        body = {"mensagemPrePreenchida": text, "tipoDeImagem": "PNG"}
        return _object(await self.request("POST", self._client("qrcode"), json=body))

    async def delete_qr_code(self, code: str) -> None:
        """Delete a QR code."""
        await self.request("DELETE", self._client(f"qrcode/{_segment(code)}"))

    async def webhooks(self) -> list[dict[str, Any]]:
        """The registered webhooks: ``id``, ``uri``, ``jwtToken``."""
        return _objects(await self.request("GET", self._client("webhook")))

    async def create_webhook(self, uri: str, token: str = "") -> dict[str, Any]:
        """Register a webhook; ``token`` comes back as ``Authorization: Bearer`` with each delivery.

        The JSON form is tried first. Where that is refused with 400 or 415, and no token has to be told, the
        older form follows: the bare URL as text.

        Raises:
            GraphError: both forms were refused; or only the JSON form could have told the token.
        """
        try:
            answer = await self.request(
                "POST", self._client("webhook"), json={"uri": uri, "jwtToken": token or None}
            )
        except GraphError as error:
            if error.http_status not in (400, 415) or token:
                raise
            answer = await self.request("POST", self._client("webhook"), text=uri)
        return _object(answer)

    async def update_webhook(self, webhook_id: str, uri: str, token: str = "") -> None:
        """Change the address or the token of a registered webhook."""
        body = {"id": webhook_id, "uri": uri, "jwtToken": token or None}
        await self.request("PUT", self._client(f"webhook/{_segment(webhook_id)}"), json=body)

    async def delete_webhook(self, webhook_id: str = "") -> None:
        """Remove a webhook; without an id, all of this number, which is the older form."""
        path = f"webhook/{_segment(webhook_id)}" if webhook_id else "webhook"
        await self.request("DELETE", self._client(path))

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        text: str = "",
        params: dict[str, str] | None = None,
        private: Iterable[str] = (),
    ) -> object:
        """Make any call of Serpro's API and return the answer's JSON, None when it has none.

        A refused token is renewed once. Nothing else is ever repeated.

        Args:
            path: below the host, as in ``client/100200300400500/v2/webhook``.
            json: a body to send as JSON. text: a body to send as plain text, instead.
            private: texts, such as a phone number, to keep out of errors even if Serpro repeats them.

        Raises:
            GraphError: Serpro, or Meta through it, refused; the tree is in ``rasa_whatsapp.errors``.
            NotSent: the connection failed before the body left; trying again is safe.
            SendTimeout: the request left, but no readable answer came; the outcome is unknown.
        """

        async def post(headers: dict[str, str]) -> Answer:
            data = aiohttp.payload.StringPayload(text, content_type="text/plain") if text else None
            return await self._transport.call(
                method, self._url(path), headers=headers, json=json, data=data, params=params
            )

        answer = await self._authorised(post)
        body = answer.json()
        failed = isinstance(body, dict) and body.get("error") and "id" not in body
        if not answer.accepted or failed:
            raise refusal(answer, [*self._tokens.secrets, *private])
        if body is None and answer.text.strip():
            raise SendTimeout(f"HTTP {answer.status} without JSON: the outcome is unknown.")
        return body

    def _wrap(self, message: Message, to: str) -> Post:
        if isinstance(message, Template):
            return wrap_template(message, [to], self.waba_id)
        return wrap(message, to)

    async def _post(self, post: Post) -> str:
        path = self._client(f"requisicao/{post.path}")
        answer = await self.request("POST", path, json=post.body, private=_private(post.body))
        return str(_object(answer).get("id") or "")

    async def _authorised(self, post: Callable[[dict[str, str]], Awaitable[Answer]]) -> Answer:
        """Make a call with a token and, when Serpro does not accept that any more, once with a new one."""
        token = await self._tokens.get()
        answer = await post(_headers(token))
        if answer.status == 401:
            answer = await post(_headers(await self._tokens.get(refused=token)))
        return answer

    def _client(self, path: str) -> str:
        return f"client/{_segment(self.phone_number_id)}/{self._version}/{path}"

    def _waba(self, path: str) -> str:
        if not self.waba_id:
            raise SettingsError(
                "waba_id", "is missing.", "Set it in credentials.yml, or SERPRO_WABA_ID; Serpro tells it."
            )
        return f"waba/{_segment(self.waba_id)}/{self._version}/{path}"

    def _url(self, path: str) -> str:
        return f"{self._transport.base}/{path}"


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def _private(body: dict[str, Any]) -> list[str]:
    """What of a message's body must not stand in an error: whom it is for, and what it says."""
    words = [body.get(name, "") for name in ("destinatario", "body", "textoBody", "caption")]
    return [*filter(None, words), *body.get("destinatarios", ())]


def _segment(text: str) -> str:
    return quote(text, safe="")


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list, which may also stand in an envelope, under ``data``."""
    found = value.get("data") if isinstance(value, dict) else value
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _fields(mime_type: str) -> dict[str, str]:
    return {"mediaType": mime_type}
