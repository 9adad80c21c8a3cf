"""Every other kind of answer on a real `rasa run`: what the person sees, and what a tap brings to Rasa."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import pytest
from gate import Gate
from rasa_run import RasaRun

from rasa_whatsapp.simulator import Message, User
from rasa_whatsapp.simulator.state.content import offers

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session")]

ROWS = 10
"""What one list holds, in all its sections."""


@pytest.fixture
def ana(show: RasaRun, person: Callable[[RasaRun], User]) -> User:
    """Somebody who has not written to the show bot before."""
    return person(show)


async def ask(user: User, what: str) -> None:
    """Asks the bot for a kind of answer."""
    await user.says(f'/show{{"what": "{what}"}}')


async def tap_all(user: User, *messages: Message) -> None:
    """Taps everything that the messages offer, without waiting for the answers."""
    for message in messages:
        for offer in offers(message.content):
            await user.taps_id(message.id, offer.id)


@pytest.mark.parametrize("count", [*range(4, 11), 11, 25])
async def test_every_option_of_a_list_can_be_chosen(show: RasaRun, ana: User, count: int) -> None:
    """More than three options become lists of ten rows at most; each tap reaches Rasa as its payload."""
    await ask(ana, str(count))
    lists = [await ana.receives(type="interactive") for _ in range(ceil(count / ROWS))]
    shown = [[offer.title for offer in offers(message.content)] for message in lists]
    titles = [title for part in shown for title in part]
    assert {message.content["interactive"]["type"] for message in lists} == {"list"}
    assert all(len(part) <= ROWS for part in shown)
    assert titles == [f"Option {n}" for n in range(1, count + 1)]

    await tap_all(ana, *lists)
    answers = [(await ana.receives()).text for _ in range(count)]
    assert answers == [f"You chose {n}." for n in range(1, count + 1)]
    payloads = [f'/choose{{"option": "{n}"}}' for n in range(1, count + 1)]
    assert (await show.texts_heard(ana.phone))[1:] == payloads


async def test_a_payload_longer_than_an_id_comes_back_whole(show: RasaRun, ana: User) -> None:
    """WhatsApp carries a short id; Rasa hears the whole payload."""
    await ask(ana, "long payload")
    question = await ana.receives(type="interactive")
    assert all(len(offer.id) <= 256 for offer in offers(question.content))
    await tap_all(ana, question)
    assert [(await ana.receives()).text for _ in range(2)] == [f"You chose {'x' * 300}.", "You chose short."]
    assert (await show.texts_heard(ana.phone))[1] == f'/choose{{"option": "{"x" * 300}"}}'


async def test_a_picture_with_words_is_one_captioned_message(ana: User) -> None:
    """Text and image of one response are not charged twice."""
    await ask(ana, "picture with words")
    picture = await ana.receives("The map", type="image")
    assert picture.content["image"]["link"].endswith("/mapa.png")
    await ana.says("say that was all")
    assert (await ana.receives()).text == "that was all"


async def test_a_picture_stands_over_its_buttons(show: RasaRun, ana: User) -> None:
    """Image and buttons of one response are one interactive message, whose buttons work."""
    await ask(ana, "picture with buttons")
    question = await ana.receives("Which?", type="interactive")
    assert question.content["interactive"]["header"]["image"]["link"].endswith("/mapa.png")
    await ana.taps("Option b")
    assert (await ana.receives()).text == "You chose b."


async def test_elements_are_a_carousel(show: RasaRun, ana: User) -> None:
    """Cards of one shape become a carousel, whose buttons bring their payloads."""
    await ask(ana, "cards")
    carousel = await ana.receives("Our courts", type="interactive")
    assert carousel.content["interactive"]["type"] == "carousel"
    await tap_all(ana, carousel)
    assert [(await ana.receives()).text for _ in range(2)] == ["You chose north.", "You chose south."]
    assert (await show.texts_heard(ana.phone))[1:] == [
        '/choose{"option": "north"}',
        '/choose{"option": "south"}',
    ]


async def test_attachment_objects_are_sound_film_and_file(ana: User) -> None:
    """Each of Rasa's attachment types becomes WhatsApp's, in the order of the responses."""
    await ask(ana, "attachments")
    sound = await ana.receives(type="audio")
    film = await ana.receives(type="video")
    file = await ana.receives(type="document")
    assert sound.content["audio"]["link"].endswith("/hymn.mp3")
    assert film.content["video"]["caption"] == "A tour"
    assert file.content["document"]["filename"] == "reglamento.pdf"


async def test_a_link_alone_is_a_link_button(ana: User) -> None:
    """A button with a url opens the page."""
    await ask(ana, "link")
    page = await ana.receives("Our page", type="interactive")
    assert page.content["interactive"]["type"] == "cta_url"
    assert page.content["interactive"]["action"]["parameters"] == {
        "display_text": "Open",
        "url": "https://club.example/",
    }


async def test_many_answers_of_one_turn_stay_in_order(ana: User) -> None:
    """Ten responses leave one after the other."""
    await ask(ana, "pages")
    assert [(await ana.receives()).text for _ in range(10)] == [f"Page {n}" for n in range(1, 11)]


async def test_a_reminder_reaches_the_person(ana: User) -> None:
    """A reminder that the turn has set goes off after the turn, over the same channel."""
    await ana.says("/remind")
    assert (await ana.receives()).text == "I will remind you."
    assert (await ana.receives()).text == "It is time to train."


async def test_a_slow_action_holds_up_nobody_else(
    show: RasaRun, ana: User, gate: Gate, person: Callable[[RasaRun], User]
) -> None:
    """WhatsApp has its 200 and others their answers while one turn takes its time; order is kept."""
    slow = await ana.says("/wait")
    opened = await gate.arrival()
    await ana.says("say me next")
    ben = person(show)
    await ben.says("say hello")
    assert (await ben.receives()).text == "hello"
    assert slow.status in ("delivered", "read")
    assert len(await show.heard(ben.phone)) == 1
    opened.set()
    assert [(await ana.receives()).text for _ in range(2)] == ["I have waited.", "me next"]


async def test_a_message_delivered_again_during_its_turn_is_one_turn(
    show: RasaRun, ana: User, gate: Gate
) -> None:
    """However often and however close together a webhook comes, its message is answered once."""
    await ana.says("/wait")
    opened = await gate.arrival()
    mine = [delivery for delivery in show.whatsapp.deliveries if ana.phone.encode() in delivery.body]
    again = await show.whatsapp.deliver(mine[0].body, times=5)
    assert [attempt.status for attempt in again.attempts] == [200] * 5
    opened.set()
    await ana.says("say and on")
    assert [(await ana.receives()).text for _ in range(2)] == ["I have waited.", "and on"]
    assert await show.texts_heard(ana.phone) == ["/wait", "say and on"]
