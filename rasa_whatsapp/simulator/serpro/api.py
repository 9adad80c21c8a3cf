"""Serpro's routes for one number: tokens, messages, media, webhooks, templates."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.access import json_object
from rasa_whatsapp.simulator.api.calls import CallLog, Handler
from rasa_whatsapp.simulator.graph.templates import Templates
from rasa_whatsapp.simulator.media.forms import read_form
from rasa_whatsapp.simulator.media.shelf import LARGEST, MediaShelf
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.serpro.access import SerproAccess
from rasa_whatsapp.simulator.serpro.hooks import Hooks
from rasa_whatsapp.simulator.serpro.limits import ENDPOINTS, check
from rasa_whatsapp.simulator.serpro.refusal import Refused
from rasa_whatsapp.simulator.serpro.requests import Requests
from rasa_whatsapp.simulator.serpro.translation import translated
from rasa_whatsapp.simulator.state.content import uploads
from rasa_whatsapp.simulator.templates.book import TemplateBook

_CLIENT, _WABA = "/client/{id}/v2", "/waba/{id}/v2"


class Serpro:
    """What api.whatsapp.serpro.gov.br offers to one number."""

    SENDING = "/requisicao/mensagem/"
    """The part of a path by which a call is one that sends."""

    def __init__(
        self,
        account: Account,
        network: Network,
        shelf: MediaShelf,
        log: CallLog,
        access: SerproAccess,
        hooks: Hooks,
        requests: Requests,
        templates: TemplateBook,
    ) -> None:
        self._account = account
        self._network = network
        self._shelf = shelf
        self._log = log
        self._access = access
        self._hooks = hooks
        self._requests = requests
        self._templates = Templates(access, templates)

    @property
    def credentials(self) -> tuple[dict[str, str], dict[str, str]]:
        """Headers, with a token of their own, and query that let a call pass."""
        return {"Authorization": f"Bearer {self._access.issue()}"}, {}

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        client: list[tuple[str, str, Handler]] = [
            ("POST", self.SENDING + "{kind}", self.send),
            ("POST", "/requisicao/informacao-de-leitura", self.mark_read),
            ("GET", "/requisicao/{request}", self.report),
            ("POST", "/media", self.upload),
            ("GET", "/media/{media}", self.download),
            *self._hooks.table(self._access, self._account.phone_number_id),
        ]
        waba: list[tuple[str, str, Handler]] = [
            ("GET", "/telefones", self.phone_numbers),
            ("GET", "/telefones/{number}", self.phone_number),
            ("GET", "/templates", self.list_templates),
            ("POST", "/templates", self._templates.create),
            ("DELETE", "/templates/{name}", self.delete_template),
        ]
        table = [
            ("POST", "/oauth2/token", self._access.token),
            *((method, _CLIENT + path, handler) for method, path, handler in client),
            *((method, _WABA + path, handler) for method, path, handler in waba),
            *(
                ("*", path, self.unknown)
                for path in ("/oauth2/{rest:.*}", "/client/{rest:.*}", "/waba/{rest:.*}")
            ),
        ]
        return [web.route(method, path, self._log.around(handler)) for method, path, handler in table]

    # --- messages ---

    async def send(self, request: web.Request) -> web.Response:
        """``POST /requisicao/mensagem/{kind}``: answered with the id of a request, before it is carried."""
        self._access.number(request)
        kind = request.match_info["kind"]
        if kind not in ENDPOINTS:
            raise Refused(404, f"There is no endpoint requisicao/mensagem/{kind}.")
        body = await _read(request)
        check(kind, body)
        if body.get("wabaId") not in (None, self._account.waba_id):
            raise Refused(400, "The wabaId is not that of this client.")
        content = translated(kind, body, self._shelf)
        for used, media_id in uploads(content):
            self._shelf.check(used, media_id)
        id = self._requests.take(content, body.get("destinatarios") or [body["destinatario"]])
        uri = f"#/client/{self._account.phone_number_id}/v2/requisicao/{id}"
        return web.json_response({"id": id, "acoes": [{"rel": "status", "uri": uri, "method": "GET"}]})

    async def mark_read(self, request: web.Request) -> web.Response:
        """``POST /requisicao/informacao-de-leitura``."""
        self._access.number(request)
        body = await _read(request)
        if not isinstance(body.get("message_id"), str):
            raise Refused(400, "The parameter message_id is required.")
        self._network.read_by_bot(body["message_id"])
        return web.json_response({"success": True})

    async def report(self, request: web.Request) -> web.Response:
        """``GET /requisicao/{id}``: what became of a request."""
        self._access.number(request)
        report = self._requests.report(request.match_info["request"])
        if report is None:
            raise Refused(404, "There is no request with this id.")
        return web.json_response(report)

    # --- media ---

    async def upload(self, request: web.Request) -> web.Response:
        """``POST /media``, multipart: ``mediaType``, which is the MIME type, and ``file``."""
        self._access.number(request)
        try:
            fields, file = await read_form(request)
        except web.HTTPRequestEntityTooLarge:
            raise Refusal(131053, f"A file may have up to {LARGEST} bytes.") from None
        except ValueError:
            raise Refused(400, "The body is not valid multipart/form-data.") from None
        if file is None or not fields.get("mediaType"):
            raise Refused(400, "The parts mediaType and file are required.")
        media = self._shelf.upload(file.data, fields["mediaType"], file.filename)
        uri = f"#/client/{self._account.phone_number_id}/v2/media/{media.id}"
        return web.json_response(
            {"id": media.id, "acoes": [{"rel": "download", "uri": uri, "method": "GET"}]}
        )

    async def download(self, request: web.Request) -> web.Response:
        """``GET /media/{id}``: the file itself."""
        self._access.number(request)
        media = self._shelf.find(request.match_info["media"])
        if media is None:
            raise Refused(404, "There is no file with this id.")
        return web.Response(body=media.data, headers={"Content-Type": media.mime_type})

    # --- the account ---

    async def phone_numbers(self, request: web.Request) -> web.Response:
        """``GET /telefones``."""
        self._access.waba(request)
        return web.json_response([self._number()])

    async def phone_number(self, request: web.Request) -> web.Response:
        """``GET /telefones/{id}``."""
        self._access.waba(request)
        if request.match_info["number"] != self._account.phone_number_id:
            raise Refused(404, "There is no phone number with this id.")
        return web.json_response(self._number())

    async def list_templates(self, request: web.Request) -> web.Response:
        """``GET /templates``: a plain array."""
        self._access.waba(request)
        return web.json_response(self._templates.book.all)

    async def delete_template(self, request: web.Request) -> web.Response:
        """``DELETE /templates/{name}``."""
        self._access.waba(request)
        self._templates.remove(request.match_info["name"])
        return web.json_response({"success": True})

    async def unknown(self, request: web.Request) -> web.Response:
        """Every other path."""
        raise Refused(404, f"There is no {request.method} {request.path}.")

    def _number(self) -> dict[str, Any]:
        return {
            "id": self._account.phone_number_id,
            "display_phone_number": f"+{self._account.display_phone_number}",
            "verified_name": self._account.verified_name,
            "quality_rating": "GREEN",
            "code_verification_status": "VERIFIED",
        }


async def _read(request: web.Request) -> dict[str, Any]:
    try:
        return await json_object(request)
    except Refusal as refusal:
        raise Refused(400, refusal.details) from None
