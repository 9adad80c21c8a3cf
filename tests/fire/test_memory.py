"""The channel does not grow with what passes through it; `python -m benchmarks memory` runs for longer."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEBHOOKS, WARM_UP = 14_000, 8_000
MOST_GROWTH = 10e6
"""Bytes; less than a tenth of the whole, most of which is Rasa and its libraries."""


@pytest.mark.rasa
async def test_memory_stays_flat_over_thousands_of_webhooks(
    rasa_open_source: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Texts that are answered and statuses, on SQLite, in a process of its own."""
    monkeypatch.syspath_prepend(str(ROOT))
    memory = importlib.import_module("benchmarks.measures.memory")
    sizes = await memory.resident(WEBHOOKS)
    warm = sizes[WARM_UP // memory.STEP - 1 :]
    with capsys.disabled():
        print(f"\nresident memory: {warm[0] / 1e6:.1f} MB, at most {max(warm) / 1e6:.1f} MB later")
    assert max(warm) - warm[0] < MOST_GROWTH
