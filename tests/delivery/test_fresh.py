"""What this process has just put in is sent as it is; what it has not, as the store has it."""

from __future__ import annotations

import pytest
from arrivals import Clock
from gateways import Wire, knocker

from rasa_whatsapp import messages
from rasa_whatsapp.delivery import fresh as fresh_module
from rasa_whatsapp.delivery.failures import Failures
from rasa_whatsapp.delivery.fresh import Fresh
from rasa_whatsapp.delivery.outbox import Destination, Envelope, Outbox
from rasa_whatsapp.delivery.pacing import Unpaced
from rasa_whatsapp.delivery.sender import Sender
from rasa_whatsapp.delivery.stores import MemoryStore

ANA = Destination("turn", "1", "+1", "100")


async def sent(store: MemoryStore, fresh: Fresh, count: int) -> list[tuple[str, object]]:
    """What a sender that finds some messages fresh makes of the rows."""
    wire = Wire()
    sender = Sender(
        store,
        {"100": wire},
        store.statuses,
        Unpaced(),
        Failures(store, told=True),
        knocker(store),
        fresh=fresh,
    )
    sender.start()
    try:
        return list(await wire.until(count))
    finally:
        await sender.stop(1)


@pytest.mark.parametrize("kept", [0, 1, 9])
async def test_read_again_or_not_the_same_is_sent(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where more is put in than is remembered."""
    monkeypatch.setattr(fresh_module, "REMEMBERED", kept)
    read = []
    from_store = Envelope.open
    monkeypatch.setattr(Envelope, "open", lambda envelope: read.append(1) or from_store(envelope))
    store, fresh = MemoryStore(Clock()), Fresh()
    await store.open()
    await Outbox(store, fresh=fresh).add(ANA, 0, [messages.Text(body) for body in "abc"])
    assert await sent(store, fresh, 3) == [("+1", "a"), ("+1", "b"), ("+1", "c")]
    assert len(read) == max(0, 3 - kept)
    await store.close()


async def test_a_flow_is_sent_with_the_token_that_the_store_has() -> None:
    """A turn that runs again makes another one, for a row that is there already."""
    store, fresh = MemoryStore(Clock()), Fresh()
    await store.open()
    outbox, flow = Outbox(store, fresh=fresh), messages.Flow("Join us", "Sign up", flow_name="sign_up")
    for _ in range(2):
        await outbox.add(ANA, 0, [flow])
    [row] = await store.records.rows("answer", "waiting", 9)
    assert fresh.take(row.id) is None
    await store.close()
