"""A person speaks instead of writing, forwards what came from elsewhere, and makes stickers."""

from __future__ import annotations

import asyncio
import io
import struct
import wave
from collections.abc import Iterator
from typing import NamedTuple

import every_message
import pytest
from driver import Page, expect
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.simulator import Simulator, User

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class OggPage(NamedTuple):
    """A page of an Ogg file, its checksum already verified."""

    flags: int
    position: int
    number: int
    packets: list[bytes]


def ogg_pages(data: bytes) -> Iterator[OggPage]:
    """The pages of a file in which no packet spans two."""
    while data:
        magic, _, flags, position, _, number, checksum, count = struct.unpack("<4sBBqIIIB", data[:27])
        assert magic == b"OggS"
        lacing = data[27 : 27 + count]
        end = 27 + count + sum(lacing)
        assert crc(data[:22] + bytes(4) + data[26:end]) == checksum
        body, packets, packet = data[27 + count : end], [], b""
        for size in lacing:
            packet, body = packet + body[:size], body[size:]
            if size < 255:
                packets, packet = [*packets, packet], b""
        assert packet == b""
        yield OggPage(flags, position, number, packets)
        data = data[end:]


def crc(data: bytes) -> int:
    """Ogg's checksum, RFC 3533."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x104C11DB7 if value & 0x80000000 else 0)
    return value


async def test_a_voice_message_is_opus_in_ogg(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """An empty field offers to record; what is sent is what Meta would deliver, and can be heard."""
    await page.get_by_role("button", name="Record a voice message").click()
    await expect(page.get_by_role("timer")).to_have_text("0:01")
    await expect(page.get_by_role("button", name="Send the voice message")).to_be_focused()
    await page.keyboard.press("Enter")
    player = page.locator(".row--out").get_by_role("group", name="Voice message")
    await expect(player.locator(".player__time")).to_have_text("0:01")
    await expect(page.get_by_role("button", name="Record a voice message")).to_be_focused()
    await whatsapp.settle()
    audio = bot.received[0]["audio"]
    assert (audio["voice"], audio["mime_type"]) == (True, "audio/ogg; codecs=opus")
    pages = list(ogg_pages(whatsapp.state.media[audio["id"]].data))
    assert [page.number for page in pages] == list(range(len(pages)))
    assert (pages[0].flags, pages[-1].flags) == (2, 4)
    head = pages[0].packets[0]
    assert head.startswith(b"OpusHead")
    assert head[9] == 1  # channels
    assert pages[1].packets[0].startswith(b"OpusTags")
    assert 0.9 < pages[-1].position / 48_000 < 5


@pytest.mark.parametrize("way", ["Escape", "button"])
async def test_a_recording_is_thrown_away(
    page: Page, whatsapp: Simulator, bot: ScriptedBot, way: str
) -> None:
    """By keyboard or by button; nothing is sent, and the field is back."""
    await page.get_by_role("button", name="Record a voice message").click()
    if way == "Escape":
        await expect(page.get_by_role("button", name="Send the voice message")).to_be_focused()
        await page.keyboard.press("Escape")
    else:
        await page.get_by_role("button", name="Discard the recording").click()
    await expect(page.get_by_label("Type a message")).to_be_visible()
    await whatsapp.settle()
    assert bot.received == []


async def test_without_a_microphone(page: Page) -> None:
    """It is said, and writing goes on."""
    await page.evaluate("() => { navigator.mediaDevices.getUserMedia = async () => { throw new Error() } }")
    await page.get_by_role("button", name="Record a voice message").click()
    await expect(page.locator(".toast")).to_contain_text("There is no microphone")
    await expect(page.get_by_label("Type a message")).to_be_visible()


# The browser's question whether the page may hear the microphone, which the test answers: `asked[n]()`.
ASKING = """() => {
  const { mediaDevices } = navigator;
  const real = mediaDevices.getUserMedia.bind(mediaDevices);
  Object.assign(window, { asked: [], streams: [] });
  mediaDevices.getUserMedia = (wish) =>
    new Promise((resolve) =>
      asked.push(async () => streams.push(await real(wish)) && resolve(streams.at(-1))));
}"""


async def until(page: Page, condition: str) -> None:
    """Returns when it is true; asks with every frame, for the page lets nobody evaluate text."""
    loop = f"async () => {{ while (!({condition})) await new Promise(requestAnimationFrame); }}"
    await asyncio.wait_for(page.evaluate(loop), 5)


ALLOW = "() => Promise.all(asked.map((answer) => answer()))"
LET_GO = "streams.length > 0 && streams.every((each) => each.getTracks()[0].readyState === 'ended')"


async def test_two_clicks_are_one_recording(page: Page) -> None:
    """While the browser still asks, another click is none; the microphone is let go of at the end."""
    await page.evaluate(ASKING)
    await page.get_by_role("button", name="Record a voice message").dblclick()
    await page.evaluate(ALLOW)
    await page.get_by_role("button", name="Send the voice message").click()
    await expect(page.get_by_role("button", name="Record a voice message")).to_be_visible()
    await until(page, LET_GO)
    assert await page.evaluate("asked.length") == 1


async def test_a_microphone_that_is_allowed_too_late(page: Page, whatsapp: Simulator) -> None:
    """Whoever has gone to another chat meanwhile is not recorded there; the next click asks anew."""
    juan = whatsapp.user("5491155550002", name="Juan")
    await page.evaluate(ASKING)
    await page.get_by_role("button", name="Record a voice message").click()
    await page.get_by_role("link", name="Juan").click()
    await expect(page.locator("#bot-status")).to_contain_text("Juan")
    await page.evaluate(ALLOW)
    await until(page, LET_GO)
    await expect(page.get_by_label("Type a message")).to_be_visible()
    await page.get_by_role("button", name="Record a voice message").click()
    await page.evaluate("() => asked.at(-1)()")
    await expect(page.get_by_role("timer")).to_have_text("0:01")
    await page.get_by_role("button", name="Send the voice message").click()
    await expect(page.locator(".row--out").get_by_role("group", name="Voice message")).to_be_visible()
    assert [message.type for message in juan.messages] == ["audio"]


def silence(seconds: int) -> bytes:
    """A WAV file in which nothing is heard."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
    return file.getvalue()


async def test_one_sound_is_heard_and_only_where_it_can_be_stopped(
    page: Page, whatsapp: Simulator, maria: User
) -> None:
    """Another sound takes its place, and with its chat it ends: there is no button for it any more."""
    whatsapp.user("5491155550002", name="Juan")
    await page.evaluate(
        "() => { window.sounds = []; const Real = Audio; "
        "window.Audio = function (src) { const one = new Real(src); sounds.push(one); return one; } }"
    )
    for _ in range(2):
        await maria.sends_audio(silence(60), mime_type="audio/mpeg")
    for player in (page.locator(".player").first, page.locator(".player").last):
        await player.get_by_role("button", name="Play").click()
        await expect(player.get_by_role("button", name="Pause")).to_be_visible()
        await expect(page.get_by_role("button", name="Pause")).to_have_count(1)
    await page.get_by_role("link", name="Juan").click()
    await until(page, "sounds.length === 2 && sounds.every((each) => each.paused)")


async def test_words_in_the_field_are_sent_not_spoken(page: Page) -> None:
    """The microphone gives way to the arrow."""
    await page.keyboard.type("hola")
    await expect(page.get_by_role("button", name="Record a voice message")).to_have_count(0)
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".row--out .text")).to_have_text("hola")
    await expect(page.get_by_role("button", name="Record a voice message")).to_be_visible()


async def test_forwarding_a_message(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The bot hears that it was forwarded, and nothing of where it came from."""
    await bot.says("¿Vienes?")
    await page.locator(".row--in").hover()
    await page.get_by_role("button", name="Message options").click()
    await page.get_by_role("menuitem", name="Forward").click()
    dialog = page.get_by_role("dialog", name="Forward to Local WhatsApp")
    await expect(dialog).to_contain_text("¿Vienes?")
    await dialog.get_by_role("button", name="Forward").click()
    await expect(dialog).to_have_count(0)
    await expect(page.locator(".row--out .bubble__forwarded")).to_have_text("Forwarded")
    await whatsapp.settle()
    assert bot.received[0]["text"] == {"body": "¿Vienes?"}
    assert bot.received[0]["context"] == {"forwarded": True}


async def test_forwarding_often_what_has_buttons(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """Its words go; Meta's other flag says that they have been round many times."""
    await bot.sends(every_message.BUTTONS)
    await page.locator(".row--in").hover()
    await page.get_by_role("button", name="Message options").click()
    await page.get_by_role("menuitem", name="Forward").click()
    await page.get_by_role("checkbox", name="Forwarded many times").check()
    await page.get_by_role("dialog").get_by_role("button", name="Forward").click()
    await expect(page.locator(".row--out .bubble__forwarded")).to_have_text("Forwarded many times")
    await whatsapp.settle()
    assert bot.received[0]["context"] == {"frequently_forwarded": True}
    assert bot.received[0]["text"]["body"].startswith("Por favor elige una opción:")


@pytest.mark.parametrize("by", ["id", "link"])
async def test_forwarding_a_picture_of_the_bot(
    page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot, by: str
) -> None:
    """It becomes a file of the person's, whichever way the bot had sent it."""
    media = await bot.uploads(every_message.png(), "image/png", "cancha.png")
    where = {"id": media} if by == "id" else {"link": f"{bot.url}/picture.png"}
    sent = await bot.sends({"type": "image", "image": {**where, "caption": "La cancha"}})
    await maria.forwards(sent)
    await expect(page.locator(".row--out .picture")).to_be_visible()
    await whatsapp.settle()
    image = bot.received[0]["image"]
    assert (image["mime_type"], image["caption"]) == ("image/png", "La cancha")
    assert whatsapp.state.media[image["id"]].data == every_message.png()
    assert "link" not in image


async def test_any_picture_becomes_a_sticker(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """WebP of 512 by 512 pixels, as phones make them; shown without a bubble."""
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Sticker").click()
    await (await chooser.value).set_files(
        {"name": "cancha.png", "mimeType": "image/png", "buffer": every_message.png()}
    )
    await page.get_by_role("dialog", name="Sticker").get_by_role("button", name="Send").click()
    await expect(page.locator(".row--out .bare .sticker")).to_be_visible()
    await whatsapp.settle()
    sticker = bot.received[0]["sticker"]
    assert (sticker["mime_type"], sticker["animated"]) == ("image/webp", False)
    assert whatsapp.state.media[sticker["id"]].data[8:12] == b"WEBP"
    size = await page.locator(".sticker").evaluate("img => [img.naturalWidth, img.naturalHeight]")
    assert size == [512, 512]


async def test_a_file_that_is_no_picture_makes_no_sticker(page: Page) -> None:
    """It is said so."""
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Sticker").click()
    await (await chooser.value).set_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no"})
    await expect(page.locator(".toast")).to_have_text("This file is not a picture.")


async def test_a_moving_sticker_is_called_animated(whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The header of the file says so."""
    header = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0"
    maria = whatsapp.user(MARIA)
    await maria.sends_sticker(header + b"\x02" + bytes(9))
    await maria.sends_sticker(header + b"\x10" + bytes(9))
    await whatsapp.settle()
    assert [message["sticker"]["animated"] for message in bot.received] == [True, False]
