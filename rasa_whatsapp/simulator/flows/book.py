"""The Flows that the account has, and which of them a message means."""

from __future__ import annotations

import json
from typing import Any

from rasa_whatsapp.flows import FlowJSON
from rasa_whatsapp.simulator.refusal import Refusal

_FIRST_ID = 600700800900100
_THROTTLED, _HOUR = 10, 60 * 60
_CHANGEABLE = ("name", "categories", "endpoint_uri", "application_id")


class FlowBook:
    """Flows by id, with their JSON; a new account has none."""

    def __init__(self) -> None:
        self._flows: dict[str, dict[str, Any]] = {}
        self._documents: dict[str, str] = {}
        self._sent: dict[str, list[float]] = {}
        self._next_id = _FIRST_ID

    @property
    def all(self) -> list[dict[str, Any]]:
        """Every Flow, the oldest first."""
        return [*self._flows.values()]

    def find(self, flow_id: str) -> dict[str, Any] | None:
        """The Flow of this id."""
        return self._flows.get(flow_id)

    def named(self, name: str) -> dict[str, Any] | None:
        """The Flow of this name."""
        return next((flow for flow in self._flows.values() if flow["name"] == name), None)

    def text(self, flow_id: str) -> str | None:
        """The Flow's JSON as it came; None where it has none."""
        return self._documents.get(flow_id)

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

    def add(self, name: str, categories: list[Any]) -> dict[str, Any]:
        """Keep a new Flow, a draft without JSON."""
        flow_id, self._next_id = str(self._next_id), self._next_id + 1
        flow = {"id": flow_id, "name": name, "status": "DRAFT", "categories": categories}
        self._flows[flow_id] = {**flow, "validation_errors": []}
        return self._flows[flow_id]

    def change(self, flow_id: str, body: dict[str, Any]) -> None:
        """Take over what may be changed of a Flow: its name, categories, endpoint or app."""
        self._flows[flow_id] |= {key: body[key] for key in _CHANGEABLE if body.get(key)}

    def keep(self, flow_id: str, text: str) -> None:
        """Keep the Flow's JSON, with what is wrong in it."""
        self._documents[flow_id] = text
        self._flows[flow_id] |= {"json_version": "", "validation_errors": _errors(text)}
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(document, dict):
            versions = {"json_version": "version", "data_api_version": "data_api_version"}
            self._flows[flow_id] |= {key: str(document.get(name) or "") for key, name in versions.items()}

    def delete(self, flow_id: str) -> bool:
        """Forget a draft; says whether there is such a Flow. Raises :class:`Refusal`: it is no draft."""
        flow = self._flows.get(flow_id)
        if flow is None:
            return False
        if flow["status"] != "DRAFT":
            raise Refusal(139004, "A Flow that was published cannot be deleted.")
        del self._flows[flow_id]
        self._documents.pop(flow_id, None)
        return True

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
