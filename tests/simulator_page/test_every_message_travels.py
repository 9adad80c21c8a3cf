"""Each type of message, from Python over the wire to the page, and back as an event."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import every_message
import pytest
from driver import Locator, Page, expect
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp import events
from rasa_whatsapp import messages as m
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.simulator import ACCESS_TOKEN, PHONE_NUMBER_ID, Simulator

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PDF = Path(__file__).parents[2] / "sample_bot" / "media" / "reglamento.pdf"
OPUS = b"OggS\x00\x02" + b"\x00" * 22 + b"OpusHead\x01\x01"
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"

Act = Callable[[Page, Locator], Awaitable[object]]


class Journey(NamedTuple):
    """A message, what is seen of it, and what a person does about it; ``None``: it asks for nothing."""

    message: m.Message
    seen: str
    act: Act | None = None
    comes_back: Callable[[Any], bool] = lambda event: False


def button(name: str, then: str = "", **typed: str) -> Act:
    """Taps the button; where a dialog opens, fills in its fields and confirms with ``then``."""

    async def act(page: Page, row: Locator) -> None:
        await row.get_by_role("button", name=name, exact=True).first.click()
        dialog = page.get_by_role("dialog")
        for label, value in typed.items():
            await dialog.get_by_label(label.replace("_", " ")).fill(value)
        if then:
            await dialog.get_by_role("button", name=then).click()

    return act


async def choose(page: Page, row: Locator) -> None:
    await row.get_by_role("button", name="Ver temas").click()
    await page.get_by_role("radio", name="Tenis").check()
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()


def replied(payload: str, source: str) -> Callable[[Any], bool]:
    return lambda event: (
        isinstance(event, events.Reply) and (event.payload, event.source) == (payload, source)
    )


PIX = m.Pix("00020101021226", "Clube", "39580525000189", "CNPJ")
PAYMENT = m.Payment("turno-7", [PIX], m.Order([m.OrderItem("c2", "Cancha 2", 150000)]))
ORDERED: Callable[[Any], bool] = lambda event: (  # noqa: E731
    isinstance(event, events.Order) and event.items[0].product_retailer_id == "gorra"
)


def journeys(media: dict[str, str], picture: str) -> list[Journey]:
    """At least one for each class of message."""
    courts = [
        m.Card(m.Image(link=picture), f"Cancha {n}", replies=[m.Button(f"/c{n}", "Reservar")]) for n in "12"
    ]
    topics = m.Section(rows=[m.Row("/p", "Pileta"), m.Row("/t", "Tenis")])
    shop = m.ProductSection(products=["gorra", "toalla"])
    return [
        Journey(m.Text("¿*Vienes* el viernes?"), "¿Vienes el viernes?"),
        Journey(m.Image(id=media["image"], caption="La cancha"), "La cancha"),
        Journey(m.Video(id=media["video"], caption="El torneo"), "El torneo"),
        Journey(m.Audio(id=media["audio"], voice=True), "This file cannot be shown here."),
        Journey(m.Document(id=media["document"], filename="reglamento.pdf"), "reglamento.pdf"),
        Journey(m.Sticker(id=media["sticker"]), ""),
        Journey(m.Location(-34.6, -58.4, name="El club"), "El club"),
        Journey(m.Contacts([m.Contact(m.ContactName("Ana Pérez", "Ana"))]), "Ana Pérez"),
        Journey(
            m.Buttons("¿Confirmas?", [m.Button("/si", "Sí"), m.Button("/no", "No")]),
            "¿Confirmas?",
            button("Sí"),
            replied("/si", "button"),
        ),
        Journey(
            m.List("¿Qué tema?", "Ver temas", [topics]),
            "¿Qué tema?",
            choose,
            replied("/t", "list"),
        ),
        Journey(m.CtaUrl("Nuestra página.", "Abrir", "https://example.org"), "Abrir"),
        Journey(m.Carousel("Canchas:", courts), "Cancha 2", button("Reservar"), replied("/c1", "button")),
        Journey(
            m.Template("turno", "es", body=["18:00"], buttons=[m.QuickReplyButton("CONFIRMAR")]),
            "18:00",
            button("CONFIRMAR"),
            replied("CONFIRMAR", "template"),
        ),
        Journey(
            m.LocationRequest("¿Desde dónde vienes?"),
            "¿Desde dónde vienes?",
            button("Send location", "Send"),
            lambda event: isinstance(event, events.Location) and event.latitude == -34.603,
        ),
        Journey(
            m.ContactRequest("¿A quién llamamos?"),
            "¿A quién llamamos?",
            button("Share contact", "Send", Name="Ana", Phone="+54 11 5555 0100"),
            lambda event: (
                isinstance(event, events.Contacts) and event.contacts[0].phones[0].wa_id == "541155550100"
            ),
        ),
        Journey(
            m.AddressRequest("¿Dónde vives?"),
            "¿Dónde vives?",
            button("Provide address", "Send", city="Pune", pin_code="411001"),
            lambda event: isinstance(event, events.AddressReply) and event.values["city"] == "Pune",
        ),
        Journey(
            m.CallPermissionRequest("¿Te llamamos?"),
            "¿Te llamamos?",
            button("Allow calls"),
            lambda event: isinstance(event, events.CallPermissionReply) and event.response == "accept",
        ),
        Journey(m.VoiceCall("Llámanos", "Llamar ya"), "Llamar ya"),
        Journey(
            m.Product("c1", "gorra", "La gorra del club"),
            "La gorra del club",
            button("View products", "Send order"),
            ORDERED,
        ),
        Journey(
            m.ProductList("Todo para la pileta", "Tienda", "c1", [shop]),
            "toalla",
            button("View products", "Send order"),
            ORDERED,
        ),
        Journey(
            m.Catalog("Nuestra tienda", "gorra"),
            "Nuestra tienda",
            button("View catalog", "Send order"),
            ORDERED,
        ),
        Journey(m.OrderDetails("Tu turno", PAYMENT), "1 × Cancha 2"),
        Journey(
            m.OrderStatus("Tu turno", "turno-7", "processing", "Lo estamos preparando"),
            "Lo estamos preparando",
        ),
    ]


ELSEWHERE = {
    m.Message: "the base class",
    m.Flow: "a form of its own: see test_flows.py",
    m.Reaction: "a mark on another message; see below",
    m.Pin: "a mark on another message; see below",
}


async def test_every_message_travels(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """The client sends it, the page shows its words, and the answer to it is a typed event for the bot."""
    async with CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, base_url=whatsapp.url) as client:
        media = {
            "image": await client.upload(every_message.png(), "image/png"),
            "video": await client.upload(b"not really", "video/mp4"),
            "audio": await client.upload(OPUS, "audio/ogg"),
            "document": await client.upload(PDF),
            "sticker": await client.upload(WEBP, "image/webp"),
        }
        for journey in journeys(media, f"{bot.url}/picture.png"):
            sent = await client.send(journey.message, f"+{MARIA}")
            row = page.locator(f'.row[data-id="{sent.id}"]')
            await expect(row).to_contain_text(journey.seen)
            await expect(row.locator(".json-card")).to_have_count(0)
            if journey.act is None:
                continue
            came = len(bot.events)
            await journey.act(page, row)
            await expect(page.locator(".row--out").last).to_be_visible()
            await bot.heard(came + 1)
            answer = bot.events[came]
            assert journey.comes_back(answer), (journey.message, answer)
            assert answer.context.id == sent.id, journey.message


async def test_what_is_no_bubble_of_its_own(page: Page, whatsapp: Simulator, bot: ScriptedBot) -> None:
    """A reaction stands under what it is about, in both directions; a pin leads to what it pins."""
    asked = await whatsapp.user(MARIA).says("Gracias")
    async with CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, base_url=whatsapp.url) as client:
        await client.send(m.Reaction(asked.id, "❤️"), f"+{MARIA}")
        await expect(page.locator(".row .reaction")).to_have_text("❤️")
        answer = await client.send(m.Text("¡De nada!"), f"+{MARIA}")
        row = page.locator(f'.row[data-id="{answer.id}"]')
        await row.get_by_role("button", name="Message options").click()
        await page.get_by_role("menuitem", name="React with 👍").click()
        await bot.heard(2)
        reaction = bot.events[-1]
        assert isinstance(reaction, events.Reaction)
        assert (reaction.message_id, reaction.emoji) == (answer.id, "👍")
        await client.send(m.Pin(answer.id, 7), f"+{MARIA}")
        await page.get_by_role("button", name="Pinned message").click()
        await expect(row).to_have_class(re.compile("row--pointed"))


async def test_no_type_is_left_out() -> None:
    """A new class of message needs a journey."""
    classes = {
        value
        for name in m.__all__
        if isinstance(value := getattr(m, name), type) and issubclass(value, m.Message)
    }
    media = dict.fromkeys(("image", "video", "audio", "document", "sticker"), "1")
    travelling = {type(journey.message) for journey in journeys(media, "https://example.org/a.png")}
    assert classes - ELSEWHERE.keys() == travelling
