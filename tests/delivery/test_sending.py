"""Answers leave in order, not too fast, and again only where that cannot make a duplicate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest
from arrivals import arrival
from gateways import Wire, knocker

from rasa_whatsapp import errors, events, messages
from rasa_whatsapp.delivery import sender as sender_module
from rasa_whatsapp.delivery.failures import Failures
from rasa_whatsapp.delivery.outbox import Destination, Envelope, Outbox
from rasa_whatsapp.delivery.pacing import PAIR_BURST, PAIR_INTERVAL, Pacer, Unpaced
from rasa_whatsapp.delivery.rows import Row
from rasa_whatsapp.delivery.sender import Sender
from rasa_whatsapp.delivery.statuses import Statuses
from rasa_whatsapp.delivery.stores import Store
from rasa_whatsapp.flows import FlowTokens

KNOCK = messages.Template("come_back", "es")


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def statuses() -> Statuses:
    return Statuses()


@pytest.fixture
async def outbox(
    store: Store, wire: Wire, statuses: Statuses, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Outbox]:
    monkeypatch.setattr(sender_module, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(sender_module, "UNKNOWN_WAIT", 0.3)
    failures = Failures(store, told=True)
    sender = Sender(store, {"100": wire}, statuses, Unpaced(), failures, knocker(store, KNOCK))
    sender.start()
    yield Outbox(store)
    await sender.stop(1)


def to(person: str, turn: str) -> Destination:
    return Destination(turn, person, f"+{person}", "100")


def texts(*bodies: str) -> list[messages.Message]:
    return [messages.Text(body) for body in bodies]


async def test_answers_leave_in_order(outbox: Outbox, wire: Wire) -> None:
    """One after the other, in the order of the turn."""
    await outbox.add(to("1", "turn"), 0, texts(*"abcde"))
    assert await wire.until(5) == [("+1", body) for body in "abcde"]


async def test_half_an_emoji_costs_one_character(outbox: Outbox, wire: Wire) -> None:
    """A program may have cut a text within it; held or not, the message leaves."""
    await outbox.add(to("1", "turn"), 0, texts("Hola \ud83d"))
    await outbox.hold(to("1", "next"), 0, texts("Chau \ud83d"))
    await outbox.release(to("1", "next"))
    assert await wire.until(2) == [("+1", "Hola \ufffd"), ("+1", "Chau \ufffd")]


async def test_a_slow_recipient_delays_nobody_else(outbox: Outbox, wire: Wire) -> None:
    """Another conversation's answers pass."""
    wire.holding["+1"] = asyncio.Event()
    await outbox.add(to("1", "turn"), 0, texts("a", "b"))
    await outbox.add(to("2", "other"), 0, texts("c"))
    assert await wire.until(1) == [("+2", "c")]
    wire.holding["+1"].set()
    assert await wire.until(3) == [("+2", "c"), ("+1", "a"), ("+1", "b")]


async def test_a_turn_that_runs_again_sends_nothing_twice(outbox: Outbox, wire: Wire) -> None:
    """Same place, same content: known. Other content: appended."""
    await outbox.add(to("1", "turn"), 0, texts("a", "b"))
    await wire.until(2)
    await outbox.add(to("1", "turn"), 0, texts("a", "other"))
    await outbox.add(to("1", "next"), 0, texts("a"))
    assert await wire.until(4) == [("+1", body) for body in ("a", "b", "other", "a")]


@pytest.mark.parametrize("held", [False, True])
async def test_no_token_of_a_flow_is_kept_beside_its_message(
    store: Store, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    """Whoever reads the store later finds its hash alone, also of a turn that runs again."""
    shelf: list[str] = []
    put = store.set

    async def watched(key: str, value: bytes, ttl: float, owner: str = "") -> None:
        shelf.append(f"{key} {value!r}")
        await put(key, value, ttl, owner)

    monkeypatch.setattr(store, "set", watched)
    outbox, flow = Outbox(store), messages.Flow("Join us", "Sign up", flow_name="sign_up")
    for _ in range(2):
        if held:
            await outbox.hold(to("1", "turn"), 0, [flow])
            await outbox.release(to("1", "turn"))
        else:
            await outbox.add(to("1", "turn"), 0, [flow])
    [row] = await store.records.rows("answer", "waiting", 9)
    [row] = await store.records.find(row.id)
    sent = msgspec.json.decode(row.body, type=Envelope).open()
    assert isinstance(sent, messages.Flow)
    assert await FlowTokens(store).verify(sent.flow_token) is not None
    assert not [each for each in shelf if sent.flow_token in each]


@pytest.mark.parametrize(
    "refusal",
    [
        errors.graph_error({"error": {"code": 131056, "message": "(#131056) too fast"}}),
        errors.graph_error({"error": {"code": 130429, "message": "(#130429) too fast"}}),
        errors.graph_error({"error": {"code": 80007, "message": "(#80007) too fast"}}),
        errors.NotSent("no connection"),
    ],
    ids=["pair rate", "throughput", "account rate", "no connection"],
)
async def test_what_was_surely_refused_is_sent_again(
    outbox: Outbox, wire: Wire, refusal: errors.SendError
) -> None:
    """It keeps its place and its id."""
    wire.failures.extend([refusal, refusal])
    await outbox.add(to("1", "turn"), 0, texts("a", "b"))
    assert await wire.until(2) == [("+1", "a"), ("+1", "b")]
    assert wire.ids[0] == wire.ids[1] == wire.ids[2] != wire.ids[3]


@pytest.mark.parametrize(
    "refusal",
    [
        errors.graph_error({"error": {"code": 131026, "message": "undeliverable"}}),
        errors.graph_error({"error": {"code": 190, "message": "token"}}),
        errors.SendTimeout("no answer"),
        errors.graph_error("<html>", http_status=502),
    ],
    ids=["undeliverable", "token", "time-out", "bad gateway"],
)
async def test_what_may_have_been_accepted_is_never_sent_again(
    outbox: Outbox, wire: Wire, refusal: errors.SendError
) -> None:
    """It becomes a dead letter and those behind it leave."""
    wire.failures.append(refusal)
    await outbox.add(to("1", "turn"), 0, texts("a", "b"))
    assert await wire.until(1) == [("+1", "b")]
    assert len(wire.ids) == 2


async def test_a_store_that_is_away_makes_no_duplicate(
    outbox: Outbox, wire: Wire, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error after which WhatsApp may have the message counts, whatever else could not be looked up."""

    async def away(conversation: str) -> None:
        raise errors.StoreError("away")

    monkeypatch.setattr(store, "contact", away)
    wire.failures.append(errors.graph_error({"error": {"code": 131000, "message": "wrong"}}, http_status=500))
    await outbox.add(to("1", "turn"), 0, texts("a", "b"))
    assert await wire.until(1) == [("+1", "b")]
    assert len(wire.ids) == 2


async def test_what_may_have_been_accepted_is_not_sent_again_after_a_restart(
    kind: str, make_store: Callable[[], Store], wire: Wire, statuses: Statuses
) -> None:
    """The server stops while a status is waited for that would tell."""
    if kind == "memory":
        pytest.skip("memory:// forgets by design")
    wire.failures.append(errors.SendTimeout("no answer"))
    for process in range(2):
        store = make_store()
        await store.open()
        failures = Failures(store, told=True)
        sender = Sender(store, {"100": wire}, statuses, Unpaced(), failures, knocker(store))
        sender.start()
        if process == 0:
            await Outbox(store).add(to("1", "turn"), 0, texts("a", "b"))
            while not wire.ids:
                await asyncio.sleep(0)
        else:
            assert await wire.until(1) == [("+1", "b")]
        await sender.stop(5)
        [letter] = await store.records.rows("answer", "dead", 9)
        assert letter.reason == "unknown: no answer"
        await store.close()


async def test_what_waits_for_media_is_as_new_after_a_restart(
    store: Store, wire: Wire, statuses: Statuses
) -> None:
    """It has not been posted, so nobody need wait for word of it."""
    sender = Sender(store, {"100": wire}, statuses, Unpaced(), Failures(store, told=True), knocker(store))
    sender.start()
    await Outbox(store).add(
        to("1", "turn"), 0, [messages.Image(link="https://example.org/a.png"), *texts("b")]
    )
    await wire.until(1)
    while not [row for row in await store.records.rows("answer", "running", 9) if row.id != wire.ids[0]]:
        await asyncio.sleep(0)
    await sender.stop(60)
    assert [row.state for row in await store.records.rows("answer", "waiting", 9)] == ["waiting"]


async def test_no_answer_of_whatsapp_delays_the_next_for_days(
    outbox: Outbox, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may say when to try again, but the message is given up in time, and the next one leaves."""
    monkeypatch.setattr(sender_module, "GIVE_UP_AFTER", 0.05)
    busy = errors.graph_error({"error": {"code": 130429, "message": "too fast"}}, retry_after=30 * 86400.0)
    wire.failures.extend([busy, busy])
    await outbox.add(to("1", "turn"), 0, texts("a", "b"))
    assert await wire.until(1) == [("+1", "b")]


async def test_a_closed_window_is_knocked_at_once(outbox: Outbox, wire: Wire) -> None:
    """The re-engagement template follows what is refused, and not again when more is refused."""
    closed = errors.graph_error({"error": {"code": 131047, "message": "re-engagement"}})
    wire.failures.extend([closed, closed])
    await outbox.add(to("1", "turn"), 0, texts("a", "b"))
    assert await wire.until(1) == [("+1", "Template")]
    wire.failures.append(closed)
    await outbox.add(to("1", "next"), 0, texts("c", "d"))
    assert await wire.until(2) == [("+1", "Template"), ("+1", "d")]


async def test_a_closed_window_that_is_reported_later_is_knocked_at(
    outbox: Outbox, wire: Wire, store: Store
) -> None:
    """Once, though both messages are reported, at the same time and twice; only for what was sent here."""
    await store.take_in([arrival("wamid.in", "phone:5561999990001")])
    await outbox.add(to("5561999990001", "turn"), 0, texts("a", "b"))
    await wire.until(2)
    knocks = knocker(store, KNOCK)
    reports = [
        events.Status(
            id="wamid.1",
            status="failed",
            number=events.Number(phone_number_id="100"),
            outbox_id=outbox_id,
            errors=(events.WireError(code=code),),
        )
        for outbox_id, code in [
            ("unknown", 131047),
            *((id, code) for id in wire.ids for code in (131026, 131047)),
        ]
    ]
    await asyncio.gather(*(knocks.hear(report) for report in [*reports, *reports]))
    await outbox.add(to("5561999990001", "next"), 0, texts("c"))
    assert await wire.until(4) == [("+5561999990001", body) for body in ("a", "b", "Template", "c")]


async def the_turn(store: Store) -> Row:
    """The next turn of the one conversation."""
    assert await asyncio.wait_for(store.turns.claim(), 5) == "1"
    row = await store.turns.advance("1")
    assert row is not None
    return row


def code_told(row: Row) -> int:
    """With which code the turn tells that a message has failed."""
    told = events.decode(row.body)
    assert isinstance(told, events.Status)
    assert told.status == "failed"
    return told.errors[0].code


async def test_rasa_is_told_of_what_did_not_arrive(outbox: Outbox, wire: Wire, store: Store) -> None:
    """The failure becomes a turn of the same conversation; a failure within that turn is not told again."""
    wire.failures.append(errors.graph_error({"error": {"code": 131026, "message": "undeliverable"}}))
    await outbox.add(to("1", "turn"), 0, texts("a"))
    row = await the_turn(store)
    assert code_told(row) == 131026
    wire.failures.append(errors.graph_error({"error": {"code": 131026, "message": "undeliverable"}}))
    await outbox.add(to("1", row.id), 0, texts("sorry", "again"))
    assert await wire.until(1) == [("+1", "again")]
    assert await store.turns.advance("1", row) is None


async def test_a_file_that_whatsapp_refused_is_told_with_its_code(
    outbox: Outbox, wire: Wire, store: Store
) -> None:
    """Also where nothing is left to send without it."""
    refused = errors.MessageError("media://map.png", "was refused by WhatsApp")
    refused.__cause__ = errors.graph_error({"error": {"code": 131053, "message": "media"}})
    wire.failures.append(refused)
    await outbox.add(to("1", "turn"), 0, texts("a"))
    assert code_told(await the_turn(store)) == 131053


async def test_a_failed_status_finds_the_conversation(outbox: Outbox, wire: Wire, store: Store) -> None:
    """WhatsApp accepts a message and reports later that it has failed."""
    await outbox.add(to("1", "turn"), 0, texts("a"))
    await wire.until(1)
    failed = events.Status(id="wamid.1", status="failed", outbox_id=wire.ids[0])
    await Failures(store, told=True).tell(failed)
    assert Failures.tells_of_failure(await the_turn(store))


async def test_consecutive_texts_can_leave_as_one(store: Store, outbox: Outbox, wire: Wire) -> None:
    """What is held leaves at the end of the turn, merged up to WhatsApp's limit, and only once."""
    answer = to("1", "turn")
    await outbox.hold(answer, 0, texts("an attempt that failed", "and more of it"))
    await outbox.hold(answer, 0, texts("a"))
    await outbox.hold(answer, 1, [*texts("b"), messages.Image(link="https://example.org/a.png"), *texts("c")])
    await outbox.release(answer)
    assert not await store.get("held:turn")  # nobody needs it any more
    await outbox.release(answer)
    assert [body for _, body in await wire.until(2)][:2] == ["a\n\nb", "Image"]


def status(outbox_id: str, kind: str) -> events.Status:
    return events.Status(id="wamid.1", status=kind, outbox_id=outbox_id)


async def test_the_next_waits_until_media_are_delivered(
    outbox: Outbox, wire: Wire, statuses: Statuses
) -> None:
    """A text behind a picture leaves on the picture's delivered status, whoever else is busy."""
    picture = messages.Image(link="https://example.org/a.png")
    await outbox.add(to("1", "turn"), 0, [picture, *texts("b")])
    assert await wire.until(1) == [("+1", "Image")]
    statuses.note(status(wire.ids[0], "sent"))
    await outbox.add(to("2", "other"), 0, texts("c"))
    assert await wire.until(2) == [("+1", "Image"), ("+2", "c")]
    statuses.note(status(wire.ids[0], "delivered"))
    assert await wire.until(3) == [("+1", "Image"), ("+2", "c"), ("+1", "b")]


async def test_a_status_that_never_comes_costs_only_the_wait(
    outbox: Outbox, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue never hangs."""
    monkeypatch.setattr(sender_module, "MEDIA_WAIT", 0.1)
    await outbox.add(to("1", "turn"), 0, [messages.Image(link="https://example.org/a.png"), *texts("b")])
    assert await wire.until(2) == [("+1", "Image"), ("+1", "b")]


async def test_a_status_that_overtakes_the_answer_is_remembered(
    outbox: Outbox, wire: Wire, statuses: Statuses
) -> None:
    """Delivered before Meta's own response: the next message leaves at once."""
    wire.holding["+1"] = asyncio.Event()
    await outbox.add(to("1", "turn"), 0, [messages.Image(link="https://example.org/a.png"), *texts("b")])
    while not wire.ids:
        await asyncio.sleep(0)
    statuses.note(status(wire.ids[0], "delivered"))
    wire.holding["+1"].set()
    await asyncio.wait_for(wire.until(2), 2)


async def test_a_burst_is_paced_to_the_pair_rate() -> None:
    """45 at once, then one per six seconds; another recipient is not affected."""
    now = 1000.0
    pacer = Pacer(lambda: now)
    waits = [await pacer.reserve("100", "+1", 1e9) for _ in range(PAIR_BURST + 3)]
    assert waits[:PAIR_BURST] == pytest.approx([0.0] * PAIR_BURST, abs=1e-3)
    assert waits[PAIR_BURST:] == pytest.approx([PAIR_INTERVAL * n for n in (1, 2, 3)], abs=1e-3)
    assert await pacer.reserve("100", "+2", 1e9) == pytest.approx(0.0, abs=1e-3)


async def test_a_number_keeps_to_its_throughput() -> None:
    """At once a tenth of a second's worth, then evenly; and a second ahead nothing is reserved."""
    now = 1000.0
    pacer = Pacer(lambda: now)
    waits = [await pacer.reserve("100", f"+{person}", 80) for person in range(240)]
    assert waits[:8] == pytest.approx([0.0] * 8, abs=1e-3)
    assert waits[8:87] == pytest.approx([place / 80 for place in range(1, 80)], abs=1e-3)
    assert waits[88:] == [None] * 152
    now += 0.5
    waits = [await pacer.reserve("100", f"+{person}", 80) for person in range(100)]
    assert waits[:39] == pytest.approx([0.5 + place / 80 for place in range(1, 40)], abs=0.02)
    assert waits[41:] == [None] * 59
