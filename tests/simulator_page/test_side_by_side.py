"""Several people at one desk: their chats beside each other in one window."""

from __future__ import annotations

import pytest
from driver import Axe, FrameLocator, Page, expect
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.simulator import Simulator, User

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PEDRO = "5561999990002"


async def beside(page: Page, whatsapp: Simulator) -> FrameLocator:
    """Pedro's chat, opened beside Maria's."""
    whatsapp.user(PEDRO, name="Pedro")
    await expect(page.get_by_role("link", name="Pedro")).to_be_visible()
    await page.get_by_role("button", name="Another chat beside").click()
    await page.get_by_role("menuitem", name="Pedro").click()
    frame = page.frame_locator("iframe")
    await expect(frame.locator("#bot-status")).to_contain_text("you are Pedro")
    return frame


async def test_two_people_write_in_one_window(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """Each in a pane of equal width, as themselves, and each sees only what is theirs."""
    frame = await beside(page, whatsapp)
    await page.get_by_label("Type a message").fill("soy María")
    await page.keyboard.press("Enter")
    await frame.get_by_label("Type a message").fill("sou Pedro")
    await frame.get_by_label("Type a message").press("Enter")
    await expect(frame.locator(".row .text")).to_have_text(["sou Pedro"])
    await expect(page.locator(".row .text")).to_have_text(["soy María"])
    await bot.says("Olá, Pedro", to=PEDRO)
    await expect(frame.locator(".row .text")).to_have_text(["sou Pedro", "Olá, Pedro"])
    await whatsapp.settle()
    assert [message["from"] for message in bot.received] == [MARIA, PEDRO]
    here, there = await page.locator(".chat-pane").bounding_box(), await page.locator("iframe").bounding_box()
    assert here
    assert there
    assert abs(here["width"] - there["width"]) <= 1
    assert there["x"] + there["width"] <= 1280


async def test_the_chat_beside_is_closed_by_keyboard(page: Page, whatsapp: Simulator) -> None:
    """Its own button closes it, and the open chat has the room again."""
    frame = await beside(page, whatsapp)
    await expect(frame.get_by_role("button", name="Developer panel")).to_have_count(0)
    await frame.get_by_role("button", name="Close this chat").press("Enter")
    await expect(page.locator("iframe")).to_have_count(0)
    await page.reload()
    await expect(page.locator("#bot-status")).to_contain_text("you are María")
    await expect(page.locator("iframe")).to_have_count(0)


async def test_what_was_beside_is_there_after_a_reload(page: Page, whatsapp: Simulator) -> None:
    """Until its person's chat is opened in the middle: nobody is there twice."""
    await beside(page, whatsapp)
    await page.reload()
    frame = page.frame_locator("iframe")
    await expect(frame.locator("#bot-status")).to_contain_text("you are Pedro")
    await page.get_by_role("link", name="Pedro").click()
    await expect(page.locator("iframe")).to_have_count(0)
    await expect(page.locator("#bot-status")).to_contain_text("you are Pedro")


async def test_all_panes_speak_the_chosen_language(page: Page, whatsapp: Simulator) -> None:
    """The switch is the window's."""
    frame = await beside(page, whatsapp)
    await page.get_by_label("Language").select_option("pt")
    await expect(frame.locator("#bot-status")).to_contain_text("você é Pedro")
    await expect(page.locator("iframe")).to_have_attribute("title", "Conversa de Pedro")


async def test_alone_there_is_nobody_to_put_beside(page: Page) -> None:
    """It is said what to do."""
    await page.get_by_role("button", name="Another chat beside").click()
    await expect(page.locator(".toast")).to_have_text("There is nobody else: add a person.")


async def test_panes_are_accessible(page: Page, whatsapp: Simulator, maria: User, bot: ScriptedBot) -> None:
    """axe finds nothing around the frame and nothing in it."""
    await maria.says("hola")
    await bot.says("oi", to=PEDRO)
    await beside(page, whatsapp)
    for part in page.frames:
        found = (await Axe().run(part)).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


async def test_another_site_cannot_frame_the_page(page: Page, whatsapp: Simulator) -> None:
    """Only the page itself may."""
    response = await page.request.get(whatsapp.url)
    assert "frame-ancestors 'self'" in response.headers["content-security-policy"]
