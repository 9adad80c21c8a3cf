"""The connections to a Redis server: every failure is a StoreError, and the next call tries again."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, TypeVar
from urllib.parse import urlsplit

import redis.asyncio  # type: ignore[import-untyped]

from rasa_whatsapp.errors import LeaseLost, StoreError

T = TypeVar("T")

CONNECTIONS = 48
"""How many connections a process has at most: the files that it may have open are needed for webhooks too."""
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 5.0
"""How long a server that accepted the connection may take to answer; a slow disk may hold it up."""


_READ_ONLY = ("MISCONF", "READONLY", "NOREPLICAS", "OOM", "LOADING", "MASTERDOWN")
"""What a server says that is there but takes no writes: leases cannot be renewed meanwhile."""


class RedisConnection:
    """A pool of connections, made when first used and made again when they break.

    Whoever asks while all are in use waits for one, in order of asking.

    Args:
        url: ``redis://[user:password@]host[:port][/database]``, or ``rediss://`` for TLS.

    Attributes:
        name: host and port, fit to be shown.
        steady_since: when the server could be reached again after it could not, on the monotonic clock;
            infinity while it cannot be.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._url = url
        self._pool: Any = None
        self.name = f"{parts.hostname}:{parts.port or 6379}"
        self.steady_since = -math.inf

    def open(self) -> None:
        """Gets ready to connect, inside the running loop."""
        self._pool = redis.asyncio.ConnectionPool.from_url(
            self._url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            # A connection that lay idle may be gone without our knowing: once more on a new one.
            retry=redis.asyncio.retry.Retry(
                redis.backoff.NoBackoff(), 1, supported_errors=(redis.ConnectionError,)
            ),
            retry_on_error=[redis.ConnectionError],
        )
        self._client: Any = redis.asyncio.Redis(connection_pool=self._pool)
        # The pools of redis-py refuse, or give up waiting, or differ from one release to the next.
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._scripts: dict[str, Any] = {}
        # The callback's result depends on the release of redis-py; what the server sent does not.
        self._client.response_callbacks.pop("XREADGROUP", None)

    async def close(self) -> None:
        """Closes all connections."""
        if self._pool is not None:
            await self._pool.disconnect()
            self._pool = None

    async def run(self, script: str, keys: list[str], args: list[Any]) -> Any:
        """Runs a Lua script that lies beside this file; a server that was restarted is taught it again.

        Raises:
            LeaseLost: the script says so.
            StoreError: the server cannot be reached, or refuses.
        """
        if script not in self._scripts:
            source = files(__package__).joinpath(script).read_text(encoding="utf-8")
            self._scripts[script] = self._client.register_script(source)
        return await self._ask(lambda: self._scripts[script](keys=keys, args=args))

    async def command(self, *words: Any) -> Any:
        """Runs one command.

        Raises:
            StoreError: the server cannot be reached, or refuses.
        """
        return await self._ask(lambda: self._client.execute_command(*words))

    async def info(self) -> dict[str, Any]:
        """What the server says of itself.

        Raises:
            StoreError: the server cannot be reached, or refuses.
        """
        return dict(await self._ask(self._client.info))

    async def _ask(self, ask: Callable[[], Awaitable[T]]) -> T:
        asked = time.monotonic()
        try:
            async with self._free:
                if self.steady_since == math.inf and time.monotonic() - asked >= ANSWER_SECONDS:
                    # Behind others that got no answer: each row of them would wait for another time-out.
                    raise redis.TimeoutError("no answer to those that asked before")
                answer = await ask()
        except (redis.RedisError, OSError) as error:
            # Redis repeats the arguments of a command it does not know.
            reason = str(error).partition(", with args")[0].rstrip(".")
            if reason.startswith("LEASELOST"):
                raise LeaseLost("Another worker has taken the conversation over.") from None
            if not isinstance(error, redis.ResponseError) or any(word in reason for word in _READ_ONLY):
                self.steady_since = math.inf
            raise StoreError(f"The store redis://{self.name} cannot be used: {reason}.") from error
        if self.steady_since == math.inf:
            self.steady_since = time.monotonic()
        return answer
