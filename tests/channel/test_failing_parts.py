"""Parts of Rasa fail in ways that Rasa hides; the person is answered all the same."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore, LockError
from serving import PERSON, Bot, WhatsApp, serving, text, webhook
from structlog.testing import capture_logs

from rasa_whatsapp.channel.agent import ERROR_HOOK
from rasa_whatsapp.delivery import dispatcher

try:
    from rasa.core.tracker_stores.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore  # Rasa Pro
except ImportError:
    from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore


class Broken(InMemoryTrackerStore):  # type: ignore[misc]
    """A tracker store that is away for its first questions."""

    def __init__(self, failures: int) -> None:
        super().__init__(None)
        self.failures = failures

    async def retrieve(self, sender_id: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is away")

    async def retrieve_full_tracker(self, sender_id: str) -> None:
        return await self.retrieve(sender_id)


def test_rasas_tracker_store_has_the_hook_we_use() -> None:
    """The attribute is Rasa's own business; should it be renamed, this test says so."""
    store = FailSafeTrackerStore(Broken(0))
    assert getattr(store, ERROR_HOOK) is None
    assert ERROR_HOOK in inspect.getsource(FailSafeTrackerStore.on_tracker_store_retrieve_error)


async def test_a_tracker_store_that_fails_fails_the_turn(whatsapp: WhatsApp) -> None:
    """Rasa alone would answer from an empty tracker; the turn is tried again until the store is back."""
    bot = Bot()
    store = FailSafeTrackerStore(Broken(2))

    async def turn(heard: UserMessage) -> None:
        await store.retrieve(heard.sender_id)
        await heard.output_channel.send_response(heard.sender_id, {"text": "answered"})

    bot.turn = turn
    bot.tracker_store = store
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1, seconds=20)
    assert answer["text"]["body"] == "answered"
    assert len(bot.heard) == 1


async def test_a_long_outage_uses_up_no_tries(whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tracker store that is away for more than five tries: nothing is put aside, the order is kept."""
    monkeypatch.setattr(dispatcher, "LONGEST_BACKOFF", 0.01)
    bot = Bot()
    store = FailSafeTrackerStore(Broken(12))

    async def turn(heard: UserMessage) -> None:
        await store.retrieve(heard.sender_id)

    bot.turn = turn
    bot.tracker_store = store
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("um", "wamid.1"), text("dois", "wamid.2")))
        await bot.until(2, seconds=20)
    assert [heard.text for heard in bot.heard] == ["um", "dois"]


async def test_a_tracker_store_that_is_away_has_not_forgotten(whatsapp: WhatsApp, tmp_path: Path) -> None:
    """The first thing that a new process asks it is whether a turn was run: that turn is not run twice."""
    bot = Bot()
    begun = asyncio.Event()

    async def stuck(heard: UserMessage) -> None:
        begun.set()
        await asyncio.Event().wait()

    bot.turn = stuck
    store = f"sqlite:///{tmp_path / 'whatsapp.db'}"
    async with serving(bot, whatsapp, store=store, shutdown_grace=0) as server:
        await server.deliver(webhook(text("um", "wamid.1")))
        await asyncio.wait_for(begun.wait(), 5)

    class Remembering(Broken):
        async def retrieve_full_tracker(self, sender_id: str) -> Any:
            await self.retrieve(sender_id)
            return await bot.retrieve_full_tracker(sender_id)

    bot.remembered = [("wamid.1", ["wamid.1"])]
    bot.tracker_store, bot.turn = FailSafeTrackerStore(Remembering(1)), None
    async with serving(bot, whatsapp, store=store) as server:
        await server.deliver(webhook(text("dois", "wamid.2")))
        await bot.until(1, seconds=20)
    assert [heard.text for heard in bot.heard] == ["dois"]


async def test_the_words_of_a_part_that_fails_are_not_told(whatsapp: WhatsApp) -> None:
    """A database quotes what it could not save, Rasa's lock the phone number; neither comes into the log."""
    problems = [
        LockError(f"Could not acquire lock for conversation_id '{PERSON}'."),
        ValueError("my password"),
    ]
    bot = Bot()
    store = FailSafeTrackerStore(Broken(1))

    async def turn(heard: UserMessage) -> None:
        await store.retrieve(heard.sender_id)
        if problems:
            raise problems.pop()

    bot.turn = turn
    bot.tracker_store = store
    with capture_logs() as logs:
        async with serving(bot, whatsapp) as server:
            await server.deliver(webhook(text("oi", "wamid.1")))
            await bot.until(1, seconds=20)
    told = [log["error"] for log in logs if log["event"] == "whatsapp.turn.failed"]
    assert [line.split(" at ")[0] for line in told] == [
        "Unavailable: the tracker store: ConnectionError",
        "ValueError",
        "Unavailable: the lock store: LockError",
    ]
    assert not any(words in line for line in told for words in ("database is away", "password", PERSON))


class Endpoint:
    """Rasa's action endpoint, as far as the channel asks."""

    def __init__(self, url: str) -> None:
        self.url = url


async def test_turns_wait_for_the_action_server(whatsapp: WhatsApp) -> None:
    """While nothing listens there no turn runs; then it does."""
    listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    bot = Bot()
    bot.action_endpoint = Endpoint(f"http://127.0.0.1:{port}/webhook")  # type: ignore[attr-defined]
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        with pytest.raises(asyncio.TimeoutError):
            await bot.until(1, seconds=0.3)
        listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port)
        await bot.until(1)
        listening.close()


async def test_turns_do_not_wait_for_the_action_server_for_ever(whatsapp: WhatsApp) -> None:
    """After action_server_wait they run without it, as Rasa would."""
    bot = Bot()
    bot.action_endpoint = Endpoint("http://127.0.0.1:1/webhook")  # type: ignore[attr-defined]
    async with serving(bot, whatsapp, action_server_wait="0.2s") as server:
        await server.deliver(webhook(text("oi", "wamid.1"), text("de novo", "wamid.2")))
        await bot.until(2)


@pytest.mark.parametrize("saved", [False, True])
async def test_a_killed_workers_lock_does_not_stop_the_conversation(
    whatsapp: WhatsApp, tmp_path: Path, saved: bool
) -> None:
    """Rasa's lock keeps a dead process's ticket for a minute; the one who takes over removes it.

    Also where the process had come so far as to save the tracker, so that its turn is not run again.
    """
    bot = Bot()
    bot.lock_store = InMemoryLockStore()
    bot.lock_store.issue_ticket(PERSON)
    crashed = asyncio.Event()

    async def turn(heard: UserMessage) -> None:
        if not crashed.is_set():
            crashed.set()
            await asyncio.Event().wait()
        async with bot.lock_store.lock(heard.sender_id):
            await heard.output_channel.send_response(heard.sender_id, {"text": f"answered {heard.text}"})

    bot.turn = turn
    store = f"sqlite:///{tmp_path / 'whatsapp.db'}"
    async with serving(bot, whatsapp, store=store, shutdown_grace=0) as server:
        await server.deliver(webhook(text("um", "wamid.1"), text("dois", "wamid.2")))
        await asyncio.wait_for(crashed.wait(), 5)
    bot.remembered = [("wamid.1", ["wamid.1"])] if saved else []
    expected = ["answered dois"] if saved else ["answered um", "answered dois"]
    async with serving(bot, whatsapp, store=store):
        posts = await whatsapp.until(posts=len(expected), seconds=5)
    assert [post["text"]["body"] for post in posts] == expected


async def test_a_lock_store_that_is_away_uses_up_no_tries(
    whatsapp: WhatsApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is the dead process's lock left where it is: it is taken away once the store is back."""
    monkeypatch.setattr(dispatcher, "LONGEST_BACKOFF", 0.01)
    bot, begun = Bot(), asyncio.Event()

    class Away(InMemoryLockStore):
        failures = 7

        def delete_lock(self, conversation_id: str) -> None:
            if self.failures:
                self.failures -= 1
                raise ConnectionError("the lock store is away")
            super().delete_lock(conversation_id)

    async def turn(heard: UserMessage) -> None:
        if not begun.is_set():
            begun.set()
            await asyncio.Event().wait()
        async with bot.lock_store.lock(heard.sender_id):
            await heard.output_channel.send_response(heard.sender_id, {"text": "answered"})

    bot.turn, bot.lock_store = turn, Away()
    bot.lock_store.issue_ticket(PERSON)
    store = f"sqlite:///{tmp_path / 'whatsapp.db'}"
    async with serving(bot, whatsapp, store=store, shutdown_grace=0) as server:
        await server.deliver(webhook(text("um", "wamid.1")))
        await asyncio.wait_for(begun.wait(), 5)
    async with serving(bot, whatsapp, store=store):
        [post] = await whatsapp.until(posts=1, seconds=10)
    assert post["text"]["body"] == "answered"
    assert bot.lock_store.failures == 0


async def test_a_model_that_is_unloaded_while_a_turn_waits(
    whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa would pass the message over; the turn is run once there is a model again."""
    monkeypatch.setattr(dispatcher, "LONGEST_BACKOFF", 0.01)
    bot = Bot()
    async with serving(bot, whatsapp, debounce=0.2) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        bot.loaded = False
        with capture_logs() as logs:
            while "whatsapp.turn.failed" not in [line["event"] for line in logs]:
                await asyncio.sleep(0.01)
        assert bot.heard == []
        bot.loaded = True
        await bot.until(1)
    [line] = [line for line in logs if line["event"] == "whatsapp.turn.failed"]
    assert "no model is loaded" in line["error"]


@pytest.mark.parametrize("foreign", ["web", {"message_ids": 5}, {"message_ids": [{}, "wamid.0"]}])
async def test_foreign_metadata_in_the_tracker(
    whatsapp: WhatsApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, foreign: object
) -> None:
    """Whoever posts to another channel may put anything there, and a turn that is tried again looks there."""
    monkeypatch.setattr(dispatcher, "LONGEST_BACKOFF", 0.01)
    bot, failures = Bot(), iter([ValueError("a fault")])

    async def turn(heard: UserMessage) -> None:
        for failure in failures:
            raise failure

    async def tracker(_: str) -> Any:
        return SimpleNamespace(events=[SimpleNamespace(message_id="web-1", metadata={"whatsapp": foreign})])

    bot.turn = turn
    bot.retrieve_full_tracker = tracker  # type: ignore[method-assign]
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        await bot.until(1)
    assert [heard.message_id for heard in bot.heard] == ["wamid.1"]
