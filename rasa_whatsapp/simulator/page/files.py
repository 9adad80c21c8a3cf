"""Files for the browser: those of the page, those of a conversation, and those that are made to be saved."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from rasa_whatsapp.simulator.ids import slug
from rasa_whatsapp.simulator.media.shelf import KINDS, bare

STATIC = Path(__file__).parent / "static"
_SHOWN = frozenset[str]().union(*(KINDS[kind][0] for kind in ("image", "video", "audio", "sticker")))


def page_file(path: str) -> web.StreamResponse:
    """A file of the page, and none beside its folder. Raises ``HTTPNotFound``."""
    file = (STATIC / path).resolve()
    if not file.is_relative_to(STATIC.resolve()) or not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file, headers={"Cache-Control": "no-cache"})


def saved(text: str, pattern: str, name: str) -> web.Response:
    """A text that the browser saves as a file, which is called after somebody."""
    name = pattern.format(slug(name) or "conversation")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, headers=headers)


def content(request: web.Request, mime_type: str, data: bytes) -> web.Response:
    """A file for the page, or the part that it asks for: players find the length of a sound at its end.

    What a browser could run is only ever offered for saving.
    """
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Type": mime_type,
    }
    if bare(mime_type) not in _SHOWN:
        headers |= {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
    try:
        wanted = request.http_range
    except ValueError:
        wanted = slice(len(data), None)
    start, stop, _ = wanted.indices(len(data))
    if wanted == slice(None, None, 1):
        return web.Response(body=data, headers=headers)
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(status=206, body=data[start:stop], headers=headers)
