"""What a Serpro client administers: templates, numbers, QR codes and webhooks.

Source: Serpro, WhatsApp API, documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_whatsapp.errors import GraphError, SettingsError
from rasa_whatsapp.serpro.api import Api, object_of, objects_of, segment


class Administration:
    """The calls that concern a business number and its account, not a message; `SerproClient` has them all.

    Attributes:
        phone_number_id: the number that calls are about.
        waba_id: the account that it belongs to; empty when nobody told.
    """

    def __init__(self, api: Api, phone_number_id: str, waba_id: str, api_version: str) -> None:
        self.phone_number_id = phone_number_id
        self.waba_id = waba_id
        self._api = api
        self._version = api_version.strip("/")

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
        return await self._api.request(method, path, json=json, text=text, params=params, private=private)

    async def phone_numbers(self) -> list[dict[str, Any]]:
        """The numbers of the WhatsApp Business Account; a cheap check of the credentials.

        Source: Serpro, WhatsApp API, "Gerenciamento de telefone".
        """
        return objects_of(await self.request("GET", self._waba("telefones")))

    async def templates(self) -> list[dict[str, Any]]:
        """The templates of the account: ``name``, ``category``, ``language``, ``status``, ``components``."""
        return objects_of(await self.request("GET", self._waba("templates")))

    async def create_template(self, template: dict[str, Any]) -> dict[str, Any]:
        """Submit a template, in Meta's form, for approval."""
        return object_of(await self.request("POST", self._waba("templates"), json=template))

    async def delete_template(self, name: str) -> None:
        """Delete a template in all its languages."""
        await self.request("DELETE", self._waba(f"templates/{segment(name)}"))

    async def metrics(self, start: str, end: str) -> object:
        """The account's metrics between two dates, as Serpro gives them."""
        return await self.request("GET", self._waba("metricas"), params={"inicio": start, "fim": end})

    async def qr_codes(self) -> list[dict[str, Any]]:
        """The number's QR codes: ``codigo``, ``mensagemPrePreenchida``, ``deepLinkUrl``, ``qrImageUrl``."""
        return objects_of(await self.request("GET", self._client("qrcode"), params={"tipoDeImagem": "PNG"}))

    async def create_qr_code(self, text: str) -> dict[str, Any]:
        """Make a QR code that opens a chat with ``text`` already written."""
        body = {"mensagemPrePreenchida": text, "tipoDeImagem": "PNG"}
        return object_of(await self.request("POST", self._client("qrcode"), json=body))

    async def delete_qr_code(self, code: str) -> None:
        """Delete a QR code."""
        await self.request("DELETE", self._client(f"qrcode/{segment(code)}"))

    async def webhooks(self) -> list[dict[str, Any]]:
        """The registered webhooks: ``id``, ``uri``, ``jwtToken``."""
        return objects_of(await self.request("GET", self._client("webhook")))

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
        return object_of(answer)

    async def update_webhook(self, webhook_id: str, uri: str, token: str = "") -> None:
        """Change the address or the token of a registered webhook."""
        body = {"id": webhook_id, "uri": uri, "jwtToken": token or None}
        await self.request("PUT", self._client(f"webhook/{segment(webhook_id)}"), json=body)

    async def delete_webhook(self, webhook_id: str = "") -> None:
        """Remove a webhook; without an id, all of this number, which is the older form."""
        path = f"webhook/{segment(webhook_id)}" if webhook_id else "webhook"
        await self.request("DELETE", self._client(path))

    def _client(self, path: str) -> str:
        return f"client/{segment(self.phone_number_id)}/{self._version}/{path}"

    def _waba(self, path: str) -> str:
        if not self.waba_id:
            raise SettingsError(
                "waba_id", "is missing.", "Set it in credentials.yml, or SERPRO_WABA_ID; Serpro tells it."
            )
        return f"waba/{segment(self.waba_id)}/{self._version}/{path}"
