"""A bot's own files are uploaded once and sent by id."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rasa_whatsapp import errors
from rasa_whatsapp import messages as m
from rasa_whatsapp.delivery.post import Post
from rasa_whatsapp.delivery.rows import Arrival, Contact
from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.files import Fetched
from rasa_whatsapp.media import KEPT, LocalMedia, Uploads, without_file

OPUS = b"OggS\x00\x02" + b"\x00" * 22 + b"OpusHead\x01\x01"
MAP = m.Image(link="media://map.png", caption="El mapa")


class Wire:
    """A gateway that counts uploads and refuses ids as it is told."""

    def __init__(self, phone_number_id: str = "100", failures: Sequence[Exception] = ()) -> None:
        self.phone_number_id = phone_number_id
        self.uploads: list[tuple[object, str]] = []
        self.sent: list[tuple[m.Message, str]] = []
        self.known: set[str] = set()
        self.failures = list(failures)

    async def upload(
        self, file: object, mime_type: str = "", filename: str = "", *, progress: object = None
    ) -> str:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop()
        self.uploads.append((file, mime_type))
        self.known.add(f"{self.phone_number_id}{len(self.uploads)}")
        return f"{self.phone_number_id}{len(self.uploads)}"

    @asynccontextmanager
    async def fetched(self, url: str) -> AsyncIterator[Fetched]:
        content = io.BytesIO(url.partition("#")[2].encode())
        yield Fetched(content, "image/png", "map.png")

    async def send(self, message: m.Message, to: str, outbox_id: str) -> str:
        if isinstance(message, m.Image) and message.id not in self.known:
            raise errors.InvalidMessage(100, "(#100) no such media")
        if isinstance(message, m.Template) and not to.startswith("+"):
            raise errors.Undeliverable(131062, "(#131062) not by user id")
        self.sent.append((message, to))
        return "wamid.1"


class Clock:
    now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> MemoryStore:
    return MemoryStore(clock)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "map.png").write_bytes(b"\x89PNG")
    (folder / "voice.ogg").write_bytes(OPUS)
    (folder / "song.mp3").write_bytes(b"ID3")
    (tmp_path / "secret.png").write_bytes(b"secret")
    return folder


async def test_a_file_is_uploaded_once_for_each_number(store: MemoryStore, folder: Path) -> None:
    """Also by another process, at the same moment, or from another path: the content counts."""
    wire, other = Wire("100"), Wire("200")
    uploads = Uploads(store)
    path = folder / "map.png"
    found = await asyncio.gather(*(uploads.id_of(wire, path) for _ in range(5)))
    again = await Uploads(store).id_of(wire, b"\x89PNG", "image/png")
    assert {*found, again} == {"1001"}
    assert await uploads.id_of(other, path) == "2001"
    assert await uploads.id_of(wire, io.BytesIO(b"\x89PNG"), "image/png") == "1001"
    assert len(wire.uploads) == len(other.uploads) == 1


async def test_it_is_uploaded_again_before_it_expires(store: MemoryStore, folder: Path, clock: Clock) -> None:
    """WhatsApp keeps a file for 30 days."""
    wire = Wire()
    assert await Uploads(store).id_of(wire, folder / "map.png") == "1001"
    clock.now += KEPT
    assert await Uploads(store).id_of(wire, folder / "map.png") == "1002"


async def test_a_file_on_the_web_is_known_by_its_content(store: MemoryStore) -> None:
    """The same picture under another address is not uploaded again; another picture under it is."""
    wire, uploads = Wire(), Uploads(store)
    ids = [
        await uploads.id_of(wire, f"https://club.example/{where}#{what}")
        for where, what in (("map.png", "one"), ("old/map.png", "one"), ("map.png", "two"))
    ]
    assert ids == ["1001", "1001", "1002"]
    assert [mime_type for _, mime_type in wire.uploads] == ["image/png"] * 2


async def test_a_changed_file_is_another_file(store: MemoryStore, folder: Path) -> None:
    """Replacing the picture in the folder is enough."""
    wire, uploads = Wire(), Uploads(store)
    await uploads.id_of(wire, folder / "map.png")
    (folder / "map.png").write_bytes(b"\x89PNG, newer")
    assert await uploads.id_of(wire, folder / "map.png") == "1002"


@pytest.mark.parametrize(
    "message",
    [
        MAP,
        m.Document(link="media://map.png", filename="map.png"),
        m.Buttons("?", [m.Button("a", "A")], header=m.Image(link="media://map.png")),
        m.Template("map", "es", header=m.Image(link="media://map.png")),
    ],
    ids=repr,
)
async def test_a_name_becomes_an_id_wherever_it_stands(
    store: MemoryStore, folder: Path, message: m.Message
) -> None:
    """In a message, a header, a template; everything else stays."""
    ready = await LocalMedia(str(folder), Uploads(store)).with_ids(message, Wire())
    expected = str(message.to_json()).replace("'link': 'media://map.png'", "'id': '1001'")
    assert str(ready.to_json()) == expected


def test_a_card_s_picture_must_be_public() -> None:
    """WhatsApp takes only links there."""
    with pytest.raises(errors.MessageError, match="public link"):
        m.Card(m.Image(link="media://map.png"), replies=[m.Button("a", "A")])


async def test_a_message_without_a_name_stays_as_it_is(store: MemoryStore) -> None:
    """No folder is needed for it, and nothing is uploaded."""
    message = m.Image(link="https://club.example/map.png")
    assert await LocalMedia("", Uploads(store)).with_ids(message, Wire()) is message


@pytest.mark.parametrize(
    "name", ["", "../secret.png", "a/../../secret.png", "/etc/passwd", "a//b", "./map.png", "..\\x", "a\x00b"]
)
def test_a_name_cannot_leave_the_folder(name: str) -> None:
    """It is refused when the message is made."""
    with pytest.raises(errors.MessageError, match=r"^link"):
        m.Image(link=f"media://{name}")


@pytest.mark.parametrize(
    ("name", "setting", "problem"),
    [
        ("lost.png", True, "there is no such file in"),
        ("out.png", True, "lies outside of"),
        ("map.png", False, "names no folder"),
    ],
)
async def test_a_file_that_cannot_be_sent_is_named(
    store: MemoryStore, folder: Path, name: str, setting: bool, problem: str
) -> None:
    """The log says which file, where it was looked for, or what is missing."""
    os.symlink(folder.parent / "secret.png", folder / "out.png")
    media = LocalMedia(str(folder) if setting else "", Uploads(store))
    with pytest.raises(errors.MessageError, match=f"^media://{name}: .*{problem}"):
        await media.with_ids(m.Image(link=f"media://{name}"), Wire())


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        (
            m.Image(link="media://lost.png", caption="Hoy", reply_to="wamid.0"),
            m.Text("Hoy", reply_to="wamid.0"),
        ),
        (m.Document(link="media://lost.pdf", caption="Acta"), m.Text("Acta")),
        (
            m.Buttons("?", [m.Button("a", "A")], header=m.Image(link="media://lost.png"), footer="Club"),
            m.Buttons("?", [m.Button("a", "A")], footer="Club"),
        ),
    ],
    ids=repr,
)
async def test_what_is_left_of_a_message_whose_file_is_lost(
    store: MemoryStore, folder: Path, message: m.Message, rest: m.Message
) -> None:
    """Who sends it himself is told; the sender of the outbox sends what is left."""
    wire = Wire()
    with pytest.raises(errors.MessageError, match="no such file"):
        await Post(store, str(folder)).send(wire, message, "+5561", "5561", "7")
    assert wire.sent == []
    assert without_file(message) == rest


@pytest.mark.parametrize(
    "message",
    [
        m.Image(link="media://lost.png"),
        m.Audio(link="media://lost.mp3"),
        m.Template("map", "es", header=m.Image(link="media://lost.png")),
        m.Image(link="https://example.org/map.png", caption="Hoy"),
        m.Buttons("?", [m.Button("a", "A")], header="Club"),
    ],
    ids=repr,
)
def test_nothing_is_left_of_other_messages(message: m.Message) -> None:
    """The file is all of it, a template has to have its header, or there is no file of the bot's."""
    assert without_file(message) is None


async def test_an_mp4_is_a_film_or_a_sound(store: MemoryStore, folder: Path) -> None:
    """As the message says: WhatsApp takes no film in a sound message."""
    (folder / "song.mp4").write_bytes(b"ftyp")
    wire, media = Wire(), LocalMedia(str(folder), Uploads(store))
    for message in (m.Audio(link="media://song.mp4"), m.Video(link="media://song.mp4")):
        await media.with_ids(message, wire)
    assert [mime_type for _, mime_type in wire.uploads] == ["audio/mp4", "video/mp4"]


async def test_a_voice_note_must_be_opus(store: MemoryStore, folder: Path) -> None:
    """Another sound is refused with the way to convert it."""
    media = LocalMedia(str(folder), Uploads(store))
    wire = Wire()
    (folder / "voice.bin").write_bytes(OPUS)
    for name in ("voice.ogg", "voice.bin"):
        ready = await media.with_ids(m.Audio(link=f"media://{name}", voice=True), wire)
        assert ready == m.Audio(id="1001", voice=True)
    with pytest.raises(errors.MessageError, match="ffmpeg"):
        await media.with_ids(m.Audio(link="media://song.mp3", voice=True), wire)
    assert await Uploads(store).id_of(wire, OPUS, voice=True)
    with pytest.raises(errors.MessageError, match="Opus"):
        await Uploads(store).id_of(wire, io.BytesIO(b"OggS vorbis"), voice=True)


async def test_an_upload_that_may_have_failed_leaves_the_message_unsent(
    store: MemoryStore, folder: Path
) -> None:
    """So that it is safe to try again."""
    wire = Wire(failures=[errors.SendTimeout("no answer")])
    with pytest.raises(errors.NotSent, match=r"map\.png"):
        await Post(store, str(folder)).send(wire, MAP, "+5561", "5561", "")
    assert await Post(store, str(folder)).send(wire, MAP, "+5561", "5561", "") == "wamid.1"


async def test_an_id_that_whatsapp_has_forgotten_is_made_anew(store: MemoryStore, folder: Path) -> None:
    """The person gets the picture all the same, and the new id is remembered."""
    wire = Wire()
    post = Post(store, str(folder))
    await post.send(wire, MAP, "+5561", "5561", "")
    wire.known.clear()
    await post.send(wire, MAP, "+5561", "5561", "")
    await post.send(wire, MAP, "+5561", "5561", "")
    assert [message.id for message, _ in wire.sent if isinstance(message, m.Image)] == [
        "1001",
        "1002",
        "1002",
    ]


async def test_a_foreign_id_that_is_refused_is_refused(store: MemoryStore) -> None:
    """Only the bot's own files can be uploaded again."""
    with pytest.raises(errors.InvalidMessage):
        await Post(store).send(Wire(), m.Image(id="404"), "+5561", "5561", "")


async def test_what_goes_to_phones_alone_goes_to_the_phone(store: MemoryStore) -> None:
    """A template that a user id may not get is sent to the number, where it is known."""
    wire, code = Wire(), m.Template("code", "es")
    with pytest.raises(errors.Undeliverable):
        await Post(store).send(wire, code, "BR.409", "5561", "")
    contact = Contact(phone="5561", user_id="BR.409", number="100")
    await store.take_in([Arrival(id="1", wanted="5561", aliases=("phone:5561",), contact=contact)])
    assert await Post(store).send(wire, code, "BR.409", "5561", "") == "wamid.1"
    assert wire.sent == [(code, "+5561")]


@pytest.mark.parametrize(
    "message",
    [
        m.Sticker(link="media://map.png"),
        m.Image(link="media://smile.webp", caption="Hoy"),
        m.Video(link="media://map.png"),
        m.Audio(link="media://map.png"),
        m.Buttons("?", [m.Button("a", "A")], header=m.Image(link="media://smile.webp")),
    ],
    ids=repr,
)
async def test_a_file_of_another_kind_is_not_uploaded(
    store: MemoryStore, folder: Path, message: m.Message
) -> None:
    """WhatsApp takes it, and then refuses the message."""
    (folder / "smile.webp").write_bytes(b"RIFF")
    wire = Wire()
    with pytest.raises(errors.MessageError, match=r"message carries; use \w+/") as told:
        await Post(store, str(folder)).send(wire, message, "+5561", "5561", "7")
    assert told.value.field.startswith("media://")
    assert (wire.uploads, wire.sent) == ([], [])


@pytest.mark.parametrize("refusal", [errors.MediaRejected(131053, "no"), errors.InvalidMessage(100, "no")])
async def test_a_file_that_whatsapp_refuses_is_told_as_one(
    store: MemoryStore, folder: Path, refusal: errors.GraphError
) -> None:
    """The sender can then do without it."""
    (folder / "data.csv").write_text("a,b")
    wire = Wire(failures=[refusal])
    with pytest.raises(errors.MessageError, match=r"^media://data\.csv: was refused by WhatsApp"):
        await Post(store, str(folder)).send(wire, m.Document(link="media://data.csv"), "+5561", "5561", "7")
    assert wire.sent == []


async def test_a_file_that_is_refused_twice_with_its_message(store: MemoryStore, folder: Path) -> None:
    """It is no forgotten id; the sender can do without the file."""

    class Refusing(Wire):
        async def send(self, message: m.Message, to: str, outbox_id: str) -> str:
            raise errors.MediaRejected(131053, "(#131053) no such picture")

    wire = Refusing()
    with pytest.raises(errors.MessageError, match="was refused by WhatsApp"):
        await Post(store, str(folder)).send(wire, MAP, "+5561", "5561", "7")
    assert len(wire.uploads) == 2
