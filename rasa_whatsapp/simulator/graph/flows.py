"""The routes to the account's Flows, which are checked by the rules that Meta is known to have."""

from __future__ import annotations

import builtins
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.api.access import Access, json_object, no_such_object
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.api.paging import page
from rasa_whatsapp.simulator.flows.book import FlowBook
from rasa_whatsapp.simulator.flows.endpoint import FlowEndpoint, FlowTrouble
from rasa_whatsapp.simulator.media.forms import read_form
from rasa_whatsapp.simulator.refusal import Refusal


class Flows:
    """The routes to Flows."""

    def __init__(self, access: Access, endpoint: FlowEndpoint) -> None:
        self.book = FlowBook()
        self._access = access
        self._endpoint = endpoint

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes."""
        return [
            ("GET", r"/{id:\d+}/flows", self.list),
            ("POST", r"/{id:\d+}/flows", self.create),
            ("POST", r"/{id:\d+}/migrate_flows", self.migrate),
            ("GET", r"/{id:\d+}/assets", self.assets),
            ("POST", r"/{id:\d+}/assets", self.push),
            ("GET", r"/flows/{id:\d+}/flow.json", self.download),
            ("GET", r"/flows/{id:\d+}/preview", self.preview),
            ("POST", r"/{id:\d+}/publish", self.publish),
            ("POST", r"/{id:\d+}/deprecate", self.deprecate),
        ]

    def node(self, request: web.Request, flow: dict[str, Any]) -> web.Response:
        """``GET /{flow_id}``: the fields asked for; ``preview.invalidate(false)`` is ``preview``."""
        if request.query.get("fields", "").startswith("metric."):
            raise Refusal(139006, "The Flow has not been used enough to tell.")
        asked = {field.partition(".")[0] for field in request.query.get("fields", "id,name").split(",")}
        url = f"{request.scheme}://{request.host}/flows/{flow['id']}/preview"
        told = {
            **flow,
            "preview": {"preview_url": url, "expires_at": "2100-01-01T00:00:00+0000"},
            "health_status": {"can_send_message": "AVAILABLE", "entities": []},
        }
        return web.json_response({key: value for key, value in told.items() if key in asked or key == "id"})

    async def list(self, request: web.Request) -> web.Response:
        """``GET /{waba_id}/flows``."""
        self._access.waba(request)
        return page(request, self.book.all)

    async def create(self, request: web.Request) -> web.Response:
        """``POST /{waba_id}/flows``."""
        self._access.waba(request)
        body = await json_object(request)
        name, categories = body.get("name"), body.get("categories")
        if not isinstance(name, str) or not name:
            raise Refusal(100, "The parameter name is required.")
        if not isinstance(categories, list) or not categories:
            raise Refusal(100, "The parameter categories is required.")
        if self.book.named(name):
            raise Refusal(100, "A Flow of this name exists already.")
        cloned = body.get("clone_flow_id")
        if cloned is not None and self.book.find(str(cloned)) is None:
            raise Refusal(100, "The parameter clone_flow_id names no Flow.")
        flow = self.book.add(name, categories)
        self.book.change(flow["id"], {"endpoint_uri": body.get("endpoint_uri")})
        text = body.get("flow_json") or self.book.text(str(cloned))
        if text:
            self.book.keep(flow["id"], str(text))
        if body.get("publish"):
            await self._publish(flow)
        told = {"id": flow["id"], "success": True, "validation_errors": flow["validation_errors"]}
        return web.json_response(told)

    async def change(self, request: web.Request, flow: dict[str, Any]) -> web.Response:
        """``POST /{flow_id}``: its name, categories, endpoint or app."""
        self.book.change(flow["id"], await json_object(request))
        return web.json_response({"success": True})

    async def push(self, request: web.Request) -> web.Response:
        """``POST /{flow_id}/assets``: its JSON, as a form."""
        flow = self._of(request)
        if request.content_type != "multipart/form-data":
            raise Refusal(100, "The body must be multipart/form-data.")
        fields, file = await read_form(request)
        if fields.get("asset_type") != "FLOW_JSON" or fields.get("name") != "flow.json" or file is None:
            raise Refusal(100, "The parameters file, name=flow.json and asset_type=FLOW_JSON are required.")
        if flow["status"] != "DRAFT":
            raise Refusal(139001, "A Flow that was published cannot be changed.")
        self.book.keep(flow["id"], file.data.decode(errors="replace"))
        return web.json_response({"success": True, "validation_errors": flow["validation_errors"]})

    async def assets(self, request: web.Request) -> web.Response:
        """``GET /{flow_id}/assets``."""
        flow = self._of(request)
        url = f"{request.scheme}://{request.host}/flows/{flow['id']}/flow.json"
        asset = {"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": url}
        return page(request, [] if self.book.text(flow["id"]) is None else [asset])

    async def download(self, request: web.Request) -> web.Response:
        """The address of an asset, which opens without a token."""
        text = self.book.text(request.match_info["id"])
        if text is None:
            raise no_such_object(request)
        return web.Response(text=text, content_type="application/json")

    async def preview(self, request: web.Request) -> web.Response:
        """The address of a preview, for a browser; it tells where the Flow is seen as a person sees it."""
        flow = self.book.find(request.match_info["id"])
        if flow is None:
            raise no_such_object(request)
        here = f"{request.scheme}://{request.host}"
        told = f"""The Flow {flow["name"]} is drawn where a person opens it, on the page {here}

Send it to one of its people, a draft with draft=True:

    messages.Flow("Hello", "Open", flow_name={flow["name"]!r}, draft=True)

Its JSON: {here}/flows/{flow["id"]}/flow.json
"""
        return web.Response(text=told)

    async def publish(self, request: web.Request) -> web.Response:
        """``POST /{flow_id}/publish``."""
        await self._publish(self._of(request))
        return web.json_response({"success": True})

    async def deprecate(self, request: web.Request) -> web.Response:
        """``POST /{flow_id}/deprecate``."""
        flow = self._of(request)
        if flow["status"] != "PUBLISHED":
            raise Refusal(139003, "Only a published Flow can be deprecated.")
        flow["status"] = "DEPRECATED"
        return web.json_response({"success": True})

    async def migrate(self, request: web.Request) -> web.Response:
        """``POST /{waba_id}/migrate_flows``: there is no other account here, so nothing is found in it."""
        self._access.waba(request)
        names = (await json_object(request)).get("source_flow_names") or []
        if not isinstance(names, builtins.list):
            raise Refusal(100, "The parameter source_flow_names must be an array.")
        failed = [{"source_name": name, "error_message": "There is no such Flow."} for name in names]
        return web.json_response({"migrated_flows": [], "failed_flows": failed})

    def _of(self, request: web.Request) -> dict[str, Any]:
        self._access.authorize(request)
        flow = self.book.find(request.match_info["id"])
        if flow is None:
            raise no_such_object(request)
        return flow

    async def _publish(self, flow: dict[str, Any]) -> None:
        ready = self.book.text(flow["id"]) is not None and not flow["validation_errors"]
        if flow["status"] != "DRAFT" or not ready:
            raise Refusal(139002, "Only a draft whose JSON has no errors can be published.")
        if version := flow.get("data_api_version"):  # it asks an endpoint for its screens
            try:
                await self._endpoint.ping(flow, version)
            except FlowTrouble as trouble:
                raise Refusal(139002, f"The endpoint fails the health check. {trouble}") from None
        flow["status"] = "PUBLISHED"
