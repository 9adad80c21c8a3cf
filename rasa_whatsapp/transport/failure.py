"""What a broken connection means: whether the request may have arrived, and what can be done about it."""

from __future__ import annotations

import asyncio

import aiohttp

from rasa_whatsapp.errors import MediaError, NotSent, SendError, SendTimeout
from rasa_whatsapp.transport.body import Body
from rasa_whatsapp.transport.proxy import ProxyUnusable

_BEFORE = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, ProxyUnusable, UnicodeError)
"""What goes wrong before a connection stands. Python cannot write some names of hosts for DNS."""
_NO_CONNECTION = "Connection timeout"
"""How aiohttp begins where it waited for a connection, not for an answer; 3.9 has one type for both."""


def unsent(error: Exception, body: Body | None) -> SendError:
    """The error for a call that brought no answer."""
    left = body.left if body is not None else not _is_before(error)
    if left:
        return SendTimeout(f"No answer: {_reason(error)}. WhatsApp may have accepted the request.")
    if isinstance(error, (ProxyUnusable, UnicodeError)):
        return NotSent(f"Not sent: {_reason(error)}.")
    return NotSent(f"Not sent: {_reason(error)}. Check the network and `HTTPS_PROXY`.")


def lost(error: Exception) -> MediaError:
    """The error for a file that did not arrive."""
    return MediaError(f"The media could not be fetched: {_reason(error)}.")


def _is_before(error: Exception) -> bool:
    """Whether it went wrong before a connection stood."""
    waited = isinstance(error, aiohttp.ServerTimeoutError) and str(error).startswith(_NO_CONNECTION)
    return waited or isinstance(error, _BEFORE)


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"{error.host}'s certificate is not trusted; if a proxy opens TLS, name its CA in `ca_bundle`"
    if isinstance(error, (aiohttp.ClientConnectorError, ProxyUnusable)):
        return str(error)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        wanted = "wants a user and a password" if error.status == 407 else "does not open the way"
        return f"the proxy {wanted} (HTTP {error.status})"
    if isinstance(error, UnicodeError):
        return "there can be no host of that name; check `base_url`, and the proxy's address if there is one"
    if isinstance(error, asyncio.TimeoutError):
        return "it took too long"
    return f"the connection broke ({type(error).__name__})"
