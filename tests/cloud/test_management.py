"""Managing an account and its number, against the local WhatsApp: what is set can be read again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.cloud.management import Command, SubscribedApp
from rasa_whatsapp.errors import AccountProblem, GraphError
from rasa_whatsapp.simulator import ACCESS_TOKEN, PHONE_NUMBER_ID, VERIFY_TOKEN, WABA_ID, Simulator

URL = "https://bot.example.com/webhooks/whatsapp/webhook"
GREETING = {
    "name": "greeting",
    "language": "pt_BR",
    "category": "UTILITY",
    "components": [
        {"type": "BODY", "text": "Olá, {{1}} 👋", "example": {"body_text": [["Ana"]]}},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Começar"}]},
    ],
}


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(port=0, webhook_url="") as simulator:
        yield simulator


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[CloudClient]:
    async with CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, waba_id=WABA_ID, base_url=simulator.url) as client:
        yield client


async def test_a_template_from_its_creation_to_its_end(client: CloudClient) -> None:
    """It is handed in, found, looked at, changed and deleted."""
    made = await client.templates.create(GREETING)
    assert (made.name, made.language, made.status) == ("greeting", "pt_BR", "APPROVED")
    assert await client.templates.status("greeting") == {"pt_BR": "APPROVED"}
    assert (await client.templates.get(made.id)).components == tuple(GREETING["components"])

    await client.templates.edit(made.id, components=[{"type": "BODY", "text": "Olá"}], category="MARKETING")
    changed = await client.templates.get(made.id)
    assert (changed.category, changed.components[0]["text"]) == ("MARKETING", "Olá")

    await client.templates.delete("greeting")
    assert await client.templates.status("greeting") == {}


async def test_one_language_of_a_template_is_deleted(client: CloudClient) -> None:
    """The other languages stay."""
    portuguese = await client.templates.create(GREETING)
    await client.templates.create({**GREETING, "language": "en_US"})
    await client.templates.delete("greeting", template_id=portuguese.id)
    assert await client.templates.status("greeting") == {"en_US": "APPROVED"}


async def test_a_list_of_any_length_comes_whole(client: CloudClient) -> None:
    """Pages are asked for one after the other, each template comes once, filters hold on every page."""
    for number in range(120):
        await client.templates.create({**GREETING, "name": f"greeting_{number:03}"})
    names = [template.name async for template in client.templates.list(category="UTILITY")]
    assert names == ["hello_world", *(f"greeting_{number:03}" for number in range(120))]
    assert [each.name async for each in client.templates.list(language="en_US")] == ["hello_world"]


async def test_the_business_profile_is_changed_field_by_field(client: CloudClient) -> None:
    """What is not given stays; an empty text clears."""
    await client.profile.update(about="Clube", email="oi@clube.example", websites=["https://clube.example"])
    await client.profile.update(email="", vertical="RETAIL")
    profile = await client.profile.get()
    assert (profile.about, profile.email, profile.vertical) == ("Clube", "", "RETAIL")
    assert profile.websites == ("https://clube.example",)


async def test_the_numbers_of_the_account(client: CloudClient) -> None:
    """The list and the single number tell the same."""
    (number,) = [number async for number in client.numbers.list()]
    assert number == await client.numbers.get() == await client.numbers.get(PHONE_NUMBER_ID)
    assert (number.id, number.quality_rating, number.throughput) == (
        PHONE_NUMBER_ID,
        "GREEN",
        {"level": "STANDARD"},
    )


async def test_a_number_is_verified_and_registered(client: CloudClient) -> None:
    """From the code to the PIN; a wrong PIN is told, and is not in the error."""
    await client.numbers.set_pin("424242")
    await client.numbers.deregister()
    assert (await client.numbers.get()).status == "DISCONNECTED"
    await client.numbers.request_code("VOICE", "pt_BR")
    await client.numbers.verify_code("123-456")
    with pytest.raises(AccountProblem) as refused:
        await client.numbers.register("111111")
    assert refused.value.code == 133005
    await client.numbers.register("424242", data_localization_region="BR")
    assert (await client.numbers.get()).status == "CONNECTED"


async def test_qr_codes(client: CloudClient) -> None:
    """A printed code keeps working when its text changes, until it is deleted."""
    made = await client.qr_codes.create("Quero me associar", image="SVG")
    assert made.qr_image_url
    assert made.deep_link_url
    await client.qr_codes.update(made.code, "Quero jogar")
    assert (await client.qr_codes.get(made.code)).prefilled_message == "Quero jogar"
    assert [each.code async for each in client.qr_codes.list()] == [made.code]
    await client.qr_codes.delete(made.code)
    assert [each async for each in client.qr_codes.list()] == []
    assert (await client.qr_codes.get(made.code)).code == ""


async def test_the_block_list(simulator: Simulator, client: CloudClient) -> None:
    """By phone in any form, or by user id; no full number in a repr."""
    for person in (simulator.user("5561999990001"), simulator.user(user_id="BR.409")):
        await person.says("oi")
    await client.blocked.add("+55 (61) 99999-0001")
    await client.blocked.add("BR.409")
    people = [person async for person in client.blocked.list()]
    assert [(person.wa_id, person.user_id) for person in people] == [("5561999990001", ""), ("", "BR.409")]
    assert "99999" not in repr(people)
    await client.blocked.remove("5561999990001")
    assert [person.user_id async for person in client.blocked.list()] == ["BR.409"]


async def test_ice_breakers_and_commands(client: CloudClient) -> None:
    """Each is replaced alone; an empty list takes all away."""
    assert (await client.automation.get()).prompts == ()
    commands = [Command("ajuda", "O que posso fazer"), Command("sair", "Terminar")]
    await client.automation.set(prompts=["Quero jogar tênis", "Mensalidade"], commands=commands)
    await client.automation.set(prompts=[])
    automation = await client.automation.get()
    assert (automation.prompts, automation.commands) == ((), tuple(commands))


async def test_webhooks_go_to_the_override_of_the_nearest_level(client: CloudClient) -> None:
    """The number's address is before the account's; each is taken away alone."""
    await client.webhooks.override_account(URL, VERIFY_TOKEN)
    assert (await client.webhooks.addresses()).in_use == URL
    await client.webhooks.override_number(f"{URL}/number", VERIFY_TOKEN)
    assert (await client.webhooks.addresses()).in_use == f"{URL}/number"
    (app,) = [app async for app in client.webhooks.apps()]
    assert isinstance(app, SubscribedApp)
    assert app.override_callback_uri == URL
    await client.webhooks.clear_number()
    await client.webhooks.subscribe()
    assert (await client.webhooks.addresses()).in_use == ""
    await client.webhooks.unsubscribe()
    assert [app async for app in client.webhooks.apps()] == []


async def test_an_address_that_does_not_know_the_verify_token(client: CloudClient) -> None:
    """Meta refuses it; the token stays out of the error."""
    with pytest.raises(GraphError) as refused:
        await client.webhooks.override_number(URL, "another-token")
    assert "another-token" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/hook", "ws://localhost/hook", "https://", "//localhost/hook"]
)
async def test_an_address_that_is_none_of_the_web(
    client: CloudClient, simulator: Simulator, url: str
) -> None:
    """Meta would never post there."""
    async with ClientSession(headers={"Authorization": f"Bearer {ACCESS_TOKEN}"}) as session:
        override = {"override_callback_uri": url, "verify_token": VERIFY_TOKEN}
        for path, body in (
            (f"{WABA_ID}/subscribed_apps", override),
            (PHONE_NUMBER_ID, {"webhook_configuration": override}),
        ):
            async with session.post(f"{simulator.url}/v26.0/{path}", json=body) as response:
                assert (await response.json())["error"]["code"] == 100
    assert (await client.webhooks.addresses()).in_use == ""


async def test_the_public_key_of_flows(client: CloudClient) -> None:
    """What was set can be compared with the key on the disk."""
    assert (await client.encryption.public_key()).pem == ""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    await client.encryption.set_public_key(pem)
    known = await client.encryption.public_key()
    assert (known.pem, known.status) == (pem, "VALID")


async def test_the_username(client: CloudClient) -> None:
    """It is claimed and given up; Meta has suggestions."""
    assert (await client.username.get()).username == ""
    assert "local_whatsapp" in await client.username.suggestions()
    claimed = await client.username.set("local_whatsapp")
    assert (claimed.username, claimed.status) == ("local_whatsapp", "approved")
    assert await client.username.get() == claimed
    await client.username.delete()
    assert (await client.username.get()).username == ""
