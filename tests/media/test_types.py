"""A file name tells the same type on every machine, also where nobody has told Python the types."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from pathlib import Path

import pytest

from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.files import mime_type_of, upload_form
from rasa_whatsapp.media import Uploads
from rasa_whatsapp.simulator import Simulator

NAMES = {
    "sticker.webp": "image/webp",
    "note.ogg": "audio/ogg",
    "NOTE.OPUS": "audio/ogg",
    "song.m4a": "audio/mp4",
    "song.amr": "audio/amr",
    "song.aac": "audio/aac",
    "film.3gp": "video/3gpp",
    "photo.jpeg": "image/jpeg",
    "rules.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "plan.pdf": "application/pdf",
}


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a machine without /etc/mime.types knows, such as a container of python:3.10-slim."""
    with monkeypatch.context() as patch:
        patch.setattr(mimetypes, "knownfiles", [])
        mimetypes.init()
        yield
    mimetypes.init()


@pytest.mark.parametrize(("name", "mime_type"), NAMES.items())
async def test_the_type_of_an_upload(tmp_path: Path, name: str, mime_type: str) -> None:
    """All that WhatsApp carries is known; Opus as WhatsApp calls it."""
    path = tmp_path / name
    path.write_bytes(b"x")
    told: list[str] = []
    async with upload_form(path, "", "", lambda kind: {"type": told.append(kind) or kind}):
        assert told == [mime_type]


@pytest.mark.parametrize("said", ["image/jpg", "Image/JPG; q=1"])
async def test_another_name_of_a_type(said: str) -> None:
    """Whoever says so."""
    told: list[str] = []
    async with upload_form(b"x", said, "", lambda kind: {"type": told.append(kind) or kind}):
        assert told == ["image/jpeg"]


async def test_what_is_uploaded_once_is_told_its_type(tmp_path: Path) -> None:
    """The bot's own files, and those of custom actions."""
    told: list[str] = []

    class Wire:
        phone_number_id = "100"
        fetched = None

        async def upload(self, file: object, mime_type: str, filename: str, *, progress: object) -> str:
            told.append(mime_type)
            return "4711"

    path = tmp_path / "sticker.webp"
    path.write_bytes(b"x")
    assert await Uploads(MemoryStore()).id_of(Wire(), path) == "4711"  # type: ignore[arg-type]
    assert told == ["image/webp"]


async def test_what_a_person_of_the_local_whatsapp_sends(tmp_path: Path) -> None:
    """A file whose first bytes tell nothing."""
    path = tmp_path / "rules.docx"
    path.write_bytes(b"PK")
    async with Simulator(port=0) as whatsapp:
        sent = await whatsapp.user("+5561999990001").sends_document(path)
    assert sent.content["document"]["mime_type"] == NAMES["rules.docx"]


def test_other_names() -> None:
    """What WhatsApp carries as a document is left to Python; a name may tell nothing."""
    assert mime_type_of("/data/table.csv") == "text/csv"
    assert mime_type_of("https://example.org/a") == mime_type_of("") == mime_type_of(".ogg") == ""
