"""What the person in front of the page did while the simulator was away: nothing is lost silently."""

from __future__ import annotations

import every_message
import pytest
from driver import Locator, Page, expect
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.simulator import Simulator

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NOTICE = "No connection to the simulator: nothing was sent."


def notice(place: Page | Locator) -> Locator:
    """The notice in this place: an open dialog makes what is outside it inert, for screen readers too."""
    return place.get_by_role("alert").filter(has_text=NOTICE)


async def leave(whatsapp: Simulator, page: Page) -> None:
    """Stop the simulator; the page has noticed."""
    await whatsapp.stop()
    await expect(page.locator("#bot-status")).to_have_text("connecting…")


def back(whatsapp: Simulator) -> Simulator:
    """The simulator as it is started again, at the same address."""
    return Simulator(port=whatsapp.port, webhook_url=whatsapp.webhook_url)


async def test_a_tap_and_a_reaction_are_reported(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """One notice each, and nothing in the chat that the bot never got."""
    await bot.sends(every_message.BUTTONS)
    await expect(page.locator(".row")).to_have_count(1)
    await leave(whatsapp, page)
    await page.get_by_role("button", name="Tenis").click()
    await expect(notice(page).locator(".toast")).to_have_count(1)
    await page.get_by_role("button", name="Message options").click()
    await page.get_by_role("menuitem", name="React with 👍").click()
    await expect(notice(page).locator(".toast")).to_have_count(2)
    await expect(page.locator(".row")).to_have_count(1)
    await expect(page.locator(".reaction")).to_have_count(0)


async def test_a_list_stays_open_with_its_choice(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The notice is inside the sheet, in front of everything."""
    await bot.sends(every_message.LIST)
    await page.get_by_role("button", name="Ver temas").click()
    sheet = page.get_by_role("dialog", name="Ver temas")
    await sheet.get_by_role("radio", name="SUM").check()
    await leave(whatsapp, page)
    await sheet.get_by_role("button", name="Send").click()
    await expect(notice(sheet)).to_be_visible()
    await expect(sheet.get_by_role("radio", name="SUM")).to_be_checked()


async def test_a_place_stays_as_it_was_typed(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The notice goes with the dialog."""
    await bot.sends(every_message.LOCATION_REQUEST)
    await page.get_by_role("button", name="Send location").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Latitude").fill("-15.79")
    await leave(whatsapp, page)
    await dialog.get_by_role("button", name="Send").click()
    await expect(notice(dialog)).to_be_visible()
    await expect(dialog.get_by_label("Latitude")).to_have_value("-15.79")
    await page.keyboard.press("Escape")
    await expect(notice(page)).to_have_count(0)


async def test_a_contact_is_sent_when_the_simulator_is_back(
    page: Page, whatsapp: Simulator, bot: ScriptedBot
) -> None:
    """The same button again sends what was typed, and closes the dialog."""
    await page.get_by_role("button", name="Attach").click()
    await page.get_by_role("menuitem", name="Contact").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Ana Pérez")
    await dialog.get_by_label("Phone").fill("+54 11 5555-0100")
    await leave(whatsapp, page)
    send = dialog.get_by_role("button", name="Send")
    await send.click()
    await expect(notice(dialog)).to_be_visible()
    async with back(whatsapp) as returned:
        returned.user(MARIA, name="María")
        await expect(page.locator("#bot-status")).to_contain_text("you are María")
        await send.click()
        await expect(page.locator(".row--out .contact")).to_contain_text("Ana Pérez")
        await expect(dialog).to_have_count(0)


async def test_a_photo_keeps_its_caption(page: Page, whatsapp: Simulator) -> None:
    """A file that could not be brought to the simulator can be tried again."""
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Photo or video").click()
    await (await chooser.value).set_files(
        {"name": "cancha.png", "mimeType": "image/png", "buffer": every_message.png()}
    )
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Add a caption").fill("La cancha")
    await leave(whatsapp, page)
    send = dialog.get_by_role("button", name="Send")
    await send.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("The file could not be uploaded")
    await expect(dialog.get_by_label("Add a caption")).to_have_value("La cancha")
    await expect(send).to_be_enabled()


async def test_a_new_person_who_was_not_added_never_opens_a_chat(page: Page, whatsapp: Simulator) -> None:
    """Given up, and later there by other means: Maria's chat stays open."""
    await leave(whatsapp, page)
    await page.get_by_role("button", name="New person").click()
    await page.get_by_label("Name").fill("Pedro")
    await page.get_by_label("Phone").fill("+55 61 99999-0002")
    await page.keyboard.press("Enter")
    await expect(notice(page.get_by_role("dialog"))).to_be_visible()
    await expect(page.get_by_label("Name")).to_have_value("Pedro")
    await page.keyboard.press("Escape")
    async with back(whatsapp) as returned:
        returned.user(MARIA, name="María")
        await expect(page.locator("#bot-status")).to_contain_text("you are María")
        returned.user("5561999990002", name="Pedro")
        await expect(page.get_by_role("link", name="Pedro")).to_be_visible()
        await expect(page.locator("#bot-status")).to_contain_text("you are María")
