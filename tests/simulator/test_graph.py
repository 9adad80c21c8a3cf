"""The Graph API: who may call it, for whom, with which files, and what goes wrong when it should."""

from __future__ import annotations

import asyncio
import hashlib
import io

import aiohttp
import pytest

from rasa_whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, WABA_ID, Simulator, User
from rasa_whatsapp.simulator.account import APP_ID
from rasa_whatsapp.simulator.media import shelf

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
# Headers of WebP files.
STILL = b"RIFF\x00\x00\x00\x00WEBPVP8 "
MOVING = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02"
TEMPLATE = {
    "type": "template",
    "template": {
        "name": "greeting",
        "language": {"code": "en_US"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ada"}]}],
    },
}


async def upload(graph, data: bytes = PNG, mime_type: str = "image/png", **more: str):
    form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime_type, **more})
    form.add_field("file", io.BytesIO(data), filename="a", content_type=mime_type)
    return await graph.call("POST", f"/v26.0/{PHONE_NUMBER_ID}/media", data=form)


@pytest.mark.parametrize(
    "path", [f"/v26.0/{PHONE_NUMBER_ID}", f"/v17.0/{PHONE_NUMBER_ID}", f"/{PHONE_NUMBER_ID}"]
)
async def test_every_version_and_none_reads_the_number(graph, path: str) -> None:
    """The version in the path does not matter; ``fields`` picks what is wanted."""
    status, number = await graph.call("GET", path, params={"fields": "verified_name"})
    assert (status, number) == (200, {"verified_name": "Local WhatsApp", "id": PHONE_NUMBER_ID})


@pytest.mark.parametrize("token", ["", "wrong", ACCESS_TOKEN + "x"])
async def test_a_wrong_token_is_error_190(graph, token: str) -> None:
    """Without the right bearer token nothing is done."""
    graph.token = token
    for method, path in (
        ("POST", f"/v26.0/{PHONE_NUMBER_ID}/messages"),
        ("POST", f"/v26.0/{PHONE_NUMBER_ID}/media"),
        ("GET", f"/{PHONE_NUMBER_ID}"),
        ("GET", "/debug_token"),
        ("GET", "/whatsapp_business/attachments/"),
        ("DELETE", "/1"),
    ):
        status, answer = await graph.call(method, path)
        assert (status, answer["error"]["code"]) == (401, 190), path


async def test_the_app_tells_its_webhook_to_itself_alone(graph) -> None:
    """Its token is made of its id and its secret; a token of somebody else's is not enough."""
    path = f"/v26.0/{APP_ID}/subscriptions"
    for token, code in ((ACCESS_TOKEN, 15), (f"{APP_ID}|wrong", 190), ("wrong", 190)):
        graph.token = token
        assert (await graph.call("GET", path))[1]["error"]["code"] == code
    graph.token = f"{APP_ID}|{APP_SECRET}"
    status, answer = await graph.call("GET", path)
    [subscription] = answer["data"]
    assert (status, subscription["object"]) == (200, "whatsapp_business_account")
    assert subscription["callback_url"].startswith("http://127.0.0.1")
    assert "messages" in [field["name"] for field in subscription["fields"]]
    assert (await graph.call("GET", "/v26.0/999/subscriptions"))[1]["error"]["error_subcode"] == 33


async def test_an_unknown_number_is_error_100_subcode_33(graph, maria: User) -> None:
    """A phone number id of somebody else does not exist for this token."""
    status, answer = await graph.call("POST", "/v26.0/999/messages", json={})
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, 100, 33)
    status, answer = await graph.call("GET", "/v26.0/nonsense/here")
    assert (status, answer["error"]["code"]) == (400, 2500)


async def test_a_doctor_learns_what_the_token_may_do(graph) -> None:
    """debug_token, the account's numbers, subscriptions and templates are there to be asked."""
    _, answer = await graph.call("GET", "/v26.0/debug_token", params={"input_token": ACCESS_TOKEN})
    assert answer["data"]["is_valid"]
    assert "whatsapp_business_messaging" in answer["data"]["scopes"]
    _, answer = await graph.call("GET", "/v26.0/debug_token", params={"input_token": "other"})
    assert not answer["data"]["is_valid"]
    _, answer = await graph.call("GET", f"/v26.0/{WABA_ID}/phone_numbers")
    assert [number["id"] for number in answer["data"]] == [PHONE_NUMBER_ID]
    _, answer = await graph.call("GET", f"/v26.0/{WABA_ID}/subscribed_apps")
    assert answer["data"]
    _, answer = await graph.call("GET", f"/v26.0/{WABA_ID}/message_templates")
    assert answer["data"][0]["name"] == "hello_world"


async def test_a_closed_window_takes_templates_only(simulator: Simulator, graph, bot) -> None:
    """Who has not written for 24 hours gets 131047 for all but templates, until they write."""
    ana = simulator.user("+5561999990001")
    text = {"type": "text", "text": {"body": "oi"}}
    status, answer = await graph.send(text)
    assert (status, answer["error"]["code"]) == (400, 131047)
    status, _ = await graph.send(TEMPLATE)
    assert status == 200
    assert (await ana.receives(type="template")).text == "greeting\nAda"
    await ana.says("oi")
    assert (await graph.send(text))[0] == 200
    simulator.clock.advance(hours=24.1)
    assert (await graph.send(text))[1]["error"]["code"] == 131047


async def test_a_refused_message_makes_nobody(simulator: Simulator, graph) -> None:
    """A number that nobody has is nobody's as long as each message to it is refused."""
    text = {"type": "text", "text": {"body": "oi"}}
    assert (await graph.send(text))[1]["error"]["code"] == 131047
    assert simulator.state.people == {}
    simulator.restrict(unknown_recipients="refused")
    assert (await graph.send(text))[1]["error"]["code"] == 131026
    simulator.restrict()
    assert (await graph.send(TEMPLATE))[0] == 200
    assert list(simulator.state.people) == ["5561999990001"]


@pytest.mark.parametrize("to", [5, True, [5], {"id": "5"}])
@pytest.mark.parametrize("more", [{}, {"recipient_type": "group"}, {"recipient_type": "individual"}])
async def test_whom_a_message_is_for_stands_there_as_a_text(graph, to: object, more: dict[str, str]) -> None:
    """Anything else is error 100, of a group's id as of a phone number."""
    status, answer = await graph.send({"type": "text", "text": {"body": "oi"}}, to=to, **more)
    assert (status, answer["error"]["code"]) == (400, 100)


@pytest.mark.parametrize(("closed_window", "end"), [("failed", "failed"), ("ignored", "delivered")])
async def test_a_closed_window_may_fail_later_or_be_ignored(bot, closed_window, end: str) -> None:
    """The error may come in a webhook instead, or not at all."""
    async with Simulator(
        port=0, webhook_url=bot.url, status_delay=0, closed_window=closed_window
    ) as simulator:
        async with aiohttp.ClientSession() as session:
            body = {"messaging_product": "whatsapp", "to": "+1555", "type": "text", "text": {"body": "x"}}
            url = f"{simulator.url}/v26.0/{PHONE_NUMBER_ID}/messages"
            async with session.post(
                url, json=body, headers={"Authorization": f"Bearer {ACCESS_TOKEN}"}
            ) as response:
                assert response.status == 200
        await simulator.settle()
    assert bot.statuses[-1]["status"] == end
    if end == "failed":
        assert bot.statuses[-1]["errors"][0]["code"] == 131047
        assert "contacts" not in bot.values[-1]
        assert "recipient_user_id" not in bot.statuses[-1]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ({"to": "15550100000"}, 131021),
        ({"to": "group", "recipient_type": "group"}, 131041),
        ({"recipient": "BR.404"}, 131026),
    ],
)
async def test_some_recipients_cannot_be_reached(graph, address, code: int) -> None:
    """The number itself, unknown groups and unknown user ids are refused."""
    body = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "x"}, **address}
    _, answer = await graph.call("POST", f"/v26.0/{PHONE_NUMBER_ID}/messages", json=body)
    assert answer["error"]["code"] == code


async def test_to_wins_over_recipient(simulator: Simulator, graph, maria: User) -> None:
    """With both addresses the phone number decides."""
    simulator.user(user_id="BR.1")
    await maria.says("oi")
    await graph.says("para Maria", recipient="BR.1")
    assert (await maria.receives()).text == "para Maria"


async def test_reading_needs_a_message_of_a_user(graph) -> None:
    """A read receipt for nothing is refused."""
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.none"}
    _, answer = await graph.call("POST", f"/v26.0/{PHONE_NUMBER_ID}/messages", json=body)
    assert answer["error"]["code"] == 131009


# --- files ---


async def test_a_file_goes_up_and_comes_down_in_two_hops(simulator: Simulator, graph) -> None:
    """Upload, resolve, download with the token, delete; then it is gone."""
    status, answer = await upload(graph)
    assert status == 200
    _, info = await graph.call("GET", f"/v26.0/{answer['id']}", params={"phone_number_id": PHONE_NUMBER_ID})
    assert info["mime_type"] == "image/png"
    assert info["file_size"] == len(PNG)
    assert info["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert info["url"].startswith(simulator.url)
    assert await graph.call("GET", info["url"]) == (200, PNG)
    graph.token = "other"
    assert (await graph.call("GET", info["url"]))[0] == 401
    graph.token = ACCESS_TOKEN
    assert (await graph.call("GET", info["url"].replace("hash=", "hash=0")))[0] == 404
    assert await graph.call("DELETE", f"/v26.0/{answer['id']}") == (200, {"success": True})
    assert (await graph.call("GET", f"/v26.0/{answer['id']}"))[1]["error"]["error_subcode"] == 33
    assert (await graph.call("DELETE", f"/v26.0/{answer['id']}"))[0] == 400


async def test_a_download_url_lives_five_minutes_and_an_upload_thirty_days(
    simulator: Simulator, graph
) -> None:
    """An old URL is 404 and a new one can be had, until the id itself has expired."""
    _, answer = await upload(graph)
    _, info = await graph.call("GET", f"/{answer['id']}")
    simulator.clock.advance(seconds=301)
    assert (await graph.call("GET", info["url"]))[0] == 404
    _, info = await graph.call("GET", f"/{answer['id']}")
    assert (await graph.call("GET", info["url"]))[0] == 200
    simulator.clock.advance(hours=24 * 30)
    assert (await graph.call("GET", f"/{answer['id']}"))[0] == 400


@pytest.mark.parametrize(
    ("data", "mime_type"),
    [
        (PNG, "application/x-msdownload"),
        (b"", "image/png"),
        (b"\0" * (5 * 1024 * 1024 + 1), "image/jpeg"),
        (STILL + bytes(100 * 1024 + 1 - len(STILL)), "image/webp"),
        (MOVING + bytes(500 * 1024 + 1 - len(MOVING)), "image/webp"),
        (b"\0" * (16 * 1024 * 1024 + 1), "audio/ogg; codecs=opus"),
    ],
    ids=["type", "empty", "image", "still sticker", "moving sticker", "audio"],
)
async def test_a_file_of_the_wrong_type_or_size_is_131053(graph, data: bytes, mime_type: str) -> None:
    """Each kind has its types and its largest size."""
    status, answer = await upload(graph, data, mime_type)
    assert (status, answer["error"]["code"]) == (400, 131053)


@pytest.mark.parametrize(
    "data",
    [STILL + bytes(100 * 1024 - len(STILL)), MOVING + bytes(500 * 1024 - len(MOVING))],
    ids=["still", "moving"],
)
async def test_a_sticker_that_moves_may_be_larger(graph, maria: User, data: bytes) -> None:
    """As large as Meta lets each be, it is uploaded and sent."""
    await maria.says("oi")
    status, answer = await upload(graph, data, "image/webp")
    assert status == 200
    assert (await graph.send({"type": "sticker", "sticker": {"id": answer["id"]}}))[0] == 200


async def test_a_large_still_sticker_that_a_person_sent_is_not_sent_back(
    simulator: Simulator, graph, maria: User
) -> None:
    """People may send what they like; the bot may send its id on only as Meta lets it send a file."""
    sticker = (await maria.sends_sticker(STILL + bytes(100 * 1024))).content["sticker"]
    _, refused = await graph.send({"type": "sticker", "sticker": {"id": sticker["id"]}})
    assert refused["error"]["code"] == 131053


async def test_an_upload_is_a_form_with_a_file(graph) -> None:
    """JSON, and a form without a file or product, are refused."""
    path = f"/v26.0/{PHONE_NUMBER_ID}/media"
    assert (await graph.call("POST", path, json={}))[1]["error"]["code"] == 100
    assert (await upload(graph, messaging_product="other"))[1]["error"]["code"] == 100
    form = aiohttp.MultipartWriter("form-data")
    form.append("whatsapp").set_content_disposition("form-data", name="messaging_product")
    assert (await graph.call("POST", path, data=form))[1]["error"]["code"] == 131008
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await graph.call("POST", path, data=b"--y", headers=broken))[0] == 400


async def test_a_message_uses_only_files_of_its_kind(graph, maria: User) -> None:
    """A png is an image and no sticker; an unknown id is no file."""
    await maria.says("oi")
    _, answer = await upload(graph)
    assert (await graph.send({"type": "image", "image": {"id": answer["id"]}}))[0] == 200
    _, refused = await graph.send({"type": "sticker", "sticker": {"id": answer["id"]}})
    assert refused["error"]["code"] == 131053
    _, refused = await graph.send({"type": "image", "image": {"id": "404"}})
    assert refused["error"]["code"] == 100


async def test_what_a_person_sends_can_be_downloaded_for_seven_days(
    simulator, bot, graph, maria: User
) -> None:
    """The webhook names id, type, hash and a URL; the id works for a week."""
    await maria.sends_image(PNG, caption="Olá")
    await maria.sends_document(b"%PDF-1.4", filename="regras.pdf")
    await maria.sends_audio(b"OggS....", voice=True)
    await simulator.settle()
    image, document, audio = bot.messages
    assert image["image"]["mime_type"] == "image/png"
    assert image["image"]["caption"] == "Olá"
    assert (document["document"]["mime_type"], document["document"]["filename"]) == (
        "application/pdf",
        "regras.pdf",
    )
    assert audio["audio"]["voice"] is True
    assert await graph.call("GET", image["image"]["url"]) == (200, PNG)
    assert (await graph.call("GET", f"/{image['image']['id']}"))[0] == 200
    simulator.clock.advance(hours=24 * 7 + 1)
    assert (await graph.call("GET", f"/{image['image']['id']}"))[0] == 400


# --- faults ---


async def test_an_ordered_error_comes_once_and_for_its_recipient_only(simulator, graph, maria: User) -> None:
    """The next call to this person fails with Meta's error, calls to others and later calls do not."""
    ana = simulator.user("+1 555 0100")
    await maria.says("oi")
    await ana.says("hi")
    simulator.fail_next(131056, http=400, recipient=maria.phone, headers={"Retry-After": "6"})
    await graph.says("hi", to="+15550100")
    status, answer = await graph.send({"type": "text", "text": {"body": "x"}})
    assert (status, answer["error"]["code"]) == (400, 131056)
    await graph.says("oi")
    assert [call.status for call in simulator.calls] == [200, 400, 200]
    assert simulator.calls[1].response["error"]["code"] == 131056


async def test_html_pages_and_cut_connections_can_be_ordered(simulator, graph, maria: User) -> None:
    """What a proxy in trouble says, and what a broken line looks like."""
    await maria.says("oi")
    simulator.fail_next(http=502, body="<h1>Bad Gateway</h1>", times=2)
    for _ in range(2):
        assert await graph.send({"type": "text", "text": {"body": "x"}}) == (502, b"<h1>Bad Gateway</h1>")
    simulator.fail_next(cut=True)
    with pytest.raises(aiohttp.ClientError):
        await graph.says("x")
    assert maria.messages[-1].text == "oi"
    assert simulator.calls[-1].status is None


async def test_an_answer_can_be_lost_after_the_message_was_accepted(
    simulator, bot, graph, maria: User
) -> None:
    """The message and its statuses arrive although the bot never hears of it."""
    await maria.says("oi")
    simulator.fail_next(cut=True, accepted=True)
    with pytest.raises(aiohttp.ClientError):
        await graph.says("x", biz_opaque_callback_data="row 1")
    assert (await maria.receives()).text == "x"
    await simulator.settle()
    assert bot.statuses[0]["biz_opaque_callback_data"] == "row 1"


async def test_a_slow_answer_takes_its_time(simulator, graph, maria: User) -> None:
    """A delay is on the simulator's clock."""
    await maria.says("oi")
    simulator.fail_next(delay=60)
    sending = asyncio.create_task(graph.says("x"))
    while not simulator.clock._moved:
        await asyncio.sleep(0)
    simulator.clock.advance(seconds=61)
    assert await sending


async def test_a_message_whose_answer_is_late_arrives_once(simulator, graph, maria: User) -> None:
    """The message is there before the bot hears of it, and only once."""
    await maria.says("oi")
    simulator.fail_next(delay=0.01, accepted=True)
    sending = asyncio.create_task(graph.says("x"))
    while not simulator.clock._moved:
        await asyncio.sleep(0)
    assert (await maria.receives()).text == "x"
    simulator.clock.advance(seconds=1)
    assert await sending
    await graph.says("y")
    assert (await maria.receives()).text == "y"


async def test_a_message_can_fail_after_it_was_accepted(simulator, bot, graph, maria: User) -> None:
    """The status is failed with Meta's error, and the person sees nothing."""
    await maria.says("oi")
    simulator.fail_delivery(131026, recipient=maria.phone)
    wamid = await graph.says("x", biz_opaque_callback_data="row 1")
    await simulator.settle()
    status = bot.statuses[-1]
    assert (status["id"], status["status"]) == (wamid, "failed")
    assert status["errors"][0]["code"] == 131026
    assert status["biz_opaque_callback_data"] == "row 1"
    assert maria.messages[-1].status == "failed"
    await graph.says("y")
    assert (await maria.receives()).text == "y"


async def test_the_log_of_calls_holds_bodies_and_no_token(simulator, graph, maria: User) -> None:
    """Every call is there, accepted or refused, without its credentials."""
    await maria.says("oi")
    await graph.says("x")
    await graph.call("GET", f"/{PHONE_NUMBER_ID}", params={"access_token": ACCESS_TOKEN, "fields": "id"})
    sent, read = simulator.calls
    assert (sent.method, sent.body["text"]["body"], sent.status) == ("POST", "x", 200)
    assert sent.response["messages"][0]["id"]
    assert read.query == {"fields": "id"}
    assert ACCESS_TOKEN not in repr(list(simulator.calls))


async def test_what_a_page_cannot_read_is_refused(simulator: Simulator, graph, maria: User) -> None:
    """NaN, which Python reads as JSON, neither becomes a message nor stands in the log."""
    card = '{"name": {"formatted_name": "Ana", "first_name": "Ana"}, "age": NaN}'
    named = f'"messaging_product": "whatsapp", "to": "+{maria.phone}", "type": "contacts"'
    body = f'{{{named}, "contacts": [{card}]}}'
    headers = {"Authorization": f"Bearer {ACCESS_TOKEN}", "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{simulator.url}/v26.0/{PHONE_NUMBER_ID}/messages", data=body) as response,
    ):
        assert (await response.json())["error"]["code"] == 100
    assert not maria.messages
    assert simulator.calls[-1].body is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{WABA_ID}/flows", {"name": "book", "categories": ["OTHER"], "clone_flow_id": ["1"]}),
        (f"{WABA_ID}/migrate_flows", {"source_flow_names": 1}),
        (f"{PHONE_NUMBER_ID}/conversational_automation", {"prompts": 1}),
        (f"{PHONE_NUMBER_ID}/whatsapp_business_encryption", {"business_public_key": "BEGIN PUBLIC KEY"}),
    ],
)
async def test_parameters_of_the_wrong_kind_are_error_100(graph, path: str, body: object) -> None:
    """They are Meta's error, not a fault of the local WhatsApp."""
    status, answer = await graph.call("POST", f"/v26.0/{path}", json=body)
    assert (status, answer["error"]["code"]) == (400, 100)


async def test_the_oldest_files_make_room(simulator: Simulator, graph, maria: User, monkeypatch) -> None:
    """A long run with files does not grow for ever."""
    monkeypatch.setattr(shelf, "KEPT_BYTES", 250)
    sent = [(await maria.sends_image(b"x" * 100)).content["image"]["id"] for _ in range(3)]
    found = [(await graph.call("GET", f"/v26.0/{id}"))[0] for id in sent]
    assert found == [400, 200, 200]
