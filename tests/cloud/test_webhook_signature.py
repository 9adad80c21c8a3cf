"""Only Meta's own bytes are let in."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from rasa_whatsapp.cloud import webhook
from rasa_whatsapp.cloud.webhook import check_signature, read
from rasa_whatsapp.errors import PayloadError, SignatureMissing, SignatureWrong

SECRET = "segredo-ção-0f1e2d"
DOCUMENT = {"texto": "Olá, às 18 h? 🎾", "url": "https://example.com/a"}
ESCAPED = json.dumps(DOCUMENT).replace("/", "\\/").encode()
RAW = json.dumps(DOCUMENT, ensure_ascii=False).encode()


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "body", [ESCAPED, RAW, b"", b"\xff\x00"], ids=["escaped", "utf-8", "empty", "binary"]
)
def test_the_very_bytes_are_what_is_signed(body: bytes) -> None:
    r"""Accents and emoji as \uXXXX, as Meta writes them, or raw; neither is ever written anew."""
    check_signature(body, signed(body), [SECRET])


def test_the_same_document_in_other_bytes_is_refused() -> None:
    """Escaped and raw mean the same, yet they are not the same."""
    assert json.loads(ESCAPED) == json.loads(RAW)
    with pytest.raises(SignatureWrong, match="app_secret"):
        check_signature(RAW, signed(ESCAPED), [SECRET])


@pytest.mark.parametrize("at", range(0, len(ESCAPED), 7))
def test_one_changed_byte_is_noticed(at: int) -> None:
    """Wherever it stands."""
    changed = bytearray(ESCAPED)
    changed[at] ^= 1
    with pytest.raises(SignatureWrong):
        check_signature(bytes(changed), signed(ESCAPED), [SECRET])


def test_hexadecimal_digits_may_be_capitals() -> None:
    """The case of the digits means nothing; blanks around them neither."""
    digits = signed(RAW).removeprefix("sha256=")
    check_signature(RAW, "sha256=" + digits.upper(), [SECRET])
    check_signature(RAW, f"sha256={digits} ", [SECRET])


@pytest.mark.parametrize("header", [None, ""])
def test_no_header_is_refused_with_401(header: str | None) -> None:
    """Whoever sends it has not even tried."""
    with pytest.raises(SignatureMissing) as caught:
        check_signature(RAW, header, [SECRET])
    assert caught.value.status == 401


@pytest.mark.parametrize(
    "header",
    [
        signed(RAW).removeprefix("sha256="),
        signed(RAW).replace("sha256=", "sha1="),
        signed(RAW).replace("sha256=", "SHA256:"),
        signed(RAW)[:-1],
        signed(RAW) + "0",
        "sha256=",
        "sha256",
        "sha256=çã😀",
        "sha256=\udcff",
        "\udcff",
        "sha256=" + "0" * 64,
        " ",
    ],
)
def test_a_header_in_a_wrong_form_is_refused_with_403(header: str) -> None:
    """Without any other exception, whatever bytes it is made of."""
    with pytest.raises(SignatureWrong) as caught:
        check_signature(RAW, header, [SECRET])
    assert caught.value.status == 403


def test_while_the_secret_is_rotated_both_are_good() -> None:
    """The old and the new one, in any order; a third is not."""
    for secret in ("old", "new"):
        check_signature(RAW, signed(RAW, secret), ["old", "new"])
        check_signature(RAW, signed(RAW, secret), ("new", "old"))
    with pytest.raises(SignatureWrong):
        check_signature(RAW, signed(RAW, "other"), ["old", "new"])


def test_one_secret_may_be_given_as_it_is() -> None:
    """Then its letters are no secrets."""
    check_signature(RAW, signed(RAW), SECRET)
    with pytest.raises(SignatureWrong):
        check_signature(RAW, signed(RAW, SECRET[0]), SECRET)


@pytest.mark.parametrize("secrets", [[], [""], "", ("", "")])
def test_without_a_secret_nothing_is_authentic(secrets: list[str]) -> None:
    """An empty secret is known to everybody, so a signature made with it is worth nothing."""
    with pytest.raises(SignatureWrong):
        check_signature(RAW, signed(RAW, ""), secrets)


def test_all_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """By compare_digest, and each of them, so that time tells neither digits nor which secret is current."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, made: bytes) -> bool:
        compared.append((given, made))
        return given == made

    monkeypatch.setattr(webhook.hmac, "compare_digest", compare)
    check_signature(RAW, signed(RAW, "first"), ["first", "second", "third"])
    assert len(compared) == 3
    assert {len(digest) for pair in compared for digest in pair} == {64}


def test_no_error_tells_the_secret_or_the_body() -> None:
    """Errors end up in logs."""
    with pytest.raises(SignatureWrong) as caught:
        check_signature(RAW, signed(RAW, "other"), [SECRET])
    assert SECRET not in str(caught.value)
    assert "Olá" not in str(caught.value)


@pytest.mark.parametrize("body", [ESCAPED, RAW], ids=["escaped", "utf-8"])
def test_an_authentic_body_is_read(body: bytes) -> None:
    """Both ways of writing mean the same."""
    assert read(body) == DOCUMENT


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not JSON"),
        (b"hub.mode=subscribe", "not JSON"),
        (b'{"a": 1', "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not JSON"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "too deep", id="deep"),
        pytest.param(b"[" * 100_000, "not JSON", id="open"),
        (b"[]", "no object: list"),
        (b'"x"', "no object: str"),
        (b"null", "no object: NoneType"),
        (b"12", "no object: int"),
    ],
)
def test_what_is_no_json_object_is_refused_with_400(body: bytes, problem: str) -> None:
    """With the reason, without the content."""
    with pytest.raises(PayloadError, match=problem) as caught:
        read(body)
    assert caught.value.status == 400
    assert len(str(caught.value)) < 200
