"""What the channel asks of Rasa's agent."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import structlog
from sanic import Sanic

from rasa_whatsapp.actions.incoming import METADATA_KEY
from rasa_whatsapp.channel.action_server import ActionServer
from rasa_whatsapp.delivery.dispatcher import Unavailable
from rasa_whatsapp.intents import Declared, Understanding
from rasa_whatsapp.rendering.values import mapping_of
from rasa_whatsapp.tracebacks import told

logger = structlog.get_logger()

LOOK_AGAIN = 0.1
"""Seconds between two looks whether the agent is ready."""
WARN_EVERY = 60.0
"""Seconds between two warnings that it is not."""

MESSAGE_IDS = "message_ids"
"""Beside the event, the ids of all the texts that ``debounce`` made one."""

ERROR_HOOK = "_on_tracker_store_error"
"""Where Rasa's FailSafeTrackerStore keeps its error hook, in Rasa Open Source and in Rasa Pro."""


def away(part: str, error: Exception) -> Unavailable:
    """What to raise where a part of Rasa fails a turn, without its own words.

    A database's may quote the row, and with it what somebody wrote; those of Rasa's lock have the
    conversation's id, which is a phone number.
    """
    return Unavailable(f"the {part}: {told(error, 1)}")


def _raise(error: Exception) -> None:
    raise away("tracker store", error) from error


class AgentView:
    """Rasa's agent as it is at each moment: a new model replaces the object.

    Args:
        app: the Sanic application; Rasa puts its agent into ``app.ctx``.
        understanding: what the channel may tell Rasa; compared with each model's domain.
        action_server: where the model's custom actions run.
    """

    def __init__(self, app: Sanic, understanding: Understanding, action_server: ActionServer) -> None:
        self._app = app
        self._action_server = action_server
        self._understanding = understanding
        self._domain: Any = None
        self._declared: Declared | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a model is loaded. Rasa silently drops messages while none is."""
        agent = getattr(self._app.ctx, "agent", None)
        return agent is not None and bool(agent.is_ready())

    async def ready(self) -> None:
        """Waits until a model is loaded, with a warning each minute."""
        waited = 0.0
        while not self.is_ready:
            if waited % WARN_EVERY < LOOK_AGAIN and waited >= WARN_EVERY:
                logger.warning(
                    "whatsapp.turns.held",
                    seconds=round(waited),
                    hint="Rasa has no model loaded; messages wait. Train one, or look at Rasa's log.",
                )
            await asyncio.sleep(LOOK_AGAIN)
            waited += LOOK_AGAIN
        self.declared()

    def declared(self) -> Declared | None:
        """What the loaded model's domain declares; says once for each model what it lacks."""
        domain = getattr(self._app.ctx.agent, "domain", None)
        if domain is not self._domain:
            _set_aside(first=self._domain is None)
            self._domain = domain
            self._declared = None if domain is None else Declared(set(domain.intents), set(domain.entities))
            self._compare()
        return self._declared

    def _compare(self) -> None:
        if self._declared is None:
            return
        missing = sorted(self._understanding.names - set(self._declared.intents))
        if missing:
            logger.warning(
                "whatsapp.domain.incomplete",
                missing_intents=missing,
                hint="Such messages reach Rasa as their caption, else not at all. "
                "`rasa-whatsapp doctor --domain` prints the entries to paste into domain.yml; "
                "`intents:` in credentials.yml silences kinds you do not want.",
            )

    async def prepare(self) -> None:
        """Sees to it that a turn which fails is seen to fail; asked before each turn."""
        self.tracker_store()
        endpoint = getattr(self._app.ctx.agent, "action_endpoint", None)
        await self._action_server.there(getattr(endpoint, "url", None))

    async def heard(self, sender_id: str) -> set[str]:
        """The ids of the messages in the conversation's tracker: their turns were run to the end.

        Raises:
            Unavailable: the tracker store is away.
        """
        tracker = await self.tracker_store().retrieve_full_tracker(sender_id)
        ids: set[str] = set()
        for event in tracker.events if tracker is not None else ():
            if (message_id := getattr(event, "message_id", None)) is not None:
                # Whoever may post to another channel of the bot may have put anything there.
                together = mapping_of(mapping_of(event.metadata).get(METADATA_KEY)).get(MESSAGE_IDS)
                ids.add(message_id)
                if isinstance(together, list):
                    ids.update(id for id in together if isinstance(id, str))
        return ids

    def tracker_store(self) -> Any:
        """The present agent's tracker store, which tells of its errors.

        Rasa wraps it so that they are only logged, and what was asked goes on with an empty tracker.
        """
        store = self._app.ctx.agent.tracker_store
        if getattr(store, ERROR_HOOK, _raise) is None:
            setattr(store, ERROR_HOOK, _raise)
        return store

    def free_lock(self, sender_id: str) -> None:
        """Removes the ticket that a killed process left in Rasa's lock store, where it stays for a minute.

        Raises:
            Unavailable: the lock store is away.
        """
        try:
            self._app.ctx.agent.lock_store.delete_lock(sender_id)
        except Exception as error:  # Rasa lets through whatever the store's client raises
            raise away("lock store", error) from error


def _set_aside(first: bool) -> None:
    """Spares Python's garbage collector the objects of the loaded model.

    Rasa, its libraries and its model are up to a million objects that live as long as the process. A full
    collection looks at each of them, inside the loop that answers webhooks, and requests alone bring about
    one every few thousand. A model that takes the place of the first one can be collected as ever.
    """
    gc.unfreeze()
    if first:
        gc.freeze()
