"""The developer's panel: every webhook and call of a conversation, sent again, changed, copied, exported."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
from pathlib import Path

import every_message
import pytest
from driver import Locator, Page, expect
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.messages import Text
from rasa_whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, Restrictions, Simulator, User

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def opened(page: Page, label: str) -> Locator:
    """The latest entry with this label, unfolded in the open panel."""
    if await page.locator("#developer").is_hidden():
        await page.get_by_role("button", name="Developer panel").click()
    entry = page.locator(".entry", has_text=label).first
    await entry.locator("summary").first.click()
    return entry


async def test_a_webhook_shows_its_bytes_signature_and_pace(
    page: Page, whatsapp: Simulator, maria: User
) -> None:
    """Exactly what was posted, how it was signed, and how fast the bot was beside Meta's targets."""
    await maria.says("olá 👍")
    await whatsapp.settle()
    entry = await opened(page, "messages text")
    delivery = whatsapp.deliveries[-1]
    await expect(entry.locator(".entry__signature")).to_have_text(delivery.headers["X-Hub-Signature-256"])
    await entry.locator(".entry__bytes summary").click()
    assert await entry.locator(".entry__bytes pre").text_content() == delivery.body.decode()
    await expect(entry.locator(".attempts li")).to_contain_text("200")
    await expect(page.locator("#pace")).to_contain_text("Meta: ≤ 250 ms ✓")
    await expect(page.locator("#pace")).to_contain_text("Meta: < 1 % ✓")


async def test_news_takes_neither_focus_nor_selection(page: Page, maria: User, bot: ScriptedBot) -> None:
    """Whoever reads or copies an entry goes on while others come above it."""
    await maria.says("hola")
    await opened(page, "messages text")
    body = page.locator(".entry[open] pre").first
    await body.focus()
    await body.select_text()
    selected = await page.evaluate("getSelection().toString()")
    await bot.says("uno")
    await expect(page.locator(".entry", has_text="POST messages text")).to_have_count(1)
    await expect(body).to_be_focused()
    assert selected
    assert await page.evaluate("getSelection().toString()") == selected


async def test_an_entry_that_changes_keeps_the_focus(page: Page, whatsapp: Simulator, maria: User) -> None:
    """Replaying by keyboard, again and again."""
    await maria.says("hola")
    await whatsapp.settle()
    entry = await opened(page, "messages text")
    await entry.get_by_role("button", name="Replay").focus()
    for attempt in (2, 3):
        await page.keyboard.press("Enter")
        await expect(entry.locator(".entry__label")).to_have_text(f"messages text · attempt {attempt}")
        await expect(entry.get_by_role("button", name="Replay")).to_be_focused()


async def test_replaying_a_webhook_brings_the_same_bytes(
    page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot
) -> None:
    """The bot gets the message with the same id a second time; the row counts two attempts."""
    await maria.says("hola")
    await whatsapp.settle()
    entry = await opened(page, "messages text")
    await entry.get_by_role("button", name="Replay").click()
    await expect(entry.locator(".entry__label")).to_have_text("messages text · attempt 2")
    await expect(entry.locator(".attempts li")).to_have_count(2)
    assert [message["text"]["body"] for message in bot.received] == ["hola", "hola"]
    assert len({message["id"] for message in bot.received}) == 1


async def test_a_changed_webhook_is_signed_afresh(
    page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot
) -> None:
    """What stands in the dialog is posted, under a signature of its own."""
    await maria.says("hola")
    await whatsapp.settle()
    entry = await opened(page, "messages text")
    await entry.get_by_role("button", name="Edit and send").click()
    body = page.get_by_role("dialog").get_by_label("Body")
    await body.fill((await body.input_value()).replace('"hola"', '"chau"'))
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert [message["text"]["body"] for message in bot.received] == ["hola", "chau"]
    first, second = [each for each in whatsapp.deliveries if b"messages" in each.body][-2:]
    assert first.headers["X-Hub-Signature-256"] != second.headers["X-Hub-Signature-256"]
    assert second.acknowledged


async def test_a_call_is_repeated_changed(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The bot's message goes out again with other words, as if the bot had called."""
    await bot.says("uno")
    entry = await opened(page, "POST messages text")
    await entry.get_by_role("button", name="Edit and send").click()
    body = page.get_by_role("dialog").get_by_label("Body")
    await body.fill((await body.input_value()).replace('"uno"', '"dos"'))
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator(".row--in .text")).to_have_text(["uno", "dos"])
    assert [call.status for call in whatsapp.calls] == [200, 200]


async def test_a_text_that_is_no_json_is_sent_all_the_same(
    page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot
) -> None:
    """Broken bodies can be tried out; the dialog says that this is one."""
    await maria.says("hola")
    await whatsapp.settle()
    entry = await opened(page, "messages text")
    await entry.get_by_role("button", name="Edit and send").click()
    await page.get_by_role("dialog").get_by_label("Body").fill("{oops")
    await expect(page.get_by_role("dialog")).to_contain_text("This is not JSON; it will be sent as it is.")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert whatsapp.deliveries[-1].body == b"{oops"


@pytest.mark.parametrize(
    "body",
    [
        b'{"entry":"x"}',
        b'{"entry":[{}]}',
        b'{"entry":[null]}',
        b'{"entry":[{"changes":[{"value":{"messages":{},"statuses":[null]}}]}]}',
        b'{"entry":[{"changes":[{"value":{"statuses":[{"errors":7}]}}]}]}',
        b"[]",
    ],
)
async def test_a_body_of_any_form_leaves_the_panel_whole(
    page: Page, whatsapp: Simulator, maria: User, body: bytes
) -> None:
    """Whatever a developer has posted stands among the other webhooks, and does not hide them."""
    await whatsapp.deliver(body)
    await maria.says("hola")
    await whatsapp.settle()
    entry = await opened(page, "messages text")
    await expect(entry.locator(".entry__signature")).to_be_visible()
    await page.get_by_role("radio", name="Everything").check()
    await expect(page.locator(".entry__label", has_text=re.compile("webhook|status"))).to_have_count(1)


async def test_copying_as_curl(page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot) -> None:
    """The commands run in a shell: the webhook with its signature, the call with the token of the shell."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await maria.says("it's 'quoted' $HOME")
    await whatsapp.settle()
    entry = await opened(page, "messages text")
    await entry.get_by_role("button", name="Copy as curl").click()
    await expect(page.get_by_text("Copied.")).to_be_visible()
    words = shlex.split(await page.evaluate("navigator.clipboard.readText()"))
    assert words[:2] == ["curl", whatsapp.webhook_url]
    assert words[words.index("--data-binary") + 1] == whatsapp.deliveries[-1].body.decode()
    assert f"X-Hub-Signature-256: {whatsapp.deliveries[-1].headers['X-Hub-Signature-256']}" in words

    await bot.says("¿it's?")
    entry = await opened(page, "POST messages text")
    await entry.get_by_role("button", name="Copy as curl").click()
    await page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('messages')")
    command = await page.evaluate("navigator.clipboard.readText()")
    shell = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        command.replace("curl", "printf '%s\\n'", 1),
        env={"WHATSAPP_ACCESS_TOKEN": "secret"},
        stdout=asyncio.subprocess.PIPE,
    )
    shown = (await shell.communicate())[0].decode().splitlines()
    assert f"{whatsapp.url}/v26.0/{whatsapp.account.phone_number_id}/messages" in shown
    assert "Authorization: Bearer secret" in shown
    assert json.loads(shown[-1])["text"]["body"] == "¿it's?"


async def test_a_copied_call_proves_the_secret(page: Page, whatsapp: Simulator) -> None:
    """Where the bot proved it, its command makes the proof of what the shell has; it holds no secret."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    whatsapp.restrict(require_app_secret=True)
    async with CloudClient(
        ACCESS_TOKEN, PHONE_NUMBER_ID, base_url=whatsapp.url, app_secret=APP_SECRET
    ) as client:
        await client.send(Text("it's"), f"+{MARIA}")
    entry = page.locator(".entry", has=page.get_by_text("200"), has_text="POST messages text")
    await page.get_by_role("button", name="Developer panel").click()
    await entry.locator("summary").first.click()
    await entry.get_by_role("button", name="Copy as curl").click()
    await expect(page.get_by_text("Copied.")).to_be_visible()
    command = await page.evaluate("navigator.clipboard.readText()")
    assert not {secret for secret in (ACCESS_TOKEN, APP_SECRET) if secret in command}
    secrets = {"WHATSAPP_ACCESS_TOKEN": ACCESS_TOKEN, "WHATSAPP_APP_SECRET": APP_SECRET}
    shell = await asyncio.create_subprocess_exec(
        "bash", "-c", command, env={**os.environ, **secrets}, stdout=asyncio.subprocess.PIPE
    )
    answer = json.loads((await shell.communicate())[0])
    assert "messages" in answer, answer
    await expect(page.locator(".row--in .text")).to_have_text(["it's", "it's"])


async def test_errors_come_with_their_remedy(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """A refused call and a message that was not delivered say what to do."""
    whatsapp.fail_delivery(131026)
    await bot.says("nunca llega")
    await whatsapp.settle()
    entry = await opened(page, "status failed")
    await expect(entry.locator(".entry__remedy")).to_contain_text("the number may not be on WhatsApp")
    whatsapp.fail_next(131056)
    with pytest.raises(AssertionError):
        await bot.says("demasiado")
    entry = await opened(page, "429")
    await expect(entry.locator(".entry__remedy")).to_contain_text("one per 6 s")


async def test_a_bot_that_refuses_or_is_away_is_explained(
    page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot
) -> None:
    """404 is a wrong path; no connection is a Rasa that does not run."""
    whatsapp.webhook_url = f"{bot.url}/elsewhere"
    status = {"id": "wamid.1", "status": "delivered", "recipient_id": MARIA}
    await whatsapp.deliver({"statuses": [status]})
    entry = await opened(page, "status delivered")
    await expect(entry.locator(".entry__remedy")).to_contain_text("is rasa_whatsapp.WhatsAppInput in")
    whatsapp.webhook_url = "http://127.0.0.1:9/webhook"
    await whatsapp.deliver({"statuses": [{**status, "status": "read"}]})
    entry = await opened(page, "status read")
    await expect(entry.locator(".entry__remedy")).to_contain_text("Is Rasa running at this address?")


async def test_the_panel_shows_this_chat_or_everything(
    page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot
) -> None:
    """Another person's webhooks and an upload belong to "Everything" only."""
    await whatsapp.user("5561999990002", name="Pedro").says("oi")
    await maria.says("hola")
    await bot.uploads(every_message.png(), "image/png", "cancha.png")
    await whatsapp.settle()
    await page.get_by_role("button", name="Developer panel").click()
    labels = page.locator(".entry__label")
    await expect(labels).to_have_text(["messages text"])
    await page.get_by_role("radio", name="Everything").check()
    await expect(labels).to_have_text(["POST media", "messages text", "messages text"])
    upload = page.locator(".entry", has_text="POST media")
    await upload.locator("summary").click()
    await expect(upload.get_by_text("Response")).to_be_visible()
    await expect(upload.get_by_role("button")).to_have_count(0)


async def test_a_status_says_what_is_charged(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """Meta tells it with the status "sent"; the entry, unfolded, says why, as does the message itself."""
    await bot.says("hola")
    await whatsapp.settle()
    entry = await opened(page, "status sent")
    await expect(entry.locator(".entry__price")).to_have_text("free · service")
    reason = "Answers within 24 hours of the person's message cost nothing."
    await expect(entry.locator(".entry__reason")).to_have_text(reason)
    await page.get_by_role("button", name="Message options").click()
    await page.get_by_role("menuitem", name="free · service").click()
    await expect(page.get_by_role("dialog", name="What it costs")).to_contain_text(reason)


@pytest.mark.parametrize(
    ("pricing", "reason"),
    [
        ({"type": "free_entry_point", "category": "referral_conversion"}, "came by an advertisement"),
        ({"type": "free_customer_service", "category": "utility"}, "Utility templates within 24 hours"),
        ({"type": "regular", "category": "utility"}, "charged outside the 24-hour window"),
        ({"type": "regular", "category": "marketing"}, "always charged"),
    ],
)
async def test_every_price_has_its_reason(page: Page, pricing: dict[str, str], reason: str) -> None:
    """By the type and the category that Meta tells."""
    whole = {**pricing, "billable": pricing["type"] == "regular"}
    script = f"(async () => (await import('/static/price.js')).priceReason({json.dumps(whole)}))()"
    assert reason in await page.evaluate(script)


async def test_trouble_on_order(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The bot's next message is reported as failed, the one after it is not."""
    await page.get_by_role("button", name="Developer panel").click()
    await page.get_by_role("button", name="Let something go wrong").click()
    orders = page.get_by_role("group", name="The bot's next message:")
    await expect(orders.get_by_role("menuitem", name="refused: window closed (131047)")).to_be_visible()
    await orders.get_by_role("menuitem", name="accepted, then failed: undeliverable (131026)").click()
    await expect(page.locator(".toast")).to_contain_text("The bot's next message: accepted, then failed")
    await bot.says("uno")
    await bot.says("dos")
    await whatsapp.settle()
    await expect(page.locator(".row--failed")).to_have_count(1)
    await expect(page.locator(".row--failed .bubble__error")).to_have_text("131026: Message undeliverable")


async def test_a_person_gets_another_number(
    page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot
) -> None:
    """The bot is told, the chat stays, and the log of the conversation holds what was before and after."""
    await maria.says("antes")
    await page.get_by_role("button", name="Developer panel").click()
    await page.get_by_role("button", name="Let something go wrong").click()
    await page.get_by_role("menuitem", name="Another phone number").click()
    dialog = page.get_by_role("dialog", name="Another phone number")
    await dialog.get_by_label("Phone").fill("+54 9 11 5555-0102")
    await dialog.get_by_role("button", name="Apply").click()
    await expect(dialog).to_have_count(0)
    await bot.heard(3)
    await page.get_by_label("Type a message").fill("después")
    await page.keyboard.press("Enter")
    await bot.heard(4)
    assert maria.phone == "5491155550102"
    await bot.says("hola", to="5491155550102")
    await expect(page.locator(".row .text")).to_have_text(["antes", "después", "hola"])
    await expect(page.locator(".entry", has_text="messages text")).to_have_count(3)  # two came, one was sent
    await expect(page.locator(".entry", has_text="messages system")).to_have_count(2)


async def test_a_bad_day_begins_and_ends(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """Chances and seed are set in a dialog, which shows the day as it is when it is opened again."""
    await page.get_by_role("button", name="Developer panel").click()
    dialog = page.get_by_role("dialog", name="A bad day")
    failing = dialog.get_by_label("accepted messages that fail (131026)")
    for chance, toast, failed in (("100", "A bad day begins", 1), ("0", "It is a good day again", 1)):
        await page.get_by_role("button", name="Let something go wrong").click()
        await page.get_by_role("menuitem", name="A bad day").click()
        await failing.fill(chance)
        await dialog.get_by_label("Seed").fill("7")
        await dialog.get_by_role("button", name="Apply").click()
        await expect(page.locator(".toast", has_text=toast)).to_be_visible()
        await expect(dialog).to_have_count(0)
        await bot.says("hola")
        await whatsapp.settle()
        await expect(page.locator(".row--failed")).to_have_count(failed)
    await page.get_by_role("button", name="Let something go wrong").click()
    await page.get_by_role("menuitem", name="A bad day").click()
    await expect(dialog.get_by_label("Seed")).to_have_value("7")
    await expect(failing).to_have_value("0")


async def test_restrictions_begin_and_end(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """They are set in a dialog, which shows them as they are when it is opened again."""
    await page.get_by_role("button", name="Developer panel").click()
    dialog = page.get_by_role("dialog", name="Restrictions")
    seen: list[str] = []

    async def order(standing: str, recipients: str, *, experiment: bool) -> None:
        await page.get_by_role("button", name="Let something go wrong").click()
        await page.get_by_role("menuitem", name="Restrictions").click()
        seen.append(await dialog.get_by_label("only recipients").input_value())
        await dialog.get_by_label("standing of the account").select_option(label=standing)
        await dialog.get_by_label("only recipients").fill(recipients)
        await dialog.get_by_label("no marketing outside").set_checked(experiment)
        await dialog.get_by_role("button", name="Apply").click()

    await order("reported as spam (131048)", "+54 9 11 5555-0001, +1 555 0100", experiment=True)
    await expect(dialog).to_have_count(0)
    await expect(page.locator(".toast", has_text="The restrictions hold from now on.")).to_be_visible()
    assert whatsapp.restrictions == Restrictions(
        standing="spam", allowed_recipients=["+54 9 11 5555-0001", "+1 555 0100"], experiment=True
    )
    with pytest.raises(AssertionError, match="131048"):
        await bot.says("hola")
    await order("good", "", experiment=False)
    await expect(dialog).to_have_count(0)
    assert seen == ["", "+54 9 11 5555-0001, +1 555 0100"]
    assert whatsapp.restrictions == Restrictions()
    await bot.says("hola")


async def trouble(page: Page, item: str) -> None:
    """Chooses an item of the menu under the lightning."""
    if await page.locator("#developer").is_hidden():
        await page.get_by_role("button", name="Developer panel").click()
    await page.get_by_role("button", name="Let something go wrong").click()
    await page.get_by_role("menuitem", name=item).click()


async def test_meta_pauses_a_template(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """Its status is chosen in a dialog; then the bot cannot send it."""
    await trouble(page, "Review by Meta")
    dialog = page.get_by_role("dialog", name="Review by Meta")
    status = dialog.get_by_label("hello_world · en_US · UTILITY")
    await expect(status).to_have_value("APPROVED")
    async with page.expect_response("**/control/review"):
        await status.select_option("PAUSED")
    template = {"name": "hello_world", "language": {"code": "en_US"}}
    with pytest.raises(AssertionError, match="132015"):
        await bot.sends({"type": "template", "template": template})
    async with page.expect_response("**/control/review"):
        await status.select_option("APPROVED")
    await bot.sends({"type": "template", "template": template})


async def test_a_person_comes_by_an_advertisement(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The bot gets the referral, and its answer costs nothing for that reason."""
    await trouble(page, "Come by an advertisement")
    dialog = page.get_by_role("dialog", name="Come by an advertisement")
    await dialog.get_by_label("Message").fill("hola")
    await dialog.get_by_label("Headline").fill("Club")
    await dialog.get_by_role("button", name="Send").click()
    await expect(page.locator(".row--out .text")).to_have_text("hola")
    await bot.says("buenas")
    await whatsapp.settle()
    assert [message["referral"]["headline"] for message in bot.received] == ["Club"]
    entry = await opened(page, "status sent")
    await expect(entry.locator(".entry__price")).to_have_text("free · referral_conversion")
    await expect(entry.locator(".entry__reason")).to_contain_text("came by an advertisement")


async def test_a_person_stops_and_resumes_marketing(page: Page, whatsapp: Simulator, maria: User) -> None:
    """The menu offers the other one each time."""
    await trouble(page, "Stop marketing messages")
    await trouble(page, "Resume marketing messages")
    await trouble(page, "Stop marketing messages")
    await whatsapp.settle()
    assert whatsapp.state.people[MARIA].stopped_marketing
    told = [json.loads(each.body)["entry"][0]["changes"][0] for each in whatsapp.deliveries]
    wishes = [each["value"]["user_preferences"][0]["value"] for each in told]
    assert wishes == ["stop", "resume", "stop"]


async def export(page: Page, item: str, file: Path) -> None:
    """Chooses the item, and saves the file under the name that the browser suggests."""
    await page.get_by_role("button", name="Developer panel").click()
    await page.get_by_role("button", name="Export the conversation").click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name=item).click()
    saved = await download.value
    assert saved.suggested_filename == file.name
    await saved.save_as(file)


async def test_exporting_a_story(page: Page, maria: User, bot: ScriptedBot, tmp_path: Path) -> None:
    """Rasa itself reads the file that the browser saves."""
    await maria.says('hola: "buen" día\nsegunda línea')
    await bot.sends(every_message.BUTTONS)
    await page.get_by_role("button", name="Tenis").click()
    await maria.sends_location(-34.6, -58.4, name="Club")
    await export(page, "As a Rasa story (YAML)", tmp_path / "maria.yml")
    reader_module = pytest.importorskip("rasa.shared.core.training_data.story_reader.yaml_story_reader")
    rasa = pytest.importorskip("rasa.shared.core.domain")
    (story,) = reader_module.YAMLStoryReader(rasa.Domain.empty()).read_from_file(tmp_path / "maria.yml")
    told = [
        (event.text or event.intent_name) if hasattr(event, "intent_name") else event.action_text
        for event in story.events
    ]
    assert told == [
        'hola: "buen" día\nsegunda línea',
        "Por favor elige una opción:\nClub de la esquina",
        "tenis",
        "whatsapp_location",
    ]
    assert [each["entity"] for each in story.events[-1].entities] == ["latitude", "longitude", "name"]


async def test_exporting_a_test(page: Page, maria: User, bot: ScriptedBot, tmp_path: Path) -> None:
    """The browser saves a module that pytest finds by its name."""
    await maria.says("hola")
    await export(page, "As a test for pytest", tmp_path / "test_maria.py")
    assert "await maria.says('hola')" in (tmp_path / "test_maria.py").read_text()
