"""Helpers for custom actions; they need neither Rasa nor Sanic beside the action server.

incoming.py   what the person sent, as a typed event
reply.py      typed messages as answers in the turn
plain.py      a message as other channels can show it
connection.py proactive messages and files, outside of a turn
parts.py      what a connection works with
blocking.py   the same for actions that are not async
pause.py      the bot falls silent while a person answers
flow.py       an action answers a Flow

    >>> class ActionPlace(Action):
    ...     def run(self, dispatcher, tracker, domain):
    ...         place = actions.incoming(tracker)
    ...         if isinstance(place, events.Location):
    ...             actions.reply(dispatcher, messages.CtaUrl("Found you.", "Open map", map_of(place)))
"""

from __future__ import annotations

from rasa_whatsapp.actions.blocking import BlockingConnection, connect_sync
from rasa_whatsapp.actions.connection import Connection, connect
from rasa_whatsapp.actions.flow import flow_request, flow_response
from rasa_whatsapp.actions.incoming import incoming
from rasa_whatsapp.actions.pause import pause, resume
from rasa_whatsapp.actions.reply import reply

__all__ = [
    "BlockingConnection",
    "Connection",
    "connect",
    "connect_sync",
    "flow_request",
    "flow_response",
    "incoming",
    "pause",
    "reply",
    "resume",
]
