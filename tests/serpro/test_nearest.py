"""What Serpro has no endpoint for still reaches the person, as the nearest message it has."""

from __future__ import annotations

import pytest
import structlog
from fake_serpro import PERSON, calling

from rasa_whatsapp import messages
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import (
    Boleto,
    Button,
    Buttons,
    Card,
    Carousel,
    Catalog,
    Contact,
    ContactPhone,
    ContactRequest,
    Contacts,
    CtaButton,
    CtaUrl,
    Document,
    Flow,
    Image,
    List,
    Location,
    Message,
    OrderDetails,
    OrderStatus,
    Payment,
    PaymentLink,
    Pin,
    Pix,
    Product,
    ProductList,
    ProductSection,
    Reaction,
    Row,
    Section,
    Sticker,
    Template,
    Text,
    VoiceCall,
)
from rasa_whatsapp.serpro import nearest
from rasa_whatsapp.serpro.nearest import fit
from rasa_whatsapp.serpro.payload import wrap_template

LONG = "https://ej.org/".ljust(4100, "a")
PICTURE = Image(link="https://ej.org/a.png")
YES = Button("/sim", "Sim")

REPLACED: list[tuple[Message, list[Message]]] = [
    (
        CtaUrl("Leia", "Abrir", "https://ej.org", header="Lei", footer="Câmara", reply_to="wamid.Q"),
        [Text("*Lei*\n\nLeia\n\nAbrir: https://ej.org\n\n_Câmara_", preview_url=True, reply_to="wamid.Q")],
    ),
    (
        CtaUrl("Leia", "Abrir", "https://ej.org", header=PICTURE),
        [PICTURE, Text("Leia\n\nAbrir: https://ej.org", preview_url=True)],
    ),
    (
        Buttons("Quer?", [YES], header="Título", footer="rodapé"),
        [Buttons("*Título*\n\nQuer?\n\n_rodapé_", [YES])],
    ),
    (Buttons("Quer?", [YES], header=PICTURE), [PICTURE, Buttons("Quer?", [YES])]),
    (
        List("Qual?", "Ver", [Section(rows=[Row("a", "A")])], header="Temas", footer="fim"),
        [List("*Temas*\n\nQual?\n\n_fim_", "Ver", [Section(rows=[Row("a", "A")])])],
    ),
    (
        Document(id="1", filename="a.pdf", caption="O edital"),
        [Document(id="1", filename="a.pdf"), Text("O edital")],
    ),
    (Sticker(id="5"), [Document(id="5", filename="sticker.webp")]),
    (
        Location(-15.79, -47.88, "Praça", "Brasília"),
        [Text("Praça\nBrasília\nhttps://maps.google.com/?q=-15.79,-47.88", preview_url=True)],
    ),
    (
        Contacts([Contact("Ana Lima", phones=[ContactPhone("+55 61 3333-0001")]), Contact("Rui")]),
        [Text("Ana Lima\n+55 61 3333-0001\n\nRui")],
    ),
    (Reaction("wamid.R", "👍"), [Text("👍", reply_to="wamid.R")]),
    (Reaction("wamid.R", ""), []),
    (Pin("wamid.R", 3), []),
    (
        Carousel(
            "Veja",
            [Card(PICTURE, "Um", url=CtaButton("Abrir", "https://ej.org/1")) for _ in range(2)],
        ),
        [Text("Veja"), *[Image(link=PICTURE.link, caption="Um\n\nAbrir: https://ej.org/1")] * 2],
    ),
    (
        Carousel(
            "Veja",
            [Card(PICTURE, "Um", url=CtaButton("Abrir", LONG)) for _ in range(2)],
            reply_to="wamid.1",
        ),
        [
            Text("Veja", reply_to="wamid.1"),
            *[Image(link=PICTURE.link, caption="Um"), Text("Abrir:"), Text(LONG[:4096]), Text("a" * 4)] * 2,
        ],
    ),
    (
        Carousel("Veja", [Card(PICTURE, replies=[Button(f"/{n}", "Quero")]) for n in range(2)]),
        [
            Text("Veja"),
            PICTURE,
            Buttons("Quero", [Button("/0", "Quero")]),
            PICTURE,
            Buttons("Quero", [Button("/1", "Quero")]),
        ],
    ),
    (Flow("Preencha", "Abrir", flow_id="1"), [Text("Preencha")]),
    (ContactRequest("Seu contato?"), [Text("Seu contato?")]),
    (messages.AddressRequest("Endereço?"), [Text("Endereço?")]),
    (VoiceCall("Ligue"), [Text("Ligue")]),
    (messages.CallPermissionRequest("Posso ligar?"), [Text("Posso ligar?")]),
    (Catalog("Tudo", footer="fim"), [Text("Tudo\n\n_fim_")]),
    (Product("c", "p-1"), [Text("p-1")]),
    (Product("c", "p-1", "Bola"), [Text("Bola")]),
    (ProductList("Lista", "Loja", "c", [ProductSection(products=["p"])]), [Text("*Loja*\n\nLista")]),
    (
        OrderDetails(
            "Pague",
            Payment(
                "ref",
                [
                    Pix("00020126", "EJ", "k", "EVP"),
                    PaymentLink("https://pag.org"),
                    Boleto("0339"),
                    {"type": "x"},
                ],
                total=1205,
            ),
        ),
        [Text("Pague\n\nBRL 12.05\n\n00020126\n\nhttps://pag.org\n\n0339")],
    ),
    (OrderStatus("Novidade", "ref", "shipped", "A caminho"), [Text("Novidade\n\nA caminho")]),
]


@pytest.mark.parametrize(("message", "instead"), REPLACED)
def test_the_nearest_message(message: Message, instead: list[Message]) -> None:
    """Words, links, codes and pictures are kept; what cannot be is left out."""
    assert list(fit(message)) == instead


@pytest.mark.parametrize(
    "message", [Text("oi"), PICTURE, Document(id="1"), Buttons("b", [YES]), messages.Template("t", "pt_BR")]
)
def test_what_serpro_carries_is_left_alone(message: Message) -> None:
    """The same object, not a copy."""
    (same,) = fit(message)
    assert same is message


def test_no_kind_of_message_is_forgotten() -> None:
    """Every message class of the package has its place in the table."""

    def leaves(kind: type[Message]) -> set[type[Message]]:
        below = {leaf for child in kind.__subclasses__() for leaf in leaves(child)}
        return below or {kind}

    public = {leaf for leaf in leaves(Message) if not leaf.__name__.startswith("_")}
    assert set(nearest._NEAREST) == public


def test_a_long_frame_goes_before_the_buttons() -> None:
    """Where header, body and footer do not fit together, the head leaves first, and nothing is lost."""
    body = " ".join(["palavra"] * 127)
    *before, last = fit(Buttons(body, [YES], header="Título", footer="rodapé"))
    assert [type(message) for message in before] == [Text]
    assert isinstance(last, Buttons)
    whole = f"{before[0].body} {last.body}"  # type: ignore[attr-defined]
    assert whole.split() == f"*Título* {body} _rodapé_".split()


def test_very_many_contacts_become_several_texts() -> None:
    """No text is longer than WhatsApp allows."""
    found = fit(Contacts([Contact("Nome " * 50) for _ in range(60)]))
    assert len(found) > 1


@pytest.mark.parametrize(
    "message", [Text("Seu exame", identity_key_hash="h="), Pin("w", 1, identity_key_hash="h=")]
)
def test_what_is_for_one_key_alone_is_refused(message: Message) -> None:
    """Serpro would give it to whoever has the number now."""
    with pytest.raises(MessageError, match="identity_key_hash: cannot be sent through Serpro"):
        fit(message)


def test_nor_is_a_template_for_many() -> None:
    """It does not go by way of the nearest messages."""
    with pytest.raises(MessageError, match="identity_key_hash"):
        wrap_template(Template("exam", "pt_BR", identity_key_hash="h="), [PERSON], "1")


def test_it_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One warning for each kind of message, without a word of it."""
    monkeypatch.setattr(nearest, "_warned", set())
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            fit(Location(1, 2, "segredo"))
            fit(Text("oi"))
        fit(Pin("wamid", 1))
    assert [(log["event"], log["message_kind"], log["sent_as"]) for log in logs] == [
        ("whatsapp.message.replaced", "Location", "Text"),
        ("whatsapp.message.replaced", "Pin", "nothing"),
    ]
    assert "segredo" not in str(logs)


async def test_the_parts_leave_in_order() -> None:
    """One call, several requests, all of their ids; nothing for what becomes nothing."""
    async with calling() as (serpro, client):
        sent = await client.send(Buttons("Quer?", [YES], header=PICTURE), PERSON)
        assert [kind for kind, _ in serpro.posts] == ["media", "interativa-botoes"]
        assert list(sent.ids) == serpro.ids
        assert sent.id == sent.ids[-1]
        assert (await client.send(Pin("wamid", 1), PERSON)).ids == ()
