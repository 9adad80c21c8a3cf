"""A project that only has the package installed tests its bot with the fixture ``whatsapp``."""

from __future__ import annotations

import pytest

from rasa_whatsapp.simulator import Simulator, Unexpected

pytest_plugins = ["pytester"]

BOT = """
import pytest
from aiohttp import ClientSession, web


@pytest.fixture
async def bot(whatsapp):
    async def webhook(request):
        for message in (await request.json())["entry"][0]["changes"][0]["value"].get("messages", ()):
            text = message["text"]["body"] if "text" in message else "tapped"
            buttons = [{"type": "reply", "reply": {"id": t, "title": t}} for t in ("Pileta", "Tenis")]
            body = {
                "messaging_product": "whatsapp",
                "to": "+" + message["from"],
                "type": "interactive",
                "interactive": {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}},
            }
            account = whatsapp.account
            url = f"{whatsapp.url}/v26.0/{account.phone_number_id}/messages"
            headers = {"Authorization": f"Bearer {account.access_token}"}
            async with ClientSession() as session, session.post(url, json=body, headers=headers):
                pass
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhook", webhook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    whatsapp.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    yield
    await runner.cleanup()


async def test_a_conversation(whatsapp, bot):
    maria = whatsapp.user("+54 9 11 5555-0001")
    await maria.says("Hola")
    await maria.expects("Hola", buttons=["Pileta", "Tenis"])
    await maria.taps("Tenis")
    await maria.expects("tapped", type="button")


@pytest.mark.whatsapp(verified_name="El club", provider="serpro")
async def test_options(whatsapp):
    assert (whatsapp.account.verified_name, whatsapp.provider) == ("El club", "serpro")
"""


def test_the_fixture_is_there_without_a_line_of_configuration(pytester: pytest.Pytester) -> None:
    """In a project of its own, with pytest-asyncio in its automatic mode."""
    pytester.makepyfile(BOT)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-o", "asyncio_mode=auto")
    result.assert_outcomes(passed=2)


MODES = """
import pytest


@pytest.mark.whatsapp(verified_name="El club")
async def test_unmarked(whatsapp):
    assert whatsapp.account.verified_name == "El club"


class TestClub:
    async def test_method(self, whatsapp):
        assert whatsapp.url

    async def test_method_by_way_of_a_fixture(self, maria):
        assert maria.name == "María"


@pytest.fixture
def maria(whatsapp):
    return whatsapp.user("+54 9 11 5555-0001", name="María")


@pytest.mark.parametrize("words", ["hola", "chau"])
async def test_by_way_of_a_fixture(maria, words):
    assert (await maria.says(words)).text == words


@pytest.mark.asyncio(loop_scope="function")
async def test_marked(whatsapp, request):
    assert [mark.kwargs for mark in request.node.iter_markers("asyncio")][0] == {"loop_scope": "function"}
"""


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_it_works_in_either_mode_of_pytest_asyncio(pytester: pytest.Pytester, mode: str) -> None:
    """Strict is what a project has that says nothing; a mark of the test's own stays as it is."""
    pytester.makepyfile(MODES)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-o", f"asyncio_mode={mode}")
    result.assert_outcomes(passed=6)


@pytest.mark.parametrize(
    ("content", "expected", "says"),
    [
        ({"type": "text", "text": {"body": "Hola"}}, {"text": "Chau"}, "expected 'Chau'"),
        ({"type": "text", "text": {"body": "Hola"}}, {"type": "image"}, "a message of type image"),
        ({"type": "text", "text": {"body": "Hola"}}, {"buttons": ["Sí"]}, "the buttons"),
        ({"type": "text", "text": {"body": "Hola"}}, {"list_with": "Tenis"}, "a list with"),
    ],
)
async def test_what_was_not_expected_is_told(
    simulator: Simulator, content: dict[str, object], expected: dict[str, object], says: str
) -> None:
    """The error shows what came instead, and the conversation."""
    maria = simulator.user("+5561999990001")
    await maria.says("oi")
    person = simulator.state.people["5561999990001"]
    simulator._parts.network.send_to_person(person, dict(content))
    with pytest.raises(Unexpected, match=says) as caught:
        await maria.expects(**expected)  # type: ignore[arg-type]
    assert "user: oi" in str(caught.value)
