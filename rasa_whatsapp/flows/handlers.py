"""Which function answers which request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias, TypeVar

from rasa_whatsapp import threads
from rasa_whatsapp.flows.errors import FlowRequestError
from rasa_whatsapp.flows.exchange import FlowRequest, FlowRequestActionType, FlowResponse

Result: TypeAlias = FlowResponse | FlowRequestError
Handler: TypeAlias = Callable[[FlowRequest], Result | Awaitable[Result]]
H = TypeVar("H", bound=Handler)
_ACTIONS = tuple(action.value for action in FlowRequestActionType)


class _Wanted(NamedTuple):
    """What a handler answers; an empty part stands for anything."""

    flow: str
    screen: str
    action: str

    def fits(self, request: FlowRequest) -> bool:
        asked = (request.flow, request.screen, request.action)
        return all(wanted in ("", given) for wanted, given in zip(self, asked, strict=True))

    @property
    def rank(self) -> tuple[int, bool, bool, bool]:
        """More parts come first; of as many parts the Flow, then the screen, then the action."""
        return (sum(map(bool, self)), bool(self.flow), bool(self.screen), bool(self.action))


class FlowHandlers:
    """The functions that answer the requests of Flows.

    >>> handlers = FlowHandlers()
    >>> @handlers.on(screen="SIGN_UP", action="data_exchange")
    ... async def signed_up(request):
    ...     return FlowResponse(screen="NEXT", data={"email": request.data["email"]})
    """

    def __init__(self) -> None:
        self._handlers: dict[_Wanted, Handler] = {}

    def on(self, *, flow: str = "", screen: str = "", action: str = "") -> Callable[[H], H]:
        """Registers a function, ``async`` or not, for the requests that it names.

        Of several that fit the most specific one answers. A function that is not ``async`` runs in a thread,
        and keeps it until it returns, also beyond the deadline.
        It returns a `FlowResponse`, and returns or raises `FlowTokenNoLongerValid` or
        `FlowRequestSignatureAuthenticationFailed`.

        Args:
            flow: the Flow's name, as its token was issued for, or of the address that is called.
            screen: the screen that the request comes from.
            action: ``INIT``, ``BACK`` or ``data_exchange``.

        Raises:
            ValueError: another function is registered for the same, or there is no such action.
        """
        wanted = _Wanted(str(flow), str(screen), getattr(action, "value", action))
        if wanted.action not in ("", *_ACTIONS):
            raise ValueError(f"There is no action {wanted.action!r}; the actions are {', '.join(_ACTIONS)}.")

        def register(handler: H) -> H:
            if wanted in self._handlers:
                other = getattr(self._handlers[wanted], "__name__", "another function")
                asked = ", ".join(f"{part}={value!r}" for part, value in wanted._asdict().items() if value)
                raise ValueError(f"{other} answers {asked or 'every request'} already.")
            self._handlers[wanted] = handler
            return handler

        return register

    def find(self, request: FlowRequest) -> Handler | None:
        """The most specific function that fits, if any does."""
        fitting = [wanted for wanted in self._handlers if wanted.fits(request)]
        return self._handlers[max(fitting, key=lambda wanted: wanted.rank)] if fitting else None


async def call(handler: Handler, request: FlowRequest) -> FlowResponse:
    """Asks the handler; what it returns as an error is raised.

    Raises:
        TypeError: it returns something else.
    """
    result = await threads.call(handler, request)
    if isinstance(result, FlowRequestError):
        raise result
    if not isinstance(result, FlowResponse):
        raise TypeError(f"A handler returns a FlowResponse, not {type(result).__name__}.")
    return result
