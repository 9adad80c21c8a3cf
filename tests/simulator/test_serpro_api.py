"""Serpro's face of the local WhatsApp: tokens, checks, requests, media and the account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from rasa_whatsapp import errors
from rasa_whatsapp.messages import (
    Button,
    Buttons,
    Document,
    Image,
    List,
    LocationRequest,
    Row,
    Section,
    Template,
    Text,
)
from rasa_whatsapp.serpro import SerproClient
from rasa_whatsapp.simulator import CLIENT_SECRET, PHONE_NUMBER_ID, WABA_ID, Simulator, User

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
MARIA = "5561999990001"


@pytest.fixture
async def serpro(bot) -> AsyncIterator[Simulator]:
    async with Simulator(
        port=0, provider="serpro", webhook_url=bot.url, status_delay=0, retry_after=(0,), seed=1
    ) as simulator:
        yield simulator


@pytest.fixture
async def client(serpro: Simulator) -> AsyncIterator[SerproClient]:
    async with SerproClient(PHONE_NUMBER_ID, CLIENT_SECRET, waba_id=WABA_ID, base_url=serpro.url) as client:
        yield client


@pytest.fixture
async def maria(serpro: Simulator) -> User:
    maria = serpro.user(MARIA)
    await maria.says("oi")
    return maria


# Tokens


async def test_a_token_lives_ten_minutes(serpro: Simulator, client: SerproClient) -> None:
    """An expired one is refused, and the client gets another without being told."""
    await client.phone_numbers()
    serpro.clock.advance(seconds=599)
    await client.phone_numbers()
    assert [call.status for call in serpro.calls] == [200, 200, 200]
    serpro.clock.advance(seconds=2)
    await client.phone_numbers()
    assert [call.status for call in serpro.calls][3:] == [401, 200, 200]
    assert serpro.calls[0].response == {"access_token": "…", "expires_in": 600, "token_type": "Bearer"}


async def test_the_lifetime_of_a_token_is_for_the_test_to_say(bot) -> None:
    """And the answer tells it."""
    async with Simulator(port=0, provider="serpro", webhook_url=bot.url, token_lifetime=5) as serpro:
        async with SerproClient(
            PHONE_NUMBER_ID, CLIENT_SECRET, waba_id=WABA_ID, base_url=serpro.url
        ) as client:
            await client.phone_numbers()
        assert serpro.calls[0].response["expires_in"] == 5


async def test_wrong_credentials(serpro: Simulator) -> None:
    """The typed error names them."""
    async with SerproClient(PHONE_NUMBER_ID, "wrong-secret", waba_id=WABA_ID, base_url=serpro.url) as client:
        with pytest.raises(errors.TokenError, match="client_secret"):
            await client.phone_numbers()


async def test_another_clients_number_and_account_are_not_reached(serpro: Simulator) -> None:
    """A token opens what it was given for."""
    for ids in ({"phone_number_id": "999"}, {"waba_id": "999"}):
        given = {"waba_id": WABA_ID, "base_url": serpro.url, **ids}
        async with SerproClient(PHONE_NUMBER_ID, CLIENT_SECRET, **given) as client:
            with pytest.raises(errors.PermissionDenied):
                await (client.phone_numbers() if "waba_id" in ids else client.send(Text("oi"), MARIA))


async def test_what_serpro_does_not_have(client: SerproClient) -> None:
    """A path that is none, or a kind of message."""
    for method, path in (
        ("GET", f"client/{PHONE_NUMBER_ID}/v2/conta"),
        ("POST", f"client/{PHONE_NUMBER_ID}/v2/requisicao/mensagem/figurinha"),
    ):
        with pytest.raises(errors.InvalidMessage, match="There is no"):
            await client.request(method, path)


# Messages


@pytest.mark.parametrize(
    ("message", "type_", "words"),
    [
        (Text("Veja https://example.org", preview_url=True), "text", "Veja https://example.org"),
        (Buttons("Concorda?", [Button("/sim", "Sim")]), "interactive", "Concorda?"),
        (
            List("Tema?", button="Ver", sections=[Section(rows=[Row("/s", "Saúde", "Postos")])]),
            "interactive",
            "Tema?",
        ),
        (LocationRequest("Onde?"), "interactive", "Onde?"),
        (Image(link="https://example.org/a.png", caption="Mapa"), "image", "Mapa"),
        (Document(link="https://example.org/a.pdf", filename="edital.pdf"), "document", "edital.pdf"),
        (Template("lembrete", "pt_BR", body=["3 dias"]), "template", "lembrete\n3 dias"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
async def test_every_kind_of_message_arrives(
    client: SerproClient, maria: User, message: Any, type_: str, words: str
) -> None:
    """As what the Cloud API would have shown."""
    await client.send(message, MARIA)
    assert (await maria.receives(type=type_)).text == words


async def test_buttons_and_rows_can_be_tapped(client: SerproClient, maria: User, bot) -> None:
    """Their ids come back as they were."""
    await client.send(Buttons("Concorda?", [Button('/vote{"v": 1}', "Sim")]), MARIA)
    await maria.receives()
    await maria.taps("Sim")
    rows = [Row("/s", "Saúde", "Postos")]
    await client.send(List("Tema?", button="Ver", sections=[Section(rows=rows)]), MARIA)
    await maria.receives()
    tapped = await maria.taps("Saúde")
    assert tapped.content["interactive"]["list_reply"] == {
        "id": "/s", "title": "Saúde", "description": "Postos"
    }  # fmt: skip


async def test_a_quoted_message(client: SerproClient, maria: User) -> None:
    """``message_id`` quotes."""
    quoted = maria.messages[0].id
    await client.send(Text("sim", reply_to=quoted), MARIA)
    assert (await maria.receives()).reply_to == quoted


async def test_a_template_for_several_people(client: SerproClient, serpro: Simulator) -> None:
    """One request, and a message for each; also for somebody who never wrote."""
    people = [serpro.user(MARIA), serpro.user("5561999990002")]
    sent = await client.send_template(Template("t", "pt_BR"), [person.phone for person in people])
    for person in people:
        await person.receives(type="template")
    report = await client.status(sent.id)
    assert (report["quantidadeMensagens"], report["aguardandoEnvio"]) == (2, [])


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("texto", {"body": "oi", "preview_url": False}, "destinatario"),
        ("texto", {"destinatario": "+5561999990001", "body": "oi"}, "destinatario"),
        ("texto", {"destinatario": MARIA, "body": ""}, "body"),
        ("texto", {"destinatario": MARIA, "body": "oi", "preview_url": True}, "URL"),
        ("texto", {"destinatario": MARIA, "texto": "oi"}, "texto"),
        ("texto", ["oi"], "JSON object"),
        ("interativa-botoes", {"destinatario": MARIA, "textoBody": "?", "buttons": []}, "buttons"),
        (
            "interativa-botoes",
            {"destinatario": MARIA, "textoBody": "?", "buttons": [{"id": "1", "titulo": "x" * 21}]},
            "titulo",
        ),
        ("interativa-botoes", {"destinatario": MARIA, "textoBody": "?", "buttons": [{"id": "1"}]}, "titulo"),
        (
            "interativa-lista",
            {
                "destinatario": MARIA,
                "textoBody": "?",
                "button": "Ver",
                "secoes": [{"rows": [{"id": str(n), "titulo": str(n)} for n in range(11)]}],
            },
            "11 items",
        ),
        (
            "interativa-lista",
            {
                "destinatario": MARIA,
                "textoBody": "?",
                "button": "Ver",
                "secoes": [{"rows": [{"id": str(n), "titulo": "x"}]} for n in range(2)],
            },
            "secoes",
        ),
        ("interativa-localizacao", {"destinatario": MARIA}, "textoBody"),
        ("media", {"destinatario": MARIA, "tipoMedia": "image"}, "idMedia"),
        ("media", {"destinatario": MARIA, "tipoMedia": "sticker", "linkMedia": "https://x.y/z"}, "tipoMedia"),
        ("media", {"destinatario": MARIA, "tipoMedia": "document", "linkMedia": "https://x.y/z"}, "filename"),
        (
            "media",
            {
                "destinatario": MARIA,
                "tipoMedia": "document",
                "linkMedia": "https://x.y/z",
                "filename": "z",
                "caption": "z",
            },
            "caption",
        ),
        ("media", {"destinatario": MARIA, "tipoMedia": "image", "idMedia": "1"}, "media file"),
        ("template", {"nomeTemplate": "t", "destinatarios": [MARIA]}, "wabaId"),
        ("template", {"nomeTemplate": "t", "wabaId": "1", "destinatarios": [MARIA]}, "wabaId"),
        ("template", {"nomeTemplate": "t", "wabaId": WABA_ID, "destinatarios": []}, "destinatarios"),
        (
            "template",
            {
                "nomeTemplate": "t",
                "wabaId": WABA_ID,
                "destinatarios": [MARIA],
                "body": {"parametros": [{"tipo": "text"}]},
            },
            "valor",
        ),
    ],
)
async def test_what_is_not_well_formed_is_refused(
    client: SerproClient, serpro: Simulator, kind: str, body: Any, said: str
) -> None:
    """With 400 and words that name the field; nothing is sent."""
    with pytest.raises(errors.GraphError, match=said):
        await client.request("POST", f"client/{PHONE_NUMBER_ID}/v2/requisicao/mensagem/{kind}", json=body)
    assert serpro.calls[-1].status == 400


# Requests


async def test_first_the_request_then_the_message(bot) -> None:
    """The answer names the request alone; WhatsApp's own id and the outcome come later."""
    async with (
        Simulator(port=0, provider="serpro", webhook_url=bot.url, status_delay=3600) as serpro,
        SerproClient(PHONE_NUMBER_ID, CLIENT_SECRET, base_url=serpro.url) as client,
    ):
        maria = serpro.user(MARIA)
        await maria.says("oi")
        sent = await client.send(Text("olá"), MARIA)
        report = await client.status(sent.id)
        assert (report["requisicoesEnvio"], report["aguardandoEnvio"]) == ([], [MARIA])
        serpro.clock.advance(seconds=3600)
        message = await maria.receives("olá")
        [item] = (await client.status(sent.id))["requisicoesEnvio"]
        assert (item["idMeta"], item["delivered"]) == (message.id, None)
        assert sent.id != message.id
    with pytest.raises(errors.NotSent):
        await client.status(sent.id)


async def test_a_report_tells_how_far_a_message_has_come(
    client: SerproClient, serpro: Simulator, maria: User
) -> None:
    """Sent, delivered, read, each with its time; and who knows no such request says so."""
    sent = await client.send(Text("olá"), MARIA)
    await serpro.settle()
    [item] = (await client.status(sent.id))["requisicoesEnvio"]
    assert item["sent"]
    assert item["delivered"]
    assert item["read"]
    assert item["failed"] is item["mensagemErro"] is None
    with pytest.raises(errors.InvalidMessage):
        await client.status("none")


async def test_a_refused_message_makes_nobody(client: SerproClient, serpro: Simulator, maria: User) -> None:
    """One recipient who is not to be is told at once; the others do not begin to exist by it."""
    recipients = ["5561999990009", serpro.account.display_phone_number]
    with pytest.raises(errors.WhatsAppError):
        await client.send_template(Template("t", "pt_BR"), recipients)
    assert "5561999990009" not in serpro.state.people


async def test_a_closed_window_is_told_afterwards(
    client: SerproClient, serpro: Simulator, maria: User
) -> None:
    """Serpro has accepted by then."""
    serpro.clock.advance(hours=25)
    sent = await client.send(Text("olá"), MARIA)
    await serpro.settle()
    [item] = (await client.status(sent.id))["requisicoesEnvio"]
    assert item["failed"]
    assert item["mensagemErro"].startswith("131047")


async def test_messages_keep_their_order(client: SerproClient, maria: User) -> None:
    """What was taken first arrives first."""
    for number in range(20):
        await client.send(Text(str(number)), MARIA)
    assert [(await maria.receives()).text for _ in range(20)] == [str(number) for number in range(20)]


async def test_faults_can_be_ordered(client: SerproClient, serpro: Simulator, maria: User) -> None:
    """As on the Cloud API: for the next sending calls, or for their outcome."""
    serpro.fail_next(130429, recipient=MARIA)
    with pytest.raises(errors.RateLimited):
        await client.send(Text("olá"), MARIA)
    serpro.fail_delivery(131026)
    sent = await client.send(Text("olá"), MARIA)
    await serpro.settle()
    [item] = (await client.status(sent.id))["requisicoesEnvio"]
    assert item["mensagemErro"].startswith("131026")


async def test_a_received_message_is_marked_as_read(client: SerproClient, maria: User) -> None:
    """And one that there is not, is not."""
    await client.mark_read(maria.messages[0].id)
    assert maria.messages[0].status == "read"
    with pytest.raises(errors.InvalidMessage):
        await client.mark_read("wamid.none")


# Media


async def test_a_file_there_and_back(client: SerproClient, maria: User, tmp_path) -> None:
    """Uploaded, sent by its id, and downloaded as bytes."""
    media_id = await client.upload(PNG, "image/png", "a.png")
    await client.send(Image(id=media_id, caption="Mapa"), MARIA)
    assert (await maria.receives(type="image")).content["image"]["id"] == media_id
    photo = await maria.sends_image(PNG)
    file = await client.download(photo.content["image"]["id"], tmp_path)
    assert (file.path.read_bytes(), file.mime_type) == (PNG, "image/png")
    with pytest.raises(errors.GraphError):
        await client.download("1", tmp_path)


async def test_an_upload_without_its_parts(serpro: Simulator, client: SerproClient) -> None:
    """``mediaType`` is required beside the file."""
    await client.phone_numbers()
    async with aiohttp.ClientSession() as session:
        async with session.post(
            f"{serpro.url}/oauth2/token", data={"client_id": PHONE_NUMBER_ID, "client_secret": CLIENT_SECRET}
        ) as answer:
            token = (await answer.json())["access_token"]
        async with session.post(
            f"{serpro.url}/client/{PHONE_NUMBER_ID}/v2/media",
            data={"file": PNG},
            headers={"Authorization": f"Bearer {token}"},
        ) as answer:
            assert (answer.status, list(await answer.json())) == (400, ["message"])


# The account


async def test_numbers_and_templates(client: SerproClient) -> None:
    """Listed as plain arrays; a template is made and deleted."""
    assert [number["id"] for number in await client.phone_numbers()] == [PHONE_NUMBER_ID]
    body = [{"type": "BODY", "text": "Olá {{1}}"}]
    await client.create_template(
        {"name": "lembrete", "language": "pt_BR", "category": "UTILITY", "components": body}
    )
    assert [template["name"] for template in await client.templates()] == ["hello_world", "lembrete"]
    await client.delete_template("lembrete")
    assert [template["name"] for template in await client.templates()] == ["hello_world"]
