"""Meta's limits of pace and of recipients, and tokens that expire, each on a switch of the local WhatsApp."""

from __future__ import annotations

import inspect
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from rasa_whatsapp.simulator import (
    ACCESS_TOKEN,
    PHONE_NUMBER_ID,
    WABA_ID,
    Clock,
    Options,
    Restrictions,
    Simulator,
    User,
)

MARIA, ANA = "+55 61 99999-0001", "+1 555 0100"
TEXT = {"type": "text", "text": {"body": "x"}}


class StillClock(Clock):
    """Moves when it is moved only, so that a slow machine changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._began = float(int(time.time()))

    def now(self) -> float:
        return self._began + self.ahead


@pytest.fixture
async def simulator(bot, whatsapp_options: dict[str, Any]) -> AsyncIterator[Simulator]:
    """Started with the options of the test's marker."""
    options = {
        "port": 0,
        "webhook_url": bot.url,
        "status_delay": 0,
        "clock": StillClock(),
        **whatsapp_options,
    }
    async with Simulator(**options) as simulator:
        yield simulator


@pytest.fixture
async def maria(simulator: Simulator) -> User:
    """Has written, a while ago."""
    maria = simulator.user(MARIA)
    await maria.says("oi")
    simulator.clock.advance(seconds=2)
    return maria


async def code(graph, **more: Any) -> int:
    """Send a text; Meta's error code, 200 for none."""
    status, answer = await graph.send(TEXT, **more)
    return int(status if status == 200 else answer["error"]["code"])


# --- pace ---


async def test_nothing_is_limited_unless_it_is_asked_for(graph, maria: User) -> None:
    """By default a hundred messages at the same moment go to one person."""
    assert {await code(graph) for _ in range(100)} == {200}


@pytest.mark.parametrize(
    "burst", [pytest.param(n, marks=pytest.mark.whatsapp(pair_burst=n)) for n in (1, 3, 45)]
)
async def test_more_than_a_burst_to_one_person_is_error_131056(
    simulator: Simulator, graph, maria: User, burst: int
) -> None:
    """The burst is borrowed: each message of it is paid back by six seconds, and then all of it is there."""
    assert [await code(graph) for _ in range(burst)] == [200] * burst
    status, answer = await graph.send(TEXT)
    assert (status, answer["error"]["code"]) == (429, 131056)
    assert len([message for message in maria.messages if message.from_bot]) == burst
    simulator.clock.advance(seconds=5.5)
    assert await code(graph) == 131056
    simulator.clock.advance(seconds=0.5)
    assert [await code(graph) for _ in range(2)] == [200, 131056]
    simulator.clock.advance(seconds=6 * burst)
    assert [await code(graph) for _ in range(burst + 1)] == [200] * burst + [131056]


@pytest.mark.whatsapp(pair_burst=1)
async def test_a_pair_is_one_person_however_addressed(simulator: Simulator, graph, maria: User) -> None:
    """The phone number and the business-scoped user id share the limit; other people have their own."""
    await simulator.user(ANA).says("hi")
    assert await code(graph) == 200
    user_id = simulator.state.people["5561999990001"].user_id
    assert await code(graph, to="", recipient=user_id) == 131056
    assert await code(graph, to=ANA) == 200


@pytest.mark.whatsapp(pair_burst=1)
async def test_a_refused_message_costs_nothing(simulator: Simulator, graph, maria: User) -> None:
    """What the closed window refuses does not count."""
    simulator.clock.advance(hours=25)
    assert await code(graph) == 131047
    await maria.says("oi")
    assert [await code(graph) for _ in range(2)] == [200, 131056]


@pytest.mark.whatsapp(throughput=3)
async def test_more_messages_in_a_second_are_error_130429(simulator: Simulator, graph, maria: User) -> None:
    """The number's limit is for everybody together."""
    ana = simulator.user(ANA)
    await ana.says("hi")
    simulator.clock.advance(seconds=1)
    assert [await code(graph, to=to) for to in (MARIA, ANA, MARIA)] == [200, 200, 200]
    status, answer = await graph.send(TEXT, to=ANA)
    assert (status, answer["error"]["code"]) == (429, 130429)
    simulator.clock.advance(seconds=0.5)
    assert await code(graph) == 130429
    simulator.clock.advance(seconds=0.5)
    assert [await code(graph) for _ in range(4)] == [200, 200, 200, 130429]


@pytest.mark.whatsapp(throughput=3)
async def test_what_people_write_counts_as_throughput(simulator: Simulator, graph, maria: User) -> None:
    """Meta counts both directions."""
    await maria.says("um")
    await maria.says("dois")
    assert [await code(graph) for _ in range(2)] == [200, 130429]


# --- recipients ---


@pytest.mark.whatsapp(allowed_recipients=[MARIA], display_phone_number="15550100000")
async def test_a_test_number_writes_to_listed_recipients_only(
    simulator: Simulator, graph, maria: User
) -> None:
    """Anybody else is error 131030, also where they have written; nobody is made by it."""
    await simulator.user(ANA).says("hi")
    await simulator.user(user_id="BR.7").says("hi")
    assert await code(graph, to="5561999990001") == 200
    status, answer = await graph.send(TEXT, to=ANA)
    assert (status, answer["error"]["code"]) == (400, 131030)
    assert await code(graph, to="+1 555 0199") == 131030
    assert await code(graph, to="", recipient="BR.7") == 131030
    assert "15550199" not in simulator.state.people
    assert await code(graph, to="15550100000") == 131021
    assert await code(graph, to="120363", recipient_type="group") == 131041


@pytest.mark.whatsapp(unknown_recipients="refused", closed_window="ignored")
async def test_a_number_that_nobody_has_is_error_131026(simulator: Simulator, graph) -> None:
    """Until somebody has it."""
    for _ in range(2):
        status, answer = await graph.send(TEXT, to=ANA)
        assert (status, answer["error"]["code"]) == (400, 131026)
    ana = simulator.user(ANA)
    assert await code(graph, to=ANA) == 200
    assert (await ana.receives()).text == "x"
    assert await code(graph, to="15550100000") == 131021
    assert await code(graph, to="", recipient="BR.404") == 131026


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"pair_burst": 0}, "pair_burst must be at least 1"),
        ({"throughput": 0}, "throughput must be at least 1"),
        ({"allowed_recipients": [f"+1555010{n}" for n in range(6)]}, "has 6; Meta lets you list 5"),
        ({"allowed_recipients": MARIA}, "a list of phone numbers"),
        ({"allowed_recipients": "+55"}, "a list of phone numbers"),
        ({"standing": "liked"}, "standing must be one of good, spam"),
        ({"token_lifetime": 0}, "token_lifetime must be a number of seconds"),
        ({"marketing_cap": -1}, "marketing_cap must be at least 0"),
        ({"provider": "serpro", "pair_burst": 45}, "not Serpro"),
        ({"provider": "serpro", "unknown_recipients": "refused"}, "not Serpro"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(options: dict[str, Any], words: str) -> None:
    """At once, and with what is wrong."""
    with pytest.raises(ValueError, match=words):
        Simulator(port=0, **options)


@pytest.mark.whatsapp(barred_countries=["+1"])
async def test_a_barred_country_is_error_130497(simulator: Simulator, graph, maria: User) -> None:
    """By the dialling code; other countries are written to."""
    await simulator.user(ANA).says("hi")
    status, answer = await graph.send(TEXT, to=ANA)
    assert (status, answer["error"]["code"]) == (403, 130497)
    assert await code(graph) == 200


# --- the account ---


@pytest.mark.parametrize(
    ("standing", "http", "number"),
    [
        ("spam", 429, 131048),
        ("blocked", 403, 368),
        ("locked", 403, 131031),
        ("unnamed", 400, 131037),
        ("maintenance", 500, 131057),
    ],
)
async def test_an_account_in_bad_standing_sends_nothing(
    simulator: Simulator, graph, maria: User, standing: Any, http: int, number: int
) -> None:
    """Each message is refused in the answer, until the account is in good standing again."""
    simulator.restrict(standing=standing)
    status, answer = await graph.send(TEXT)
    assert (status, answer["error"]["code"]) == (http, number)
    assert answer["error"]["error_data"]["details"]
    simulator.restrict()
    assert await code(graph) == 200
    assert [message.from_bot for message in maria.messages] == [False, True]


async def test_calls_are_counted_by_the_hour(simulator: Simulator, graph, maria: User) -> None:
    """Management has a limit of its own, error 80007; all calls together have one, error 4."""
    simulator.restrict(account_calls=2, app_calls=5)
    path = f"/v26.0/{WABA_ID}/message_templates"
    assert [(await graph.call("GET", path))[0] for _ in range(2)] == [200, 200]
    status, answer = await graph.call("GET", path)
    assert (status, answer["error"]["code"]) == (429, 80007)
    assert [await code(graph) for _ in range(3)] == [200, 200, 4]
    simulator.clock.advance(hours=1)
    assert (await graph.call("GET", path))[0] == await code(graph) == 200


@pytest.mark.parametrize(("permissions", "codes"), [("messaging", (200, 200)), ("management", (10, None))])
async def test_a_token_with_less_than_all_permissions(
    simulator: Simulator, graph, maria: User, permissions: Any, codes: tuple[int, int | None]
) -> None:
    """It may only send, error 200 for the rest, or only manage, error 10 for messages; a debugger sees it."""
    simulator.restrict(permissions=permissions)
    _, answer = await graph.call("GET", f"/v26.0/{WABA_ID}/message_templates")
    assert (await code(graph), answer.get("error", {}).get("code")) == codes
    _, answer = await graph.call("GET", "/debug_token", params={"input_token": ACCESS_TOKEN})
    assert answer["data"]["scopes"] == [f"whatsapp_business_{permissions}"]


# --- at any time ---


async def test_restrictions_begin_and_end_while_it_runs(simulator: Simulator, graph, maria: User) -> None:
    """The last ones hold, and no others; nothing of before counts."""
    simulator.restrict(pair_burst=1)
    assert [await code(graph) for _ in range(2)] == [200, 131056]
    simulator.restrict(Restrictions(pair_burst=1, throughput=80))
    assert simulator.restrictions == Restrictions(pair_burst=1, throughput=80)
    assert [await code(graph) for _ in range(2)] == [200, 131056]
    with pytest.raises(ValueError, match=r"called pair_brust\. There are: pair_burst"):
        simulator.restrict(pair_brust=1)
    assert simulator.restrictions.pair_burst == 1
    simulator.restrict()
    assert {await code(graph) for _ in range(50)} == {200}


async def test_a_token_goes_on_ageing_under_other_restrictions(simulator: Simulator, graph) -> None:
    """Only another lifetime makes it new."""
    simulator.restrict(token_lifetime=60)
    simulator.clock.advance(seconds=59)
    simulator.restrict(token_lifetime=60, throughput=80)
    simulator.clock.advance(seconds=1)
    assert await code(graph) == 190
    simulator.restrict()
    assert await code(graph) == 131047


def test_a_simulator_takes_what_its_options_do() -> None:
    """By name, as editors see it, or as one object."""
    assert [*inspect.signature(Simulator).parameters] == [*inspect.signature(Options).parameters]
    options = Options(port=0, pair_burst=3, verified_name="Clube")
    for simulator in (Simulator.of(options), Simulator(port=0, pair_burst=3, verified_name="Clube")):
        assert simulator.restrictions.named == {**Restrictions().named, "pair_burst": 3}
        assert (simulator.port, simulator.account.verified_name) == (0, "Clube")
    with pytest.raises(TypeError, match="prot"):
        Simulator(prot=0)


# --- the token ---


@pytest.mark.whatsapp(token_lifetime=3600)
async def test_an_expired_token_is_error_190_subcode_463(simulator: Simulator, graph, maria: User) -> None:
    """It works until its time has come, says when that is, and then opens nothing any more."""
    token = {"input_token": ACCESS_TOKEN}
    _, answer = await graph.call("GET", "/v26.0/debug_token", params=token)
    left = answer["data"]["expires_at"] - simulator.clock.now()
    assert left == 3600 - 2
    assert await code(graph) == 200
    simulator.clock.advance(seconds=left)
    for method, path in (
        ("POST", f"/v26.0/{PHONE_NUMBER_ID}/messages"),
        ("POST", f"/v26.0/{PHONE_NUMBER_ID}/media"),
        ("GET", f"/v26.0/{WABA_ID}/message_templates"),
        ("GET", "/v26.0/debug_token"),
    ):
        status, answer = await graph.call(method, path)
        error = answer["error"]
        assert (status, error["code"], error["error_subcode"]) == (401, 190, 463), path
        assert error["type"] == "OAuthException"
        assert "has expired on" in error["error_data"]["details"]
    graph.token = "wrong"
    _, answer = await graph.call("GET", f"/{PHONE_NUMBER_ID}")
    assert "error_subcode" not in answer["error"]


async def test_a_token_lives_for_ever_unless_told(simulator: Simulator, graph) -> None:
    """As a system user's does."""
    simulator.clock.advance(hours=24 * 365)
    status, answer = await graph.call("GET", "/debug_token", params={"input_token": ACCESS_TOKEN})
    assert (status, answer["data"]["expires_at"]) == (200, 0)
