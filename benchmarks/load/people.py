"""People who write over WhatsApp, where WhatsApp itself takes next to nothing of the processor.

In the world it runs elsewhere. The local WhatsApp, which shows everything to people, takes several
milliseconds for a message and its statuses, and slows down the Rasa beside it that is measured.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from benchmarks.load.connections import Connections
from benchmarks.load.ids import message_id
from benchmarks.load.webhooks import read, status, text
from rasa_whatsapp.simulator.account import Account

STATUSES = ("sent", "delivered", "read")
"""What Meta tells of each answer, each in a webhook of its own."""

_ids = itertools.count(1)


class People:
    """Who write, and what they are answered.

    Attributes:
        url: what ``base_url`` has to be, as soon as they are there.
    """

    def __init__(self, account: Account) -> None:
        self.url = ""
        self._account = account
        self._bot: Connections | None = None
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._telling: set[asyncio.Task[None]] = set()

    def meet(self, port: int) -> None:
        """Have what they write posted to the bot on this port."""
        self._bot = Connections(port)

    async def say(self, phone: str, words: str) -> str:
        """Somebody writes; what they are answered, as it stands in the call.

        Raises:
            RuntimeError: the webhook was refused.
        """
        answer = self._waiting[phone] = asyncio.get_running_loop().create_future()
        await self._post(text(self._account, message_id(f"said {next(_ids)}"), phone, words))
        return await answer

    async def settle(self) -> None:
        """Waits until the bot has been told of all statuses."""
        while self._telling:
            await asyncio.gather(*self._telling)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the bot's to the Graph API."""
        try:
            while True:
                _, body = await read(reader)
                answer = self._answer(body)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                    % (len(answer), answer)
                )
        except asyncio.IncompleteReadError:
            pass  # the bot has hung up
        finally:
            writer.close()

    def _answer(self, body: bytes) -> bytes:
        call = json.loads(body)
        if "to" not in call:  # read, and typing
            return b'{"success":true}'
        phone, id_ = call["to"].lstrip("+"), message_id(f"answer {next(_ids)}")
        task = asyncio.ensure_future(self._tell(phone, id_, call.get("biz_opaque_callback_data", "")))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
        if phone in self._waiting:
            self._waiting.pop(phone).set_result(body.decode())
        taken = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": call["to"], "wa_id": phone}],
            "messages": [{"id": id_}],
        }
        return json.dumps(taken).encode()

    async def _tell(self, phone: str, id_: str, opaque: str) -> None:
        with suppress(OSError, EOFError):  # the bot has stopped
            for kind in STATUSES:
                await self._post(status(self._account, id_, phone, kind, opaque))

    async def _post(self, request: bytes) -> None:
        assert self._bot is not None, "they have not met the bot"
        if (answer := await self._bot.post(request)) != 200:
            raise RuntimeError(f"a webhook was answered {answer}")

    def leave(self) -> None:
        """Ends what is under way."""
        for task in self._telling:
            task.cancel()
        if self._bot is not None:
            self._bot.close()


@asynccontextmanager
async def people(account: Account) -> AsyncIterator[People]:
    """Serves their side of the Graph API on a free port."""
    them = People(account)
    server = await asyncio.start_server(them.take, "127.0.0.1", 0)
    them.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield them
    finally:
        them.leave()
        server.close()
