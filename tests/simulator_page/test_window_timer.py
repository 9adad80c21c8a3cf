"""The 24-hour window is on the page: how long it is open, what closes it, and what that means."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from driver import Page, expect
from scripted_bot import ScriptedBot

from rasa_whatsapp.simulator import Simulator, User

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FRESH = re.compile("23:59|24:00")


@pytest_asyncio.fixture(loop_scope="session")
async def whatsapp(bot: ScriptedBot) -> AsyncIterator[Simulator]:
    """A simulator in which the window closes, as at Meta."""
    async with Simulator(port=0, webhook_url=await bot.listen(), status_delay=0) as simulator:
        bot.use(simulator)
        yield simulator


async def test_the_window_opens_closes_and_opens_again(page: Page, maria: User, bot: ScriptedBot) -> None:
    """By a message, by the clock, and by another message; closed, Meta refuses."""
    timer = page.locator("#window")
    await expect(timer).to_have_text("Templates only")
    await maria.says("hola")
    await expect(timer).to_have_text(FRESH)
    await expect(
        page.get_by_role("button", name="The bot may write freely for another 23:59 h")
    ).to_be_visible()
    await timer.click()
    await page.get_by_role("menuitem", name="Move the clock 1 h ahead").click()
    await expect(timer).to_have_text(re.compile("22:59|23:00"))
    await timer.press("Enter")
    await page.get_by_role("menuitem", name="Move the clock 24 h ahead").press("Enter")
    await expect(timer).to_have_text("Templates only")
    with pytest.raises(AssertionError, match="131047"):
        await bot.says("¿Sigues ahí?")
    await page.get_by_label("Type a message").fill("sí")
    await page.keyboard.press("Enter")
    await expect(timer).to_have_text(FRESH)
    await bot.says("¡Qué bueno!")
    await expect(page.locator(".row--in .text")).to_have_text("¡Qué bueno!")


async def test_days_follow_the_moved_clock(page: Page, maria: User) -> None:
    """What is said after a day is said today, and what was before it, yesterday."""
    await maria.says("uno")
    await page.locator("#window").click()
    await page.get_by_role("menuitem", name="Move the clock 24 h ahead").click()
    await expect(page.locator("#window")).to_have_text("Templates only")
    await expect(page.locator(".day")).to_have_text(["Yesterday"])
    await expect(page.locator(".chat__time")).to_have_text("Yesterday")
    await maria.says("dos")
    await expect(page.locator(".day")).to_have_text(["Yesterday", "Today"])
    await page.reload()
    await expect(page.locator(".day")).to_have_text(["Yesterday", "Today"])
    await expect(page.locator("#window")).to_have_text(FRESH)


async def test_where_no_window_closes_no_time_is_shown(page: Page) -> None:
    """A simulator may be told to ignore it."""
    async with Simulator(port=0, webhook_url="", closed_window="ignored") as ignoring:
        await page.goto(ignoring.url)
        await expect(page.locator("#bot-status")).to_contain_text("you are Maria")
        await expect(page.locator("#window")).to_be_hidden()
