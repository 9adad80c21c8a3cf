"""WhatsApp for Rasa: Meta's Cloud API, and Brazil's Serpro, as a Rasa channel.

``rasa_whatsapp.WhatsAppInput`` goes into ``credentials.yml``. The modules ``events``, ``messages``,
``rendering``, ``cloud``, ``serpro`` and ``errors`` know nothing of Rasa and serve any other back end.
"""

from __future__ import annotations

# The rooms, folders and modules, each of which knows only those above it:
#
#   errors, masking   what can go wrong, and what of it may be shown
#   wire, fields, addresses   JSON that may hold anything, and whom a message goes to
#   shelf, tracebacks, modules, threads, hosts, header_value   small things that many need
#   events, messages, rendering   what WhatsApp tells, what it is told, and how a Rasa response is told it
#   transport, files   HTTP to a gateway, and the files that travel by it
#   settings, intents, hooks, handover   what the user has set, and what the bot is to be called and asked
#   gateway, cloud, serpro   a number's way to WhatsApp: what each must be able to do, Meta's, Serpro's
#   reception   webhook requests: authenticated, read, kept
#   media, transcription   the bot's own files, uploaded once; voice notes as text
#   flows   forms in the chat: their JSON, its rules, the endpoint (settings know its errors and crypto)
#   delivery   inbox, dispatcher, outbox and sender, over one of three stores
#   providers   the gateways that the settings name
#   actions   for custom actions, with no Rasa beside them
#   channel   the Rasa side
#   simulator   WhatsApp on your own machine
#   cli, pytest_plugin   the command, and the fixture for tests of bots
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasa_whatsapp.channel import WhatsAppInput as WhatsAppInput
    from rasa_whatsapp.channel import WhatsAppOutput as WhatsAppOutput

__version__ = "0.1.0"
__all__ = ["WhatsAppInput", "WhatsAppOutput", "__version__"]


def __getattr__(name: str) -> Any:
    """Loads the channel when it is first asked for, so that an action server needs no Rasa."""
    if name not in ("WhatsAppInput", "WhatsAppOutput"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from rasa_whatsapp import channel
    except ImportError as error:
        raise _not_loadable(error) from error
    return getattr(channel, name)


def _not_loadable(error: ImportError) -> Exception:
    """Why the channel cannot be loaded; Rasa would hide an ImportError behind "class not found"."""
    message = f"The WhatsApp channel cannot be loaded: {error}. `rasa-whatsapp doctor` says what is missing."
    try:
        from rasa.shared.exceptions import RasaException
    except ImportError:
        return RuntimeError(f"{message} It needs Rasa: pip install 'rasa-whatsapp[rasa]'.")
    return RasaException(message)  # type: ignore[no-any-return]
