"""Messages with a Flow are compared with the account's Flows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from error_causes import FLOW

from rasa_whatsapp.simulator import WABA_ID, Simulator, User


async def create(graph: Any, *, publish: bool) -> str:
    """The account has a Flow ``f``; its id."""
    flow = {"name": "f", "categories": ["OTHER"], "flow_json": json.dumps(FLOW), "publish": publish}
    status, made = await graph.call("POST", f"/v26.0/{WABA_ID}/flows", json=flow)
    assert status == 200, made
    return str(made["id"])


async def send(graph: Any, **parameters: str) -> int:
    """The error code of a Flow message; 200 without one."""
    parameters = {"flow_message_version": "3", "flow_cta": "Abrir", **parameters}
    action = {"name": "flow", "parameters": parameters}
    interactive = {"type": "flow", "body": {"text": "Oi"}, "action": action}
    status, answer = await graph.send({"type": "interactive", "interactive": interactive})
    return int(answer["error"]["code"]) if "error" in answer else int(status)


@pytest.fixture(autouse=True)
async def open_window(maria: User) -> None:
    await maria.says("oi")


@pytest.mark.parametrize(
    ("publish", "mode", "code"),
    [(True, "published", 200), (True, "draft", 131009), (False, "published", 131009), (False, "draft", 200)],
)
async def test_a_draft_is_sent_as_a_draft(graph, publish: bool, mode: str, code: int) -> None:
    """And only a draft; by its name as by its id."""
    id = await create(graph, publish=publish)
    assert await send(graph, flow_id=id, mode=mode) == code
    assert await send(graph, flow_name="f", mode=mode) == code


async def test_published_is_what_is_meant_without_a_mode(graph) -> None:
    """Out of use it cannot be sent any more."""
    id = await create(graph, publish=True)
    assert await send(graph, flow_id=id) == 200
    await graph.call("POST", f"/v26.0/{id}/deprecate")
    assert await send(graph, flow_id=id) == 131009


async def test_a_flow_that_the_account_has_not(simulator: Simulator, graph) -> None:
    """It is taken unless that is refused."""
    assert await send(graph, flow_id="1") == 200
    simulator.restrict(unknown_flows="refused")
    assert await send(graph, flow_id="1") == 100
    assert await send(graph, flow_name="f") == 100
    await create(graph, publish=True)
    assert await send(graph, flow_name="f") == 200
