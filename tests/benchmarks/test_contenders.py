"""Everyone whose acknowledgements are measured is a bot that works."""

from __future__ import annotations

import math

import pytest

from benchmarks.load.turn import Turn
from benchmarks.measures.ack import measured
from benchmarks.starting.contenders import LIMIT, OURS, PEERS, Contender
from benchmarks.starting.graph import slow_graph


@pytest.mark.rasa
@pytest.mark.parametrize("contender", [LIMIT, OURS, *PEERS], ids=lambda contender: contender.name)
async def test_everyone_takes_webhooks_and_answers_people(
    contender: Contender, rasa_open_source: str
) -> None:
    """A peer that chokes on what Meta sends would answer Meta soonest of all."""
    async with slow_graph() as graph:
        found = await measured(contender, Turn(0.01), 4, graph, seconds=1)

    assert len(found.milliseconds) == 4
    assert all(map(math.isfinite, found.milliseconds))
