"""What a request brings along, and whether it began to leave: what makes sending again safe or not."""

from __future__ import annotations

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload, Payload

from rasa_whatsapp.wire import dumps


class Body(Payload):
    """A request body that remembers whether it began to leave."""

    def __init__(self, inner: Payload) -> None:
        super().__init__(inner, headers=inner.headers, content_type=inner.content_type)
        self._size = inner.size
        self.left = False

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Required by newer aiohttp, for middlewares that read the body; none is used here."""
        raise TypeError("the body is only ever written")

    async def write(self, writer: AbstractStreamWriter) -> None:
        self.left = True
        await self._value.write(writer)


def body_of(json: object, data: aiohttp.FormData | Payload | None) -> Body | None:
    """The body of a request: JSON, or data as it is, or none."""
    if json is not None:
        return Body(BytesPayload(dumps(json), content_type="application/json"))
    if data is None:
        return None
    return Body(data() if isinstance(data, aiohttp.FormData) else data)
