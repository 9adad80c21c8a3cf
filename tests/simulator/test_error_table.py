"""Each of Meta's errors that a client can cause is caused, and comes back with its code and its class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator

import pytest
from error_causes import CAUSES, FAILURES, MARIA, NOT_CAUSED, World

from rasa_whatsapp import errors
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.simulator import ACCESS_TOKEN, PHONE_NUMBER_ID, WABA_ID, Simulator

KINDS = (errors.GraphError, *errors.GraphError.__subclasses__())
CLASSES = {code: kind for kind in KINDS for code in kind.helps}


@pytest.fixture
async def world(simulator: Simulator) -> AsyncIterator[World]:
    async with CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, waba_id=WABA_ID, base_url=simulator.url) as client:
        maria = simulator.user(MARIA)
        await maria.says("oi")
        yield World(simulator, client, maria)


def test_every_row_of_the_table_has_a_cause_or_a_reason() -> None:
    """A row is the codes that share one remedy; none has both, and none is made up."""
    rows = defaultdict(set)
    for code, kind in CLASSES.items():
        rows[kind.helps[code]].add(code)
    caused = CAUSES.keys() | FAILURES.keys()
    forgotten = {min(codes): sentence for sentence, codes in rows.items() if not codes & caused}
    assert {code for code in forgotten if not rows[forgotten[code]] & NOT_CAUSED.keys()} == set()
    assert {code for code in NOT_CAUSED if rows[CLASSES[code].helps[code]] & caused} == set()
    assert caused | NOT_CAUSED.keys() <= CLASSES.keys()
    assert all(NOT_CAUSED.values())


@pytest.mark.parametrize("code", CAUSES)
async def test_a_client_that_causes_an_error_gets_it(world: World, code: int) -> None:
    """Through the wire: Meta's code, the class of the package's tree, and details that say more."""
    with pytest.raises(errors.GraphError) as refused:
        await CAUSES[code](world)
    error = refused.value
    assert (error.code, type(error)) == (code, CLASSES[code]), error
    assert error.title not in ("", "Error")
    assert len(error.details) > 10
    assert error.details != error.title
    assert error.fbtrace_id
    assert error.http_status is not None
    assert 400 <= error.http_status < 600


@pytest.mark.parametrize("code", FAILURES)
async def test_what_is_told_later_is_told_in_a_webhook(world: World, bot, code: int) -> None:
    """The message is accepted; its only status is "failed", with Meta's code, and the person gets nothing."""
    await FAILURES[code](world)
    await world.simulator.settle()
    [status] = bot.statuses
    assert status["status"] == "failed"
    assert [error["code"] for error in status["errors"]] == [code]
    assert "pricing" not in status
    assert not [message for message in world.maria.messages if message.from_bot and message.seen]
    assert errors.explain(code).endswith(CLASSES[code].helps[code])


@pytest.mark.parametrize("code", NOT_CAUSED)
async def test_an_error_that_nobody_can_cause_can_be_ordered(world: World, bot, code: int) -> None:
    """In the answer, with its class, and in a webhook."""
    world.simulator.fail_next(code)
    with pytest.raises(errors.GraphError) as refused:
        await world.send()
    assert (refused.value.code, type(refused.value)) == (code, CLASSES[code])
    world.simulator.fail_delivery(code)
    await world.send()
    await world.simulator.settle()
    assert [error["code"] for status in bot.statuses for error in status["errors"]] == [code]
