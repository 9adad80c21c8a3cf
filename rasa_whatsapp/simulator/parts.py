"""What a local WhatsApp is made of: every part is made here, and given the others that it needs."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from rasa_whatsapp.simulator.api.access import Access
from rasa_whatsapp.simulator.api.calls import Call, CallLog
from rasa_whatsapp.simulator.background import Background
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.flows.endpoint import FlowEndpoint
from rasa_whatsapp.simulator.flows.sessions import FlowSessions
from rasa_whatsapp.simulator.graph.api import Graph
from rasa_whatsapp.simulator.graph.review import Review
from rasa_whatsapp.simulator.ids import Ids
from rasa_whatsapp.simulator.limits.admission import Admission
from rasa_whatsapp.simulator.media.links import Links
from rasa_whatsapp.simulator.media.shelf import MediaShelf
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.network.pricing import Tariff
from rasa_whatsapp.simulator.options import Options
from rasa_whatsapp.simulator.page.control import Control
from rasa_whatsapp.simulator.page.developer import Developer
from rasa_whatsapp.simulator.page.forms import FormRoutes
from rasa_whatsapp.simulator.people.users import Users
from rasa_whatsapp.simulator.serpro import Hooks, Presence, Serpro, SerproWire
from rasa_whatsapp.simulator.serpro.access import SerproAccess
from rasa_whatsapp.simulator.serpro.requests import Requests
from rasa_whatsapp.simulator.state import Media, State
from rasa_whatsapp.simulator.templates.book import TemplateBook
from rasa_whatsapp.simulator.troubles import Troubles
from rasa_whatsapp.simulator.webhook.deliveries import Delivery, Webhook
from rasa_whatsapp.simulator.webhook.envelope import MetaWire, Wire
from rasa_whatsapp.simulator.webhook.handshake import Handshake


class Parts:
    """The parts of one local WhatsApp.

    Args:
        admission: who may pass.
        troubles: what is to go wrong.
        url: where the local WhatsApp listens, once it does.
    """

    def __init__(
        self,
        options: Options,
        state: State,
        clock: Clock,
        admission: Admission,
        troubles: Troubles,
        url: Callable[[], str],
    ) -> None:
        self._begun = False
        self._url = url
        self._ids = Ids(options.seed)
        self.background = Background()
        self._links = Links(clock)
        self._templates = TemplateBook()
        self._shelf = MediaShelf(state, clock, self._ids)
        self.hooks = Hooks(options.webhook_url, options.webhook_token, self._ids, self.move)
        serpro = options.provider == "serpro"
        self.wire: Wire = SerproWire(options, self.hooks) if serpro else MetaWire(options)
        self.webhook = Webhook(
            options.webhook_url,
            self.wire,
            clock,
            self.background,
            luck=troubles.luck,
            on_change=lambda delivery: self._tell("delivery", delivery),
            retry_after=options.retry_after,
            ack_timeout=options.ack_timeout,
            in_order=options.in_order,
        )
        self.network = Network(
            options,
            state,
            self.webhook,
            self.wire,
            troubles.faults,
            troubles.luck,
            clock,
            self._ids,
            self.background,
            Tariff(self._templates, clock),
            on_message=lambda person, message: self.users.arrived(person, message),
            closed_window=options.closed_window_of_provider,
            status_delay=options.status_delay,
        )
        self.handshake = (Presence if serpro else Handshake)(
            self.webhook,
            options.verify_token,
            clock,
            lambda handshake: self._tell("handshake", handshake),
        )
        self.calls = CallLog(
            troubles.faults,
            troubles.luck,
            clock,
            self._ids,
            lambda call: self._tell("call", call),
            troubles.sending,
        )
        self._endpoint = FlowEndpoint(
            options,
            clock,
            key=lambda: self._api.public_key if isinstance(self._api, Graph) else "",
            tell=self.network.tell,
        )
        api = self._serpro if serpro else self._graph
        self._api = api(options, clock, admission)
        self._flows = self._flow_sessions(options)
        flows = self._api.flows if isinstance(self._api, Graph) else None
        self.review = Review(self._templates, flows, self.webhook, self.wire, clock)
        self.users = Users(self.network, self._shelf, self._media_url, lambda: self._flows, self._links)
        self._developer = Developer(self.webhook, url, lambda: self._api.credentials, troubles, self.review)
        self._control = Control(
            options,
            self.network,
            self._shelf,
            self._links,
            self.webhook,
            self.handshake,
            self.calls,
            clock,
            self.users.of_key,
            self._endpoint.exchanges,
        )

    def routes(self) -> list[web.RouteDef]:
        """All that is answered: the page's routes, then the API's."""
        return [
            *self._control.routes(),
            *self._developer.routes(),
            *self._flow_routes(),
            *self._api.routes(),
        ]

    async def begin(self) -> None:
        """Post webhooks from now on, and ask the bot for its handshake until it agrees."""
        self._begun = True
        await self.webhook.start()
        self.handshake.begin()

    async def end(self) -> None:
        """End everything that is under way."""
        self.handshake.stop()
        self.network.stop()
        await self.background.stop()
        await self.webhook.stop()
        await self._control.close()
        await self._endpoint.close()

    def move(self, url: str) -> None:
        """The bot listens somewhere else."""
        self.webhook.url = url
        if self._begun:
            self.handshake.begin()

    def _serpro(self, options: Options, clock: Clock, admission: Admission) -> Serpro:
        return Serpro(
            options,
            self.network,
            self._shelf,
            self.calls,
            SerproAccess(options, clock, admission),
            self.hooks,
            Requests(
                self.network,
                self._templates,
                clock,
                self._ids,
                self.background,
                delay=options.status_delay,
            ),
            self._templates,
        )

    def _graph(self, options: Options, clock: Clock, admission: Admission) -> Graph:
        return Graph(
            options,
            self.network,
            self._shelf,
            self._links,
            self.calls,
            self._media_url,
            clock,
            Access(options, clock, admission),
            admission,
            self._templates,
            self._endpoint,
            self.webhook,
        )

    def _flow_sessions(self, options: Options) -> FlowSessions | None:
        """None with Serpro, which carries no Flows."""
        api = self._api
        if not isinstance(api, Graph):
            return None
        return FlowSessions(options, api.flows, self._shelf, self._endpoint, url=self._url)

    def _flow_routes(self) -> list[web.RouteDef]:
        if self._flows is None:
            return []
        return FormRoutes(self._flows, self.network, self._shelf, self.users.of_key).routes()

    def _media_url(self, media: Media) -> str:
        return self._url() + self._shelf.path(media)

    def _tell(self, kind: str, item: Delivery | Handshake | Call) -> None:
        self.network.tell({"type": kind, kind: item.to_json()})
