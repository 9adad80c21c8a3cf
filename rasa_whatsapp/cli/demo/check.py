"""The scripted conversation of `demo --check`: everything the club bot does, in the order of its README."""

from __future__ import annotations

import asyncio

import aiohttp
from rich.console import Console

from rasa_whatsapp.cli.demo.club import Club
from rasa_whatsapp.cli.demo.dialogue import Dialogue, Failed
from rasa_whatsapp.cli.demo.whatsapp_alone import WHATSAPP_ALONE
from rasa_whatsapp.simulator import Unexpected
from rasa_whatsapp.simulator.flows.endpoint import FlowTrouble

PHONE, NAME = "+54 9 11 5555-0001", "Maria"
BUENOS_AIRES = (-34.6037, -58.3816)
MENU = ["Pileta", "Tenis", "SUM"]
FOLLOW_UP = ["Menú", "Más temas"]


async def play(club: Club, console: Console) -> int:
    """Play it, print it, and say how it went; the exit code."""
    dialogue = Dialogue(club.whatsapp.user(PHONE, name=NAME), console)
    try:
        for scene in (
            _greeting,
            _choices,
            _more_topics,
            _long_menu,
            _map,
            _document,
            _place,
            _photo,
            _location,
            *(WHATSAPP_ALONE if club.whatsapp.provider == "cloud" else ()),
            _five_at_once,
            _reminder,
            _books,
        ):
            await scene(dialogue, club)
    except (Failed, FlowTrouble, Unexpected, aiohttp.ClientError, asyncio.TimeoutError) as problem:
        dialogue.failed(problem)
        return 1
    dialogue.passed()
    return 0


async def _greeting(maria: Dialogue, club: Club) -> None:
    maria.scene("A greeting, answered with buttons")
    await maria.says("Hola")
    hello = await maria.hears()
    maria.expect(hello.text == "Hola!", "the bot greets")
    menu = await maria.hears()
    maria.expect(menu.text.startswith("Por favor elije una opción:"), "and asks for a choice")
    maria.expect(maria.kind(menu) == "button" and maria.titles(menu) == MENU, "by three reply buttons")


async def _choices(maria: Dialogue, club: Club) -> None:
    maria.scene("A tap on each")
    for title in MENU:
        await maria.taps(title)
        rules = await maria.hears()
        maria.expect(rules.text.startswith(f"*{title}*"), f"the club's rules for {title}")
        maria.expect(maria.titles(rules) == FOLLOW_UP, "with a way on")
        logged = f"Opción elegida: {title.lower()}" in club.actions.printed()
        maria.expect(logged, "the action server has logged the choice")


async def _more_topics(maria: Dialogue, club: Club) -> None:
    maria.scene("More topics, as a list")
    await maria.taps("Más temas")
    topics = await maria.hears()
    maria.expect(maria.kind(topics) == "list" and len(maria.titles(topics)) == 10, "a list of ten topics")
    await maria.taps("Gimnasio")
    maria.expect((await maria.hears()).text.startswith("*Gimnasio*"), "the chosen row is answered")


async def _long_menu(maria: Dialogue, club: Club) -> None:
    maria.scene("Twelve options, more than one list holds")
    await maria.says("reglamento")
    lists = [await maria.hears(), await maria.hears()]
    maria.expect(all(maria.kind(part) == "list" for part in lists), "two lists")
    titles = [title for part in lists for title in maria.titles(part)]
    maria.expect([title.split(".")[0] for title in titles] == [str(n) for n in range(1, 13)], "none is lost")
    await maria.taps("11. Vehículos")
    maria.expect((await maria.hears()).text.startswith("*Artículo 11."), "one of the second list is answered")


async def _map(maria: Dialogue, club: Club) -> None:
    maria.scene("A picture from the bot")
    await maria.says("mapa")
    answer = await maria.hears()
    maria.expect(
        answer.type == "image" and answer.text == "Este es el mapa del club.", "one captioned picture"
    )
    await _same_file(maria, club, answer.content["image"]["link"], "mapa.png")


async def _document(maria: Dialogue, club: Club) -> None:
    maria.scene("A document from the bot")
    await maria.says("reglamento pdf")
    answer = await maria.hears()
    document = answer.content.get("document", {})
    maria.expect(document.get("filename") == "Reglamento del club.pdf", "a document with a name")
    await _same_file(maria, club, document["link"], "reglamento.pdf")
    if club.whatsapp.provider == "serpro":
        # Serpro carries no caption with a document: it follows as a message of its own.
        maria.expect((await maria.hears()).text == "El reglamento completo, en PDF.", "with its caption")


async def _place(maria: Dialogue, club: Club) -> None:
    maria.scene("A location from the bot")
    await maria.says("ubicación")
    answer = await maria.hears()
    # Serpro carries no locations: there it is the same in words, with a link to a map.
    kind = "text" if club.whatsapp.provider == "serpro" else "location"
    maria.expect(answer.type == kind and "Club del barrio" in answer.text, "where the club is")


async def _photo(maria: Dialogue, club: Club) -> None:
    maria.scene("A photo for the bot")
    photo = await maria.sends_photo(club.bot / "media" / "mapa.png", "la cancha 2")
    thanks = await maria.hears()
    maria.expect(thanks.text.startswith("¡Gracias por la foto de «la cancha 2»!"), "caption understood")
    logged = f"Foto recibida: {photo.content['image']['id']} (image/png)" in club.actions.printed()
    maria.expect(logged, "the action server has got its media id")


async def _location(maria: Dialogue, club: Club) -> None:
    maria.scene("A location for the bot")
    await maria.sends_location(*BUENOS_AIRES)
    maria.expect((await maria.hears()).text == "Estás a 49 km del club.", "the distance is right")


async def _five_at_once(maria: Dialogue, club: Club) -> None:
    maria.scene("Five messages at once")
    topics = ["Pileta", "Tenis", "SUM", "Gimnasio", "Quincho"]
    for topic in topics:
        await maria.says(topic.lower())
    answers = [await maria.hears() for _ in topics]
    in_order = all(
        answer.text.startswith(f"*{topic}*") for answer, topic in zip(answers, topics, strict=True)
    )
    maria.expect(in_order, "five answers, in the order of the questions")


async def _reminder(maria: Dialogue, club: Club) -> None:
    maria.scene("The bot writes first: another system triggers a reminder")
    url = f"{club.rasa_url}/conversations/{maria.phone}/trigger_intent"
    reminder = {"name": "EXTERNAL_booking_reminder", "entities": {"instalacion": "Tenis", "hora": "18:00"}}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, params={"output_channel": "whatsapp"}, json=reminder) as response,
    ):
        maria.expect(response.status == 200, "Rasa takes POST /conversations/…/trigger_intent")
    text = "Recordatorio: tenés una reserva en Tenis a las 18:00."
    maria.expect((await maria.hears()).text == text, "the reminder arrives")


async def _books(maria: Dialogue, club: Club) -> None:
    maria.scene("The books")
    await club.whatsapp.settle()
    maria.expect(maria.nothing_unheard(), "nothing came twice, and nothing unasked")
    maria.expect(all(call.status == 200 for call in club.whatsapp.calls), "WhatsApp refused nothing")
    answered = all(delivery.status == 200 for delivery in club.whatsapp.deliveries)
    maria.expect(answered, "every webhook was answered with 200")


async def _same_file(maria: Dialogue, club: Club, link: str, name: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(link) as response:
        same = await response.read() == (club.bot / "media" / name).read_bytes()
    maria.expect(same, "its link leads to the file")
