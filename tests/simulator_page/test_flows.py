"""Flows drawn as forms: filled in by hand, asked of a real endpoint, sent to the bot."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import every_component
import every_message
import pytest
import pytest_asyncio
from driver import Browser, Page, expect
from flow_bot import client_with_key, endpoint_of
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp import events
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.flows import (
    FlowHandlers,
    FlowJSON,
    components,
)
from rasa_whatsapp.messages import Flow
from rasa_whatsapp.simulator import Simulator

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAMPLE_BOT = Path(__file__).parents[2] / "sample_bot"


def club_handlers() -> FlowHandlers:
    """The sample bot's own functions."""
    spec = importlib.util.spec_from_file_location("club_flows", SAMPLE_BOT / "club_flows.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    handlers: FlowHandlers = module.handlers
    return handlers


@pytest_asyncio.fixture(loop_scope="session")
async def client(whatsapp: Simulator) -> AsyncIterator[CloudClient]:
    async with client_with_key(whatsapp) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def endpoint() -> AsyncIterator[str]:
    """The club bot's endpoint, in a web server of its own."""
    async with endpoint_of(club_handlers(), {"t-1": "hacerme_socio"}) as url:
        yield url


async def publish(client: CloudClient, name: str, flow: Any, endpoint: str = "") -> None:
    made = await client.flows.create(name, json=flow, endpoint_uri=endpoint)
    assert made.validation_errors == (), made.validation_errors
    await client.flows.publish(made.id)


def member(label: str, token: str) -> Flow:
    return Flow("?", label, flow_name="hacerme_socio", flow_token=token, action="data_exchange")


async def heard_reply(bot: ScriptedBot) -> events.FlowReply:
    await bot.heard(1)
    reply = bot.events[-1]
    assert isinstance(reply, events.FlowReply)
    return reply


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)], ids=["desktop", "phone"])
async def test_somebody_becomes_a_member(
    browser: Browser,
    whatsapp: Simulator,
    bot: ScriptedBot,
    client: CloudClient,
    endpoint: str,
    width: int,
    height: int,
) -> None:
    """The endpoint gives the screens, refuses an address, and the bot gets the answers with the photo."""
    whatsapp.user(MARIA, name="María")
    await publish(client, "hacerme_socio", SAMPLE_BOT / "flows" / "hacerme_socio.json", endpoint)
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="es-AR")
    page = await context.new_page()
    await page.goto(f"{whatsapp.url}/#{MARIA}")
    sent = await client.send(
        Flow(
            "¿Te sumás?", "Hacerme socio", flow_name="hacerme_socio", flow_token="t-1", action="data_exchange"
        ),
        f"+{MARIA}",
    )
    await page.get_by_role("button", name="Hacerme socio").click()
    sheet = page.get_by_role("dialog", name="Hacerte socio")
    await expect(sheet.get_by_role("button", name="Continuar")).to_be_disabled()
    await sheet.get_by_label("Nombre y apellido").fill("María Paz")
    await sheet.get_by_label("Correo").fill("socia@club.example")
    await sheet.get_by_role("button", name="Continuar").click()
    await expect(sheet.get_by_text("Ese correo ya es de un socio.")).to_be_visible()
    await sheet.get_by_label("Correo").fill("maria@example.org")
    await page.keyboard.press("Enter")
    photo = page.get_by_role("dialog", name="Tu foto")
    await expect(photo.get_by_text("¡Gracias, María! Falta tu foto.")).to_be_visible()
    picture = {"name": "yo.png", "mimeType": "image/png", "buffer": every_message.png()}
    picker = photo.get_by_label("Una foto para el carnet")
    await expect(photo.get_by_text("Elegir una foto")).to_be_visible()
    for name in ("otra.png", "yo.png"):  # the second takes the place of the first
        async with page.expect_file_chooser() as chooser:
            await picker.click()
        await (await chooser.value).set_files({**picture, "name": name})
        await expect(photo.get_by_role("listitem")).to_have_text([f"{name}Quitar"])
    await expect(picker).to_have_css("opacity", "0")  # with the browser's "No file chosen"
    await photo.get_by_label("Acepto el reglamento").check()
    await photo.get_by_role("button", name="Enviar").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    reply = await heard_reply(bot)
    assert (reply.answers["nombre"], reply.answers["correo"]) == ("María Paz", "maria@example.org")
    assert (reply.flow_token, reply.context and reply.context.id) == ("t-1", sent.id)
    [file] = reply.answers["foto"]
    assert (await client.download(file["id"])).size == len(every_message.png())
    await context.close()


async def test_a_court_is_booked_without_an_endpoint(
    page: Page, bot: ScriptedBot, client: CloudClient
) -> None:
    """Back leads to what was filled in; the second screen shows it by expressions."""
    await publish(client, "reservar_cancha", SAMPLE_BOT / "flows" / "reservar_cancha.json")
    await client.send(
        Flow("Elegí", "Reservar", flow_name="reservar_cancha", flow_token="t", screen="TURNO"), f"+{MARIA}"
    )
    await page.get_by_role("button", name="Reservar").click()
    turn = page.get_by_role("dialog", name="Reservar una cancha")
    await turn.get_by_label("Cancha").select_option("2")
    await turn.get_by_label("Día").fill("2026-12-01")
    await turn.get_by_label("18:00").check()
    await turn.get_by_role("button", name="Continuar").click()
    summary = page.get_by_role("dialog", name="Tu turno")
    await expect(summary.get_by_role("heading", name="Cancha 2")).to_be_visible()
    await summary.get_by_role("button", name="Back", exact=True).click()
    await expect(turn.get_by_label("Día")).to_have_value("2026-12-01")
    await turn.get_by_label("20:00").check()
    await turn.get_by_role("button", name="Continuar").click()
    await expect(summary.get_by_text("2026-12-01 a las 20:00")).to_be_visible()
    await summary.get_by_role("button", name="Reservar").click()
    reply = await heard_reply(bot)
    assert reply.answers == {"cancha": "2", "dia": "2026-12-01", "hora": "20:00"}


async def test_every_component_is_drawn_and_works(page: Page, bot: ScriptedBot, client: CloudClient) -> None:
    """What is chosen, typed and picked on eight screens reaches the bot; hostile words stay words."""
    await publish(client, "todo", json.dumps(every_component.FLOW))
    await client.send(
        Flow("Todo", "Abrir", flow_name="todo", flow_token="t", screen="WORDS", data={"name": "María"}),
        f"+{MARIA}",
    )
    await page.get_by_role("button", name="Abrir").click()
    sheet = page.get_by_role("dialog")
    await expect(sheet.get_by_text("María")).to_be_visible()
    await expect(sheet.locator("strong")).to_have_text(["con fuerza"])
    await expect(sheet.get_by_text(every_component.EVIL)).to_be_visible()
    await expect(sheet.locator("img")).to_have_count(3)
    await expect(sheet.get_by_role("link", name="Ver el club")).to_have_attribute(
        "href", "https://example.org/club"
    )
    follow = sheet.get_by_role("button", name="Seguir")
    await follow.click()

    await expect(sheet.get_by_text("Sos menor")).to_be_visible()
    await sheet.get_by_label("Edad").fill("30")
    await expect(sheet.get_by_text("Sos mayor")).to_be_visible()
    await sheet.get_by_label("Correo").fill("no es un correo")
    await sheet.get_by_label("Comentario").fill("Hola")
    await sheet.get_by_label("Acepto").check()
    await follow.click()
    await expect(sheet.get_by_text("Type a valid e-mail address.")).to_be_visible()
    await sheet.get_by_label("Correo").fill("maria@example.org")
    await follow.click()

    await sheet.get_by_role("checkbox", name="Tenis").first.check()
    await expect(sheet.get_by_text("Tierra")).to_be_visible()
    await sheet.get_by_role("radio", name="Pileta").check()
    await expect(sheet.get_by_text("Agua")).to_be_visible()
    await sheet.get_by_role("combobox").select_option("3")
    await sheet.get_by_role("checkbox", name="SUM").last.check()
    await follow.click()

    await sheet.get_by_label("Día").fill("2026-12-01")
    await sheet.get_by_label("Desde").fill("2026-12-01")
    await sheet.get_by_label("Hasta").fill("2026-12-05")
    await follow.click()
    await sheet.get_by_role("button", name="Reglas").click()
    await expect(sheet.get_by_role("heading", name="Título")).to_be_visible()
    await follow.click()
    picture = {"name": "yo.png", "mimeType": "image/png", "buffer": every_message.png()}
    await sheet.get_by_label("Foto").set_input_files(picture)
    await expect(sheet.get_by_text("yo.png")).to_be_visible()
    await follow.click()
    document = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    await sheet.get_by_label("Documento").set_input_files(document)
    await expect(sheet.get_by_text("a.pdf")).to_be_visible()
    await sheet.get_by_role("button", name="Enviar").click()
    reply = await heard_reply(bot)
    assert (reply.answers["email"], reply.answers["chosen"]) == ("maria@example.org", ["2"])
    assert reply.answers["file"][0]["file_name"] == "a.pdf"


async def test_what_cannot_be_opened_is_told(page: Page, client: CloudClient) -> None:
    """A Flow that nobody has made, and a token that is not ours."""
    await client.send(Flow("?", "Abrir", flow_id="1", flow_token="t", screen="S"), f"+{MARIA}")
    await page.get_by_role("button", name="Abrir").click()
    await expect(page.locator(".toasts")).to_contain_text("There is no Flow 1")


async def test_a_token_that_is_not_ours_is_told(page: Page, client: CloudClient, endpoint: str) -> None:
    """The endpoint answers 427, and its words are shown."""
    await publish(client, "hacerme_socio", SAMPLE_BOT / "flows" / "hacerme_socio.json", endpoint)
    await client.send(
        Flow("?", "Abrir", flow_name="hacerme_socio", flow_token="forged", action="data_exchange"),
        f"+{MARIA}",
    )
    await page.get_by_role("button", name="Abrir").click()
    await expect(page.locator(".toasts")).to_contain_text("This form is no longer valid.")


async def test_the_developer_sees_what_the_endpoint_is_asked(
    page: Page, whatsapp: Simulator, client: CloudClient, endpoint: str
) -> None:
    """In the clear: the request, and the answer; also after the page is opened anew."""
    await publish(client, "hacerme_socio", SAMPLE_BOT / "flows" / "hacerme_socio.json", endpoint)
    flow = Flow("¿?", "Abrir", flow_name="hacerme_socio", flow_token="t-1", action="data_exchange")
    await client.send(flow, f"+{MARIA}")
    await page.get_by_role("button", name="Abrir").last.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="Developer panel").click()
    entry = page.locator(".entry", has_text="hacerme_socio INIT").first
    await entry.locator("summary").click()
    await expect(entry.get_by_role("img", name="Flow's endpoint")).to_be_visible()
    await expect(entry.locator(".entry__status")).to_have_text("200")
    await expect(entry.locator("pre").first).to_contain_text('"flow_token": "t-1"')
    await expect(entry.locator("pre").last).to_contain_text('"screen"')


async def test_the_flow_of_every_component_has_every_component() -> None:
    """A new component must be drawn, too; and the validator has nothing against the Flow."""
    kinds = [getattr(components, name) for name in components.__all__]
    base = components.Component, components.Input
    known = {
        kind.__name__
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, base) and kind not in base
    }
    assert len(known) > 20
    assert known <= every_component.types(every_component.FLOW)
    assert FlowJSON.from_json(every_component.FLOW).problems() == []
