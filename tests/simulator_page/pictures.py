"""The README's pictures: the club bot on the local WhatsApp, in both sizes and both themes.

``uv run python tests/simulator_page/pictures.py`` starts the real bot, talks with it and takes them.
"""

from __future__ import annotations

import asyncio
import tempfile
from io import BytesIO
from pathlib import Path

from driver import Browser, Page, async_playwright
from PIL import Image
from rich.console import Console

from rasa_whatsapp.cli.demo.club import NAME, Club, running
from rasa_whatsapp.cli.demo.project import find_sample_bot, model_path, require_rasa
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.simulator import Simulator

PICTURES = Path(__file__).parents[2] / ".github" / "images"
COLOURS = 160
STILL = """Promise.allSettled(document.getAnimations()
    .filter(each => each.effect.getTiming().iterations !== Infinity).map(each => each.finished))"""
THEMES = ("light", "dark")
PHONE = "+54 9 11 5555-0001"
DESKTOP_SIZE = {"width": 1280, "height": 800}
PHONE_SIZE = {"width": 360, "height": 740}


async def talk(club: Club) -> None:
    """What the pictures show: buttons, a picture, a list, a form."""
    julia = club.whatsapp.user("+54 9 11 5555-0002", name="Julia")
    await julia.says("ubicación")
    await julia.receives()
    maria = club.whatsapp.user(PHONE, name="Maria")
    await maria.says("Hola")
    await maria.expects("Hola!")
    await maria.expects(buttons=["Pileta", "Tenis", "SUM"])
    await maria.taps("Tenis")
    await maria.expects("canchas")
    await maria.says("mandame el mapa")
    await maria.expects(type="image")
    await club.whatsapp.settle()


async def opened(browser: Browser, club: Club, theme: str, size: dict[str, int], scale: float) -> Page:
    """The page with Maria's chat, in Spanish as the bot speaks."""
    context = await browser.new_context(
        viewport=size, device_scale_factor=scale, color_scheme=theme, locale="es-AR"
    )
    page = await context.new_page()
    await page.goto(f"{club.whatsapp.url}/#{PHONE.translate({ord(sign): None for sign in '+ -'})}")
    await page.wait_for_selector("body.has-chat")
    await page.evaluate("document.fonts.ready")
    return page


async def keep(page: Page, name: str, theme: str) -> None:
    """The picture, when nothing on it moves any more, as a file."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate(STILL)
    picture = Image.open(BytesIO(await page.screenshot())).convert("RGB")
    # Drawn surfaces have few colours: a palette of them makes a third of the file.
    small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}-{theme}.png", optimize=True)
    await page.context.close()


async def take(browser: Browser, club: Club) -> None:
    """The developer's panel on a desktop, a list and a form on a phone."""
    await talk(club)
    for theme in THEMES:
        page = await opened(browser, club, theme, DESKTOP_SIZE, 1)
        await page.locator("#developer-toggle").click()
        await page.locator(".entry", has_text="POST messages image").locator("summary").first.click()
        await keep(page, "desktop", theme)
    maria = club.whatsapp.user(PHONE)
    await maria.says("más temas")
    topics = await maria.receives()
    label = topics.content["interactive"]["action"]["button"]
    await maria.says("quiero hacerme socio")
    form = await maria.receives()
    await club.whatsapp.settle()
    for theme in THEMES:
        page = await opened(browser, club, theme, PHONE_SIZE, 2)
        await page.get_by_role("button", name=label).last.click()
        await page.evaluate(STILL)
        await page.get_by_role("radio").nth(1).check(force=True)
        await keep(page, "list", theme)
        page = await opened(browser, club, theme, PHONE_SIZE, 2)
        cta = form.content["interactive"]["action"]["parameters"]["flow_cta"]
        await page.get_by_role("button", name=cta).last.click()
        await page.get_by_label("Nombre y apellido").fill("María Paz")
        await page.get_by_label("Correo").fill("maria@example.org")
        await keep(page, "flow", theme)


async def main() -> None:
    bot = find_sample_bot()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whatsapp = Simulator(port=0, seed=1, status_delay=0, verified_name=NAME)
        async with (
            Programs(folder, environment()) as programs,
            running(bot, model_path(bot, require_rasa()), programs, folder, whatsapp, Console()) as club,
            async_playwright() as playwright,
        ):
            chromium = playwright.chromium
            browser = await chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            await take(browser, club)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
