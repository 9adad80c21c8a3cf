"""Keeps other web sites away: only loopback names are answered, and the page loads nothing from elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from rasa_whatsapp.simulator.api.calls import Handler

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self' ws://localhost:* ws://127.0.0.1:*; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@web.middleware
async def local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a foreign Host (a rebound name) or Origin (another site's script), and add the headers.

    A handler may have set one of them more strictly.
    """
    origin = request.headers.get("Origin")
    if not is_loopback(f"//{request.host}"):
        raise web.HTTPForbidden(text="This server answers to the names localhost and 127.0.0.1 only.")
    if origin is not None and not (is_loopback(origin) and urlsplit(origin).netloc == request.host):
        raise web.HTTPForbidden(text="Another site may not use this server.")
    try:
        response = await handler(request)
    except web.HTTPException as refused:
        refused.headers.update(_HEADERS)
        raise
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:
        return False
