"""axe, the accessibility checker, looks at everything the page can show, in both themes and at both sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import every_message
import pytest
import pytest_asyncio
from driver import Axe, Browser, Page, expect
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.simulator import Simulator, User

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
LOOKS = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]


@pytest_asyncio.fixture(loop_scope="session", params=LOOKS, ids=lambda look: "-".join(look))
async def shown(
    request: pytest.FixtureRequest, browser: Browser, whatsapp: Simulator, maria: User, bot: ScriptedBot
) -> AsyncIterator[Page]:
    """A chat that holds every kind of message, in one of the looks."""
    size, scheme = request.param
    await fill(whatsapp, maria, bot)
    # Without motion: an animation that is half done has half its colours.
    context = await browser.new_context(
        viewport=SIZES[size], locale="pt-BR", color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(f"{whatsapp.url}/#{MARIA}")
    await expect(page.locator(".row")).to_have_count(len(maria.messages))
    yield page
    await context.close()


async def fill(whatsapp: Simulator, maria: User, bot: ScriptedBot) -> None:
    """A conversation with all that there is to see."""
    ana = whatsapp.user("5491155550002", name="Ana")
    await ana.says("oi")
    whatsapp.state.people[ana.phone].reads_at_once = False
    await bot.says("Olá, Ana", to=ana.phone)
    hello = await maria.says(every_message.FORMATTED)
    await bot.says("😀")
    answer = await bot.says("Olá!", context={"message_id": hello.id})
    await maria.reacts(answer, "👍")
    await maria.says("Sim", reply_to=answer)
    await maria.forwards(answer)
    picture = await bot.uploads(every_message.png(), "image/png", "cancha.png")
    await bot.sends({"type": "image", "image": {"id": picture, "caption": "A quadra"}})
    await maria.sends_image(every_message.png())
    await maria.sends_document(b"%PDF-1.4", filename="regulamento.pdf")
    await maria.sends_audio(b"OggS", voice=True)
    await maria.sends_sticker(every_message.png(), mime_type="image/png")
    for content in (
        every_message.BUTTONS,
        every_message.LIST,
        every_message.LINK_BUTTON,
        every_message.LOCATION_REQUEST,
        every_message.PLACE,
        every_message.CONTACTS,
        every_message.TEMPLATE,
        every_message.carousel(*[f"{bot.url}/picture.png"] * 2),
    ):
        await bot.sends(content)
    await maria.taps("Tenis")
    await maria.sends(every_message.ORDER)
    await maria.sends({"type": "novelty", "novelty": {"x": 1}})
    whatsapp.fail_delivery(131026)
    await bot.says("Não chega")
    await whatsapp.settle()


async def check(page: Page) -> None:
    """Nothing that axe finds, however slight."""
    results = await Axe().run(page)
    found = [
        f"{each['impact']} {each['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in results.response["violations"]
        for node in each["nodes"]
    ]
    assert found == [], "\n".join(found)


async def test_the_chat_is_accessible(shown: Page) -> None:
    """Every kind of message, the composer, and the list of chats."""
    await check(shown)
    back = shown.get_by_role("link", name="Voltar às conversas")
    if await back.is_visible():
        await back.click()
        await check(shown)


async def test_what_lies_over_the_chat_is_accessible(shown: Page) -> None:
    """The list sheet, menus, dialogs, a picture, a recording."""
    await shown.get_by_role("button", name="Ver temas").click()
    await check(shown)
    await shown.keyboard.press("Escape")
    await shown.get_by_role("button", name="Anexar").click()
    await check(shown)
    for entry, title in (("Localização", "Enviar localização"), ("Contato", "Compartilhar contato")):
        await shown.get_by_role("menuitem", name=entry).click()
        await expect(shown.get_by_role("dialog", name=title)).to_be_visible()
        await check(shown)
        await shown.keyboard.press("Escape")
        await shown.get_by_role("button", name="Anexar").click()
    await shown.keyboard.press("Escape")
    options = shown.locator(".row--in:not(.row--failed) .bubble__options").last
    for entry in ("Encaminhar", "Ver JSON", "grátis · service"):
        await options.focus()
        await shown.keyboard.press("Enter")
        await check(shown)
        await shown.get_by_role("menuitem", name=entry).click()
        await check(shown)
        await shown.keyboard.press("Escape")
    await shown.locator(".picture").first.click()
    await check(shown)
    await shown.keyboard.press("Escape")
    await shown.get_by_role("button", name="Gravar mensagem de voz").click()
    await expect(shown.get_by_role("button", name="Enviar mensagem de voz")).to_be_focused()
    await check(shown)


async def test_the_developers_panel_is_accessible(shown: Page) -> None:
    """The log, an unfolded webhook with its remedy, the dialog to edit it, the menu of exports."""
    await shown.get_by_role("button", name="Desenvolvedor").click()
    await shown.locator(".entry", has_text="status failed").locator("summary").first.click()
    await expect(shown.locator(".entry__remedy")).to_be_visible()
    await check(shown)
    await shown.get_by_role("button", name="Editar e enviar").first.click()
    await check(shown)
    await shown.keyboard.press("Escape")
    for menu in ("Exportar a conversa", "Fazer algo dar errado"):
        await shown.get_by_role("button", name=menu).click()
        await check(shown)
        await shown.keyboard.press("Escape")
    for dialog in ("Um dia ruim", "Restrições", "Revisão da Meta", "Chegar por um anúncio"):
        await shown.get_by_role("button", name="Fazer algo dar errado").click()
        await shown.get_by_role("menuitem", name=dialog).click()
        await expect(shown.get_by_role("dialog", name=dialog)).to_be_visible()
        await check(shown)
        await shown.keyboard.press("Escape")
