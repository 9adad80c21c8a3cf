"""What travels between WhatsApp and the Flow endpoint: RSA around a key, AES-GCM around the data.

Source: Meta, WhatsApp Flows, Implementing endpoints, Request decryption and encryption.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.flows.errors import FlowRequestCannotBeDecrypted, FlowRequestMalformed
from rasa_whatsapp.wire import loads

BITS = 2048
"""Length of the RSA keys that Meta accepts."""
_AES_KEY = _IV = _TAG = 16
_PADDING = OAEP(mgf=MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class KeyPair(NamedTuple):
    """A new key: the private half is yours, the public half is uploaded to Meta. Both are PEM."""

    private_key: str
    public_key: str

    def __repr__(self) -> str:
        return "KeyPair(…)"


class Exchange(NamedTuple):
    """An opened request, and what its answer must be sealed with."""

    request: dict[str, Any]
    aes_key: bytes
    iv: bytes

    def __repr__(self) -> str:
        return "Exchange(…)"

    def seal(self, answer: bytes) -> str:
        """The answer as WhatsApp expects it: the same key, every bit of the vector inverted, base64."""
        inverted = bytes(byte ^ 0xFF for byte in self.iv)
        return base64.b64encode(AESGCM(self.aes_key).encrypt(inverted, answer, None)).decode()


class FlowKeys:
    """The private keys of the business, parsed once, for that takes many times as long as using them.

    Args:
        private_key: PEM or the path of a PEM file; several while one is rotated, the newest first.
        passphrase: of the keys that have one.

    Raises:
        SettingsError: a key cannot be read, or is no RSA key of 2048 bits.
    """

    def __init__(
        self, private_key: str | os.PathLike[str] | Sequence[str | os.PathLike[str]], passphrase: str = ""
    ) -> None:
        given = [private_key] if isinstance(private_key, (str, os.PathLike)) else list(private_key)
        if not given:
            raise SettingsError("flows.private_key", "is missing.", _MAKE_ONE)
        self._keys = [_parse(each, passphrase) for each in given]
        self._moduli = [key.public_key().public_numbers().n for key in self._keys]

    def __repr__(self) -> str:
        return f"FlowKeys({len(self._keys)} private keys)"

    @property
    def public_keys(self) -> tuple[str, ...]:
        """The public half of each key as PEM; the first is the one to upload."""
        return tuple(_public(key) for key in self._keys)

    def open(self, body: bytes) -> Exchange:
        """Decrypts a request.

        Whatever the reason why a well-formed request cannot be decrypted, the error is the same, and so is
        the work: a key that does not come out of RSA is replaced by a random one.

        Raises:
            FlowRequestMalformed: the body, or what was encrypted, is not what Meta sends.
            FlowRequestCannotBeDecrypted: none of the keys fits.
        """
        sealed_key, iv, sealed = _parts(body)
        for key, modulus in zip(self._keys, self._moduli, strict=True):
            aes_key = _unwrap(key, modulus, sealed_key)
            try:
                plain = AESGCM(aes_key).decrypt(iv, sealed, None)
            except InvalidTag:
                continue
            return Exchange(_object(plain, "What was encrypted"), aes_key, iv)
        raise FlowRequestCannotBeDecrypted("None of the private keys opens the request.")


def generate_keys(passphrase: str = "") -> KeyPair:
    """Makes a new pair of 2048 bits; the private key is encrypted where there is a passphrase."""
    key = generate_private_key(public_exponent=65537, key_size=BITS)
    encryption: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    return KeyPair(private.decode(), _public(key))


def unbase64(text: Any, name: str, size: int | None = None) -> bytes:
    """Decodes strict base64.

    Raises:
        FlowRequestMalformed: it is none, or not of this size in bytes.
    """
    if not isinstance(text, str):
        raise FlowRequestMalformed(f"{name} is missing, or no text.")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise FlowRequestMalformed(f"{name} is no base64.") from None
    if size is not None and len(data) != size:
        raise FlowRequestMalformed(f"{name} has {len(data)} bytes instead of {size}.")
    return data


_MAKE_ONE = "`rasa-whatsapp keys generate` makes one."


def _parts(body: bytes) -> tuple[bytes, bytes, bytes]:
    """The encrypted AES key, the vector and the encrypted data of a request."""
    document = _object(body, "The body")
    sealed_key = unbase64(document.get("encrypted_aes_key"), "encrypted_aes_key", BITS // 8)
    iv = unbase64(document.get("initial_vector"), "initial_vector", _IV)
    sealed = unbase64(document.get("encrypted_flow_data"), "encrypted_flow_data")
    if len(sealed) < _TAG:
        raise FlowRequestMalformed("encrypted_flow_data is shorter than its tag.")
    return sealed_key, iv, sealed


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        document = loads(data)
    except ValueError:
        raise FlowRequestMalformed(f"{name} is no JSON.") from None
    if not isinstance(document, dict):
        raise FlowRequestMalformed(f"{name} is no JSON object.")
    return document


def _unwrap(key: RSAPrivateKey, modulus: int, sealed: bytes) -> bytes:
    """The AES key, or a random one that opens nothing."""
    substitute = secrets.token_bytes(_AES_KEY)
    # OpenSSL refuses a number above the modulus without computing anything: it is given a smaller one.
    fits = int.from_bytes(sealed, "big") < modulus
    try:
        aes_key = key.decrypt(sealed if fits else b"\0" + sealed[1:], _PADDING)
    except ValueError:
        return substitute
    return aes_key if fits and len(aes_key) == _AES_KEY else substitute


def _parse(given: str | os.PathLike[str], passphrase: str) -> RSAPrivateKey:
    pem = _pem(given)
    try:
        key = load_pem_private_key(pem, passphrase.encode() or None)
    except TypeError:
        if passphrase:  # this one has none, though another of them may
            return _parse(given, "")
        raise SettingsError(
            "flows.passphrase", "is missing, the private key is encrypted.", "Give the one it was made with."
        ) from None
    except ValueError:
        raise SettingsError(
            "flows.private_key", "cannot be read, or the passphrase is not its own.", _MAKE_ONE
        ) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size != BITS:
        raise SettingsError("flows.private_key", f"is no RSA key of {BITS} bits.", _MAKE_ONE)
    return key


def _pem(given: str | os.PathLike[str]) -> bytes:
    """The PEM itself; in an environment variable its lines may be separated by the two signs ``\\n``."""
    if isinstance(given, str) and "-----BEGIN" in given:
        return given.replace("\\n", "\n").strip().encode()
    try:
        return Path(given).expanduser().read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SettingsError(
            "flows.private_key", f"is the path of a file that cannot be read: {reason}.", _MAKE_ONE
        ) from None
    except ValueError:  # it has NUL in it
        raise SettingsError("flows.private_key", "is not a path.", _MAKE_ONE) from None


def _public(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
