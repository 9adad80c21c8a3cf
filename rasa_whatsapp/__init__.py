"""WhatsApp for Rasa: Meta's Cloud API, and Brazil's Serpro, as a Rasa channel.

``rasa_whatsapp.WhatsAppInput`` goes into ``credentials.yml``. The modules ``events``, ``messages``,
``rendering``, ``cloud``, ``serpro`` and ``errors`` know nothing of Rasa and serve any other back end.
"""

from __future__ import annotations

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
