"""What a Flow's form does while it is filled in: what it asks for, drops, keeps, and sends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from driver import Locator, Page, expect
from every_component import Spec, footer, screen, to
from every_message import png
from flow_bot import client_with_key, endpoint_of
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp import events
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.flows import (
    FlowHandlers,
    FlowRequest,
    FlowResponse,
)
from rasa_whatsapp.messages import Flow
from rasa_whatsapp.simulator import Simulator

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHOTO: Any = {"name": "yo.png", "mimeType": "image/png", "buffer": png()}
NAME = {"type": "TextInput", "name": "name", "label": "Name", "required": True}
VISIT = {"visit": {"type": "string", "__example__": "Visit 1"}}
SOMEBODY_ELSE = {"type": "OptIn", "name": "other", "label": "Someone else"}


@pytest_asyncio.fixture(loop_scope="session")
async def client(whatsapp: Simulator) -> AsyncIterator[CloudClient]:
    async with client_with_key(whatsapp) as client:
        yield client


class Form:
    """Opens a Flow on the page, and reads what the bot gets."""

    def __init__(self, page: Page, bot: ScriptedBot, client: CloudClient) -> None:
        self.page = page
        self._bot = bot
        self._client = client

    async def open(
        self, *children: Spec, payload: Spec | None = None, version: str = "7.1", **more: Any
    ) -> Locator:
        """A Flow of one screen with these components and a Footer that sends the payload."""
        end = footer("Send", {"name": "complete", "payload": payload or {}})
        return await self.show(
            [screen("ONE", *children, end, terminal=True, data=more.get("schema", {}))],
            version=version,
            data=more.get("data"),
        )

    async def show(
        self,
        screens: list[Spec],
        *,
        version: str = "7.1",
        data: Spec | None = None,
        endpoint: str = "",
        **more: Any,
    ) -> Locator:
        made = await self._client.flows.create(
            "form", json=json.dumps({"version": version, "screens": screens, **more}), endpoint_uri=endpoint
        )
        assert made.validation_errors == (), made.validation_errors
        await self._client.flows.publish(made.id)
        begin: Any = {"action": "data_exchange"} if endpoint else {"screen": screens[0]["id"]}
        message = Flow(
            "?", "Open", flow_name="form", flow_token="t", **begin, **({"data": data} if data else {})
        )
        await self._client.send(message, f"+{MARIA}")
        await self.page.get_by_role("button", name="Open").click()
        sheet = self.page.get_by_role("dialog")
        await expect(sheet).to_be_visible()
        return sheet

    async def sent(self) -> dict[str, Any]:
        """Send the form; the answers that the bot gets, without the token."""
        await self.page.get_by_role("button", name="Send", exact=True).click()
        await expect(self.page.get_by_role("dialog")).to_have_count(0)
        await self._bot.heard(1)
        reply = self._bot.events[-1]
        assert isinstance(reply, events.FlowReply)
        return {name: value for name, value in reply.answers.items() if name != "flow_token"}


@pytest.fixture
def form(page: Page, bot: ScriptedBot, client: CloudClient) -> Form:
    return Form(page, bot, client)


async def test_enter_twice_asks_once(form: Form, asked: list[FlowRequest], endpoint: str) -> None:
    """While the endpoint is asked nothing more is taken, from the keyboard either."""
    one = screen(
        "ONE",
        {"type": "TextBody", "text": "${data.visit}"},
        {
            "type": "Form",
            "name": "f",
            "children": [NAME, footer("Go", {"name": "data_exchange", "payload": {}})],
        },
        data=VISIT,
        terminal=True,
    )
    sheet = await form.show([one], endpoint=endpoint, data_api_version="3.0", routing_model={"ONE": []})
    await sheet.get_by_label("Name").fill("Ana")
    await form.page.evaluate(
        "() => { for (const _ of [1, 2]) document.querySelector('.flow-stage form').requestSubmit(); }"
    )
    await expect(sheet.get_by_text("Visit 2")).to_be_visible()
    assert [request.action for request in asked] == ["INIT", "data_exchange"]


# --- back ---


@pytest_asyncio.fixture(loop_scope="session")
async def asked() -> list[FlowRequest]:
    """What the endpoint was asked."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def endpoint(asked: list[FlowRequest]) -> AsyncIterator[str]:
    """An endpoint that counts how often the first screen is shown."""
    handlers = FlowHandlers()

    @handlers.on()
    async def answer(request: FlowRequest) -> FlowResponse:
        asked.append(request)
        return FlowResponse(screen="ONE", data={"visit": f"Visit {len(asked)}"})

    async with endpoint_of(handlers, {"t": "form"}) as url:
        yield url


@pytest.mark.parametrize("on", ["the screen that is left", "the screen before"])
async def test_back_asks_the_endpoint_where_the_screen_that_is_left_wants_it(
    form: Form, asked: list[FlowRequest], endpoint: str, on: str
) -> None:
    """``refresh_on_back`` belongs to the screen from which somebody goes back, and BACK names that screen."""
    refresh = {"refresh_on_back": True}
    first = screen(
        "ONE",
        {"type": "TextBody", "text": "${data.visit}"},
        NAME,
        footer("Next", to("TWO")),
        data=VISIT,
        **(refresh if on == "the screen before" else {}),
    )
    last = screen(
        "TWO",
        footer("Send", {"name": "complete", "payload": {}}),
        terminal=True,
        **(refresh if on == "the screen that is left" else {}),
    )
    last["layout"]["children"].insert(0, {"type": "TextHeading", "text": "Almost there"})
    routes = {"ONE": ["TWO"], "TWO": []}
    sheet = await form.show([first, last], endpoint=endpoint, data_api_version="3.0", routing_model=routes)
    await sheet.get_by_label("Name").fill("Ana")
    for back in range(2):
        await sheet.get_by_role("button", name="Next").click()
        await expect(sheet.get_by_text("Almost there")).to_be_visible()
        await sheet.get_by_role("button", name="Back", exact=True).click()
        count = 2 + back if on == "the screen that is left" else 1
        await expect(sheet.get_by_text(f"Visit {count}")).to_be_visible()
        await expect(sheet.get_by_label("Name")).to_have_value("Ana")
    backs = [(request.action, request.screen) for request in asked[1:]]
    assert backs == ([("BACK", "TWO")] * 2 if on == "the screen that is left" else [])


async def test_a_next_screen_is_not_shown_when_whatsapp_is_away(form: Form, whatsapp: Simulator) -> None:
    """What went wrong stays in view, and what was filled in with it."""
    sheet = await form.show(
        [
            screen(
                "ONE",
                {"type": "TextInput", "name": "name", "label": "Name", "required": True},
                footer("Next", to("TWO")),
            ),
            screen("TWO", footer("Send", {"name": "complete", "payload": {}}), terminal=True),
        ]
    )
    await sheet.get_by_label("Name").fill("Ana")
    await form.page.context.route("**/control/flows/**", lambda route: route.abort("connectionrefused"))
    await sheet.get_by_role("button", name="Next").click()
    await expect(sheet.locator(".flow-note")).to_be_visible()
    await expect(sheet.get_by_label("Name")).to_have_value("Ana")


# --- what is hidden ---

HIDDEN = {
    "If": {
        "type": "If",
        "condition": "${form.other}",
        "then": [{"type": "TextInput", "name": "who", "label": "Who", "required": True}],
    },
    "Switch": {
        "type": "Switch",
        "value": "${form.other}",
        "cases": {
            "true": [{"type": "TextInput", "name": "who", "label": "Who", "required": True}],
            "false": [{"type": "TextBody", "text": "Nobody"}],
        },
    },
    "visible": {
        "type": "TextInput",
        "name": "who",
        "label": "Who",
        "required": True,
        "visible": "`${form.other}`",
    },
}


@pytest.mark.parametrize("by", HIDDEN)
async def test_an_input_that_is_hidden_is_neither_required_nor_sent(form: Form, by: str) -> None:
    """Shown, filled in and hidden again: the form can be sent without it, and it comes back as it was."""
    payload = {"other": "${form.other}", "who": "${form.who}"}
    sheet = await form.open(SOMEBODY_ELSE, HIDDEN[by], payload=payload)
    send, other, who = (
        sheet.get_by_role("button", name="Send", exact=True),
        sheet.get_by_label("Someone else"),
        sheet.get_by_label("Who"),
    )
    await expect(send).to_be_enabled()
    await other.check()
    await expect(who).to_be_visible()
    await expect(send).to_be_disabled()
    await who.fill("Ana")
    await expect(send).to_be_enabled()
    await other.uncheck()
    await expect(who).to_be_hidden()
    await other.check()
    await expect(who).to_have_value("Ana")
    await other.uncheck()
    assert await form.sent() == {"other": False}


# --- choices ---


def option(id: str, title: str, **actions: Spec) -> Spec:
    named = {
        f"on-{name}-action": {"name": "update_data", "payload": value} for name, value in actions.items()
    }
    return {"id": id, "title": title, **named}


def example(value: Any, items: bool = False) -> Spec:
    if not items:
        return {"type": "boolean", "__example__": value}
    properties = {"id": {"type": "string"}, "title": {"type": "string"}}
    return {"type": "array", "items": {"type": "object", "properties": properties}, "__example__": value}


@pytest.mark.parametrize("kind", ["Dropdown", "RadioButtonsGroup"])
async def test_another_country_takes_state_and_pincode_away(form: Form, kind: str) -> None:
    """The country before it is unselected by that, and a state that is not offered any more is not sent."""
    new_york = option("ny", "New York", select={"pins": [option("10005", "10005")], "pins_shown": True})
    countries = [
        option(
            "1",
            "USA",
            select={"states": [new_york], "states_shown": True},
            unselect={"states_shown": False, "pins": [], "pins_shown": False},
        ),
        option("2", "Canada", select={"states": [option("on", "Ontario")], "states_shown": True}),
    ]
    sheet = await form.open(
        {"type": kind, "name": "country", "label": "Country", "data-source": countries},
        {
            "type": kind,
            "name": "state",
            "label": "State",
            "data-source": "${data.states}",
            "visible": "${data.states_shown}",
        },
        {
            "type": kind,
            "name": "pin",
            "label": "Pincode",
            "data-source": "${data.pins}",
            "visible": "${data.pins_shown}",
        },
        payload={"c": "${form.country}", "s": "${form.state}", "p": "${form.pin}"},
        schema={
            "states": example([], items=True),
            "states_shown": example(False),
            "pins": example([], items=True),
            "pins_shown": example(False),
        },
        data={"states": [], "states_shown": False, "pins": [], "pins_shown": False},
    )

    async def choose(title: str) -> None:
        if kind == "Dropdown":
            await sheet.locator("select", has=form.page.locator("option", has_text=title)).select_option(
                title
            )
        else:
            await sheet.get_by_role("radio", name=title).check()

    for title in ("USA", "New York", "10005"):
        await choose(title)
    pins = sheet.get_by_text("Pincode")
    await expect(pins.first).to_be_visible()
    await choose("Canada")
    await expect(pins.first).to_be_hidden()
    assert await form.sent() == {"c": "2", "s": ""}


# --- files ---


async def test_files_stay_when_the_screen_changes_and_when_somebody_comes_back(form: Form) -> None:
    """By an update, and by a way to the screen before."""
    sheet = await form.show(
        [
            screen(
                "ONE",
                {"type": "TextHeading", "text": "First"},
                footer("Next", to("TWO", words="A photo")),
            ),
            screen(
                "TWO",
                {
                    "type": "OptIn",
                    "name": "agree",
                    "label": "I agree",
                    "on-select-action": {"name": "update_data", "payload": {"words": "Another photo"}},
                },
                {
                    "type": "PhotoPicker",
                    "name": "photo",
                    "label": "${data.words}",
                    "max-uploaded-photos": 2,
                    "min-uploaded-photos": 1,
                },
                footer("Send", {"name": "complete", "payload": {"photo": "${form.photo}"}}),
                terminal=True,
                data={"words": {"type": "string", "__example__": "A photo"}},
            ),
        ]
    )
    sheet_next = sheet.get_by_role("button", name="Next")
    await sheet_next.click()
    await sheet.locator("input[type=file]").set_input_files(PHOTO)
    files = sheet.get_by_role("listitem")
    await expect(files).to_have_text(["yo.pngRemove"])
    await sheet.get_by_label("I agree").check()
    await expect(sheet.get_by_text("Another photo")).to_be_visible()
    await expect(files).to_have_text(["yo.pngRemove"])
    await sheet.get_by_role("button", name="Back", exact=True).click()
    await expect(sheet.get_by_text("First")).to_be_visible()
    await sheet_next.click()
    await expect(files).to_have_text(["yo.pngRemove"])
    [photo] = (await form.sent())["photo"]
    assert photo["file_name"] == "yo.png"


async def test_a_file_that_is_refused_is_not_picked(form: Form) -> None:
    """The others are, and what was wrong is read beside them."""
    sheet = await form.open(
        {"type": "DocumentPicker", "name": "file", "label": "Document", "max-uploaded-documents": 3},
        payload={"file": "${form.file}"},
    )
    empty: Any = {"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b""}
    good: Any = {"name": "good.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    await sheet.locator("input[type=file]").set_input_files([empty, good])
    await expect(sheet.get_by_role("listitem")).to_have_text(["good.pdfRemove"])
    await expect(sheet.locator(".flow-wrong")).not_to_be_empty()
    assert [file["file_name"] for file in (await form.sent())["file"]] == ["good.pdf"]


async def test_a_file_that_is_too_large_is_told(form: Form) -> None:
    sheet = await form.open(
        {"type": "DocumentPicker", "name": "file", "label": "Document", "max-file-size-kb": 1},
    )
    large: Any = {"name": "large.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4" * 1000}
    await sheet.locator("input[type=file]").set_input_files(large)
    await expect(sheet.get_by_text("large.pdf is too large.")).to_be_visible()


# --- what is typed ---


@pytest.mark.parametrize(
    ("spec", "wrong", "told", "right", "sent"),
    [
        (
            {"pattern": r"\d{3}\.\d{3}\.\d{3}\-\d{2}", "helper-text": "CPF"},
            "nonsense",
            "The format is not valid.",
            "111.444.777-35",
            "111.444.777-35",
        ),
        (
            {"input-type": "number", "max-chars": 4},
            "123456789",
            "Type at most 4 characters.",
            "1234",
            1234,
        ),
        ({"input-type": "number", "min-chars": 3}, "12", "Type at least 3 characters.", "123", 123),
        ({"input-type": "passcode"}, "abcd", "Type digits only.", "0123", "0123"),
    ],
    ids=["a pattern with an escape", "a long number", "a short number", "a passcode"],
)
async def test_what_is_typed_is_checked(
    form: Form, spec: Spec, wrong: str, told: str, right: str, sent: str | int
) -> None:
    """What breaks a rule of the Flow is told and not sent."""
    sheet = await form.open(
        {"type": "TextInput", "name": "typed", "label": "Typed", "required": True, **spec},
        payload={"typed": "${form.typed}"},
    )
    await sheet.get_by_label("Typed").fill(wrong)
    await sheet.get_by_role("button", name="Send", exact=True).click()
    await expect(sheet.get_by_text(told)).to_be_visible()
    await expect(sheet.get_by_label("Typed")).to_be_focused()
    await sheet.get_by_label("Typed").fill(right)
    assert await form.sent() == {"typed": sent}


async def test_a_pattern_that_is_none_is_told(form: Form) -> None:
    """A form must not be stuck, and nobody may think that it is checked."""
    sheet = await form.open(
        {
            "type": "TextInput",
            "name": "typed",
            "label": "Typed",
            "pattern": "(?P<word>[a-z]+)",
            "helper-text": "As you like.",
        },
        payload={"typed": "${form.typed}"},
    )
    await expect(sheet.get_by_text("nothing is checked: (?P<word>[a-z]+)")).to_be_visible()
    await sheet.get_by_label("Typed").fill("12")
    assert await form.sent() == {"typed": "12"}


@pytest.mark.parametrize(("version", "day"), [("4.0", "1796083200000"), ("5.0", "2026-12-01")])
async def test_a_day_is_sent_as_the_version_has_it(form: Form, version: str, day: str) -> None:
    """Before Flow JSON 5.0 a DatePicker's value is a text of milliseconds."""
    sheet = await form.open(
        {"type": "DatePicker", "name": "day", "label": "Day"}, payload={"day": "${form.day}"}, version=version
    )
    await sheet.get_by_label("Day").fill("2026-12-01")
    assert await form.sent() == {"day": day}


async def test_the_endpoint_marks_an_input_outside_a_form(form: Form) -> None:
    """By ``error-message``; it goes when somebody types, and stays away."""
    sheet = await form.open(
        {"type": "TextInput", "name": "code", "label": "Code", "error-message": "${data.wrong}"},
        {"type": "TextInput", "name": "name", "label": "Name"},
        schema={"wrong": {"type": "string", "__example__": ""}},
        data={"wrong": "Not a code"},
    )
    await expect(sheet.get_by_text("Not a code")).to_be_visible()
    await sheet.get_by_label("Code").fill("1")
    await expect(sheet.get_by_text("Not a code")).to_have_count(0)
    await sheet.get_by_label("Name").fill("Ana")
    await expect(sheet.get_by_text("Not a code")).to_have_count(0)


# --- what depends on what is filled in ---


async def test_an_input_follows_the_others(form: Form) -> None:
    """Its label, and whether it is required and enabled, are expressions; what is typed meanwhile stays."""
    sheet = await form.open(
        {"type": "OptIn", "name": "company", "label": "Company"},
        {
            "type": "TextInput",
            "name": "name",
            "label": "`'Name ' ${form.name}`",
            "required": "`${form.company}`",
            "enabled": "`${form.company}`",
        },
        {"type": "TextInput", "name": "last", "label": "Last"},
        payload={"name": "${form.name}"},
    )
    name, send = sheet.locator("input[type=text]").first, sheet.get_by_role("button", name="Send", exact=True)
    await expect(name).to_be_disabled()
    await expect(send).to_be_enabled()
    await sheet.get_by_label("Company").check()
    await expect(name).to_be_enabled()
    await expect(send).to_be_disabled()
    await name.press_sequentially("Ana")
    await expect(name).to_be_focused()
    await expect(name).to_have_value("Ana")
    await sheet.get_by_label("Last").focus()
    await expect(sheet.get_by_text("Name Ana", exact=True)).to_be_visible()
    await expect(sheet.get_by_label("Last")).to_be_focused()
    assert await form.sent() == {"name": "Ana"}


async def test_by_nothing_it_is_nothing(form: Form) -> None:
    """Meta's expressions give 0 for a division by zero, and for its remainder."""
    sheet = await form.open(
        {"type": "TextInput", "name": "n", "label": "N", "input-type": "number"},
        {"type": "TextBody", "text": "`'Half: ' (${form.n} / 0) ' rest: ' (${form.n} % 0)`"},
    )
    await sheet.get_by_label("N", exact=False).fill("7")
    await expect(sheet.get_by_text("Half: 0 rest: 0")).to_be_visible()


@pytest.mark.parametrize("label", ["I agree", "Tennis", "Court"])
async def test_an_update_leaves_the_focus_where_it_is(form: Form, label: str) -> None:
    """Also when what has the focus is itself drawn anew."""
    update = {"name": "update_data", "payload": {"words": "After"}}
    sheet = await form.open(
        {"type": "TextBody", "text": "${data.words}"},
        {"type": "OptIn", "name": "agree", "label": "I agree", "required": True, "on-select-action": update},
        {
            "type": "CheckboxGroup",
            "name": "sports",
            "label": "Sports",
            "description": "${data.words} of sports",
            "data-source": [option("1", "Chess"), option("2", "Tennis")],
            "on-select-action": update,
        },
        {
            "type": "Dropdown",
            "name": "court",
            "label": "Court",
            "data-source": "${data.courts}",
            "on-select-action": {
                "name": "update_data",
                "payload": {"words": "After", "courts": [option("1", "One"), option("2", "Two")]},
            },
        },
        schema={
            "words": {"type": "string", "__example__": "Before"},
            "courts": example([option("1", "One")], items=True),
        },
        data={"words": "Before", "courts": [option("1", "One")]},
    )
    chosen = sheet.get_by_label(label)
    await chosen.focus()
    if label == "Court":
        await form.page.keyboard.press("ArrowDown")
    else:
        await form.page.keyboard.press("Space")
    await expect(sheet.get_by_text("After", exact=True)).to_be_visible()
    await expect(chosen).to_be_focused()
    if label == "Court":
        await expect(chosen).to_have_value("1")
    else:
        await expect(chosen).to_be_checked()


# --- what cannot be drawn ---


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"type": "ImageCarousel", "images": "${data.given}"}, "images is ${data.given}, which is nothing."),
        (
            {"type": "Dropdown", "name": "n", "label": "N", "data-source": "${data.given}"},
            "data-source is ${data.given}, which is nothing.",
        ),
    ],
    ids=["ImageCarousel", "Dropdown"],
)
async def test_a_component_that_cannot_be_drawn_says_why(form: Form, spec: Spec, told: str) -> None:
    """Which one, and which value; the rest of the screen is there."""
    sheet = await form.open(
        {"type": "TextHeading", "text": "Hello"},
        spec,
        schema={"given": {"type": "array", "items": {"type": "object", "properties": {}}, "__example__": []}},
        data={"given": None},
    )
    await expect(sheet.get_by_text("Hello")).to_be_visible()
    await expect(sheet.get_by_text(f"{spec['type']} cannot be drawn: {told}")).to_be_visible()
    await form.sent()
