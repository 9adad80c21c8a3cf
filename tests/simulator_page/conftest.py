"""A real Chromium with the chat page of a real simulator, and a bot that says what the test tells it to."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.simulator import Simulator, User

if TYPE_CHECKING:
    from driver import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
TIMEOUT_MS = 10_000
# A microphone that beeps, and that nobody has to allow.
ARGUMENTS = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Where the system's Chromium is; skips where there is none."""
    if not CHROMIUM.exists():
        reason = f"the tests of the chat page need Chromium at {CHROMIUM} (Debian: apt install chromium)"
        if os.environ.get("RASA_WHATSAPP_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return CHROMIUM


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """One Chromium for all tests; each has a context, and so a page, of its own."""
    from driver import async_playwright  # here, so that a missing playwright skips the tests alone

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def bot() -> AsyncIterator[ScriptedBot]:
    """A bot that answers 200 to every webhook."""
    bot = ScriptedBot()
    yield bot
    await bot.close()


@pytest_asyncio.fixture(loop_scope="session")
async def whatsapp(bot: ScriptedBot) -> AsyncIterator[Simulator]:
    """A simulator that posts to the bot."""
    simulator = Simulator(port=0, webhook_url=await bot.listen(), status_delay=0, closed_window="ignored")
    async with simulator:
        bot.use(simulator)
        yield simulator


@pytest_asyncio.fixture(loop_scope="session")
async def maria(whatsapp: Simulator) -> User:
    """The person whose chat is open on the page."""
    return whatsapp.user(MARIA, name="María")


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, whatsapp: Simulator, maria: User) -> AsyncIterator[Page]:
    """The page on a desktop, in English, with Maria's chat open; nothing may be wrong in its console."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(TIMEOUT_MS)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: _note(problems, message.type, message.text))
    await page.goto(f"{whatsapp.url}/#{MARIA}")
    await page.wait_for_selector("body.has-chat")
    yield page
    await context.close()
    assert problems == []


def _note(problems: list[str], kind: str, text: str) -> None:
    # A server that is away is part of what is tested; the browser itself reports it as an error.
    away = "WebSocket connection" in text or "ERR_CONNECTION_REFUSED" in text
    if kind in ("error", "warning") and not away:
        problems.append(text)
