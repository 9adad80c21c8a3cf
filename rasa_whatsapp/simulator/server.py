"""The simulator: one server that is WhatsApp for a bot, for a browser and for tests."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from aiohttp import web

from rasa_whatsapp.simulator import account as defaults
from rasa_whatsapp.simulator.access import Access
from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.background import Background
from rasa_whatsapp.simulator.bad_day import BadDay, Luck
from rasa_whatsapp.simulator.calls import Call, CallLog
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.control import Control
from rasa_whatsapp.simulator.deliveries import RETRY_AFTER, Delivery, Webhook
from rasa_whatsapp.simulator.developer import Developer
from rasa_whatsapp.simulator.envelope import MetaWire, Wire
from rasa_whatsapp.simulator.faults import Fault, Faults
from rasa_whatsapp.simulator.flow_routes import FlowRoutes
from rasa_whatsapp.simulator.flow_sessions import FlowSessions
from rasa_whatsapp.simulator.graph import Graph
from rasa_whatsapp.simulator.handshake import Handshake
from rasa_whatsapp.simulator.ids import Ids
from rasa_whatsapp.simulator.links import Links
from rasa_whatsapp.simulator.media import LARGEST, MediaShelf
from rasa_whatsapp.simulator.network import ClosedWindow, Network
from rasa_whatsapp.simulator.people import User
from rasa_whatsapp.simulator.protection import LOOPBACK, local_only
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.restrictions import Restrictions, UnknownRecipients
from rasa_whatsapp.simulator.serpro import Hooks, Presence, Serpro, SerproWire
from rasa_whatsapp.simulator.serpro.access import SerproAccess
from rasa_whatsapp.simulator.serpro.requests import Requests
from rasa_whatsapp.simulator.state import Media, Message, Person, State
from rasa_whatsapp.simulator.state_file import StateFile

DEFAULT_PORT = 8765
DEFAULT_WEBHOOK_URL = "http://127.0.0.1:5005/webhooks/whatsapp/webhook"
# Who carries the messages between the bot and WhatsApp.
Provider = Literal["cloud", "serpro"]
_FORM_OVERHEAD = 64 * 1024


class Simulator:
    """WhatsApp on your own machine.

    ``async with Simulator(port=0) as whatsapp:`` starts it; ``whatsapp.url`` is the bot's ``base_url``, and
    the credentials are the constants of :mod:`rasa_whatsapp.simulator` unless others are given.

    Args:
        host: a loopback address; the simulator is never offered to a network.
        port: 0 for a free one.
        provider: "cloud" is Meta's Cloud API, "serpro" Serpro's gateway; people and page are the same.
        webhook_url: where the bot listens; may be set later, events wait until somebody listens there.
        closed_window: what becomes of a free-form message to somebody who has not written for 24 hours:
            "refused" with error 131047, accepted and reported as "failed" in a webhook, or "ignored".
            Serpro accepts before it knows: there "refused" is "failed".
        pair_burst: messages to one person at once, each paid back by 6 seconds, before error 131056; Meta's
            limit is 45. None: no limit.
        throughput: messages in a second, of the bot and of people together, before error 130429; Meta's limit
            is 80, or 1000. None: no limit.
        allowed_recipients: at most 5 phone numbers; others are refused with error 131030, as by a number for
            tests. None: everybody.
        unknown_recipients: a message to a phone number that nobody here has is "accepted", and makes somebody
            who has it, or "refused" with error 131026.
        token_lifetime: seconds that an access token lives: Meta's from now on, afterwards it is refused with
            error 190; each of Serpro's from when it is given out. None: for ever, and ten minutes.
        status_delay: seconds between a message's statuses sent, delivered and read.
        retry_after: seconds before each repeat of a webhook that was not answered 200; the last one stands
            for all that follow. Empty: no repeats.
        ack_timeout: seconds that the bot has to answer a webhook.
        in_order: post one webhook after the other; False: all at once, as they happen.
        seed: the same seed makes the same message and media ids. Without one they are new in every run, as
            they must be for a bot that remembers which messages it has handled.
        clock: the time that everything here goes by.
        state_file: where people, messages and files are kept, so that conversations survive a restart; made
            when it does not exist. Not kept are webhooks that are under way, and what was set up by API
            calls, such as templates, Flows and subscriptions.

    Raises:
        ValueError: the host is no loopback address, or the state file cannot be read or written.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        *,
        provider: Provider = "cloud",
        webhook_url: str = DEFAULT_WEBHOOK_URL,
        app_secret: str = defaults.APP_SECRET,
        verify_token: str = defaults.VERIFY_TOKEN,
        access_token: str = defaults.ACCESS_TOKEN,
        client_secret: str = defaults.CLIENT_SECRET,
        webhook_token: str = defaults.WEBHOOK_TOKEN,
        phone_number_id: str = defaults.PHONE_NUMBER_ID,
        waba_id: str = defaults.WABA_ID,
        display_phone_number: str = defaults.DISPLAY_PHONE_NUMBER,
        verified_name: str = "Local WhatsApp",
        closed_window: ClosedWindow = "refused",
        status_delay: float = 0.05,
        pair_burst: int | None = None,
        throughput: int | None = None,
        allowed_recipients: Iterable[str] | None = None,
        unknown_recipients: UnknownRecipients = "accepted",
        token_lifetime: float | None = None,
        retry_after: Iterable[float] = RETRY_AFTER,
        ack_timeout: float = 10.0,
        in_order: bool = True,
        seed: int | None = None,
        clock: Clock | None = None,
        state_file: str | Path | None = None,
    ) -> None:
        if host not in LOOPBACK:
            raise ValueError(f"The simulator listens on {', '.join(LOOPBACK)} only, not on {host}.")
        self.host = host
        self.port = port
        restricted = (pair_burst, throughput, allowed_recipients) != (None, None, None)
        if provider == "serpro" and (restricted or unknown_recipients != "accepted"):
            raise ValueError("Only the Cloud API has the limits of pace and of recipients, not Serpro.")
        self.account = Account(
            phone_number_id=phone_number_id,
            waba_id=waba_id,
            access_token=access_token,
            app_secret=app_secret,
            verify_token=verify_token,
            client_secret=client_secret,
            webhook_token=webhook_token,
            display_phone_number=display_phone_number,
            verified_name=verified_name,
        )
        self.provider = provider
        self.clock = clock or Clock()
        self._state_file = StateFile(Path(state_file), self.clock) if state_file else None
        self.state = self._state_file.state if self._state_file else State()
        self.faults = Faults(self.state)
        self._luck = Luck()
        ids = Ids(seed)
        self._links = Links(self.clock)
        self._background = Background()
        self._users: dict[str, User] = {}
        self._shelf = MediaShelf(self.state, self.clock, ids)
        self._hooks = Hooks(webhook_url, webhook_token, ids, self._move)
        self._wire: Wire = (
            SerproWire(self.account, self._hooks) if provider == "serpro" else MetaWire(self.account)
        )
        self._webhook = Webhook(
            webhook_url,
            self._wire,
            self.clock,
            self._background,
            luck=self._luck,
            on_change=lambda delivery: self._tell("delivery", delivery),
            retry_after=retry_after,
            ack_timeout=ack_timeout,
            in_order=in_order,
        )
        self._network = Network(
            self.account,
            self.state,
            self._webhook,
            self._wire,
            self.faults,
            self._luck,
            self.clock,
            ids,
            self._background,
            on_message=self._message_arrived,
            closed_window="failed" if provider == "serpro" and closed_window == "refused" else closed_window,
            status_delay=status_delay,
        )
        handshake = Presence if provider == "serpro" else Handshake
        self._handshake = handshake(
            self._webhook, verify_token, self.clock, lambda handshake: self._tell("handshake", handshake)
        )
        self._calls = CallLog(
            self.faults,
            self._luck,
            self.clock,
            ids,
            lambda call: self._tell("call", call),
            Serpro.SENDING if provider == "serpro" else Graph.SENDING,
        )
        self._api = (
            Serpro(
                self.account,
                self._network,
                self._shelf,
                self._calls,
                SerproAccess(self.account, self.clock, 600.0 if token_lifetime is None else token_lifetime),
                self._hooks,
                Requests(self._network, self.clock, ids, self._background, delay=status_delay),
            )
            if provider == "serpro"
            else Graph(
                self.account,
                self._network,
                self._shelf,
                self._calls,
                self._media_url,
                Access(self.account, self.clock, token_lifetime),
                Restrictions(
                    self.account,
                    self.state,
                    self.clock,
                    pair_burst=pair_burst,
                    throughput=throughput,
                    allowed_recipients=allowed_recipients,
                    unknown_recipients=unknown_recipients,
                ),
            )
        )
        self._flows = self._flow_sessions()
        self._developer = Developer(
            self._webhook,
            lambda: self.url,
            lambda: self._api.authorization,
            self.fail_next,
            self.fail_delivery,
            self._luck,
        )
        self._control = Control(
            self.account,
            self._network,
            self._shelf,
            self._links,
            self._webhook,
            self._handshake,
            self._calls,
            self.clock,
            self._user_of_page,
        )
        self._runner: web.AppRunner | None = None

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
        if self._flows:
            await self._flows.close()
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
    def url(self) -> str:
        """The address of the page, and the bot's ``base_url``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def credentials(self) -> dict[str, str]:
        """What credentials.yml must say, for a bot to talk to this simulator."""
        account = self.account
        if self.provider == "serpro":
            return {
                "provider": "serpro",
                "client_id": account.phone_number_id,
                "client_secret": account.client_secret,
                "waba_id": account.waba_id,
                "webhook_token": account.webhook_token,
                "base_url": self.url,
            }
        return {
            "phone_number_id": account.phone_number_id,
            "waba_id": account.waba_id,
            "access_token": account.access_token,
            "app_secret": account.app_secret,
            "verify_token": account.verify_token,
            "base_url": self.url,
        }

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
        return self._user(person)

    def bad_day(self, day: BadDay | None = None, /, *, seed: int = 0, **chances: float) -> None:
        """Let WhatsApp have a bad day from now on: ``bad_day(duplicates=1.0, shuffled=0.3)``.

        Without chances it is a good day again. The same seed gives the same day.

        Args:
            day: the troubles, where they are not given by name.
            chances: how likely each trouble is, from 0 to 1; see :class:`BadDay` for their names.

        Raises:
            ValueError: there is no such trouble, or no such chance.
        """
        self._luck.set(day or BadDay.of(chances), seed)

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

    def fail_next(
        self,
        code: int | None = None,
        *,
        http: int | None = None,
        times: int = 1,
        details: str = "",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
        delay: float = 0.0,
        cut: bool = False,
        accepted: bool = False,
        path: str = "",
        recipient: str = "",
    ) -> None:
        """Let the next ``times`` calls to ``path``, by default those that send (for ``recipient``), go wrong.

        With ``code`` Meta's error of this code, under its usual or this ``http`` status; with ``body`` an
        HTML page; with ``cut`` a broken connection; with ``delay`` alone only a slow answer. ``accepted``:
        WhatsApp handles the call first, and only the answer is lost, wrong, late or of the status ``http``.
        """
        error = None if code is None else Refusal(code, details, http=http)
        self.faults.add(
            Fault(
                path=path or self._api.SENDING,
                recipient=recipient,
                times=times,
                delay=delay,
                error=error,
                http=http,
                body=body,
                headers=headers or {},
                cut=cut,
                accepted=accepted,
            )
        )

    def fail_delivery(self, code: int, *, details: str = "", recipient: str = "", times: int = 1) -> None:
        """Accept the next ``times`` messages (to ``recipient``) and report them as failed in a webhook."""
        self.faults.add(Fault(recipient=recipient, times=times, error=Refusal(code, details), status=True))

    # --- inside ---

    def _flow_sessions(self) -> FlowSessions | None:
        """None with Serpro, which carries no Flows."""
        api = self._api
        if not isinstance(api, Graph):
            return None
        return FlowSessions(
            self.account,
            api.flows,
            self._network,
            self._shelf,
            self.clock,
            key=lambda: api.public_key,
            tell=self._network.tell,
            url=lambda: self.url,
        )

    def _flow_routes(self) -> list[web.RouteDef]:
        if self._flows is None:
            return []
        return FlowRoutes(self._flows, self._network, self._shelf, self._user_of_page).routes()

    def _move(self, url: str) -> None:
        self._webhook.url = url
        if self._runner:
            self._handshake.begin()

    def _user(self, person: Person) -> User:
        if person.key not in self._users:
            self._users[person.key] = User(
                person, self._network, self._shelf, self._media_url, lambda: self._flows, self._links
            )
        return self._users[person.key]

    def _user_of_page(self, key: str) -> User:
        person = self.state.person(key)
        if person is None:
            raise ValueError("There is no such user.")
        return self._user(person)

    def _message_arrived(self, person: Person, message: Message) -> None:
        self._links.note(message.content)
        self._user(person).arrived(message)

    def _clock_moved(self) -> None:
        self._network.tell({"type": "clock", "now": self.clock.now()})

    def _media_url(self, media: Media) -> str:
        return self.url + self._shelf.path(media)

    def _tell(self, kind: str, item: Delivery | Handshake | Call) -> None:
        self._network.tell({"type": kind, kind: item.to_json()})
