"""The store cannot be opened or written: Meta is asked to come again, and everything goes on by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from serving import Bot, WhatsApp, serving, text, webhook

from rasa_whatsapp.channel import running
from rasa_whatsapp.delivery.stores.sqlite import connection as sqlite_connection


async def test_a_store_that_cannot_be_opened_is_tried_again(
    whatsapp: WhatsApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is missing at first: 503, then 200 without a restart."""
    monkeypatch.setattr(running, "STORE_RETRY", 0.05)
    folder = tmp_path / "later"
    bot = Bot()
    async with serving(bot, whatsapp, store=f"sqlite:///{folder / 'whatsapp.db'}") as server:
        assert await server.deliver(webhook(text("oi", "wamid.1"))) == 503
        folder.mkdir()
        while await server.deliver(webhook(text("oi", "wamid.1"))) != 200:
            pass
        await bot.until(1)


async def test_a_locked_database_is_answered_503_and_recovers(
    whatsapp: WhatsApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds the write lock for longer than a request can wait."""
    monkeypatch.setattr(sqlite_connection, "BUSY_SECONDS", 0.2)
    database = tmp_path / "whatsapp.db"
    bot = Bot()
    async with serving(bot, whatsapp, store=f"sqlite:///{database}") as server:
        await server.deliver(webhook(text("um", "wamid.1")))
        await whatsapp.until(posts=1)
        intruder = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        # The channel may be in a transaction, which it ends in this loop.
        await asyncio.to_thread(intruder.execute, "BEGIN EXCLUSIVE")
        assert await server.deliver(webhook(text("dois", "wamid.2"))) == 503
        intruder.execute("ROLLBACK")
        intruder.close()
        assert await server.deliver(webhook(text("dois", "wamid.2"))) == 200
        await bot.until(2)
    assert [heard.text for heard in bot.heard] == ["um", "dois"]


async def test_a_full_disk_is_answered_503_and_recovers(whatsapp: WhatsApp, tmp_path: Path) -> None:
    """The database may not grow; nothing is lost, and nothing is half written."""
    database = tmp_path / "whatsapp.db"
    bot = Bot()
    async with serving(bot, whatsapp, store=f"sqlite:///{database}") as server:
        running_channel = server.channel._running
        assert running_channel is not None
        store = running_channel._delivery.store
        file = store._loop  # type: ignore[attr-defined]
        pages = await file.run(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
        await file.run(lambda connection: connection.execute(f"PRAGMA max_page_count={pages}").fetchone())
        big = text("x" * 4000, "wamid.0")
        statuses = [await server.deliver(webhook({**big, "id": f"wamid.{n}"})) for n in range(20)]
        assert 503 in statuses
        await file.run(lambda connection: connection.execute("PRAGMA max_page_count=1000000").fetchone())
        assert await server.deliver(webhook(text("fim", "wamid.last"))) == 200
        await bot.until(statuses.count(200) + 1)
    assert len(bot.heard) == statuses.count(200) + 1
