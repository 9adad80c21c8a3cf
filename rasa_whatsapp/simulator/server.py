"""The simulator: one server that is WhatsApp for a bot, for a browser and for tests."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.calls import Call
from rasa_whatsapp.simulator.api.protection import local_only
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.limits.admission import Admission
from rasa_whatsapp.simulator.media.shelf import LARGEST
from rasa_whatsapp.simulator.options import Options
from rasa_whatsapp.simulator.parts import Parts
from rasa_whatsapp.simulator.people.user import User
from rasa_whatsapp.simulator.signature import takes
from rasa_whatsapp.simulator.state import State
from rasa_whatsapp.simulator.state.file import StateFile
from rasa_whatsapp.simulator.troubles import Troubles
from rasa_whatsapp.simulator.webhook.deliveries import Delivery

_FORM_OVERHEAD = 64 * 1024


class Simulator(Troubles):
    """WhatsApp on your own machine.

    ``async with Simulator(port=0) as whatsapp:`` starts it; ``whatsapp.url`` is the bot's ``base_url``, and
    the credentials are the constants of :mod:`rasa_whatsapp.simulator` unless others are given.

    It takes what :class:`Options` does, by name.

    Raises:
        ValueError: the options make no sense, or the state file cannot be read or written.
    """

    @takes(Options)
    def __init__(self, **named: Any) -> None:
        self._options = options = Options(**named)
        self.port = options.port
        self.account: Account = options
        self.provider = options.provider
        self.clock = options.clock or Clock()
        self._state_file = StateFile(Path(options.state_file), self.clock) if options.state_file else None
        self.state = self._state_file.state if self._state_file else State()
        self._admission = Admission(options, self.state, self.clock, options)
        super().__init__(options, self.state, self._admission)
        self._parts = Parts(options, self.state, self.clock, self._admission, self, lambda: self.url)
        self._runner: web.AppRunner | None = None

    @classmethod
    def of(cls, options: Options) -> Simulator:
        """The simulator that is started with these options; raises as the class does."""
        return cls(**{field.name: getattr(options, field.name) for field in fields(options)})

    # --- running ---

    async def start(self) -> None:
        """Listen, begin to post webhooks, and ask the bot for its handshake until it agrees."""
        app = web.Application(middlewares=[local_only], client_max_size=LARGEST + _FORM_OVERHEAD)
        app.add_routes(self._parts.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]
        if self._state_file:
            changed = self._state_file.changed
            self.listen(lambda _: changed())
        self.clock.listeners.append(self._clock_moved)
        await self._parts.begin()

    async def stop(self) -> None:
        """End everything that is under way."""
        if self._clock_moved in self.clock.listeners:
            self.clock.listeners.remove(self._clock_moved)
        await self._parts.end()
        if self._runner:
            await self._runner.cleanup()
        if self._state_file:
            await self._state_file.close()

    async def __aenter__(self) -> Simulator:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def run(self) -> None:
        """Start, and stay until interrupted."""

        async def forever() -> None:
            async with self:
                await asyncio.Event().wait()

        asyncio.run(forever())

    @property
    def host(self) -> str:
        """The loopback address where it listens."""
        return self._options.host

    @property
    def url(self) -> str:
        """The address of the page, and the bot's ``base_url``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def credentials(self) -> dict[str, str]:
        """What credentials.yml must say, for a bot to talk to this simulator."""
        return self.account.credentials(self.provider, self.url)

    @property
    def webhook_url(self) -> str:
        """Where the bot listens."""
        return self._parts.webhook.url

    @webhook_url.setter
    def webhook_url(self, url: str) -> None:
        self._parts.hooks.move(url)
        self._parts.move(url)

    async def connected(self, timeout: float = 60.0) -> None:
        """Wait until the bot has agreed in the handshake. Raises :class:`TimeoutError` with the reason."""
        await self._parts.handshake.wait(timeout)

    async def settle(self, timeout: float = 30.0) -> None:
        """Wait until every webhook is acknowledged and every status is reported.

        Raises :class:`asyncio.TimeoutError`.
        """

        async def settled() -> None:
            await self._parts.webhook.join()
            while not self._parts.background.idle:
                await self._parts.background.join()
                await self._parts.webhook.join()

        await asyncio.wait_for(settled(), timeout)

    # --- people ---

    def user(self, phone: str = "", *, name: str = "Maria", user_id: str = "", username: str = "") -> User:
        """Somebody who writes to the bot; the same one for the same ``phone`` or ``user_id``.

        Without a ``phone``, somebody who hides it: only the business-scoped ``user_id`` is known.
        """
        person = self._parts.network.person(phone, name=name, user_id=user_id, username=username)
        person.reads_at_once = True
        return self._parts.users.of(person)

    # --- what Meta decides ---

    def template_status(self, name: str, status: str, *, language: str = "", reason: str = "") -> None:
        """Meta gives a template another status: APPROVED, PENDING, REJECTED, PAUSED or DISABLED.

        The bot is told, except by Serpro. Only an approved template can be sent.

        Args:
            language: empty for all that it has.
            reason: why it is rejected, such as ``INCORRECT_CATEGORY``; without one, ``INVALID_FORMAT``.

        Raises:
            ValueError: there is no such template, status or reason.
        """
        self._parts.review.template(name, status, language, reason)

    def flow_status(self, name: str, status: str) -> None:
        """Meta gives a Flow another status: PUBLISHED, THROTTLED, BLOCKED or DEPRECATED.

        The bot is told. A blocked Flow cannot be sent, a throttled one ten times in an hour.

        Raises:
            ValueError: there is no such Flow or status.
        """
        self._parts.review.flow(name, status)

    # --- what happened ---

    @property
    def calls(self) -> deque[Call]:
        """The latest calls of the API, oldest first."""
        return self._parts.calls.calls

    @property
    def deliveries(self) -> deque[Delivery]:
        """The latest webhooks, oldest first."""
        return self._parts.webhook.deliveries

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> None:
        """Call ``listener`` with whatever happens, as the page is told it: ``{"type": "message", …}``."""
        self._parts.network.listeners.append(listener)

    # --- the low level ---

    def overhear(self, body: Mapping[str, Any]) -> None:
        """Take note of the messages in a webhook that reaches the bot by another way.

        Afterwards the bot may read and answer them, also to somebody who was not there before.
        """
        self._parts.network.overhear(dict(body))

    async def deliver(
        self, body: Mapping[str, Any] | bytes, *, times: int = 1, signed: bool = True
    ) -> Delivery:
        """Post a webhook now, past the queue and without repeats; ``times`` copies at the same moment.

        ``body`` is a whole body, or the ``value`` of one change, or bytes to be posted as they are. Unless it
        is bytes, the senders of its messages may be answered afterwards. The result knows ``status``,
        ``seconds`` and ``attempts``.
        """
        if not isinstance(body, bytes):
            whole = dict(body) if "object" in body else self._parts.wire.whole(dict(body))
            self.overhear(whole)
            body = self._parts.wire.encode(whole)
        delivery = self._parts.webhook.prepare(body, signed=signed)
        await asyncio.gather(*(self._parts.webhook.post(delivery) for _ in range(times)))
        return delivery

    # --- inside ---

    def _clock_moved(self) -> None:
        self._parts.network.tell({"type": "clock", "now": self.clock.now()})
