"""What OpenSSL encrypts is understood, and what is encrypted here OpenSSL understands."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from rasa_whatsapp.errors import MediaError, SettingsError
from rasa_whatsapp.flows import (
    FlowKeys,
    FlowMedia,
    FlowRequestCannotBeDecrypted,
    FlowRequestMalformed,
    generate_keys,
)

from . import openssl

VECTORS = json.loads((Path(__file__).parent / "documents" / "openssl_vectors.json").read_text())
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")


@pytest.fixture(scope="module")
def keys() -> FlowKeys:
    return FlowKeys(VECTORS["private_key"], VECTORS["passphrase"])


def body(**change: Any) -> bytes:
    return json.dumps({**VECTORS["body"], **change}).encode()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_request_made_by_openssl_is_opened(keys: FlowKeys) -> None:
    """A fixed request, with accents and an emoji."""
    exchange = keys.open(body())
    assert exchange.request == VECTORS["request"]
    assert exchange.aes_key.hex() == VECTORS["aes_key"]


def test_an_answer_is_sealed_as_openssl_seals_it(keys: FlowKeys) -> None:
    """A fixed answer, with the inverted vector."""
    answer = json.dumps(VECTORS["answer"], ensure_ascii=False).encode()
    assert keys.open(body()).seal(answer) == VECTORS["sealed_answer"]


@needs_openssl
def test_openssl_and_we_understand_each_other(tmp_path: Path) -> None:
    """New keys made here, a request made by the command line, and our answer opened by it."""
    pair = generate_keys("sesame")
    (tmp_path / "public.pem").write_text(pair.public_key)
    aes_key, iv = os.urandom(16), os.urandom(16)
    request = {"action": "ping", "version": "3.0", "note": "çã😀" * 30}
    sealed = {
        "encrypted_flow_data": b64(openssl.gcm_encrypt(aes_key, iv, json.dumps(request).encode())),
        "encrypted_aes_key": b64(openssl.wrap_key(aes_key, str(tmp_path / "public.pem"))),
        "initial_vector": b64(iv),
    }
    exchange = FlowKeys(pair.private_key, "sesame").open(json.dumps(sealed).encode())
    assert exchange.request == request
    inverted = bytes(byte ^ 255 for byte in iv)
    assert openssl.gcm_decrypt(aes_key, inverted, base64.b64decode(exchange.seal(b"answer"))) == b"answer"


@needs_openssl
@pytest.mark.parametrize("form", [[], ["-traditional"]])
def test_keys_made_as_the_guide_says_can_be_read(form: list[str], tmp_path: Path) -> None:
    """``openssl genrsa -des3``, in its new and its old form, as a file and as text."""
    path = tmp_path / "private.pem"
    openssl.openssl("genrsa", "-des3", *form, "-passout", "pass:sesame", "-out", str(path), "2048")
    read = FlowKeys(path, "sesame")
    exported = openssl.openssl("rsa", "-in", str(path), "-passin", "pass:sesame", "-pubout")
    assert read.public_keys == (exported.decode(),)
    assert FlowKeys(path.read_text().replace("\n", "\\n"), "sesame").public_keys == read.public_keys


def test_while_keys_are_rotated_both_open(keys: FlowKeys) -> None:
    """The newest first; one may have a passphrase and the other none."""
    new = generate_keys()
    both = FlowKeys([new.private_key, VECTORS["private_key"]], VECTORS["passphrase"])
    assert both.open(body()).request == VECTORS["request"]
    assert both.public_keys == (new.public_key, VECTORS["public_key"])


@pytest.mark.parametrize(
    ("key", "passphrase", "message"),
    [
        (VECTORS["private_key"], "", "flows.passphrase: is missing"),
        (VECTORS["private_key"], "wrong", "flows.private_key: cannot be read"),
        (
            "-----BEGIN PRIVATE KEY-----\nxx",
            "",
            "flows.private_key: cannot be read",
        ),
        ("/no/such/file.pem", "", "No such file"),
        ([], "", "flows.private_key: is missing"),
    ],
)
def test_a_key_that_cannot_be_used_is_explained(key: Any, passphrase: str, message: str) -> None:
    """The setting, what is wrong and what to do, and never the key itself."""
    with pytest.raises(SettingsError) as caught:
        FlowKeys(key, passphrase)
    assert message in str(caught.value)
    assert "sesame" not in str(caught.value)


@needs_openssl
def test_only_rsa_of_2048_bits_will_do() -> None:
    """Meta accepts no other."""
    for arguments in (["genrsa", "1024"], ["genpkey", "-algorithm", "ed25519"]):
        with pytest.raises(SettingsError, match="2048"):
            FlowKeys(openssl.openssl(*arguments).decode())


def test_no_key_shows_in_a_repr(keys: FlowKeys) -> None:
    """Neither of a pair, nor of the keys, nor of an opened request."""
    assert "BEGIN" not in repr(generate_keys())
    assert repr(keys) == "FlowKeys(1 private keys)"
    assert VECTORS["request"]["data"]["name"] not in repr(keys.open(body()))


MALFORMED = [
    b"",
    b"nothing",
    b"[]",
    b"{}",
    b"\xff" * 9,
    body(encrypted_aes_key=None),
    body(encrypted_aes_key="no base64!"),
    body(encrypted_aes_key="ação"),
    body(encrypted_aes_key=b64(b"short")),
    body(initial_vector=b64(bytes(12))),
    body(initial_vector=5),
    body(encrypted_flow_data=b64(bytes(15))),
    body(encrypted_flow_data="===="),
]


@pytest.mark.parametrize("odd", MALFORMED)
def test_what_meta_does_not_send_is_malformed(keys: FlowKeys, odd: bytes) -> None:
    """Which can be seen without any key."""
    with pytest.raises(FlowRequestMalformed):
        keys.open(odd)


@needs_openssl
@pytest.mark.parametrize("plain", [b"no json", b"[1]", b""])
def test_an_encrypted_text_that_is_no_object_is_malformed(keys: FlowKeys, plain: bytes) -> None:
    """The key fits, but the content does not."""
    iv = base64.b64decode(VECTORS["body"]["initial_vector"])
    sealed = openssl.gcm_encrypt(bytes.fromhex(VECTORS["aes_key"]), iv, plain)
    with pytest.raises(FlowRequestMalformed):
        keys.open(body(encrypted_flow_data=b64(sealed)))


def flipped(name: str, at: int) -> dict[str, str]:
    data = bytearray(base64.b64decode(VECTORS["body"][name]))
    data[at] ^= 1
    return {name: b64(bytes(data))}


UNDECRYPTABLE = {
    "another key": body(encrypted_aes_key=b64(bytes(range(256)))),
    "a changed key": body(**flipped("encrypted_aes_key", 200)),
    "a key above the modulus": body(encrypted_aes_key=b64(b"\xff" * 256)),
    "a changed vector": body(**flipped("initial_vector", 0)),
    "changed data": body(**flipped("encrypted_flow_data", 3)),
    "a changed tag": body(**flipped("encrypted_flow_data", -1)),
}


@pytest.mark.parametrize("case", UNDECRYPTABLE)
def test_what_cannot_be_decrypted_says_nothing_more(keys: FlowKeys, case: str) -> None:
    """The same error, word for word, whatever the reason."""
    with pytest.raises(FlowRequestCannotBeDecrypted) as caught:
        keys.open(UNDECRYPTABLE[case])
    assert str(caught.value) == "None of the private keys opens the request."
    assert caught.value.__cause__ is None


def test_an_aes_key_of_another_length_is_one_that_does_not_fit(keys: FlowKeys) -> None:
    """RSA opens, but what comes out is no key of AES-128."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    from rasa_whatsapp.flows import crypto

    public = load_pem_public_key(VECTORS["public_key"].encode())
    sealed = public.encrypt(bytes(32), crypto._PADDING)  # type: ignore[union-attr, call-arg]
    with pytest.raises(FlowRequestCannotBeDecrypted):
        keys.open(body(encrypted_aes_key=b64(sealed)))


def media(**change: str) -> FlowMedia:
    entry = json.loads(json.dumps(VECTORS["media"]["entry"]))
    entry["encryption_metadata"].update(change)
    return FlowMedia.from_json(entry)


FILE = base64.b64decode(VECTORS["media"]["file"])


def test_a_file_made_by_openssl_is_decrypted() -> None:
    """Hash, HMAC and AES-256-CBC of a fixed file."""
    assert media().decrypt(FILE) == base64.b64decode(VECTORS["media"]["plain"])
    assert "IMG" not in repr(media())


@needs_openssl
@pytest.mark.parametrize("size", [0, 1, 15, 16, 100_000])
def test_files_of_any_size_are_decrypted(size: int) -> None:
    """New keys and contents, encrypted by the command line."""
    plain, key, mac_key, iv = os.urandom(size), os.urandom(32), os.urandom(32), os.urandom(16)
    ciphertext = openssl.cbc_encrypt(key, iv, plain)
    file = ciphertext + openssl.hmac_sha256(mac_key, iv + ciphertext)[:10]
    hashes = {"encrypted_hash": openssl.sha256(file), "plaintext_hash": openssl.sha256(plain)}
    given = {"iv": iv, "encryption_key": key, "hmac_key": mac_key, **hashes}
    assert media(**{name: b64(value) for name, value in given.items()}).decrypt(file) == plain


@pytest.mark.parametrize("file", [b"", FILE[:9], FILE[:-1], FILE + b"x", bytes([FILE[0] ^ 1]) + FILE[1:]])
def test_a_changed_file_is_refused(file: bytes) -> None:
    """Cut, lengthened or altered."""
    with pytest.raises(MediaError, match="changed on its way"):
        media().decrypt(file)


def test_wrong_keys_and_hashes_are_refused() -> None:
    """Each part of the announcement is checked."""
    for name in ("encrypted_hash", "hmac_key", "plaintext_hash", "encryption_key"):
        with pytest.raises(MediaError):
            media(**{name: b64(bytes(32))}).decrypt(FILE)


@pytest.mark.parametrize("entry", [None, 5, {}, {"encryption_metadata": {"iv": "x"}}])
def test_what_is_no_picked_file_is_refused(entry: Any) -> None:
    """A value that no picker makes."""
    with pytest.raises(MediaError):
        FlowMedia.from_json(entry)
