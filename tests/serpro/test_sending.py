"""Every message as Serpro gets it, and what its answers mean."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web
from fake_serpro import PERSON, SECRET, WABA, calling

from rasa_whatsapp import errors
from rasa_whatsapp.messages import (
    Audio,
    Button,
    Buttons,
    Currency,
    DateTime,
    Document,
    Gif,
    Image,
    List,
    Location,
    LocationRequest,
    Message,
    QuickReplyButton,
    Row,
    Section,
    Template,
    Text,
    Video,
)
from rasa_whatsapp.serpro.payload import recipient, wrap, wrap_template

SENT = [
    (Text("Olá!"), "texto", {"preview_url": False, "body": "Olá!"}),
    (
        Text("veja https://ej.org", preview_url=True),
        "texto",
        {"preview_url": True, "body": "veja https://ej.org"},
    ),
    (Text("sem endereço", preview_url=True), "texto", {"preview_url": False, "body": "sem endereço"}),
    (
        Text("cito", reply_to="wamid.X"),
        "texto",
        {"preview_url": False, "body": "cito", "message_id": "wamid.X"},
    ),
    (
        Buttons("Concorda?", [Button('/vote{"v":1}', "Concordo"), Button('/vote{"v":-1}', "Discordo")]),
        "interativa-botoes",
        {
            "textoBody": "Concorda?",
            "buttons": [
                {"id": '/vote{"v":1}', "titulo": "Concordo"},
                {"id": '/vote{"v":-1}', "titulo": "Discordo"},
            ],
        },
    ),
    (
        List(
            "Escolha um tema",
            "Ver opções",
            [Section(title="Temas", rows=[Row("a", "Saúde", "Postos"), Row("b", "Educação")])],
        ),
        "interativa-lista",
        {
            "textoBody": "Escolha um tema",
            "button": "Ver opções",
            "secoes": [
                {
                    "titulo": "Temas",
                    "rows": [
                        {"id": "a", "titulo": "Saúde", "descricao": "Postos"},
                        {"id": "b", "titulo": "Educação"},
                    ],
                }
            ],
        },
    ),
    (LocationRequest("Onde?"), "interativa-localizacao", {"textoBody": "Onde?"}),
    (
        Image(link="https://ej.org/mapa.png", caption="Mapa"),
        "media",
        {"tipoMedia": "image", "linkMedia": "https://ej.org/mapa.png", "caption": "Mapa"},
    ),
    (Video(id="900"), "media", {"tipoMedia": "video", "idMedia": "900"}),
    (Audio(id="901", voice=True), "media", {"tipoMedia": "audio", "idMedia": "901"}),
    (
        Document(id="902", filename="edital.pdf"),
        "media",
        {"tipoMedia": "document", "idMedia": "902", "filename": "edital.pdf"},
    ),
    (
        Document(link="https://ej.org/a/edital%20novo.pdf?x=1"),
        "media",
        {
            "tipoMedia": "document",
            "linkMedia": "https://ej.org/a/edital%20novo.pdf?x=1",
            "filename": "edital novo.pdf",
        },
    ),
    (Document(id="903"), "media", {"tipoMedia": "document", "idMedia": "903", "filename": "documento"}),
]


@pytest.mark.parametrize(("message", "endpoint", "body"), SENT)
async def test_every_kind_goes_to_its_endpoint(message: Message, endpoint: str, body: dict[str, Any]) -> None:
    """The fields are Serpro's Portuguese ones, and nothing that it does not know stands in them."""
    async with calling() as (serpro, client):
        sent = await client.send(message, PERSON)
        assert serpro.posts == [(endpoint, {"destinatario": PERSON, **body})]
        assert [sent.id] == list(sent.ids) == serpro.ids


async def test_a_template_goes_to_many() -> None:
    """One request, one payload, all recipients; dates and money as the text that they fall back to."""
    template = Template(
        "lembrete",
        "pt_BR",
        header=Image(link="https://ej.org/img/logo.png"),
        body=["3 dias", Currency("R$ 1", "BRL", 1000), DateTime("amanhã")],
    )
    async with calling() as (serpro, client):
        await client.send_template(template, ["+55 61 99999-0001", "5561999990002"])
        await client.send(Template("oi", "pt_BR"), PERSON)
        assert serpro.posts == [
            (
                "template",
                {
                    "nomeTemplate": "lembrete",
                    "wabaId": WABA,
                    "destinatarios": ["5561999990001", "5561999990002"],
                    "header": {"linkMedia": "https://ej.org/img/logo.png", "filename": "logo.png"},
                    "body": {
                        "parametros": [{"tipo": "text", "valor": v} for v in ("3 dias", "R$ 1", "amanhã")]
                    },
                },
            ),
            ("template", {"nomeTemplate": "oi", "wabaId": WABA, "destinatarios": [PERSON]}),
        ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Maria", {"parametros": [{"tipo": "text", "valor": "Maria"}]}),
        ({"nome": "Maria"}, {"parametros": [{"tipo": "text", "valor": "Maria"}]}),
        (Document(id="7", filename="a.pdf"), {"idMedia": "7", "filename": "a.pdf"}),
        (Gif(id="8"), {"idMedia": "8"}),
    ],
)
def test_the_header_of_a_template(header: Any, expected: dict[str, Any]) -> None:
    """Words, or a file by id or link."""
    assert wrap_template(Template("t", "pt_BR", header=header), [PERSON], WABA).body["header"] == expected


def test_named_values_are_written_in_their_order() -> None:
    """Serpro knows positions only."""
    body = wrap_template(Template("t", "pt_BR", body={"a": "1", "b": "2"}), [PERSON], WABA).body
    assert [value["valor"] for value in body["body"]["parametros"]] == ["1", "2"]


async def test_a_template_needs_an_account() -> None:
    """Without a WABA id the error names the key, and nothing is sent."""
    async with calling(waba_id="") as (serpro, client):
        with pytest.raises(errors.MessageError, match="waba_id in credentials"):
            await client.send(Template("t", "pt_BR"), PERSON)
        assert serpro.calls == []


@pytest.mark.parametrize(
    "template",
    [
        Template("t", "pt_BR", buttons=[QuickReplyButton("x")]),
        Template("t", "pt_BR", header=Location(1, 2)),
    ],
)
def test_values_that_serpro_has_no_field_for(template: Template) -> None:
    """Leaving a value out would make Meta refuse the template much later."""
    with pytest.raises(errors.MessageError, match="cannot be sent through Serpro"):
        wrap_template(template, [PERSON], WABA)


def test_a_template_for_nobody() -> None:
    """An empty list is a mistake of the caller's."""
    with pytest.raises(errors.MessageError, match="to"):
        wrap_template(Template("t", "pt_BR"), [], WABA)


def test_what_has_no_endpoint_is_not_wrapped() -> None:
    """Only `fit` chooses replacements."""
    with pytest.raises(errors.MessageError, match="Location"):
        wrap(Location(1, 2), PERSON)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("556199990001", "556199990001"),
        ("+5561999990001", "5561999990001"),
        ("+55 (61) 3333-0001", "556133330001"),
        ("+1 202.555.0101", "12025550101"),
        ("+351 912 345 678", "351912345678"),
    ],
)
def test_a_number_is_written_as_it_is(given: str, written: str) -> None:
    """Digits only, never repaired: no ninth digit is put in, neither at home nor abroad."""
    assert recipient(given) == written


@pytest.mark.parametrize(
    "given", ["", "BR.409", "group-id", "+55x", "٠١٢٣٤٥٦", "1234567890123456", "061999990001", "123"]
)
def test_serpro_writes_to_whole_numbers_only(given: str) -> None:
    """A user id, a group, a number without its country code is told to be none, and not shown."""
    with pytest.raises(errors.MessageError) as caught:
        recipient(given)
    assert not given or given not in str(caught.value)


# What the answers mean


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_any_2xx_is_a_yes(status: int) -> None:
    """Which one Serpro answers is described nowhere."""
    async with calling() as (serpro, client):
        serpro.answers["texto"].append(web.json_response({"id": "r-1"}, status=status))
        await client.mark_read("wamid.IN")
        assert (await client.send(Text("oi"), PERSON)).id == "r-1"
        assert serpro.reads == ["wamid.IN"]


@pytest.mark.parametrize("body", ["", "{}", '{"id": null}'])
async def test_accepted_without_an_id(body: str) -> None:
    """It was accepted all the same; only its statuses cannot be matched."""
    async with calling() as (serpro, client):
        serpro.answers["texto"].append(web.Response(status=202, text=body, content_type="application/json"))
        assert (await client.send(Text("oi"), PERSON)).id == ""


async def test_a_proxys_page_with_200_is_unknown() -> None:
    """HTML is no answer of Serpro's, so that nobody knows whether it got the message."""
    async with calling() as (serpro, client):
        serpro.answers["texto"].append(web.Response(text="<html>Login</html>", content_type="text/html"))
        with pytest.raises(errors.SendTimeout):
            await client.send(Text("oi"), PERSON)


@pytest.mark.parametrize(
    ("status", "kind", "again"),
    [
        (400, errors.InvalidMessage, False),
        (403, errors.PermissionDenied, False),
        (404, errors.InvalidMessage, False),
        (418, errors.GraphError, False),
        (429, errors.RateLimited, True),
        (500, errors.ServiceUnavailable, False),
        (502, errors.ServiceUnavailable, False),
        (503, errors.RateLimited, True),
        (504, errors.ServiceUnavailable, False),
    ],
)
@pytest.mark.parametrize(
    "body", ["", "<html>Erro</html>", "[1]", "7", '{"error": 7}', '{"error": {"code": []}}']
)
async def test_the_status_decides_where_nothing_else_does(
    status: int, kind: type[errors.GraphError], again: bool, body: str
) -> None:
    """Whatever the body is, the error is typed, says what to do, and whether a repeat is safe."""
    async with calling() as (serpro, client):
        serpro.answers["texto"].append(web.Response(status=status, text=body, headers={"Retry-After": "7"}))
        with pytest.raises(errors.GraphError) as caught:
            await client.send(Text("oi"), PERSON)
    assert type(caught.value) is kind
    assert caught.value.safe_to_resend is again
    assert caught.value.retry_after == 7
    assert caught.value.http_status == status
    assert str(caught.value).startswith("Serpro answered without an error code")


async def test_metas_error_passed_on_keeps_its_meaning() -> None:
    """The 24-hour window is the same window behind Serpro."""
    error = {"message": "(#131047) Re-engagement message", "code": 131047, "type": "x", "fbtrace_id": "A1"}
    for body in ({"error": error}, error):
        async with calling() as (serpro, client):
            serpro.answers["texto"].append(web.json_response(body, status=400))
            with pytest.raises(errors.WindowClosed, match="reengagement_template"):
                await client.send(Text("oi"), PERSON)


@pytest.mark.parametrize(
    "body",
    [
        {"message": "motivo"},
        {"mensagem": "motivo"},
        {"error": {"message": "motivo"}},
        "motivo",
        "\n motivo \n",
    ],
)
async def test_serpros_own_words_survive(body: Any) -> None:
    """Wherever they stand."""
    async with calling() as (serpro, client):
        text = body if isinstance(body, str) else json.dumps(body)
        serpro.answers["texto"].append(web.Response(status=400, text=text))
        with pytest.raises(errors.InvalidMessage) as caught:
            await client.send(Text("oi"), PERSON)
    assert caught.value.message == "motivo"


async def test_nothing_private_is_in_an_error() -> None:
    """Serpro may repeat the request: number, words, token and secret are taken out, and a page is cut."""
    async with calling() as (serpro, client):
        await client.send(Text("oi"), PERSON)
        told = {"message": f"{PERSON} meu segredo ção {SECRET} {serpro.tokens[-1]}" + "x" * 5000}
        serpro.answers["texto"].append(web.Response(status=400, text=json.dumps(told)))
        with pytest.raises(errors.InvalidMessage) as caught:
            await client.send(Text("meu segredo ção"), PERSON)
        shown = str(caught.value) + repr(vars(caught.value))
        for private in (PERSON, "meu segredo", SECRET, serpro.tokens[-1]):
            assert private not in shown
        assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("template", Template("lembrete", "pt_BR", body=["Maria da Silva"])),
        ("interativa-botoes", Buttons("Qual?", [Button("a", "Maria da Silva")])),
        ("interativa-lista", List("Qual?", "Ver", [Section(rows=[Row("a", "Maria da Silva")])])),
    ],
    ids=["template", "buttons", "list"],
)
async def test_nothing_private_is_in_an_error_of_any_message(path: str, message: Message) -> None:
    """Values of templates, and titles, as well."""
    async with calling() as (serpro, client):
        told = {"message": "Parâmetro inválido: Maria da Silva"}
        serpro.answers[path].append(web.Response(status=400, text=json.dumps(told)))
        with pytest.raises(errors.InvalidMessage) as caught:
            await client.send(message, PERSON)
        assert "Parâmetro inválido" in str(caught.value)
        assert "Maria" not in str(caught.value) + repr(vars(caught.value))
