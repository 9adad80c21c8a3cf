"""What Serpro delivers: in every form it comes in, and only from Serpro."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_whatsapp import errors, events
from rasa_whatsapp.serpro.webhook import Proof, check_proof, parse, read, request_id

FIXTURES = Path(__file__).parents[1] / "fixtures" / "serpro"
REQUEST = "0f9d6c1e-1111-4222-8333-abcdefabcdef"


def delivered(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


EXPECTED: dict[str, list[tuple[type[events.Event], dict[str, Any]]]] = {
    "text": [(events.Text, {"body": "oi", "timestamp": 1763640001})],
    "button_reply": [(events.Reply, {"payload": '/vote{"v":1}', "title": "Concordo", "source": "button"})],
    "list_reply": [(events.Reply, {"payload": '/tema{"t":"saude"}', "source": "list"})],
    "template_button": [(events.Reply, {"payload": "FALAR COM ATENDENTE", "source": "template"})],
    "image": [(events.Image, {"media_id": "900800700600501", "caption": "foto"})],
    "audio": [(events.Audio, {"mime_type": "audio/ogg; codecs=opus"})],
    "video": [(events.Video, {"media_id": "900800700600503"})],
    "document": [(events.Document, {"filename": "rg.pdf"})],
    "location": [(events.Location, {"latitude": -15.79, "name": "Praça"})],
    "sticker": [(events.Sticker, {"media_id": "900800700600505"})],
    "unsupported": [(events.Unsupported, {"kind": "poll_creation"})],
    "status_sent": [(events.Status, {"status": "sent", "id": "wamid.SENT=="})],
    "status_delivered": [(events.Status, {"status": "delivered"})],
    "status_read": [(events.Status, {"status": "read"})],
    "status_failed_id_inside": [(events.Status, {"status": "failed"})],
    "meta_envelope": [(events.Text, {"body": "envelope"})],
    "array": [(events.Text, {"body": "um"}), (events.Text, {"body": "dois"})],
    "relay": [(events.Text, {"body": "por relé"})],
    "batch": [
        (events.Text, {"body": "a"}),
        (events.Text, {"body": "b"}),
        (events.Status, {"status": "sent"}),
    ],
    "empty": [],
    "contact_with_ninth_digit": [(events.Text, {"body": "nome"})],
    "without_number": [(events.Text, {"body": "sem número"})],
    "errors": [(events.OutOfBandError, {"field": "messages"})],
}


@pytest.mark.parametrize("name", [path.stem for path in FIXTURES.glob("*.json")])
def test_every_form_is_understood(name: str) -> None:
    """Each fixture gives the events that are expected of it, all of them, in order."""
    found = parse(delivered(name))
    assert [type(event) for event in found] == [kind for kind, _ in EXPECTED[name]]
    for event, (_, fields) in zip(found, EXPECTED[name], strict=True):
        assert {field: getattr(event, field) for field in fields} == fields
        if isinstance(event, events.Message):
            assert event.sender.phone == "556199990001"
            assert event.sender.name == "Maria Exemplo"
        if isinstance(event, events.Status):
            assert request_id(event) == REQUEST
        assert events.decode(events.encode(event)) == event


@pytest.mark.parametrize("body", [b"", b"{", b"7", b'"x"', b"null", b"\xff"])
def test_no_json_object_or_array(body: bytes) -> None:
    """Anything else is refused with 400."""
    with pytest.raises(errors.PayloadError):
        read(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=10,
)
KEYS = (
    "messaging_product",
    "metadata",
    "contacts",
    "messages",
    "errors",
    "statuses",
    "idRequisicao",
    "object",
)


@given(JSON | st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys((*KEYS, "body"), JSON))))
def test_nothing_that_arrives_raises(document: Any) -> None:
    """However odd the JSON, events come out, or none."""
    if isinstance(document, (dict, list)):
        for event in parse(document):
            events.encode(event)


# Who may deliver


def basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


BEARER = {"authorization": "Bearer hook-token"}
PATH = "a-path-of-16-and-more"
ACCEPTED = [
    (Proof(token="hook-token"), BEARER, ""),
    (Proof(token="hook-token"), {"authorization": "bearer  hook-token "}, ""),
    (Proof(username="serpro", password="ção:x"), basic("serpro", "ção:x"), ""),
    (Proof(path_token=PATH), {}, PATH),
    (Proof(path_token=PATH), {"authorization": "Bearer "}, PATH),
    (Proof(token="hook-token", username="u", password="segredo"), basic("u", "segredo"), ""),
    (Proof(token="hook-token", username="u", password="segredo"), BEARER, ""),
    (Proof(username="u", password="segredo", path_token=PATH), basic("u", "segredo"), PATH),
]
REFUSED = [
    (Proof(token="hook-token"), {}, "", 401),
    (Proof(token="hook-token"), {"authorization": "Bearer "}, "", 401),
    (Proof(token="hook-token"), {"authorization": "Bearer other"}, "", 403),
    (Proof(token="hook-token"), {"authorization": "Bearer tokén"}, "", 403),
    (Proof(token="hook-token"), {"authorization": "Basic hook-token"}, "", 403),
    (Proof(token="hook-token"), {}, "hook-token", 401),
    (Proof(token="hook-token"), basic("", ""), "", 403),
    (Proof(username="u", password="segredo"), {}, "", 401),
    (Proof(username="u", password="segredo"), basic("u", "x"), "", 403),
    (Proof(username="u", password="segredo"), {"authorization": "Basic !!!"}, "", 403),
    (Proof(username="u", password="segredo"), {"authorization": "Basic /w=="}, "", 403),
    (Proof(username="u", password="segredo"), {"authorization": "Bearer u:segredo"}, "", 403),
    (Proof(path_token=PATH), {}, "", 403),
    (Proof(path_token=PATH), {}, PATH + "x", 403),
    (Proof(username="u", password="segredo", path_token=PATH), basic("u", "segredo"), "", 403),
    (Proof(username="u", password="segredo", path_token=PATH), {}, PATH, 401),
]


@pytest.mark.parametrize(("proof", "headers", "path"), ACCEPTED)
def test_serpro_is_recognised(proof: Proof, headers: dict[str, str], path: str) -> None:
    """By the token it repeats, by name and password, or by the path that only it knows."""
    check_proof(headers, path, proof)


@pytest.mark.parametrize(("proof", "headers", "path", "status"), REFUSED)
def test_everybody_else_is_refused(proof: Proof, headers: dict[str, str], path: str, status: int) -> None:
    """401 where nothing is brought along, 403 where it is wrong; all that is configured is asked for."""
    with pytest.raises(errors.RequestError) as caught:
        check_proof(headers, path, proof)
    assert caught.value.status == status
    for secret in (proof.token, proof.password, proof.path_token):
        assert not secret or secret not in str(caught.value)


def test_a_proof_is_silent_about_its_secrets() -> None:
    """The repr names what is asked for, nothing more."""
    assert repr(Proof(token="hook-token")) == "Proof(asks_for=['token'])"
