"""Scenes of what only WhatsApp has, and not every gateway to it: the bot sends them from custom actions."""

from __future__ import annotations

import aiohttp

from rasa_whatsapp.cli.demo.club import Club
from rasa_whatsapp.cli.demo.dialogue import Dialogue

NOTICE = "La pileta abre el 1 de diciembre."


async def _facilities(maria: Dialogue, club: Club) -> None:
    maria.scene("A carousel")
    await maria.says("instalaciones")
    cards = await maria.hears()
    maria.expect(maria.kind(cards) == "carousel", "cards side by side")
    maria.expect(maria.titles(cards) == ["Ver reglas"] * 3, "each with a button")


async def _website(maria: Dialogue, club: Club) -> None:
    maria.scene("A link button, under a picture of the bot's own files")
    for _ in range(2):
        await maria.says("página web")
        site = await maria.hears()
        maria.expect(maria.kind(site) == "cta_url", "a button that opens the website")
        picture = site.content["interactive"]["header"]["image"]
        maria.expect(set(picture) == {"id"}, "the picture by its id")
    uploads = [call for call in club.whatsapp.calls if call.path.endswith("/media")]
    maria.expect(len(uploads) == 1, "uploaded once")


async def _request(maria: Dialogue, club: Club) -> None:
    maria.scene("The bot asks for a location")
    await maria.says("a qué distancia estoy")
    maria.expect(maria.kind(await maria.hears()) == "location_request_message", "with a button to share it")


async def _heart(maria: Dialogue, club: Club) -> None:
    maria.scene("A reaction from the bot")
    praise = await maria.says("me encanta el club")
    await maria.feels()
    maria.expect(praise.reactions["bot"] == "❤️", "a heart on the message")


async def _notice(maria: Dialogue, club: Club) -> None:
    maria.scene("The bot writes first with a template, which needs no message of the last 24 hours")
    url = f"{club.rasa_url}/conversations/{maria.phone}/trigger_intent"
    notice = {"name": "EXTERNAL_club_notice", "entities": {"aviso": NOTICE}}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, params={"output_channel": "whatsapp"}, json=notice) as response,
    ):
        maria.expect(response.status == 200, "Rasa takes POST /conversations/…/trigger_intent")
    template = await maria.hears()
    maria.expect(template.type == "template" and NOTICE in template.text, "the notice arrives")


async def _membership(maria: Dialogue, club: Club) -> None:
    maria.scene("A form that asks the bot between its screens")
    await maria.says("quiero hacerme socio")
    maria.expect(maria.kind(await maria.hears()) == "flow", "a button that opens a Flow")
    form = await maria.opens()
    maria.expect(form.screen == "DATOS", "the endpoint gives the first screen")
    await form.exchanges({"nombre": "María Paz", "correo": "socia@club.example"})
    wrong = form.data["error_messages"]
    maria.expect(form.screen == "DATOS" and "correo" in wrong, "a member's address is not taken twice")
    await form.exchanges({"nombre": "María Paz", "correo": "maria@example.org"})
    maria.expect(form.screen == "FOTO" and "María" in form.data["saludo"], "the second screen")
    photo = form.picks(club.bot / "media" / "mapa.png")
    await form.completes({"nombre": "María Paz", "correo": "maria@example.org", "foto": [photo]})
    summary = await maria.hears()
    maria.expect("maria@example.org" in summary.text and "foto" in summary.text, "a summary follows")


async def _court(maria: Dialogue, club: Club) -> None:
    maria.scene("A form that is whole by itself")
    await maria.says("quiero reservar una cancha")
    await maria.hears()
    form = await maria.opens()
    turn = {"cancha": "2", "dia": "2026-12-01", "hora": "18:00"}
    form.goes_to("RESUMEN", **turn)
    await form.completes(turn)
    expected = "Reservaste la cancha 2: 2026-12-01, 18:00."
    maria.expect((await maria.hears()).text == expected, "the court is booked")


WHATSAPP_ALONE = (_facilities, _website, _request, _heart, _notice, _membership, _court)
