"""Files up and down, and the calls beside the messages."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from aiohttp import web
from fake_serpro import CLIENT, PERSON, WABA, calling

from rasa_whatsapp import errors, events
from rasa_whatsapp.messages import Image

PICTURE = b"\x89PNG" + bytes(range(256)) * 100


async def test_a_file_goes_up_and_is_sent() -> None:
    """The form names the media type as Serpro does; a refused token does not lose the file's beginning."""
    file = io.BytesIO(b"skip" + PICTURE)
    file.seek(4)
    async with calling() as (serpro, client):
        await client.mark_read("wamid.for-a-token")
        serpro.expire()
        media_id = await client.upload(file, "image/png", "mapa.png")
        assert serpro.files[media_id] == ("image/png", PICTURE)
        assert not file.closed
        await client.send(Image(id=media_id), PERSON)
        assert serpro.posts[0][1]["idMedia"] == media_id


@pytest.mark.parametrize("status", [400, 200])
async def test_an_upload_that_meta_rejects(status: int) -> None:
    """Meta's code and trace come through Serpro, whatever status it gives to them."""
    async with calling() as (serpro, client):
        error = {"message": "(#131053) Media upload error", "code": 131053, "fbtrace_id": "A1"}
        serpro.answers["media"].append(web.json_response({"error": error}, status=status))
        with pytest.raises(errors.MediaRejected, match="A1"):
            await client.upload(PICTURE, "image/png")
        with pytest.raises(errors.MessageError, match="image/tiff"):
            await client.upload(PICTURE, "image/tiff")


async def test_an_upload_without_an_id() -> None:
    """What happened to the file is unknown."""
    async with calling() as (serpro, client):
        serpro.answers["media"].append(web.json_response({}))
        with pytest.raises(errors.SendTimeout):
            await client.upload(PICTURE, "image/png")


async def test_a_file_comes_down(tmp_path: Path) -> None:
    """The answer is the file itself; its type is that of the event, its name made up here."""
    audio = events.Audio(id="w", media_id="55", mime_type="audio/ogg; codecs=opus")
    async with calling() as (serpro, client):
        serpro.files["55"] = ("application/octet-stream", PICTURE)
        await client.mark_read("wamid.for-a-token")
        serpro.expire()
        file = await client.download(audio, tmp_path)
        assert (file.path.read_bytes(), file.mime_type) == (PICTURE, "audio/ogg; codecs=opus")
        assert file.path.suffix == ".ogg"
        with pytest.raises(errors.MediaError, match="larger"):
            await client.download("55", tmp_path, max_bytes=10)
        assert os.listdir(tmp_path) == [file.path.name]


async def test_an_answer_that_says_where_the_file_is(tmp_path: Path) -> None:
    """Meta's way is followed too, to Serpro itself with the token, to no foreign host at all."""
    async with calling() as (serpro, client):
        serpro.files["55"] = ("image/png", PICTURE)
        there = f"{serpro.url}/client/{CLIENT}/v2/media/55"
        serpro.files["1"] = ("application/json", json.dumps({"id": "1", "url": there}).encode())
        serpro.files["2"] = (
            "application/json",
            json.dumps({"id": "2", "url": "http://127.0.0.1:1/"}).encode(),
        )
        file = await client.download("1", tmp_path)
        assert file.path.read_bytes() == PICTURE
        with pytest.raises(errors.MediaError, match="foreign host"):
            await client.download("2", tmp_path)


@pytest.mark.parametrize("content", [b'{"url": "https://x.org"}', b"[1]", b"{" + b" " * 20_000, b""])
async def test_a_json_file_is_a_file(content: bytes, tmp_path: Path) -> None:
    """A person may send JSON; it is not taken for an answer of Serpro's."""
    async with calling() as (serpro, client):
        serpro.files["3"] = ("application/json", content)
        assert (await client.download("3", tmp_path)).path.read_bytes() == content


async def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """The error is typed and nothing is left on the disk."""
    async with calling() as (serpro, client):
        serpro.answers["9"].append(web.Response(status=404, text="<html>"))
        with pytest.raises(errors.InvalidMessage):
            await client.download("9", tmp_path)
        assert os.listdir(tmp_path) == []


async def test_the_calls_beside_the_messages() -> None:
    """Numbers, templates, metrics, QR codes and the report of a request."""
    async with calling() as (serpro, client):
        assert (await client.phone_numbers())[0]["id"] == CLIENT
        assert await client.templates()
        assert await client.metrics("2026-01-01", "2026-02-01") == {
            "inicio": "2026-01-01",
            "fim": "2026-02-01",
        }
        assert (await client.create_qr_code("Olá"))["mensagemPrePreenchida"] == "Olá"
        assert await client.qr_codes() == []
        serpro.answers["qr-1"].append(web.Response(status=204))
        await client.delete_qr_code("qr-1")
        serpro.answers["lembrete"].append(web.Response(status=204))
        await client.delete_template("lembrete")
        sent = await client.send(Image(id="1"), PERSON)
        assert (await client.status(sent.id))["quantidadeMensagens"] == 1
        assert ("DELETE", f"/waba/{WABA}/v2/templates/lembrete") in serpro.calls


async def test_the_account_is_needed_for_its_calls() -> None:
    """Without a WABA id the error names the key and the variable."""
    async with calling(waba_id="") as (_, client):
        with pytest.raises(errors.SettingsError, match="SERPRO_WABA_ID"):
            await client.phone_numbers()


async def test_ids_cannot_leave_their_place_in_the_path() -> None:
    """An id with slashes stays one segment."""
    async with calling() as (serpro, client):
        with pytest.raises(errors.GraphError):
            await client.status("../../webhook")
        assert serpro.calls[-1] == ("GET", f"/client/{CLIENT}/v2/requisicao/..%2F..%2Fwebhook")
