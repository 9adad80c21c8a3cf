"""A custom action on a real action server answers a Flow, with the tracker of the person who was sent it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from flows.whatsapp import VECTORS, Phone
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import TextSlot
from rasa.utils.endpoints import EndpointConfig
from serving import PERSON, Bot, WhatsApp, serving, signature
from structlog.testing import capture_logs

from rasa_whatsapp.flows import FlowTokens

try:
    from rasa.core.tracker_stores.tracker_store import InMemoryTrackerStore  # Rasa Pro
except ImportError:
    from rasa.core.tracker_store import InMemoryTrackerStore

pytestmark = pytest.mark.cloud_only("Serpro has no Flows")

ACTIONS = """
import time

from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_whatsapp import actions


class Answer(Action):
    def name(self):
        return "action_flow"

    def run(self, dispatcher, tracker, domain):
        request = actions.flow_request(tracker)
        if request.screen == "SLOW":
            time.sleep(1)
        if request.screen == "OLD":
            actions.flow_response(dispatcher, expired="Pedí otro formulario.")
        elif request.screen == "SILENT":
            dispatcher.utter_message(text="nothing for a Flow")
        elif request.screen == "BROKEN":
            raise ValueError("a secret of the house")
        else:
            greeting = f"{tracker.get_slot('name')}, {request.data['email']}, {tracker.sender_id}"
            actions.flow_response(dispatcher, "NEXT", {"greeting": greeting})
        return [SlotSet("name", "somebody else")] if request.screen == "EVENTS" else []
"""
PATIENCE = 60.0


@pytest.fixture(scope="module")
def action_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running `rasa run actions`."""
    folder = tmp_path_factory.mktemp("actions")
    (folder / "actions.py").write_text(ACTIONS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env={**os.environ, "SANIC_HOST": "127.0.0.1"}) as server:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)  # nothing announces the open port
        yield f"http://127.0.0.1:{port}/webhook"
        server.terminate()


@pytest.fixture
def flows(tmp_path: Path) -> dict[str, Any]:
    """The settings: no function of the bot's answers, the action does."""
    (tmp_path / "flows.pem").write_text(VECTORS["private_key"])
    return {
        "private_key": str(tmp_path / "flows.pem"),
        "passphrase": VECTORS["passphrase"],
        "action": "action_flow",
        "deadline": 0.5,
    }


async def asked(
    whatsapp: WhatsApp, flows: dict[str, Any], action_server: str, screen: str, person: str = PERSON
) -> tuple[int, Any]:
    """What the action's answer looks like to WhatsApp; no tracker is made for the one who asks."""
    bot = Bot()
    bot.domain = Domain.empty()  # type: ignore[assignment]
    bot.domain.slots.append(TextSlot("name", mappings=[{"type": "custom"}]))  # type: ignore[attr-defined]
    store = InMemoryTrackerStore(bot.domain)
    tracker = await store.get_or_create_tracker(PERSON)
    tracker.update(SlotSet("name", "María"))
    await store.save(tracker)
    bot.tracker_store = store
    bot.action_endpoint = EndpointConfig(action_server)  # type: ignore[attr-defined]
    async with serving(bot, whatsapp, flows=flows) as server:
        tokens = FlowTokens(server.channel._running._delivery.store)  # type: ignore[union-attr]
        token = await tokens.issue(person, "sign_up")
        phone = Phone()
        request = {"action": "data_exchange", "screen": screen, "data": {"email": "a@b.org"}}
        plain = json.dumps({"version": "3.0", "flow_token": token, **request}).encode()
        body = phone.body(plain)
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"{server.url}/flow", data=body, headers={"X-Hub-Signature-256": signature(body)}
            ) as response,
        ):
            answer = response.status, phone.opened(await response.text())
    assert list(await store.keys()) == [PERSON]
    return answer


async def test_the_action_knows_the_person(
    whatsapp: WhatsApp, flows: dict[str, Any], action_server: str
) -> None:
    """Slots and sender are those of the conversation in which the Flow was sent."""
    flows["deadline"] = 8
    assert await asked(whatsapp, flows, action_server, "SIGN_UP") == (
        200,
        {"screen": "NEXT", "data": {"greeting": f"María, a@b.org, {PERSON}"}},
    )


async def test_somebody_who_has_never_written(
    whatsapp: WhatsApp, flows: dict[str, Any], action_server: str
) -> None:
    """With a tracker made here, Rasa would take the person's first session for begun."""
    flows["deadline"] = 8
    answer = await asked(whatsapp, flows, action_server, "SIGN_UP", person="5561999990009")
    assert answer == (200, {"screen": "NEXT", "data": {"greeting": "None, a@b.org, 5561999990009"}})


async def test_events_are_refused_with_an_error(
    whatsapp: WhatsApp, flows: dict[str, Any], action_server: str
) -> None:
    """No turn is under way that could take them; the answer counts all the same."""
    flows["deadline"] = 8
    with capture_logs() as logs:
        status, answer = await asked(whatsapp, flows, action_server, "EVENTS")
    assert (status, answer["screen"]) == (200, "NEXT")
    [told] = [log for log in logs if log["event"] == "whatsapp.flow.action_ignored"]
    assert (told["log_level"], told["events"]) == ("error", 1)


@pytest.mark.parametrize(
    ("screen", "words", "logged"),
    [
        ("SLOW", "Está demorando mais que o normal. Tente de novo.", "whatsapp.flow.late"),
        ("SILENT", "Algo deu errado. Tente de novo.", "whatsapp.flow.failed"),
        ("BROKEN", "Algo deu errado. Tente de novo.", "whatsapp.flow.failed"),
    ],
)
async def test_what_goes_wrong_is_told_in_the_persons_language(
    whatsapp: WhatsApp, flows: dict[str, Any], action_server: str, screen: str, words: str, logged: str
) -> None:
    """A late answer, none, or an error: the same screen with a sentence, and a line in the log."""
    flows["deadline"] = 0.5 if screen == "SLOW" else 8
    with capture_logs() as logs:
        answer = await asked(whatsapp, flows, action_server, screen)
    assert answer == (200, {"screen": screen, "data": {"error_message": words}})
    assert logged in {log["event"] for log in logs}


async def test_the_action_ends_a_form(whatsapp: WhatsApp, flows: dict[str, Any], action_server: str) -> None:
    """427, with its own words."""
    flows["deadline"] = 8
    assert await asked(whatsapp, flows, action_server, "OLD") == (
        427,
        {"error_msg": "Pedí otro formulario."},
    )
