"""The Graph API: the routes that a bot calls, at any version and without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.access import Access, fields, json_object, no_such_object, proof_of
from rasa_whatsapp.simulator.api.calls import CallLog, Handler
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.flows.endpoint import FlowEndpoint
from rasa_whatsapp.simulator.graph.app import App
from rasa_whatsapp.simulator.graph.business import Business
from rasa_whatsapp.simulator.limits.admission import Admission
from rasa_whatsapp.simulator.limits.messages import check_message, check_read
from rasa_whatsapp.simulator.media.forms import read_form
from rasa_whatsapp.simulator.media.links import Links
from rasa_whatsapp.simulator.media.shelf import KINDS, LARGEST, MediaShelf, sha256_hex
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Media
from rasa_whatsapp.simulator.state.content import links, uploads
from rasa_whatsapp.simulator.templates.book import TemplateBook
from rasa_whatsapp.simulator.webhook.deliveries import Webhook

_VERSION = r"/{version:v\d+\.\d+}"


class Graph:
    """What graph.facebook.com offers to one number."""

    SENDING = "/messages"
    """The part of a path by which a call is one that sends."""

    def __init__(
        self,
        account: Account,
        network: Network,
        shelf: MediaShelf,
        fetched: Links,
        log: CallLog,
        media_url: Callable[[Media], str],
        clock: Clock,
        access: Access,
        admission: Admission,
        templates: TemplateBook,
        endpoint: FlowEndpoint,
        webhook: Webhook,
    ) -> None:
        self._account = account
        self._network = network
        self._shelf = shelf
        self._links = fetched
        self._log = log
        self._media_url = media_url
        self._access = access
        self._clock = clock
        self._admission = admission
        self._templates = templates
        self._business = Business(account, access, templates, endpoint, network.state, clock, webhook)
        self._app = App(account, access, webhook)
        self.flows = self._business.flows.book

    @property
    def credentials(self) -> tuple[dict[str, str], dict[str, str]]:
        """Headers and query that let a call pass."""
        token = self._account.access_token
        proof = proof_of(self._account.app_secret, token)
        return {"Authorization": f"Bearer {token}"}, {"appsecret_proof": proof}

    @property
    def public_key(self) -> str:
        """The public key for Flows, PEM; empty where none was uploaded."""
        return self._business.public_key

    def routes(self) -> list[web.RouteDef]:
        """All routes; the more special ones first."""
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/whatsapp_business/attachments/", self.download),
            ("GET", "/debug_token", self.debug_token),
            ("POST", r"/{id:\d+}/messages", self.messages),
            ("POST", r"/{id:\d+}/media", self.upload),
            ("GET", r"/{id:\d+}/phone_numbers", self.phone_numbers),
            *self._app.table(),
            *self._business.table(),
            ("GET", r"/{id:\d+}", self.node),
            ("DELETE", r"/{id:\d+}", self.delete_media),
        ]
        routes = [
            web.route(method, prefix + path, self._log.around(handler))
            for method, path, handler in table
            for prefix in ("", _VERSION)
        ]
        unknown = self._log.around(self.unknown)
        return [*routes, web.route("*", _VERSION + "/{rest:.*}", unknown)]

    # --- messages ---

    async def messages(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/messages``: a message, a read receipt, or the typing indicator."""
        self._access.number(request)
        body = await json_object(request)
        if "status" in body:
            return self._read(body)
        check_message(body)
        self._business.registration.check()
        for kind, media_id in uploads(body):
            self._shelf.check(kind, media_id)
        broken = await self._broken(body)  # from here on nothing waits: what is counted has been checked
        here = self._network.known(body)
        price = self._network.tariff.price(here, body)
        self._admission.check(body, here, charged=price.billable)
        unknown_refused = self._admission.restrictions.unknown_templates == "refused"
        self._templates.check(body, unknown_refused=unknown_refused)
        if body.get("type") == "interactive" and body["interactive"]["type"] == "flow":
            unknown_refused = self._admission.restrictions.unknown_flows == "refused"
            self.flows.check(body, self._clock.now(), unknown_refused=unknown_refused)
        self._network.check(body, here)
        person = self._network.addressee(body)  # who was unknown begins to exist with a message that is taken
        failure = self._admission.fate(person, self._templates.category(body)) or broken
        message = self._network.send_to_person(person, body, failure, self._templates.wording(body))
        self._admission.count(person)
        contact = {"input": body.get("to") or body["recipient"]}
        known = self._network.identities.as_known(person)
        contact |= {"wa_id": known.phone} if body.get("to") else {"user_id": person.user_id}
        return web.json_response(
            {
                "messaging_product": "whatsapp",
                "contacts": [contact],
                "messages": [{"id": message.id, "message_status": "accepted"}],
            }
        )

    async def _broken(self, body: dict[str, Any]) -> Refusal | None:
        """What a message fails for whose links lead to no file that fits."""
        if self._admission.restrictions.broken_links == "accepted":
            return None
        for kind, link in links(body):
            if kind in KINDS and (problem := await self._links.problem(kind, link)):
                return Refusal(131053, problem)
        return None

    def _read(self, body: dict[str, Any]) -> web.Response:
        check_read(body)
        message = self._network.read_by_bot(body["message_id"])
        if body.get("typing_indicator"):
            self._network.typing.show(message.user)
        return web.json_response({"success": True})

    # --- media ---

    async def upload(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/media``, multipart."""
        self._access.number(request)
        if request.content_type != "multipart/form-data":
            raise Refusal(100, "The body must be multipart/form-data.")
        try:
            fields, file = await read_form(request)
        except web.HTTPRequestEntityTooLarge:
            raise Refusal(131053, f"A file may have up to {LARGEST} bytes.") from None
        except ValueError:
            raise Refusal(100, "The body is not valid multipart/form-data.") from None
        if fields.get("messaging_product") != "whatsapp":
            raise Refusal(100, "The parameter messaging_product is required.")
        if file is None:
            raise Refusal(131008, "The parameter file is required.")
        media = self._shelf.upload(file.data, fields.get("type") or file.mime_type, file.filename)
        return web.json_response({"id": media.id})

    async def download(self, request: web.Request) -> web.Response:
        """The URL that a resolved media id leads to; needs the bearer token, too."""
        self._access.authorize(request)
        query = request.query
        media = self._shelf.open(query.get("mid", ""), query.get("ext", ""), query.get("hash", ""))
        if media is None:
            return web.Response(status=404, text="Not Found")
        return web.Response(body=media.data, headers={"Content-Type": media.mime_type})

    async def delete_media(self, request: web.Request) -> web.Response:
        """``DELETE /{media_id}``, or a draft of a Flow."""
        self._access.authorize(request)
        object_id = request.match_info["id"]
        if not self.flows.delete(object_id) and not self._shelf.delete(object_id):
            raise no_such_object(request)
        return web.json_response({"success": True})

    # --- reading ---

    async def node(self, request: web.Request) -> web.Response:
        """``GET /{id}``: the number, the account, a template or a media file."""
        self._access.authorize(request)
        object_id = request.match_info["id"]
        if object_id == self._account.phone_number_id:
            return web.json_response(fields(request, self._number() | self._business.of_number(request)))
        if object_id == self._account.waba_id:
            waba = {
                "id": object_id,
                "name": self._account.verified_name,
                "currency": "USD",
                "timezone_id": "1",
            }
            return web.json_response(fields(request, waba))
        if template := self._templates.find(object_id):
            return web.json_response(fields(request, template))
        if flow := self.flows.find(object_id):
            return self._business.flows.node(request, flow)
        media = self._shelf.find(object_id)
        if media is None:
            raise no_such_object(request)
        return web.json_response(
            {
                "messaging_product": "whatsapp",
                "url": self._media_url(media),
                "mime_type": media.mime_type,
                "sha256": sha256_hex(media.data),
                "file_size": len(media.data),
                "id": media.id,
            }
        )

    async def phone_numbers(self, request: web.Request) -> web.Response:
        """``GET /{waba_id}/phone_numbers``."""
        self._access.waba(request)
        return web.json_response({"data": [fields(request, self._number())]})

    async def debug_token(self, request: web.Request) -> web.Response:
        """``GET /debug_token?input_token=…``: what a token may do."""
        self._access.authorize(request)
        if request.query.get("input_token") != self._account.access_token:
            error = {"code": 190, "message": "The access token could not be decrypted"}
            return web.json_response({"data": {"error": error, "is_valid": False, "scopes": []}})
        granular = [{"scope": scope, "target_ids": [self._account.waba_id]} for scope in self._access.scopes]
        data = {
            "app_id": self._account.app_id,
            "type": "SYSTEM_USER",
            "application": self._account.verified_name,
            "expires_at": self._access.expires_at,
            "data_access_expires_at": 0,
            "is_valid": True,
            "scopes": self._access.scopes,
            "granular_scopes": granular,
        }
        return web.json_response({"data": data})

    async def unknown(self, request: web.Request) -> web.Response:
        """Every other path."""
        self._access.authorize(request)
        raise Refusal(2500, f"Unknown path components: /{request.match_info['rest']}")

    # --- inside ---

    def _number(self) -> dict[str, Any]:
        return {
            "verified_name": self._account.verified_name,
            "code_verification_status": "VERIFIED",
            "display_phone_number": f"+{self._account.display_phone_number}",
            "quality_rating": "GREEN",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "name_status": "APPROVED",
            "status": "CONNECTED",
            "id": self._account.phone_number_id,
        }
