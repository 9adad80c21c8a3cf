"""What the person in front of the page can do, by mouse and by keyboard."""

from __future__ import annotations

import every_message
import pytest
from driver import Browser, Page, expect
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.simulator import Simulator, User

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_enter_sends_and_shift_enter_breaks_the_line(
    page: Page, whatsapp: Simulator, bot: ScriptedBot
) -> None:
    """The field is in focus from the start; the text reaches the bot as it was typed."""
    await expect(page.get_by_label("Type a message")).to_be_focused()
    await page.keyboard.type("uno")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("<dos>")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row--out .text")).to_have_text("uno\n<dos>")
    await expect(page.get_by_label("Type a message")).to_have_value("")
    await whatsapp.settle()
    assert [message["text"]["body"] for message in bot.received] == ["uno\n<dos>"]


@pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])
async def test_the_options_hide_nothing_of_a_message(
    page: Page, maria: User, bot: ScriptedBot, width: int
) -> None:
    """However short it is, and on whichever side: the arrow stands beside it, on the page."""
    await page.set_viewport_size({"width": width, "height": 800})
    await bot.says("Sí")
    await maria.says("Sí")
    await bot.says("Una respuesta que ocupa todo el ancho. " * 5)
    rows = page.locator(".row")
    await expect(rows).to_have_count(3)
    for row in await rows.all():
        await row.hover()
        options = await row.get_by_role("button", name="Message options").bounding_box()
        bubble = await row.locator(".bubble").bounding_box()
        assert options is not None
        assert bubble is not None
        beside = (options["x"] + options["width"], bubble["x"], bubble["x"] + bubble["width"], options["x"])
        assert beside[0] <= beside[1] or beside[2] <= beside[3]
        assert options["x"] >= 0
        assert options["x"] + options["width"] <= width


async def test_an_emoji_goes_where_the_text_is_written(
    page: Page, whatsapp: Simulator, bot: ScriptedBot
) -> None:
    """Chosen by pointer or by keyboard; the field has the keyboard again."""
    await page.keyboard.type("vamos ya")
    for _ in "ya":
        await page.keyboard.press("ArrowLeft")
    await page.get_by_role("button", name="Emojis").click()
    await page.get_by_role("group", name="Hands").get_by_role("menuitem", name="👍").click()
    await page.get_by_role("button", name="Emojis").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Type a message")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".row--out .text")).to_have_text("vamos 👍😂ya")


async def test_tapping_a_button_sends_its_id(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The answer quotes the message it belongs to."""
    offer = await bot.sends(every_message.BUTTONS)
    await page.get_by_role("button", name="Tenis").click()
    answer = page.locator(".row--out")
    await expect(answer.locator(".text")).to_have_text("Tenis")
    await expect(answer.locator(".quote")).to_contain_text("Por favor elige una opción:")
    await whatsapp.settle()
    assert bot.received[0]["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "/tenis", "title": "Tenis"},
    }
    assert bot.received[0]["context"]["id"] == offer


async def test_a_list_is_answered_by_keyboard_alone(
    page: Page, whatsapp: Simulator, bot: ScriptedBot
) -> None:
    """Open, move, choose, send; the focus starts on the rows and comes back to the button."""
    await bot.sends(every_message.LIST)
    opener = page.get_by_role("button", name="Ver temas")
    await opener.focus()
    await page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Ver temas")
    await expect(sheet.get_by_role("radio")).to_have_count(4)
    await expect(sheet.get_by_role("button", name="Send")).to_be_disabled()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(sheet.get_by_role("radio", name="SUM")).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(sheet).to_have_count(0)
    await expect(opener).to_be_focused()
    await whatsapp.settle()
    assert bot.received[0]["interactive"]["list_reply"] == {
        "id": "/sum",
        "title": "SUM",
        "description": "Hasta 60 personas, con parrilla",
    }


async def test_a_list_without_section_titles_has_a_named_group(page: Page, bot: ScriptedBot) -> None:
    """A screen reader hears the name of the sheet where a section has none."""
    action = every_message.LIST["interactive"]["action"]
    rows = [row for section in action["sections"] for row in section["rows"]]
    await bot.sends(every_message.interactive("list", "¿Qué tema?", {**action, "sections": [{"rows": rows}]}))
    await page.get_by_role("button", name="Ver temas").click()
    group = page.get_by_role("dialog").get_by_role("group", name="Ver temas")
    await expect(group.get_by_role("radio")).to_have_count(4)


async def test_escape_leaves_a_list_unanswered(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """Nothing is sent."""
    await bot.sends(every_message.LIST)
    await page.get_by_role("button", name="Ver temas").click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await whatsapp.settle()
    assert bot.received == []


async def test_replying_reacting_and_taking_back(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The options of a message, reached by keyboard."""
    sent = await bot.says("¿Vienes el viernes?")
    options = page.get_by_role("button", name="Message options")
    await options.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Reply").click()
    await expect(page.locator("#reply")).to_contain_text("¿Vienes el viernes?")
    await page.keyboard.type("Sí")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row--out .quote")).to_contain_text("¿Vienes el viernes?")
    await expect(page.locator("#reply")).to_be_hidden()
    await page.locator(".row--in").hover()
    await options.first.click()
    await page.get_by_role("menuitem", name="React with ❤️").click()
    reaction = page.get_by_role("button", name="You reacted with ❤️. Remove reaction")
    await reaction.click()
    await expect(reaction).to_have_count(0)
    await whatsapp.settle()
    assert [message["type"] for message in bot.received] == ["text", "reaction", "reaction"]
    assert bot.received[0]["context"]["id"] == sent


async def test_sending_a_photo_with_a_caption(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """Attach, choose, caption, send."""
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Photo or video").click()
    await (await chooser.value).set_files(
        {"name": "cancha.png", "mimeType": "image/png", "buffer": every_message.png()}
    )
    await page.get_by_label("Add a caption").fill("La cancha")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator(".row--out .text")).to_have_text("La cancha")
    await whatsapp.settle()
    assert bot.received[0]["image"]["mime_type"] == "image/png"
    assert bot.received[0]["image"]["caption"] == "La cancha"


async def test_sharing_where_one_is(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """A bot may ask for it; the form begins with the club in Buenos Aires."""
    asked = await bot.sends(every_message.LOCATION_REQUEST)
    await page.get_by_role("button", name="Send location").click()
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator(".row--out .map")).to_be_visible()
    await whatsapp.settle()
    assert bot.received[0]["location"]["latitude"] == -34.603
    assert bot.received[0]["location"]["longitude"] == -58.381
    assert bot.received[0]["context"]["id"] == asked


async def test_sharing_a_contact(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """Name and phone become WhatsApp's contact object."""
    await page.get_by_role("button", name="Attach").click()
    await page.get_by_role("menuitem", name="Contact").click()
    await page.get_by_label("Name").fill("Ana Pérez")
    await page.get_by_label("Phone").fill("+54 11 5555-0100")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row--out .contact")).to_contain_text("Ana Pérez")
    await whatsapp.settle()
    assert bot.received[0]["contacts"][0]["phones"][0]["wa_id"] == "541155550100"


async def test_a_second_person_writes_beside_the_first(
    page: Page, whatsapp: Simulator, bot: ScriptedBot
) -> None:
    """Each has a chat of their own, and drafts stay where they were typed."""
    await page.keyboard.type("un borrador")
    await page.get_by_role("button", name="New person").click()
    await page.get_by_label("Name").fill("Pedro")
    await page.get_by_label("Phone").fill("+55 61 99999-0002")
    await page.keyboard.press("Enter")
    await expect(page.locator("#bot-status")).to_contain_text("you are Pedro")
    await page.get_by_label("Type a message").fill("oi")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row--out .text")).to_have_text("oi")
    await page.get_by_role("link", name="María").click()
    await expect(page.locator(".row")).to_have_count(0)
    await expect(page.get_by_label("Type a message")).to_have_value("un borrador")
    await whatsapp.settle()
    assert [message["from"] for message in bot.received] == ["5561999990002"]


async def test_the_page_connects_again_by_itself(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """It says that it is connecting, keeps what was typed, and goes on with the simulator that comes back."""
    await whatsapp.stop()
    await expect(page.locator("#bot-status")).to_have_text("connecting…")
    await page.get_by_label("Type a message").fill("sigo aquí")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Type a message")).to_have_value("sigo aquí")
    async with Simulator(port=whatsapp.port, webhook_url=whatsapp.webhook_url) as returned:
        returned.user(MARIA, name="María")
        await expect(page.locator("#bot-status")).to_contain_text("you are María")
        await page.keyboard.press("Enter")
        await expect(page.locator(".row--out .text")).to_have_text("sigo aquí")


async def test_the_developer_sees_webhooks_and_calls(page: Page, maria: User, bot: ScriptedBot) -> None:
    """Newest first, with status; a row unfolds to its body."""
    await maria.says("hola")
    await bot.says("¡Hola!")
    await page.get_by_role("button", name="Developer panel").click()
    call = page.locator(".entry", has_text="POST messages text")
    await call.locator("summary").click()
    await expect(call.locator("pre").first).to_contain_text('"body": "¡Hola!"')
    await expect(page.locator(".entry", has_text="messages text").last).to_contain_text("200")
    await page.keyboard.press("Escape")
    await expect(page.locator("#developer")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_one_thing_at_a_time(
    browser: Browser, whatsapp: Simulator, maria: User, bot: ScriptedBot, scheme: str
) -> None:
    """Back leads from the chat to the list; nothing is wider than the screen."""
    await bot.sends(every_message.LIST)
    await bot.says(every_message.FORMATTED)
    whatsapp.user("5561999990002", name="Pedro")
    context = await browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="pt-BR",
        has_touch=True,
        is_mobile=True,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(whatsapp.url)
    await page.get_by_role("link", name="María").tap()
    await expect(page.locator(".row")).to_have_count(2)
    await expect(page.locator(".side")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    assert await page.evaluate("(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(scroller)") == 0
    await page.get_by_role("button", name="Ver temas").tap()
    box = await page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 360, 740)
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="Voltar às conversas").tap()
    await expect(page.locator(".side")).to_be_visible()
    await expect(page.locator(".chat-pane")).to_be_hidden()
    await context.close()
