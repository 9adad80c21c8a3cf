"""Multipart forms with one file in them."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from rasa_whatsapp.simulator.media.shelf import LARGEST


@dataclass(frozen=True)
class FormFile:
    """The file of a form, cut one byte over the limit: whoever keeps it sees that it is too large."""

    data: bytes
    mime_type: str
    filename: str


async def read_form(request: web.Request) -> tuple[dict[str, str], FormFile | None]:
    """The text fields and the ``file`` of a form. Raises ValueError for a broken one."""
    form = await request.post()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    file = form.get("file")
    if not isinstance(file, web.FileField):
        return fields, None
    with file.file as stream:
        return fields, FormFile(stream.read(LARGEST + 1), file.content_type, file.filename)
