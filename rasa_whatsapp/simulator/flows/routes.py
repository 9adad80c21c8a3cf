"""Flows of the account, checked by the rules that Meta is known to have."""

from __future__ import annotations

import builtins
import json
from typing import Any

from aiohttp import web

from rasa_whatsapp.flows import FlowJSON
from rasa_whatsapp.simulator.api.access import Access, json_object, no_such_object
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.api.paging import page
from rasa_whatsapp.simulator.flows.endpoint import FlowEndpoint, FlowTrouble
from rasa_whatsapp.simulator.media.forms import read_form
from rasa_whatsapp.simulator.refusal import Refusal

_FIRST_ID = 600700800900100
_THROTTLED, _HOUR = 10, 60 * 60
_CHANGEABLE = ("name", "categories", "endpoint_uri", "application_id")


class Flows:
    """The account's Flows; a new account has none."""

    def __init__(self, access: Access, endpoint: FlowEndpoint) -> None:
        self._access = access
        self._endpoint = endpoint
        self._flows: dict[str, dict[str, Any]] = {}
        self._documents: dict[str, str] = {}
        self._sent: dict[str, list[float]] = {}
        self._next_id = _FIRST_ID

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes."""
        return [
            ("GET", r"/{id:\d+}/flows", self.list),
            ("POST", r"/{id:\d+}/flows", self.create),
            ("POST", r"/{id:\d+}/migrate_flows", self.migrate),
            ("GET", r"/{id:\d+}/assets", self.assets),
            ("POST", r"/{id:\d+}/assets", self.push),
            ("GET", r"/flows/{id:\d+}/flow.json", self.download),
            ("POST", r"/{id:\d+}/publish", self.publish),
            ("POST", r"/{id:\d+}/deprecate", self.deprecate),
        ]

    @property
    def all(self) -> builtins.list[dict[str, Any]]:
        """Every Flow, the oldest first."""
        return [*self._flows.values()]

    def find(self, flow_id: str) -> dict[str, Any] | None:
        """The Flow of this id."""
        return self._flows.get(flow_id)

    def named(self, name: str) -> dict[str, Any] | None:
        """The Flow of this name."""
        return next((flow for flow in self._flows.values() if flow["name"] == name), None)

    def document(self, flow_id: str) -> dict[str, Any] | None:
        """The Flow's JSON; None where it has none, or none that can be shown."""
        try:
            document = json.loads(self._documents.get(flow_id, ""))
        except (ValueError, RecursionError):
            return None
        screens = document.get("screens") if isinstance(document, dict) else None
        if not isinstance(document, dict) or not isinstance(screens, list) or not screens:
            return None
        named = all(isinstance(each, dict) and isinstance(each.get("id"), str) for each in screens)
        return document if named else None

    def check(self, body: dict[str, Any], now: float, *, unknown_refused: bool) -> None:
        """Refuse a message whose Flow cannot be opened, or not by so many. Raises :class:`Refusal`."""
        parameters = body["interactive"]["action"]["parameters"]
        name, flow_id = parameters.get("flow_name"), str(parameters.get("flow_id"))
        flow = self.named(str(name)) if name else self.find(flow_id)
        if flow is None:
            if not unknown_refused:
                return
            raise Refusal(100, f"The Flow {name or flow_id} does not exist in this account.")
        draft, status = parameters.get("mode") == "draft", flow["status"]
        if draft and status != "DRAFT":
            raise Refusal(131009, f"The Flow {name or flow_id} is {status}: it cannot be sent as a draft.")
        if not draft and status in ("DRAFT", "DEPRECATED"):
            raise Refusal(131009, f"The Flow {name or flow_id} is {status}, and not published.")
        if flow["status"] == "BLOCKED":
            raise Refusal(132068, "The Flow is blocked.")
        if flow["status"] == "THROTTLED":
            sent = [at for at in self._sent.get(flow["id"], ()) if at > now - _HOUR]
            if len(sent) >= _THROTTLED:
                raise Refusal(132069, f"The Flow is throttled to {_THROTTLED} messages an hour.")
            self._sent[flow["id"]] = [*sent, now]

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
        return page(request, [*self._flows.values()])

    async def create(self, request: web.Request) -> web.Response:
        """``POST /{waba_id}/flows``."""
        self._access.waba(request)
        body = await json_object(request)
        name, categories = body.get("name"), body.get("categories")
        if not isinstance(name, str) or not name:
            raise Refusal(100, "The parameter name is required.")
        if not isinstance(categories, list) or not categories:
            raise Refusal(100, "The parameter categories is required.")
        if any(flow["name"] == name for flow in self._flows.values()):
            raise Refusal(100, "A Flow of this name exists already.")
        cloned = body.get("clone_flow_id")
        if cloned is not None and str(cloned) not in self._flows:
            raise Refusal(100, "The parameter clone_flow_id names no Flow.")
        flow_id, self._next_id = str(self._next_id), self._next_id + 1
        flow = {"id": flow_id, "name": name, "status": "DRAFT", "categories": categories}
        self._flows[flow_id] = {**flow, "validation_errors": []}
        self._change(flow_id, {"endpoint_uri": body.get("endpoint_uri")})
        text = body.get("flow_json") or self._documents.get(str(cloned), "")
        if text:
            self._keep(flow_id, str(text))
        if body.get("publish"):
            await self._publish(flow_id)
        errors = self._flows[flow_id]["validation_errors"]
        return web.json_response({"id": flow_id, "success": True, "validation_errors": errors})

    async def change(self, request: web.Request, flow: dict[str, Any]) -> web.Response:
        """``POST /{flow_id}``: its name, categories, endpoint or app."""
        self._change(flow["id"], await json_object(request))
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
        self._keep(flow["id"], file.data.decode(errors="replace"))
        return web.json_response({"success": True, "validation_errors": flow["validation_errors"]})

    async def assets(self, request: web.Request) -> web.Response:
        """``GET /{flow_id}/assets``."""
        flow = self._of(request)
        url = f"{request.scheme}://{request.host}/flows/{flow['id']}/flow.json"
        asset = {"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": url}
        return page(request, [asset] if flow["id"] in self._documents else [])

    async def download(self, request: web.Request) -> web.Response:
        """The address of an asset, which opens without a token."""
        text = self._documents.get(request.match_info["id"])
        if text is None:
            raise no_such_object(request)
        return web.Response(text=text, content_type="application/json")

    async def publish(self, request: web.Request) -> web.Response:
        """``POST /{flow_id}/publish``."""
        await self._publish(self._of(request)["id"])
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

    def delete(self, flow_id: str) -> bool:
        """Deletes a draft; says whether there is such a Flow."""
        flow = self._flows.get(flow_id)
        if flow is None:
            return False
        if flow["status"] != "DRAFT":
            raise Refusal(139004, "A Flow that was published cannot be deleted.")
        del self._flows[flow_id]
        self._documents.pop(flow_id, None)
        return True

    def _of(self, request: web.Request) -> dict[str, Any]:
        self._access.authorize(request)
        flow = self.find(request.match_info["id"])
        if flow is None:
            raise no_such_object(request)
        return flow

    def _change(self, flow_id: str, body: dict[str, Any]) -> None:
        self._flows[flow_id] |= {key: body[key] for key in _CHANGEABLE if body.get(key)}

    def _keep(self, flow_id: str, text: str) -> None:
        self._documents[flow_id] = text
        self._flows[flow_id] |= {"json_version": "", "validation_errors": _errors(text)}
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(document, dict):
            versions = {"json_version": "version", "data_api_version": "data_api_version"}
            self._flows[flow_id] |= {key: str(document.get(name) or "") for key, name in versions.items()}

    async def _publish(self, flow_id: str) -> None:
        flow = self._flows[flow_id]
        if flow["status"] != "DRAFT" or flow_id not in self._documents or flow["validation_errors"]:
            raise Refusal(139002, "Only a draft whose JSON has no errors can be published.")
        if version := flow.get("data_api_version"):  # it asks an endpoint for its screens
            try:
                await self._endpoint.ping(flow, version)
            except FlowTrouble as trouble:
                raise Refusal(139002, f"The endpoint fails the health check. {trouble}") from None
        flow["status"] = "PUBLISHED"


def _errors(text: str) -> list[dict[str, Any]]:
    """What is wrong with a Flow, in Meta's form; lines and columns only where it is no JSON."""
    try:
        json.loads(text)
        problems = FlowJSON.from_json(text).problems()
    except json.JSONDecodeError as error:
        place = {"line_start": error.lineno, "column_start": error.colno}
        place |= {"line_end": error.lineno, "column_end": error.colno}
        return [{"error": "INVALID_JSON", "error_type": "JSON_SCHEMA_ERROR", "message": error.msg, **place}]
    except (ValueError, RecursionError) as error:
        return [{"error": "INVALID_JSON", "error_type": "JSON_SCHEMA_ERROR", "message": str(error)}]
    return [
        {
            "error": "INVALID_FLOW_JSON",
            "error_type": "FLOW_JSON_ERROR",
            "message": str(problem),
            "pointers": [{"path": problem.place}],
        }
        for problem in problems
    ]
