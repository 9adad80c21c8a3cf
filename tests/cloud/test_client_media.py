"""Files up and down: only what WhatsApp takes goes up, only from trusted hosts does anything come down."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from graph_servers import NUMBER, TOKEN, Flood, answering, calling, graph, nothing_left_open

from rasa_whatsapp import errors
from rasa_whatsapp.cloud import MediaInfo
from rasa_whatsapp.cloud.client import CloudClient

PICTURE = b"\x89PNG" + bytes(range(256)) * 4096  # one megabyte
DIGEST = hashlib.sha256(PICTURE)


@dataclass
class MediaServer:
    """Meta's media store with one picture, which misbehaves as a test wishes."""

    content: bytes = PICTURE
    info: dict[str, Any] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    redirect: str = ""
    resolved: int = 0
    tokens: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/file":
            self.tokens.append(request.headers.get("Authorization", ""))
            if self.redirect:
                return web.Response(status=302, headers={"Location": self.redirect})
            if self.statuses and (status := self.statuses.pop(0)) != 200:
                return web.Response(status=status, text="<html>gone</html>")
            return web.Response(body=self.content, headers={"Content-Disposition": "filename=../../evil.sh"})
        assert request.query["phone_number_id"] == NUMBER
        if request.method == "DELETE":
            self.deleted.append(request.rel_url.raw_path)
            return web.json_response({"success": True})
        self.resolved += 1
        info = {
            "url": f"http://{request.host}/file",
            "mime_type": "image/png",
            "sha256": DIGEST.hexdigest(),
            "file_size": str(len(self.content)),
            "id": request.path.rpartition("/")[2],
        }
        return web.json_response({**info, **self.info})


@dataclass
class Received:
    """Stands for any event with a file."""

    media_id: str


# Down


async def test_a_picture_is_saved_under_a_name_the_sender_cannot_choose(tmp_path: Path) -> None:
    """The file lies in the folder asked for, readable by its owner only, and no name that came in is used."""
    async with calling(MediaServer()) as client:
        got = await client.download(Received("77"), tmp_path / "inbox")
    assert got.path.read_bytes() == PICTURE
    assert got.path.parent == tmp_path / "inbox"
    assert got.path.suffix == ".png"
    assert "evil" not in got.path.name
    assert stat.S_IMODE(got.path.stat().st_mode) == 0o600
    assert (got.size, got.sha256, got.intact) == (len(PICTURE), DIGEST.hexdigest(), True)


@pytest.mark.parametrize("mime_type", ["../../etc/passwd", "text/html", "application/x-sh", "", "x/..\\y"])
async def test_a_strange_type_gets_a_plain_ending(tmp_path: Path, mime_type: str) -> None:
    """The type comes from the sender's phone, so only known types choose an ending."""
    async with calling(MediaServer(info={"mime_type": mime_type})) as client:
        got = await client.download("77", tmp_path)
    assert got.path.parent == tmp_path
    assert got.path.suffix == ".bin"


async def test_without_a_folder_it_is_a_temporary_file() -> None:
    """A caller that names no folder gets a file in the system's temporary folder."""
    async with calling(MediaServer()) as client:
        got = await client.download("77")
    assert got.path.read_bytes() == PICTURE
    got.path.unlink()


@pytest.mark.parametrize("sha256", [DIGEST.hexdigest(), base64.b64encode(DIGEST.digest()).decode(), ""])
async def test_both_spellings_of_a_checksum_are_checked(tmp_path: Path, sha256: str) -> None:
    """Hex and base64 both match; none given is nothing to compare."""
    async with calling(MediaServer(info={"sha256": sha256})) as client:
        assert (await client.download("77", tmp_path)).intact


@pytest.mark.parametrize("sha256", ["0" * 64, "AAAA", "not a checksum", "zz" * 32])
async def test_another_checksum_is_told_and_the_file_kept(tmp_path: Path, sha256: str) -> None:
    """A mismatch is no reason to lose what the person sent."""
    async with calling(MediaServer(info={"sha256": sha256})) as client:
        got = await client.download("77", tmp_path)
    assert not got.intact
    assert got.path.read_bytes() == PICTURE


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_an_expired_address_is_resolved_again_once(tmp_path: Path, status: int) -> None:
    """The second address works; when it does not either, the error comes through."""
    server = MediaServer(statuses=[status])
    async with calling(server) as client:
        assert (await client.download("77", tmp_path)).intact
        assert server.resolved == 2
        server.statuses = [status, status, status]
        with pytest.raises(errors.GraphError):
            await client.download("77", tmp_path)
    assert server.resolved == 4
    assert len(os.listdir(tmp_path)) == 1


async def test_the_token_does_not_follow_to_a_foreign_host(tmp_path: Path) -> None:
    """A redirect away from Meta is not even opened, and no file is left."""
    foreign = MediaServer()
    async with graph(foreign) as elsewhere, calling(MediaServer(redirect=f"{elsewhere}/file")) as client:
        with pytest.raises(errors.MediaError, match="not Meta's"):
            await client.download("77", tmp_path)
    assert foreign.tokens == []
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://fbsbx.com.example.org/x",
        "https://evilfbcdn.net/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com@example.org/x",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "//example.org/x",
        "no url",
    ],
)
async def test_an_address_outside_meta_is_not_opened(tmp_path: Path, url: str) -> None:
    """Look-alike hosts, plain HTTP, internal addresses and other schemes are refused unopened."""
    async with calling(MediaServer(info={"url": url})) as client:
        with pytest.raises(errors.MediaError, match="address"):
            await client.download("77", tmp_path)


async def test_a_redirect_on_the_same_host_is_followed(tmp_path: Path) -> None:
    """Meta's store may send us on, within its hosts and not for ever."""
    server = MediaServer(redirect="/file")
    async with calling(server) as client:
        with pytest.raises(errors.MediaError, match="redirects"):
            await client.download("77", tmp_path)
    assert server.tokens == [f"Bearer {TOKEN}"] * 6


@pytest.mark.parametrize("announced", [{}, {"file_size": "0"}, {"file_size": None}])
async def test_a_file_over_the_cap_is_not_kept(tmp_path: Path, announced: dict[str, Any]) -> None:
    """The cap holds against the announced size and against the bytes that really come."""
    async with calling(MediaServer(info=announced)) as client:
        with pytest.raises(errors.MediaError, match=r"more than|larger than"):
            await client.download("77", tmp_path, max_bytes=len(PICTURE) - 1)
        assert (await client.download("77", tmp_path, max_bytes=len(PICTURE))).intact
    assert len(os.listdir(tmp_path)) == 1


async def test_a_broken_download_leaves_no_file(tmp_path: Path) -> None:
    """A connection that dies in the middle is a MediaError, and half a file is no file."""

    class Breaking(MediaServer):
        async def __call__(self, request: web.Request) -> web.StreamResponse:
            if request.path != "/file":
                return await super().__call__(request)
            response = web.StreamResponse(headers={"Content-Length": str(len(PICTURE))})
            await response.prepare(request)
            await response.write(PICTURE[:70_000])
            assert request.transport is not None
            request.transport.abort()
            return response

    async with calling(Breaking()) as client:
        with pytest.raises(errors.MediaError, match="connection broke"):
            await client.download("77", tmp_path)
    assert os.listdir(tmp_path) == []


async def test_a_media_id_cannot_leave_its_place_in_the_path() -> None:
    """An odd id stays one segment of the path."""
    server = MediaServer()
    async with calling(server) as client:
        await client.delete_media("../../me/accounts?x=1")
    assert server.deleted == ["/v26.0/..%2F..%2Fme%2Faccounts%3Fx=1"]


async def test_the_address_is_not_shown() -> None:
    """The signed address of a file stays out of its repr."""
    assert "secret" not in repr(MediaInfo(id="7", url="https://lookaside.fbsbx.com/?hash=secret"))


async def test_media_without_address_is_a_media_error(tmp_path: Path) -> None:
    """An answer of the wrong shape is told, not tripped over."""
    async with calling(answering(json={"id": 7, "file_size": {}, "mime_type": None})) as client:
        with pytest.raises(errors.MediaError, match="no address"):
            await client.download("77", tmp_path)


# Up


class Uploads:
    """Takes uploads and keeps what came."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}

    async def __call__(self, request: web.Request) -> web.Response:
        assert request.path == f"/v26.0/{NUMBER}/media"
        assert int(request.headers["Content-Length"]) > 0
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        with file.file as opened:
            content = opened.read()
        self.fields = {**form, "file": content, "name": file.filename, "part": file.content_type}
        return web.json_response({"id": "4711"})


@pytest.mark.parametrize("kind", ["path", "text path", "bytes", "file"])
async def test_a_file_is_uploaded_from_wherever_it_is(tmp_path: Path, kind: str) -> None:
    """Path, bytes and open file arrive as the same form, and no open file is left or closed by us."""
    path = tmp_path / "quadra de tênis.png"
    path.write_bytes(PICTURE)
    uploads = Uploads()
    with nothing_left_open(), path.open("rb") as opened:
        source = {"path": path, "text path": str(path), "bytes": PICTURE, "file": opened}[kind]
        async with calling(uploads) as client:
            assert await client.upload(source, "image/png", path.name) == "4711"
        assert not opened.closed
    assert uploads.fields["file"] == PICTURE
    assert uploads.fields["messaging_product"] == "whatsapp"
    assert uploads.fields["type"] == uploads.fields["part"] == "image/png"


async def test_an_open_file_is_read_from_where_it_stands() -> None:
    """What the caller has already read does not go along."""
    file = io.BytesIO(b"skip" + PICTURE)
    file.seek(4)
    uploads = Uploads()
    async with calling(uploads) as client:
        await client.upload(file, "image/png")
    assert uploads.fields["file"] == PICTURE
    assert uploads.fields["name"] == "file.png"


async def test_type_and_name_come_from_the_path(tmp_path: Path) -> None:
    """A path needs no more to be said."""
    path = tmp_path / "rules.pdf"
    path.write_bytes(b"%PDF-1.7")
    uploads = Uploads()
    async with calling(uploads) as client:
        await client.upload(path)
    assert (uploads.fields["type"], uploads.fields["name"]) == ("application/pdf", "rules.pdf")


STATIC = b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(20)
ANIMATED = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02" + bytes(20)


@pytest.mark.parametrize(
    ("content", "mime_type", "says"),
    [
        (b"", "image/png", "empty"),
        (bytes(5 * 1024 * 1024 + 1), "image/jpeg", "5242880"),
        (bytes(16 * 1024 * 1024 + 1), "audio/ogg; codecs=opus", "16777216"),
        (STATIC + bytes(100 * 1024), "image/webp", "102400"),
        (ANIMATED + bytes(500 * 1024), "image/webp", "512000"),
        (b"GIF89a", "image/gif", "image/jpeg or image/png"),
        (b"x", "video/webm", "video/mp4"),
        (b"x", "", "mime_type"),
    ],
)
async def test_what_whatsapp_rejects_is_not_sent(content: bytes, mime_type: str, says: str) -> None:
    """Wrong types and sizes are told before anything leaves."""
    async with CloudClient(TOKEN, NUMBER, base_url="http://graph.invalid") as client:
        with pytest.raises(errors.MessageError, match=says):
            await client.upload(content, mime_type)


@pytest.mark.parametrize(
    ("content", "mime_type"),
    [
        (ANIMATED + bytes(400 * 1024), "image/webp"),
        (b"PK", "application/zip"),
        (b"x", "Audio/OGG; codecs=opus"),
    ],
)
async def test_what_whatsapp_may_take_is_sent(content: bytes, mime_type: str) -> None:
    """Animated stickers may be larger, other files are documents, a type's parameters do not matter."""
    async with calling(Uploads()) as client:
        assert await client.upload(content, mime_type) == "4711"


async def test_an_upload_without_id_is_unknown() -> None:
    """A 200 that names no media id is no success."""
    async with calling(answering(json={})) as client:
        with pytest.raises(errors.SendTimeout):
            await client.upload(b"x", "text/plain")


async def test_a_file_on_the_web_is_fetched_and_uploaded() -> None:
    """Type and name come from the web server; the token does not go there."""
    asked: list[str] = []

    async def web_server(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Authorization", ""))
        return web.Response(body=PICTURE, content_type="image/png")

    uploads = Uploads()
    async with graph(web_server) as site, calling(uploads) as client:
        assert await client.upload(f"{site}/pictures/mapa%2Dnuevo.png?size=2") == "4711"
    assert asked == [""]
    assert (uploads.fields["type"], uploads.fields["name"]) == ("image/png", "mapa-nuevo.png")
    assert uploads.fields["file"] == PICTURE


@pytest.mark.parametrize(
    ("told", "name", "mime_type"),
    [
        ("application/octet-stream", "rules.pdf", "application/pdf"),
        ("binary/octet-stream", "mapa.png", "image/png"),
        ("application/x-download; charset=binary", "song.mp3", "audio/mpeg"),
        ("application/octet-stream", "data", "application/octet-stream"),
        ("image/jpg", "photo", "image/jpeg"),
        ("image/pjpeg", "photo", "image/jpeg"),
        ("image/x-png", "mapa", "image/png"),
        ("audio/mp3", "song", "audio/mpeg"),
        ("text/html; charset=utf-8", "mapa.png", "text/html; charset=utf-8"),
        ("audio/ogg; codecs=opus", "note", "audio/ogg; codecs=opus"),
    ],
)
async def test_a_web_server_that_tells_little_is_helped_by_the_name(
    told: str, name: str, mime_type: str
) -> None:
    """Storages call everything a stream of octets, and some types have two names; a known one is believed."""

    async def web_server(_: web.Request) -> web.Response:
        return web.Response(body=b"x", headers={"Content-Type": told})

    uploads = Uploads()
    async with graph(web_server) as site, calling(uploads) as client:
        await client.upload(f"{site}/{name}")
    assert uploads.fields["type"] == mime_type


async def test_a_name_of_its_own_tells_the_type_too() -> None:
    """Where the address has none, as that of a storage often does."""

    async def web_server(_: web.Request) -> web.Response:
        return web.Response(body=b"x", content_type="application/octet-stream")

    uploads = Uploads()
    async with graph(web_server) as site, calling(uploads) as client:
        await client.upload(f"{site}/objects/17", filename="rules.pdf")
    assert (uploads.fields["type"], uploads.fields["name"]) == ("application/pdf", "rules.pdf")


async def test_a_file_that_is_not_on_the_web_is_told() -> None:
    """The web server's answer is named, and nothing is uploaded."""
    uploads = Uploads()
    async with graph(answering(status=404)) as site, calling(uploads) as client:
        with pytest.raises(errors.MediaError, match="HTTP 404"):
            await client.upload(f"{site}/mapa.png")
    assert uploads.fields == {}


@pytest.mark.parametrize("status", [404, 500])
async def test_a_long_refusal_is_not_read_to_its_end(status: int, tmp_path: Path) -> None:
    """A web server that is not trusted may send anything: the cap of files holds for its errors too."""
    flood = Flood(status)
    async with graph(flood) as site, calling(Uploads()) as client:
        with pytest.raises(errors.MediaError, match=f"HTTP {status}"):
            await client.upload(f"{site}/mapa.png")
        await asyncio.wait_for(flood.over.wait(), 10)
    assert flood.written < Flood.SIZE / 2


async def test_the_way_up_is_told() -> None:
    """The bytes that have left grow up to the size of the file."""
    told: list[tuple[int, int]] = []
    async with calling(Uploads()) as client:
        await client.upload(PICTURE, "image/png", progress=lambda left, size: told.append((left, size)))
    assert told == sorted(set(told)), "it only grows"
    assert len(told) > 1
    assert told[-1] == (len(PICTURE), len(PICTURE))
