"""The pace of sending, kept by all workers together."""

from __future__ import annotations

import structlog

from rasa_whatsapp.delivery.pacing import AHEAD, PAIR_BURST, PAIR_INTERVAL, Pacer, burst
from rasa_whatsapp.delivery.stores.redis.connection import RedisConnection
from rasa_whatsapp.errors import StoreError

logger = structlog.get_logger()


class RedisPacer:
    """Hands out sending times by the clock of the Redis server; see ``pacing.Pacer``.

    While the server cannot be reached, this worker goes by its own clock: what is in its hands may leave.
    """

    def __init__(self, connection: RedisConnection, prefix: str) -> None:
        self._connection = connection
        self._prefix = f"{prefix}:pace"
        self._alone = Pacer()

    async def reserve(self, number: str, to: str, throughput: float) -> float | None:
        """Reserves the next sending time, see ``pacing.Pace.reserve``."""
        keys = [f"{self._prefix}:{number}>{to}", f"{self._prefix}:{number}"]
        limits = [PAIR_INTERVAL, PAIR_BURST, 1 / throughput, burst(throughput), AHEAD]
        try:
            wait = await self._connection.run("pacing.lua", keys, limits)
        except StoreError as error:
            logger.warning("whatsapp.pace.alone", error=str(error))
            return await self._alone.reserve(number, to, throughput)
        return None if wait is None else float(wait)
