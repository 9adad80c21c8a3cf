"""What the person in front of the page sees of each kind of message."""

from __future__ import annotations

from pathlib import Path

import every_message
import pytest
from driver import Locator, Page, expect
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.simulator import ACCESS_TOKEN, PHONE_NUMBER_ID, WABA_ID, Simulator, User

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REGLAMENTO = Path(__file__).parents[2] / "sample_bot" / "media" / "reglamento.pdf"


def last(page: Page) -> Locator:
    """The latest message on the page."""
    return page.locator(".row").last


async def test_text_is_formatted_as_on_a_phone(page: Page, bot: ScriptedBot) -> None:
    """Bold, italic, struck, code, lists, quotes and links; marks inside words and addresses stay."""
    await bot.says(every_message.FORMATTED + "\n2*3*4 snake_case_name")
    text = last(page).locator(".text")
    await expect(text.locator("strong")).to_have_text(["Reglas de la pileta"])
    await expect(text.locator("em")).to_have_text(["Lunes a viernes"])
    await expect(text.locator("s")).to_have_text(["sábados"])
    await expect(text.locator("ul > li")).to_have_text(["Ducha antes de entrar", "Gorra obligatoria"])
    await expect(text.locator("ol > li")).to_have_text(["Carnet", "Revisación"])
    await expect(text.locator("blockquote")).to_have_text("Los menores entran con un adulto.")
    await expect(text.locator("code")).to_have_text("PILETA-7")
    await expect(text.locator("pre")).to_have_text("lun 09:00-20:00\nmar 09:00-20:00")
    link = text.get_by_role("link", name="https://example.org/pileta_2")
    await expect(link).to_have_attribute("href", "https://example.org/pileta_2")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(text).to_contain_text("2*3*4 snake_case_name")


@pytest.mark.parametrize(
    "text",
    [
        "<b>hola</b> <img src=x onerror=\"document.title='hacked'\">",
        "*<script>document.title='hacked'</script>*",
        'javascript:alert(1) [x](javascript:alert(1)) https://example.org/"onclick="alert(1)',
    ],
)
async def test_markup_in_a_text_is_shown_as_it_was_typed(
    page: Page, maria: User, bot: ScriptedBot, text: str
) -> None:
    """Neither a person nor a bot can put elements, scripts or strange links into the page."""
    await maria.says(text)
    await bot.sends(every_message.interactive("button", text, every_message.BUTTONS["interactive"]["action"]))
    shown = page.locator(".row .text")
    await expect(shown).to_have_count(2)
    for index in range(2):
        await expect(shown.nth(index)).to_have_text(text.strip("*"))
        assert (
            await shown.nth(index).locator("b, img, script, a:not([href^='https://example.org/'])").count()
            == 0
        )
    assert await page.title() == "Local WhatsApp"


async def test_up_to_three_emoji_alone_are_shown_large(page: Page, bot: ScriptedBot) -> None:
    """A family of four is one emoji; a digit is none."""
    await bot.says("👨‍👩‍👧‍👦 🇦🇷")
    await expect(last(page).locator(".emoji--2")).to_be_visible()
    await bot.says("❤️‍🔥 ☝🏽 ©️")
    await expect(last(page).locator(".emoji--3")).to_be_visible()
    for ordinary in ("7", "©", "®", "™ ℹ"):
        await bot.says(ordinary)
        await expect(last(page).locator(".text")).to_have_text(ordinary)


async def test_pictures_open_large_and_show_their_caption(page: Page, bot: ScriptedBot) -> None:
    """An uploaded picture is loaded from the simulator; a click enlarges it, Escape closes it."""
    media = await bot.uploads(every_message.png(), "image/png", "cancha.png")
    await bot.sends({"type": "image", "image": {"id": media, "caption": "La *cancha*"}})
    await expect(last(page).locator(".text strong")).to_have_text("cancha")
    picture = last(page).get_by_role("button", name="Enlarge the photo: La *cancha*")
    await expect(page.locator(".picture img").first).to_have_js_property("naturalWidth", 64)
    await picture.click()
    await expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(picture).to_be_focused()


async def test_a_file_that_is_nowhere_is_missing(page: Page, maria: User) -> None:
    """Neither id nor link: every kind says so, and nothing is asked for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for kind in ("image", "video", "document", "audio", "sticker"):
        await maria.sends({"type": kind, kind: {}})
        await expect(last(page)).to_contain_text("This file cannot be shown here.")
    assert asked == []


async def test_documents_show_name_kind_and_size(page: Page, bot: ScriptedBot) -> None:
    """The card is a download."""
    media = await bot.uploads(REGLAMENTO.read_bytes(), "application/pdf", "reglamento.pdf")
    await bot.sends({"type": "document", "document": {"id": media, "filename": "reglamento.pdf"}})
    card = last(page).get_by_role("link", name="reglamento.pdf")
    await expect(card.locator(".file__facts")).to_contain_text("PDF · ")
    async with page.expect_download() as download:
        await card.click()
    assert (await download.value).suggested_filename == "reglamento.pdf"


async def test_sounds_have_a_player_and_stickers_no_bubble(page: Page, bot: ScriptedBot) -> None:
    """A file that turns out to be broken is said to be so."""
    sound = await bot.uploads(b"ID3 not really", "audio/mpeg", "a.mp3")
    await bot.sends({"type": "audio", "audio": {"id": sound, "voice": True}})
    player = last(page).get_by_role("group", name="Voice message")
    await expect(player.get_by_role("slider", name="Position")).to_be_visible()
    await expect(player.locator(".player__time")).to_have_text("This file cannot be shown here.")
    sticker = await bot.uploads(b"RIFF not really", "image/webp", "s.webp")
    await bot.sends({"type": "sticker", "sticker": {"id": sticker}})
    await expect(last(page).locator(".bubble.bare")).to_contain_text("This file cannot be shown here.")
    film = await bot.uploads(b"not really", "video/mp4", "v.mp4")
    await bot.sends({"type": "video", "video": {"id": film, "caption": "El torneo"}})
    await expect(last(page).locator(".missing")).to_be_visible()
    await expect(last(page).locator(".text")).to_have_text("El torneo")


async def test_a_place_links_to_the_map_and_loads_nothing(page: Page, bot: ScriptedBot) -> None:
    """Only the person who clicks goes to OpenStreetMap."""
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    await bot.sends(every_message.PLACE)
    place = last(page)
    link = place.get_by_role("link", name="Open in OpenStreetMap: Club de la esquina")
    await expect(link).to_have_attribute(
        "href", "https://www.openstreetmap.org/?mlat=-34.603&mlon=-58.381#map=16/-34.603/-58.381"
    )
    await expect(place).to_contain_text("Av. Corrientes 1000, Buenos Aires")
    await expect(place).to_contain_text("-34.60300, -58.38100")
    assert all(host.startswith("127.0.0.1") for host in hosts)


async def test_a_long_word_makes_no_place_wider_than_a_phone(page: Page, bot: ScriptedBot) -> None:
    """Some places have names of one word."""
    await page.set_viewport_size({"width": 360, "height": 740})
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung" * 3
    where = {"latitude": -34.6, "longitude": -58.4, "name": word, "address": word}
    await bot.sends({"type": "location", "location": where})
    await expect(last(page).locator(".map")).to_be_visible()
    for part in (".map", ".place"):
        box = await last(page).locator(part).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] < 360
    assert await page.evaluate("(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(scroller)") == 0


async def test_a_quote_leads_to_a_message_that_is_not_drawn(
    page: Page, maria: User, bot: ScriptedBot
) -> None:
    """Of a long chat only the end is drawn; what is answered may stand far before it."""
    old = await maria.says("el viejo")
    for number in range(230):
        await maria.says(str(number))
    await bot.says("sobre aquello", context={"message_id": old.id})
    await page.reload()
    await expect(page.locator(".row")).to_have_count(200)
    await last(page).locator("button.quote").click()
    await expect(page.locator(".row--pointed .text")).to_have_text("el viejo")
    await expect(page.locator(".row--pointed")).to_be_in_viewport()
    await expect(page.locator(".row")).to_have_count(232)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://es.wikipedia.org/wiki/Tenis_(deporte)", "https://es.wikipedia.org/wiki/Tenis_(deporte)"),
        ("(véase https://club.example/a)", "https://club.example/a"),
        ("(https://club.example/a_(b)).", "https://club.example/a_(b)"),
        ("https://club.example/a_(b)?", "https://club.example/a_(b)"),
        ("https://club.example/a))", "https://club.example/a"),
        ("https://club.example/x[1]!", "https://club.example/x[1]"),
        ("*https://club.example/a*", "https://club.example/a"),
    ],
)
async def test_a_link_ends_where_its_address_does(
    page: Page, bot: ScriptedBot, text: str, address: str
) -> None:
    """Brackets that are opened in it belong to it; others, and the end of a sentence, do not."""
    await bot.says(text)
    await expect(last(page).locator(".text a")).to_have_text(address)


async def test_contacts_templates_and_offers(page: Page, bot: ScriptedBot) -> None:
    """Each shows what a person needs to know of it."""
    await bot.sends(every_message.CONTACTS)
    await last(page).get_by_text("View contact").click()
    await expect(last(page)).to_contain_text("+54 11 5555-0100")
    await bot.sends(every_message.TEMPLATE)
    await expect(last(page)).to_contain_text("turno_confirmado")
    await expect(last(page)).to_contain_text("viernes 18:00")
    await expect(last(page).get_by_role("button", name="CONFIRMAR")).to_be_visible()
    await bot.sends(every_message.LINK_BUTTON)
    link = last(page).get_by_role("link", name="Abrir reglamento")
    await expect(link).to_have_attribute("href", "https://example.org/reglamento")
    await bot.sends(every_message.carousel(*[f"{bot.url}/picture.png"] * 2))
    cards = last(page).get_by_role("group", name="Cards")
    await expect(cards.get_by_role("button", name="Reservar")).to_have_count(2)
    await expect(page.locator(".card img").first).to_have_js_property("naturalWidth", 64)


async def test_a_template_of_the_account_reads_as_on_a_phone(
    page: Page, whatsapp: Simulator, bot: ScriptedBot
) -> None:
    """Filled in and formatted, with its header, its footer and the titles of its buttons."""
    components = [
        {"type": "HEADER", "format": "TEXT", "text": "Turno"},
        {"type": "BODY", "text": "Hola *{{1}}*, te esperamos el {{2}}."},
        {"type": "FOOTER", "text": "Club del barrio"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Confirmo"}]},
    ]
    message = {**every_message.TEMPLATE["template"], "name": "turno"}
    definition = {"name": "turno", "language": "es_AR", "category": "UTILITY", "components": components}
    async with CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, base_url=whatsapp.url) as client:
        await client.request("POST", f"{WABA_ID}/message_templates", json=definition)
    await bot.sends({"type": "template", "template": message})
    await expect(last(page)).to_contain_text("Hola María, te esperamos el viernes 18:00.")
    await expect(last(page).locator("strong", has_text="María")).to_be_visible()
    await expect(last(page)).to_contain_text("Turno")
    await expect(last(page)).to_contain_text("Club del barrio")
    await last(page).get_by_role("button", name="Confirmo").click()
    await expect(last(page)).to_contain_text("Confirmo")


async def test_an_order_shows_what_it_costs(page: Page, maria: User) -> None:
    """Each product with its price, and the sum."""
    await maria.sends(every_message.ORDER)
    await expect(last(page).locator("li")).to_have_text(["2 × gorraARS 9,000.00", "TotalARS 9,000.00"])


async def test_what_has_no_drawing_is_shown_as_json(page: Page, maria: User) -> None:
    """A message of no known form."""
    await maria.sends({"type": "constructor", "constructor": {"x": 1}})
    await expect(last(page).locator("pre")).to_contain_text('"x": 1')


async def test_a_message_that_failed_says_why(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The red mark comes with Meta's error."""
    whatsapp.fail_delivery(131026)
    await bot.says("¿Llega?")
    await expect(last(page).get_by_role("img", name="Not sent")).to_be_visible()
    await expect(last(page).locator(".bubble__error")).to_contain_text("131026")


async def test_ticks_follow_the_bot(page: Page, maria: User, bot: ScriptedBot) -> None:
    """Two ticks when the webhook is acknowledged, blue when the bot has read."""
    message = await maria.says("hola")
    await expect(last(page).get_by_role("img", name="Delivered")).to_be_visible()
    await bot.types(message.id)
    await expect(last(page).get_by_role("img", name="Read", exact=True)).to_be_visible()
    await expect(page.locator("#typing")).to_be_visible()
    await expect(page.locator("#bot-status")).to_have_text("typing…")
    await bot.says("¡Hola!")
    await expect(page.locator("#typing")).to_be_hidden()


async def test_an_unread_chat_counts_until_it_is_opened(
    page: Page, whatsapp: Simulator, bot: ScriptedBot
) -> None:
    """The other person's messages wait in the list; opening the chat reads them."""
    ana = whatsapp.user("5491155550002", name="Ana")
    await ana.says("hola")
    whatsapp.state.people["5491155550002"].reads_at_once = False
    sent = await bot.says("*Hola* Ana", to="5491155550002")
    chat = page.get_by_role("link", name="Ana")
    await expect(chat.get_by_role("img", name="1 unread")).to_be_visible()
    await expect(chat).to_contain_text("Hola Ana")
    await chat.click()
    await expect(page.locator(".row")).to_have_count(2)
    await expect(chat.locator(".badge")).to_have_count(0)
    await whatsapp.settle()
    assert whatsapp.state.messages[sent].status == "read"
    assert MARIA in whatsapp.state.people


async def test_a_replayed_webhook_is_a_chat_like_any_other(page: Page, whatsapp: Simulator) -> None:
    """A voice note that a test posted past the network shows as one; an unusual form hides no other chat."""
    voice = {"id": "1", "voice": True, "mime_type": "audio/ogg; codecs=opus"}
    forms: list[tuple[str, dict[str, object], str]] = [
        ("5491155550002", {"audio": voice}, "You: Voice message"),
        ("5491155550003", {}, "You: Audio"),
        ("5491155550004", {"audio": None}, "You: Audio"),
        ("5491155550005", {"audio": "?"}, "You: Audio"),
    ]
    for phone, content, _ in forms:
        await whatsapp.deliver({"messages": [{"from": phone, "id": phone, "type": "audio", **content}]})
    chats = page.locator("#chats a")
    await expect(chats).to_have_count(len(forms) + 1)
    for phone, _, words in forms:
        await expect(page.locator(f"#chats a[href='#{phone}']")).to_contain_text(words)


async def test_the_page_speaks_three_languages(page: Page) -> None:
    """The three hold the same texts, and the switch changes what is there without losing it."""
    keys = "Object.values((await import('/static/texts.js')).TEXTS).map((texts) => Object.keys(texts).join())"
    spanish, portuguese, english = await page.evaluate(f"(async () => {keys})()")
    assert spanish == portuguese == english
    await expect(page.locator(".strip h1")).to_have_text("Local simulator, not affiliated with Meta")
    await page.get_by_label("Language").select_option("pt")
    await expect(page.locator(".strip h1")).to_have_text("Simulador local, sem relação com a Meta")
    await expect(page.get_by_placeholder("Digite uma mensagem")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "pt"


async def test_the_language_switch_changes_an_open_reply(page: Page, bot: ScriptedBot) -> None:
    """It still answers the same message, in the other language."""
    await bot.says("¿Vienes el viernes?")
    await page.get_by_role("button", name="Message options").click()
    await page.get_by_role("menuitem", name="Reply").click()
    await expect(page.locator("#reply strong")).to_have_text("Replying to Local WhatsApp")
    await page.get_by_label("Language").select_option("es")
    await expect(page.locator("#reply strong")).to_have_text("Respondes a Local WhatsApp")
    await expect(page.locator("#reply")).to_contain_text("¿Vienes el viernes?")


async def test_a_page_that_is_opened_late_sees_the_bot_typing(
    page: Page, maria: User, bot: ScriptedBot
) -> None:
    """Typing began before the page was loaded."""
    message = await maria.says("hola")
    await bot.types(message.id)
    await expect(page.locator("#typing")).to_be_visible()
    await page.reload()
    await expect(page.locator("#typing")).to_be_visible()
    await expect(page.locator("#bot-status")).to_have_text("typing…")


@pytest.mark.parametrize("hash", ["#%", "#%E0%A4%A", "#nobody", "#<b>"])
async def test_an_address_that_names_nobody_opens_the_first_chat(page: Page, hash: str) -> None:
    """Whatever stands there, the page is drawn."""
    await page.evaluate("(hash) => { location.hash = hash }", hash)
    await expect(page.locator("body")).not_to_have_class("has-chat")
    await page.reload()
    await expect(page.locator("#bot-status")).to_contain_text("you are María")
    await expect(page.get_by_role("link", name="María")).to_be_visible()
