"""A custom action that answers a Flow's request, as ``flows: {action: …}`` in credentials.yml says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rasa_whatsapp.actions.incoming import latest_id, latest_metadata
from rasa_whatsapp.actions.reply import Dispatcher

if TYPE_CHECKING:
    from rasa_whatsapp.flows import FlowRequest

REQUEST = "whatsapp_flow"
"""Under this key of the latest message's metadata the channel puts the request."""
RESPONSE = "flow_response"
"""Under this key, below ``whatsapp`` of a custom response, the action puts its answer."""


def flow_request(
    tracker: Any,
    credentials: str | os.PathLike[str] | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
) -> FlowRequest | None:
    """Returns what the Flow asks, where the action was called to answer one.

    The tracker is that of the person who was sent the Flow, so that slots can be read as usual; for a Flow of
    another system (``foreign_tokens: true``) it is empty.

    Picked files come from Meta, or from the local WhatsApp where ``base_url`` says so; ``ca_bundle`` is
    trusted on the way. Only these two of the settings are looked at, when a file is downloaded:
    where one of them is wrong, that raises ``SettingsError``.

    Args:
        tracker: rasa_sdk's ``Tracker``, or its state as a mapping.
        credentials: the file with the channel's settings; by default ``credentials.yml`` where there is one,
            else the environment alone.
        environ: variables that fill what the file lacks.

    Returns:
        The request: ``screen``, ``action``, ``data``, ``files(name)`` of a picker; None in an ordinary turn.
    """
    request = latest_metadata(tracker, REQUEST)
    # In a turn that Rasa itself has heard, the metadata may be anybody's, by another channel.
    if not isinstance(request, Mapping) or latest_id(tracker):
        return None
    from rasa_whatsapp.flows import FlowRequest  # brings cryptography, which few actions need

    async def fetch(url: str) -> bytes:
        from rasa_whatsapp.flows.files import fetch
        from rasa_whatsapp.settings import find_credentials, load_graph, read_credentials

        section = read_credentials(find_credentials(credentials), environ)
        return await fetch(url, *load_graph(section, environ))

    return FlowRequest.from_dict(request, fetch)


def flow_response(
    dispatcher: Dispatcher,
    screen: str = "",
    data: Mapping[str, Any] | None = None,
    *,
    error_message: str = "",
    close_flow: bool = False,
    expired: str = "",
) -> None:
    """Answers the Flow; once, and within ``flows: {deadline: …}``, 8 seconds unless set.

    What else the action says, and the events that it returns, are not taken: no turn is under way.

    Args:
        dispatcher: as Rasa gives it to the action.
        screen: the next screen; the same one again for a correction.
        data: what the screen is given; with ``close_flow`` what the completion message carries.
        error_message: shown at the bottom of the screen.
        close_flow: ends the Flow; ``screen`` stays empty then.
        expired: instead of all this, tells the user that the Flow is no longer valid, and why.

    Raises:
        ValueError: neither a screen nor the end, or both.

    Source: Meta, WhatsApp Flows, Implementing endpoints, Data exchange request.
    """
    if expired:
        answer: dict[str, Any] = {"expired": expired}
    else:
        from rasa_whatsapp.flows import FlowResponse

        FlowResponse(screen=screen, data=data or {}, error_message=error_message, close_flow=close_flow)
        answer = {
            "screen": screen,
            "data": dict(data or {}),
            "error_message": error_message,
            "close_flow": close_flow,
        }
    dispatcher.utter_message(json_message={"whatsapp": {RESPONSE: answer}})
