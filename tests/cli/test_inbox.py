"""`rasa-whatsapp inbox` shows what a bot keeps, puts dead letters back, erases people; the bot runs on."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis_server import RedisServer
from whatsapp_command import run, section

from rasa_whatsapp import events
from rasa_whatsapp.cli.inbox_person import Asked
from rasa_whatsapp.cli.inbox_view import whole
from rasa_whatsapp.delivery.rows import Arrival, Contact, Draft, Record
from rasa_whatsapp.delivery.stores import SQLiteStore, open_url
from rasa_whatsapp.masking import mask_key

PHONE = "5561999990001"
SHORT = "556199990001"
"""The same without the ninth digit."""
SECRET_WORDS = "o segredo da Ana"


def message(id: str, at: float = 1_790_000_000.0, phone: str = PHONE) -> Arrival:
    text = events.Text(
        id=id, timestamp=int(at), sender=events.Person(phone=phone), number=events.Number(), body=SECRET_WORDS
    )
    return Arrival(
        id=id,
        wanted=phone,
        aliases=(f"phone:{phone}",),
        contact=Contact(phone=phone, number="100", seen=at),
        body=events.encode(text),
        at=at,
    )


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    """A bot's store, open, with one dead turn, one waiting, one dead answer and one of unknown outcome."""
    store = SQLiteStore(tmp_path / "whatsapp.db")
    await store.open()
    await store.take_in([message("wamid.dead"), message("wamid.waits")])
    for id, at in ("refused", 1.0), ("maybe", time.time()):
        await store.add_answers(PHONE, [Draft(id=id, body=b'{"to": "x"}', at=at)])
    await store.turns.claim()
    await store.answers.claim()
    for lane, reason in (
        (store.turns, "too old"),
        (store.answers, "refused"),
        (store.answers, "unknown: no answer"),
    ):
        row = await lane.advance(PHONE)
        assert row is not None
        await lane.bury(row, reason)
    await store.turns.release(PHONE)
    await store.answers.release(PHONE)
    yield store
    await store.close()


async def inbox(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "inbox", *arguments, "--store", "sqlite:///whatsapp.db", cwd=folder)


async def test_the_list_tells_no_text_and_no_number(bot: SQLiteStore, tmp_path: Path) -> None:
    """What is not over, with its state and reason; JSON tells the same."""
    done = await inbox(tmp_path, "list")
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert sorted((line[1], line[2], line[5]) for line in lines) == [
        ("answer", "dead", "maybe"),
        ("answer", "dead", "refused"),
        ("turn", "dead", "wamid.dead"),
        ("turn", "waiting", "wamid.waits"),
    ]
    as_json = await inbox(tmp_path, "list", "--json", "--state", "dead")
    assert json.loads(as_json.stdout)[0]["reason"] == "too old"
    for output in done.stdout, as_json.stdout:
        assert PHONE not in output
        assert SECRET_WORDS not in output
        assert "+55…0001" in output


async def test_what_was_sent_can_be_listed(bot: SQLiteStore, tmp_path: Path) -> None:
    """With WhatsApp's id of it."""
    await bot.add_answers(PHONE, [Draft(id="gone", body=b"{}", at=2.0)])
    await bot.answers.claim()
    assert await bot.answers.advance(PHONE, await bot.answers.advance(PHONE), "wamid.out") is None
    assert (await inbox(tmp_path, "list", "--state", "sent")).stdout.split("\t")[5] == "gone"
    assert json.loads((await inbox(tmp_path, "show", "gone")).stdout)["receipt"] == "wamid.out"
    assert (await inbox(tmp_path, "list", "--state", "done")).stdout == "Nothing.\n"


async def test_one_row_is_shown_whole(bot: SQLiteStore, tmp_path: Path) -> None:
    """The operator asked for it: with its text."""
    shown = json.loads((await inbox(tmp_path, "show", "wamid.dead")).stdout)
    assert shown["body"]["body"] == SECRET_WORDS
    assert (shown["state"], shown["conversation"]) == ("dead", PHONE)
    missing = await inbox(tmp_path, "show", "nothing")
    assert (missing.returncode, missing.stdout) == (1, "")


async def test_a_retry_reaches_the_running_bot(bot: SQLiteStore, tmp_path: Path) -> None:
    """Behind what waits, without a restart."""
    done = await inbox(tmp_path, "retry", "wamid.dead")
    assert (done.returncode, done.stdout) == (0, "1 dead letter put back.\n")
    assert await asyncio.wait_for(bot.turns.claim(), 5) == PHONE
    first = await bot.turns.advance(PHONE)
    second = await bot.turns.advance(PHONE, first)
    assert second is not None
    assert (second.id, second.retried) == ("wamid.dead", True)
    again = await inbox(tmp_path, "retry", "wamid.dead")
    assert again.returncode == 1
    assert "No dead letter: wamid.dead." in again.stderr


async def test_all_dead_letters_but_those_that_may_have_arrived(bot: SQLiteStore, tmp_path: Path) -> None:
    """Nobody gets a message twice because of a flag; by name it is possible."""
    done = await inbox(tmp_path, "retry", "--all-dead")
    assert done.stdout.startswith("2 dead letters put back.\n1 answer left alone")
    assert done.stdout.endswith("maybe\n")
    assert (await inbox(tmp_path, "retry", "maybe")).returncode == 0
    assert (await inbox(tmp_path, "list", "--state", "dead")).stdout == "Nothing.\n"


async def test_old_dead_letters_are_purged(bot: SQLiteStore, tmp_path: Path) -> None:
    """After a question; young ones stay."""
    asked = await inbox(tmp_path, "purge", "--older-than", "1h")
    assert asked.returncode == 1
    done = await inbox(tmp_path, "purge", "--older-than", "1h", "--dead", "--yes")
    assert "2 dead letters and 0 ids" in done.stdout
    assert (await inbox(tmp_path, "purge", "--older-than", "soon", "--yes")).returncode == 2


async def test_a_person_is_forgotten(bot: SQLiteStore, tmp_path: Path) -> None:
    """However the number is written; what is not ours is named."""
    done = await inbox(tmp_path, "forget", "+55 (61) 99999-0001", "--yes")
    assert "Erased: 1 names, 2 messages, 2 answers" in done.stdout
    assert f"tracker store keeps the conversation under the sender id {PHONE}" in done.stdout
    assert (await inbox(tmp_path, "list")).stdout == "Nothing.\n"
    assert await bot.contact(PHONE) is None
    assert "Nothing is kept" in (await inbox(tmp_path, "forget", PHONE, "--yes")).stdout
    assert (await inbox(tmp_path, "forget", "Ana", "--yes")).returncode == 2


async def test_a_bot_on_redis_is_reached_the_same_way(own_redis: RedisServer, tmp_path: Path) -> None:
    """From another host, too."""
    store = open_url(own_redis.url)
    await store.open()
    await store.take_in([message("wamid.waits")])
    await store.close()
    done = await asyncio.to_thread(run, "inbox", "list", "--store", own_redis.url, cwd=tmp_path)
    assert done.stdout.split("\t")[1:6] == ["turn", "waiting", "+55…0001", "0", "wamid.waits"]
    asked = ["inbox", "forget", PHONE, "--yes", "--store", own_redis.url]
    done = await asyncio.to_thread(run, *asked, cwd=tmp_path)
    assert "1 messages" in done.stdout


def test_the_store_comes_from_the_settings(tmp_path: Path) -> None:
    """Nothing is made by looking; memory:// has nothing to read."""
    (tmp_path / "credentials.yml").write_text(section(store="memory://"))
    done = run("inbox", "list", cwd=tmp_path)
    assert done.returncode == 1
    assert "there is nothing to read" in done.stderr
    (tmp_path / "credentials.yml").write_text(section(store="sqlite:///elsewhere.db"))
    done = run("inbox", "list", cwd=tmp_path)
    assert done.returncode == 1
    assert "elsewhere.db" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["credentials.yml"]


async def test_the_store_is_all_that_is_needed(
    bot: SQLiteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No number and no token: by the variable, by the usual place, by a section that lacks all else."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    nothing = await asyncio.to_thread(run, "inbox", "list", cwd=elsewhere)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert nothing.stderr.startswith("✗ There is no whatsapp.db.")
    assert "--store sqlite:///" in nothing.stderr
    for command in ("list",), ("show", "wamid.dead"), ("retry", "wamid.dead"), ("purge", "--yes"):
        done = await asyncio.to_thread(run, "inbox", *command, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    monkeypatch.setenv("WHATSAPP_STORE", f"sqlite:///{tmp_path / 'whatsapp.db'}")
    assert "wamid.waits" in (await asyncio.to_thread(run, "inbox", "list", cwd=elsewhere)).stdout
    monkeypatch.delenv("WHATSAPP_STORE")
    (elsewhere / "credentials.yml").write_text(
        "rasa_whatsapp.WhatsAppInput:\n  access_token: ${NOT_SET}\n  store: sqlite:///../whatsapp.db\n"
    )
    assert "wamid.waits" in (await asyncio.to_thread(run, "inbox", "list", cwd=elsewhere)).stdout


@pytest.mark.parametrize(
    ("conversation", "shown"),
    [
        ("5561999990001", "+55…0001"),
        ("+5561999990001", "+55…0001"),
        ("5561999990001~2", "+55…0001~2"),
        ("100200:5561999990001", "100200:+55…0001"),
        ("event:status:wamid:failed:5561999990001", "event:status:wamid:failed:+55…0001"),
        ("BR.409", "BR.409"),
        ("0f3e9a", "0f3e9a"),
    ],
)
def test_phone_numbers_are_masked_wherever_they_stand(conversation: str, shown: str) -> None:
    """Every form that a conversation's key can have."""
    assert mask_key(conversation) == shown


@pytest.mark.parametrize(
    "written",
    [
        "+55 61 9999-0001",
        "0055 61 9999-0001",
        "tel:+556199990001",
        "whatsapp:+55 61 9999-0001",
        "+55\u201161\u20119999\u20110001",
        "\u202a+55 61 9999-0001\u202c",
        "+55 61 9 9999-0001",
    ],
)
async def test_a_number_is_found_however_it_is_written(
    bot: SQLiteStore, tmp_path: Path, written: str
) -> None:
    """All that a message can be sent to; WhatsApp knows many Brazilian mobiles without their ninth digit."""
    await bot.take_in([message("wamid.short", phone=SHORT)])
    done = await inbox(tmp_path, "forget", written, "--yes")
    assert done.stdout.startswith("Erased: "), done.stdout + done.stderr
    assert await bot.contact(SHORT) is None


async def test_a_number_is_found_that_is_kept_with_its_ninth_digit(bot: SQLiteStore, tmp_path: Path) -> None:
    """The other way round; what is asked names both, and no means no."""
    command = ["inbox", "forget", "+55 61 9999-0001", "--store", "sqlite:///whatsapp.db"]
    done = await asyncio.to_thread(run, *command, cwd=tmp_path, answer="n\n")
    assert f"Erase everything that is kept of {SHORT} or {PHONE}" in done.stderr
    assert await bot.contact(PHONE) is not None
    done = await asyncio.to_thread(run, *command, "--json", cwd=tmp_path, answer="y\n")
    told = json.loads(done.stdout)
    assert (told["conversations"], told["turns"], told["looked_for"]) == ([PHONE], 2, [SHORT, PHONE])
    assert await bot.contact(PHONE) is None


async def test_nothing_tells_what_was_looked_for(bot: SQLiteStore, tmp_path: Path) -> None:
    """Somebody who erases by law must see a slip; a number that may be another's landline is only named."""
    done = await inbox(tmp_path, "forget", "+55 61 99999-0002", "--yes")
    assert done.stdout == "Nothing is kept here of 5561999990002 or 556199990002.\n"
    done = await inbox(tmp_path, "forget", "+351 912 345 678", "--yes")
    assert done.stdout == "Nothing is kept here of 351912345678.\n"
    await bot.take_in([message("wamid.landline", phone="556133330001")])
    done = await inbox(tmp_path, "forget", "+55 61 93333-0001", "--yes")
    nothing, other = done.stdout.splitlines()
    assert nothing == "Nothing is kept here of 5561933330001."
    assert "inbox forget +556133330001" in other
    assert await bot.contact("556133330001") is not None


@pytest.mark.parametrize(
    ("person", "names"),
    [
        ("+55 61 99999-0001", (f"phone:{PHONE}", f"phone:{SHORT}")),
        ("+1 202 555 0100", ("phone:12025550100",)),
        ("BR.409Ab", ("user_id:BR.409Ab",)),
    ],
)
def test_people_are_named_by_number_or_user_id(person: str, names: tuple[str, ...]) -> None:
    """As their conversations know them."""
    assert Asked.read(person).names == names


@pytest.mark.parametrize("person", ["Ana", "", "maria@example.com", "061 99999-0001", "Y2FwaV9ncm91cDox"])
async def test_who_is_no_person_is_a_slip(tmp_path: Path, person: str) -> None:
    """Wrong usage, with the reason; never the word that nothing is kept."""
    done = await inbox(tmp_path, "forget", person, "--yes")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("body", "shown"), [(b"", None), (b'{"to": "x"}', {"to": "x"}), (b"{", "{"), (b"\xff\x00", "\ufffd\x00")]
)
def test_what_cannot_be_read_is_shown_as_it_is(body: bytes, shown: object) -> None:
    """It is a dead letter for that reason, and somebody wants to know what it was."""
    row = Record(lane="turn", id="a", conversation="1", state="dead", attempts=1, at=1.0, body=body)
    assert whole(row)["body"] == shown
