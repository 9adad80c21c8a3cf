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
from rasa_whatsapp.simulator.api.access import Access
from rasa_whatsapp.simulator.api.calls import Call, CallLog
from rasa_whatsapp.simulator.api.protection import local_only
from rasa_whatsapp.simulator.background import Background
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.flows.endpoint import FlowEndpoint
from rasa_whatsapp.simulator.flows.sessions import FlowSessions
from rasa_whatsapp.simulator.graph.api import Graph
from rasa_whatsapp.simulator.graph.review import Review
from rasa_whatsapp.simulator.ids import Ids
from rasa_whatsapp.simulator.limits.admission import Admission
from rasa_whatsapp.simulator.media.links import Links
from rasa_whatsapp.simulator.media.shelf import LARGEST, MediaShelf
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.network.pricing import Tariff
from rasa_whatsapp.simulator.options import Options
from rasa_whatsapp.simulator.page.control import Control
from rasa_whatsapp.simulator.page.developer import Developer
from rasa_whatsapp.simulator.page.flows import FlowRoutes
from rasa_whatsapp.simulator.people.user import User
from rasa_whatsapp.simulator.people.users import Users
from rasa_whatsapp.simulator.serpro import Hooks, Presence, Serpro, SerproWire
from rasa_whatsapp.simulator.serpro.access import SerproAccess
from rasa_whatsapp.simulator.serpro.requests import Requests
from rasa_whatsapp.simulator.signature import takes
from rasa_whatsapp.simulator.state import Media, State
from rasa_whatsapp.simulator.state.file import StateFile
from rasa_whatsapp.simulator.templates.book import TemplateBook
from rasa_whatsapp.simulator.troubles import Troubles
from rasa_whatsapp.simulator.webhook.deliveries import Delivery, Webhook
from rasa_whatsapp.simulator.webhook.envelope import MetaWire, Wire
from rasa_whatsapp.simulator.webhook.handshake import Handshake

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
        self._ids = Ids(options.seed)
        self._background = Background()
        self._links = Links(self.clock)
        self._templates = TemplateBook()
        self._shelf = MediaShelf(self.state, self.clock, self._ids)
        self._hooks = Hooks(options.webhook_url, options.webhook_token, self._ids, self._move)
        serpro = self.provider == "serpro"
        self._wire: Wire = SerproWire(options, self._hooks) if serpro else MetaWire(options)
        self._webhook = Webhook(
            options.webhook_url,
            self._wire,
            self.clock,
            self._background,
            luck=self.luck,
            on_change=lambda delivery: self._tell("delivery", delivery),
            retry_after=options.retry_after,
            ack_timeout=options.ack_timeout,
            in_order=options.in_order,
        )
        self._network = Network(
            options,
            self.state,
            self._webhook,
            self._wire,
            self.faults,
            self.luck,
            self.clock,
            self._ids,
            self._background,
            Tariff(self._templates, self.clock),
            on_message=lambda person, message: self._users.arrived(person, message),
            closed_window=options.closed_window_of_provider,
            status_delay=options.status_delay,
        )
        self._handshake = (Presence if serpro else Handshake)(
            self._webhook,
            options.verify_token,
            self.clock,
            lambda handshake: self._tell("handshake", handshake),
        )
        self._calls = CallLog(
            self.faults, self.luck, self.clock, self._ids, lambda call: self._tell("call", call), self.sending
        )
        self._endpoint = FlowEndpoint(
            options,
            self.clock,
            key=lambda: self._api.public_key if isinstance(self._api, Graph) else "",
            tell=self._network.tell,
        )
        self._api = self._serpro() if serpro else self._graph()
        self._flows = self._flow_sessions()
        flows = self._api.flows if isinstance(self._api, Graph) else None
        self._review = Review(self._templates, flows, self._webhook, self._wire, self.clock)
        self._users = Users(self._network, self._shelf, self._media_url, lambda: self._flows, self._links)
        self._developer = Developer(
            self._webhook,
            lambda: self.url,
            lambda: self._api.authorization,
            self,
            self._review,
        )
        self._control = Control(
            options,
            self._network,
            self._shelf,
            self._links,
            self._webhook,
            self._handshake,
            self._calls,
            self.clock,
            self._users.of_key,
            self._endpoint.exchanges,
        )
        self._runner: web.AppRunner | None = None

    @classmethod
    def of(cls, options: Options) -> Simulator:
        """The simulator that is started with these options; raises as the class does."""
        return cls(**{field.name: getattr(options, field.name) for field in fields(options)})

    # --- running ---

    async def start(self) -> None:
        """Listen, begin to post webhooks, and ask the bot for its handshake until it agrees."""
        app = web.Application(middlewares=[local_only], client_max_size=LARGEST + _FORM_OVERHEAD)
        app.add_routes(
            [
                *self._control.routes(),
                *self._developer.routes(),
                *self._flow_routes(),
                *self._api.routes(),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]
        await self._webhook.start()
        if self._state_file:
            changed = self._state_file.changed
            self.listen(lambda _: changed())
        self.clock.listeners.append(self._clock_moved)
        self._handshake.begin()

    async def stop(self) -> None:
        """End everything that is under way."""
        if self._clock_moved in self.clock.listeners:
            self.clock.listeners.remove(self._clock_moved)
        self._handshake.stop()
        self._network.stop()
        await self._background.stop()
        await self._webhook.stop()
        await self._control.close()
        await self._endpoint.close()
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
        return self._webhook.url

    @webhook_url.setter
    def webhook_url(self, url: str) -> None:
        self._hooks.move(url)
        self._move(url)

    async def connected(self, timeout: float = 60.0) -> None:
        """Wait until the bot has agreed in the handshake. Raises :class:`TimeoutError` with the reason."""
        await self._handshake.wait(timeout)

    async def settle(self, timeout: float = 30.0) -> None:
        """Wait until every webhook is acknowledged and every status is reported.

        Raises :class:`asyncio.TimeoutError`.
        """

        async def settled() -> None:
            await self._webhook.join()
            while not self._background.idle:
                await self._background.join()
                await self._webhook.join()

        await asyncio.wait_for(settled(), timeout)

    # --- people ---

    def user(self, phone: str = "", *, name: str = "Maria", user_id: str = "", username: str = "") -> User:
        """Somebody who writes to the bot; the same one for the same ``phone`` or ``user_id``.

        Without a ``phone``, somebody who hides it: only the business-scoped ``user_id`` is known.
        """
        person = self._network.person(phone, name=name, user_id=user_id, username=username)
        person.reads_at_once = True
        return self._users.of(person)

    # --- what Meta decides ---

    def template_status(self, name: str, status: str, *, language: str = "") -> None:
        """Meta gives a template another status: APPROVED, PENDING, REJECTED, PAUSED or DISABLED.

        The bot is told, except by Serpro. Only an approved template can be sent.

        Raises:
            ValueError: there is no such template or status.
        """
        self._review.template(name, status, language)

    def flow_status(self, name: str, status: str) -> None:
        """Meta gives a Flow another status: PUBLISHED, THROTTLED, BLOCKED or DEPRECATED.

        The bot is told. A blocked Flow cannot be sent, a throttled one ten times in an hour.

        Raises:
            ValueError: there is no such Flow or status.
        """
        self._review.flow(name, status)

    # --- what happened ---

    @property
    def calls(self) -> deque[Call]:
        """The latest calls of the API, oldest first."""
        return self._calls.calls

    @property
    def deliveries(self) -> deque[Delivery]:
        """The latest webhooks, oldest first."""
        return self._webhook.deliveries

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> None:
        """Call ``listener`` with whatever happens, as the page is told it: ``{"type": "message", …}``."""
        self._network.listeners.append(listener)

    # --- the low level ---

    def overhear(self, body: Mapping[str, Any]) -> None:
        """Take note of the messages in a webhook that reaches the bot by another way.

        Afterwards the bot may read and answer them, also to somebody who was not there before.
        """
        self._network.overhear(dict(body))

    async def deliver(
        self, body: Mapping[str, Any] | bytes, *, times: int = 1, signed: bool = True
    ) -> Delivery:
        """Post a webhook now, past the queue and without repeats; ``times`` copies at the same moment.

        ``body`` is a whole body, or the ``value`` of one change, or bytes to be posted as they are. Unless it
        is bytes, the senders of its messages may be answered afterwards. The result knows ``status``,
        ``seconds`` and ``attempts``.
        """
        if not isinstance(body, bytes):
            whole = dict(body) if "object" in body else self._wire.whole(dict(body))
            self.overhear(whole)
            body = self._wire.encode(whole)
        delivery = self._webhook.prepare(body, signed=signed)
        await asyncio.gather(*(self._webhook.post(delivery) for _ in range(times)))
        return delivery

    # --- inside ---

    def _serpro(self) -> Serpro:
        return Serpro(
            self.account,
            self._network,
            self._shelf,
            self._calls,
            SerproAccess(self.account, self.clock, self._admission),
            self._hooks,
            Requests(
                self._network,
                self._templates,
                self.clock,
                self._ids,
                self._background,
                delay=self._options.status_delay,
            ),
            self._templates,
        )

    def _graph(self) -> Graph:
        return Graph(
            self.account,
            self._network,
            self._shelf,
            self._links,
            self._calls,
            self._media_url,
            self.clock,
            Access(self.account, self.clock, self._admission),
            self._admission,
            self._templates,
            self._endpoint,
            self._webhook,
        )

    def _flow_sessions(self) -> FlowSessions | None:
        """None with Serpro, which carries no Flows."""
        api = self._api
        if not isinstance(api, Graph):
            return None
        return FlowSessions(
            self.account,
            api.flows,
            self._shelf,
            self._endpoint,
            url=lambda: self.url,
        )

    def _flow_routes(self) -> list[web.RouteDef]:
        if self._flows is None:
            return []
        return FlowRoutes(self._flows, self._network, self._shelf, self._users.of_key).routes()

    def _move(self, url: str) -> None:
        self._webhook.url = url
        if self._runner:
            self._handshake.begin()

    def _clock_moved(self) -> None:
        self._network.tell({"type": "clock", "now": self.clock.now()})

    def _media_url(self, media: Media) -> str:
        return self.url + self._shelf.path(media)

    def _tell(self, kind: str, item: Delivery | Handshake | Call) -> None:
        self._network.tell({"type": kind, kind: item.to_json()})
