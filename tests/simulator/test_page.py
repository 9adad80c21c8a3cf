"""The page: one WebSocket shows everything and takes commands, and other sites stay out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from rasa_whatsapp.simulator import PHONE_NUMBER_ID, Simulator, User

MARIA = "5561999990001"
BUTTONS = {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "body": {"text": "Elegí"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "/tenis", "title": "Tenis"}}]},
    },
}


class Page:
    """A browser tab without the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self, kind: str) -> Any:
        while True:
            event = await self.socket.receive_json(timeout=5)
            if event["type"] == kind:
                return event

    async def do(self, command: str, **more: Any) -> None:
        await self.socket.send_json({"do": command, "user": MARIA, **more})


@pytest.fixture
async def page(simulator: Simulator, graph) -> AsyncIterator[Page]:
    async with graph.session.ws_connect(simulator.url + "/control/ws") as socket:
        yield Page(socket)


async def test_a_page_opens_with_somebody_to_write_as(simulator: Simulator, page: Page) -> None:
    """The first page of all finds a person, the number and the handshake."""
    snapshot = await page.next("snapshot")
    assert [user["key"] for user in snapshot["users"]] == [MARIA]
    assert snapshot["number"]["phone_number_id"] == PHONE_NUMBER_ID
    assert set(snapshot["handshake"]) == {"done", "problem", "url"}
    assert snapshot["messages"] == []


async def test_a_page_may_be_told_several_things_together(simulator: Simulator, graph, bot) -> None:
    """In lists, which hold the same packets in the same order."""
    url = simulator.url + "/control/ws"
    async with (
        graph.session.ws_connect(url) as alone,
        graph.session.ws_connect(f"{url}?together") as together,
    ):
        for number in range(20):
            await simulator.user(f"+{MARIA}").says(str(number))
        await simulator.settle()
        count, packets = 0, []
        while not any(told.get("message", {}).get("text") == "19" for told in packets):
            packets += await together.receive_json(timeout=5)
            count += 1
        snapshot, *others = [await alone.receive_json(timeout=5) for _ in packets]
    assert (packets[0]["type"], packets[1:]) == (snapshot["type"], others)
    assert count < len(packets)


async def test_typing_a_text_sends_it_and_shows_it(simulator: Simulator, bot, page: Page) -> None:
    """The message appears at once, and gets its ticks when the bot has acknowledged it."""
    await page.do("text", text="<b>olá</b> 👍")
    shown = (await page.next("message"))["message"]
    assert shown["from"] == "user"
    assert shown["content"] == {"type": "text", "text": {"body": "<b>olá</b> 👍"}}
    assert shown["status"] == "sent"
    delivery = await page.next("delivery")
    assert delivery["delivery"]["acknowledged"]
    assert bot.messages[0]["text"]["body"] == "<b>olá</b> 👍"
    await simulator.settle()


async def test_the_bots_answer_is_shown_tapped_and_read(simulator: Simulator, bot, graph, page: Page) -> None:
    """An answer appears; a tap sends its button; opening the chat reads it."""
    await page.do("text", text="oi")
    await page.next("message")
    _, answer = await graph.send(BUTTONS)
    wamid = answer["messages"][0]["id"]
    shown = (await page.next("message"))["message"]
    while shown["id"] != wamid:
        shown = (await page.next("message"))["message"]
    assert shown["content"] == BUTTONS
    await simulator.settle()
    assert [s["status"] for s in bot.statuses] == ["sent", "delivered"]
    await page.do("read")
    await page.do("tap", message=wamid, id="/tenis")
    await bot.has(5)
    assert bot.statuses[-1]["status"] == "read"
    assert bot.messages[-1]["interactive"]["button_reply"]["id"] == "/tenis"
    assert bot.messages[-1]["context"]["id"] == wamid


async def test_a_picture_a_place_a_contact_and_a_reaction(
    simulator: Simulator, bot, graph, page: Page
) -> None:
    """Everything a person can send from the page."""
    await page.next("snapshot")
    form = aiohttp.FormData()
    form.add_field("file", b"\x89PNG....", filename="a.png", content_type="image/png")
    async with graph.session.post(f"{simulator.url}/control/users/{MARIA}/media", data=form) as response:
        media = await response.json()
    await page.do("media", media=media["id"], kind="image", caption="Olha")
    await page.do("location", latitude=-15.79, longitude=-47.88)
    await page.do("contacts", contacts=[{"name": {"formatted_name": "Ada"}}])
    await bot.has(3)
    assert [message["type"] for message in bot.messages] == ["image", "location", "contacts"]
    await page.do("reaction", message=bot.messages[0]["id"], emoji="👍")
    await bot.has(4)
    assert bot.messages[3]["reaction"]["emoji"] == "👍"
    async with graph.session.get(f"{simulator.url}/control/media/{media['id']}") as response:
        assert await response.read() == b"\x89PNG...."
        assert response.content_type == "image/png"
        assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("wanted", "status", "part", "data"),
    [
        ("bytes=2-4", 206, "bytes 2-4/10", b"234"),
        ("bytes=7-", 206, "bytes 7-9/10", b"789"),
        ("bytes=-2", 206, "bytes 8-9/10", b"89"),
        ("bytes=0-99", 206, "bytes 0-9/10", b"0123456789"),
        ("bytes=10-", 416, "bytes */10", None),
        ("lines=1", 416, "bytes */10", None),
    ],
)
async def test_a_player_may_ask_for_a_part(simulator: Simulator, graph, wanted, status, part, data) -> None:
    """Only so does it know how long a sound is, and can go to any place in it."""
    await simulator.user(MARIA).sends_audio(b"0123456789")
    (media,) = simulator.state.media
    url = f"{simulator.url}/control/media/{media}"
    async with graph.session.get(url, headers={"Range": wanted}) as response:
        assert (response.status, response.headers["Content-Range"]) == (status, part)
        assert data is None or await response.read() == data


async def test_a_page_can_add_people(page: Page) -> None:
    """A new person appears on every page."""
    await page.next("snapshot")
    await page.do("user", phone="+54 9 11 5555-0100", name="Ana")
    user = (await page.next("user"))["user"]
    assert (user["phone"], user["name"]) == ("5491155550100", "Ana")
    assert user["user_id"].startswith("AR.")


@pytest.mark.parametrize(
    "command",
    [
        {"do": "dance"},
        {"do": []},
        {"do": "text", "text": ""},
        {"do": "text", "text": 7},
        {"do": "text", "text": "x", "reply_to": {}},
        {"do": "text", "text": "x", "user": "0"},
        {"do": "tap", "message": "wamid.none", "id": "x"},
        {"do": "media", "media": "404", "kind": "image"},
        {"do": "advance", "hours": 0},
        {"do": "advance", "hours": "late"},
        {"do": "advance", "hours": 1e9},
        {"do": "location", "latitude": 91, "longitude": 0},
        {"do": "location", "latitude": "north"},
        {"do": "location", "latitude": None, "longitude": 0},
        {"do": "contacts", "contacts": "Ada"},
        {"do": "user", "phone": "nobody"},
    ],
)
async def test_a_command_that_makes_no_sense_is_answered_and_survived(page: Page, command) -> None:
    """The page is told what was wrong, and the next command works."""
    await page.socket.send_json({"user": MARIA, **command})
    assert (await page.next("error"))["text"]
    await page.do("text", text="oi")
    assert (await page.next("message"))["message"]["content"]["text"]["body"] == "oi"


@pytest.mark.parametrize("packet", ["", "[]", "{", "[" * 100_000], ids=["empty", "array", "cut off", "deep"])
async def test_a_packet_that_is_no_command_is_survived(page: Page, packet: str) -> None:
    """Not even JSON has to come."""
    await page.socket.send_str(packet)
    assert (await page.next("error"))["text"]


async def test_typing_is_shown_and_ends(simulator: Simulator, bot, graph, page: Page) -> None:
    """The typing bubble comes and, without an answer, goes after 25 seconds."""
    await page.do("text", text="oi")
    await bot.has(1)
    body = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": bot.messages[0]["id"],
        "typing_indicator": {"type": "text"},
    }
    await graph.call("POST", f"/{PHONE_NUMBER_ID}/messages", json=body)
    assert await page.next("typing") == {"type": "typing", "user": MARIA, "on": True}
    simulator.clock.advance(seconds=26)
    assert await page.next("typing") == {"type": "typing", "user": MARIA, "on": False}


async def test_a_file_sent_by_link_is_fetched_here(simulator: Simulator, graph, maria: User) -> None:
    """The page gets linked files from the simulator, but only those that the bot has sent."""
    served: list[str] = []

    async def picture(request: web.Request) -> web.Response:
        served.append(request.path)
        return web.Response(body=b"\x89PNG....", content_type="image/png")

    app = web.Application()
    app.router.add_get("/a.png", picture)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    link = f"http://127.0.0.1:{runner.addresses[0][1]}/a.png"

    async def shown() -> tuple[int, bytes]:
        async with graph.session.get(simulator.url + "/control/link", params={"url": link}) as response:
            return response.status, await response.read()

    assert (await shown())[0] == 404
    await maria.says("oi")
    await graph.send({"type": "image", "image": {"link": link}})
    assert served == []
    assert await shown() == (200, b"\x89PNG....")
    assert await shown() == (200, b"\x89PNG....")
    assert served == ["/a.png"]
    await runner.cleanup()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
    ],
)
async def test_other_sites_are_refused(simulator: Simulator, graph, headers: dict[str, str]) -> None:
    """Neither a rebound name nor another page's script gets an answer."""
    for path in ("/", "/control/ws", f"/{PHONE_NUMBER_ID}"):
        async with graph.session.get(simulator.url + path, headers=headers) as response:
            assert response.status == 403, path


async def test_the_page_may_load_nothing_from_elsewhere(simulator: Simulator, graph) -> None:
    """A strict Content-Security-Policy comes with everything, refusals included."""
    for path in ("/", "/static/none.js"):
        async with graph.session.get(simulator.url + path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self';")
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/../story.py", "/static/%2e%2e/story.py", "/static//etc/passwd"])
async def test_only_files_of_the_page_are_served(simulator: Simulator, graph, path: str) -> None:
    """A path cannot leave the folder."""
    async with graph.session.get(URL(simulator.url + path, encoded=True)) as response:
        assert response.status == 404


async def test_a_file_that_a_browser_could_run_is_only_offered_for_saving(
    simulator, graph, page: Page
) -> None:
    """An HTML file sent as a document does not become a page of this server."""
    await page.next("snapshot")
    form = aiohttp.FormData()
    form.add_field("file", b"<script>", filename="a.html", content_type="text/html")
    async with graph.session.post(f"{simulator.url}/control/users/{MARIA}/media", data=form) as response:
        media = await response.json()
    async with graph.session.get(f"{simulator.url}/control/media/{media['id']}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"


def test_the_simulator_is_never_offered_to_a_network() -> None:
    """Only loopback addresses can be listened on."""
    with pytest.raises(ValueError, match=r"0\.0\.0\.0"):
        Simulator(host="0.0.0.0")
