"""A custom action answers a Flow, outside of any turn.

Rasa's own way to an action holds the conversation's lock, whose polling costs up to a second, and WhatsApp
gives up after ten. So the action server is asked directly, with the call that Rasa would make.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from sanic import Sanic

from rasa_whatsapp.actions.flow import REQUEST, RESPONSE
from rasa_whatsapp.channel.agent import AgentView
from rasa_whatsapp.flows import FlowRequest, FlowResponse, FlowTokenNoLongerValid
from rasa_whatsapp.rendering.values import for_whatsapp, mapping_of

logger = structlog.get_logger()

INTENT = "whatsapp_flow_request"
"""What the action is told that the person has just said."""


class FlowAction:
    """A handler of Flow requests that asks the action server.

    Args:
        app: the Sanic application, whose ``ctx.agent`` is Rasa's agent.
        agent: what the channel sees of it.
        action: the action's name.
        deadline: seconds that it has.
    """

    def __init__(self, app: Sanic, agent: AgentView, action: str, deadline: float) -> None:
        self._app = app
        self._agent = agent
        self._action = action
        self._deadline = deadline

    async def __call__(self, request: FlowRequest) -> FlowResponse:
        """Returns what the action answers.

        Raises:
            FlowTokenNoLongerValid: the action says so.
            RuntimeError: there is no action server, or the action gives no answer.
        """
        agent = self._app.ctx.agent
        endpoint = getattr(agent, "action_endpoint", None)
        if endpoint is None:
            raise RuntimeError("flows.action needs an action_endpoint in endpoints.yml.")
        answer = await endpoint.request(
            json=await self._call(agent, request), method="post", timeout=self._deadline
        )
        return self._read(answer if isinstance(answer, Mapping) else {})

    async def _call(self, agent: Any, request: FlowRequest) -> dict[str, Any]:
        """What Rasa would post, with the request in the place of the latest message."""
        conversation = request.conversation
        state: dict[str, Any] = {"sender_id": conversation, "slots": {}, "events": []}
        if conversation:
            # Not made here where there is none: with it, Rasa would take the session for begun.
            tracker = await self._agent.tracker_store().retrieve(conversation)
            tracker = tracker or DialogueStateTracker(conversation, agent.domain.slots)
            state = tracker.current_state(EventVerbosity.ALL)
        latest = {
            "text": f"/{INTENT}",
            "intent": {"name": INTENT, "confidence": 1.0},
            "entities": [],
            "metadata": {REQUEST: request.to_dict()},
        }
        return {
            "next_action": self._action,
            "sender_id": conversation,
            "tracker": {**state, "latest_message": latest, "latest_input_channel": "whatsapp"},
            "domain": agent.domain.as_dict(),
        }

    def _read(self, answer: Mapping[str, Any]) -> FlowResponse:
        answers, others = [], 0
        for response in answer.get("responses") or ():
            told = for_whatsapp(mapping_of(response).get("custom")).get(RESPONSE)
            if isinstance(told, Mapping):
                answers.append(told)
            else:
                others += 1
        events = len(answer.get("events") or ())
        if events or others:
            logger.error(
                "whatsapp.flow.action_ignored",
                action=self._action,
                events=events,
                responses=others,
                hint="An action that answers a Flow returns no events and says nothing else, for no turn is "
                "under way. Set slots when the Flow's reply arrives as a message.",
            )
        if not answers:
            hint = "Call actions.flow_response(dispatcher, …)."
            logger.error("whatsapp.flow.action_silent", action=self._action, hint=hint)
            raise RuntimeError(f"{self._action} gave no answer.")
        first = answers[0]
        if first.get("expired"):
            raise FlowTokenNoLongerValid(str(first["expired"]))
        return FlowResponse(**{name: first[name] for name in FlowResponse.ANSWER if name in first})
