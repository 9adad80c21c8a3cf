"""The counts in Prometheus's text format."""

from __future__ import annotations

import time
from collections.abc import Callable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from rasa_whatsapp.delivery.metrics import Metrics, Page
from rasa_whatsapp.delivery.stores.base import Records

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""The bounds of the histogram of turns."""
QUEUES = {"turn": "turns", "answer": "answers"}


class PrometheusMetrics(Metrics):
    """Counts what this process does, from its start.

    With several workers each has its own numbers, and a request reaches one of them: give each worker an
    address of its own to be scraped at, and sum. The gauges are those of the store, the same in all workers.

    Args:
        records: where the depth of the queues is read when the numbers are asked for.
    """

    def __init__(self, records: Records, clock: Callable[[], float] = time.time) -> None:
        self._records = records
        self._clock = clock
        self._registry = CollectorRegistry()
        counter, gauge = self._counter, self._gauge
        self._received = counter("events_received", "Events that came for the first time.", "kind")
        self._duplicates = counter("events_duplicate", "Events that were kept already.")
        self._turns = counter(
            "turns", "Turns by how they ended: done, failed (tried again) or dead.", "outcome"
        )
        self._seconds = Histogram(
            "whatsapp_turn_seconds", "How long turns took.", buckets=SECONDS, registry=self._registry
        )
        self._sent = counter("messages_sent", "Answers that WhatsApp has accepted.")
        self._resent = counter("messages_resent", "Times that an answer was sent again.")
        self._failed = counter("messages_failed", "Answers that did not arrive, by error code.", "code")
        self._depth = gauge("queue_depth", "Turns and answers that are not done.", "queue")
        self._oldest = gauge("oldest_waiting_seconds", "How long the oldest of them has waited.", "queue")

    def received(self, kind: str) -> None:
        self._received.labels(kind).inc()

    def duplicate(self) -> None:
        self._duplicates.inc()

    def turn(self, outcome: str, seconds: float | None = None) -> None:
        self._turns.labels(outcome).inc()
        if seconds is not None:
            self._seconds.observe(seconds)

    def sent(self) -> None:
        self._sent.inc()

    def resent(self) -> None:
        self._resent.inc()

    def failed(self, code: int | str) -> None:
        self._failed.labels(str(code)).inc()

    async def page(self) -> Page:
        for lane, queue in QUEUES.items():
            depth = await self._records.depth(lane)
            waited = 0.0 if depth.oldest is None else max(0.0, self._clock() - depth.oldest)
            self._depth.labels(queue).set(depth.rows)
            self._oldest.labels(queue).set(waited)
        return Page(generate_latest(self._registry).decode(), CONTENT_TYPE_LATEST)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"whatsapp_{name}", meaning, labels, registry=self._registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"whatsapp_{name}", meaning, labels, registry=self._registry)
