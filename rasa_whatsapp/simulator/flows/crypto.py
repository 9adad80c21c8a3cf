"""What a phone does to talk with a Flow's endpoint: it encrypts, signs, and opens the answers.

Source: Meta, WhatsApp Flows, Implementing endpoints, Request decryption and encryption; Media upload.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_public_key

_PADDING = OAEP(mgf=MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
_MAC = 10


class Sealed:
    """One request and its answer: key and vector are new each time.

    Args:
        key, iv: 16 bytes each; random unless told.
    """

    def __init__(self, key: bytes = b"", iv: bytes = b"") -> None:
        self.key, self.iv = key or os.urandom(16), iv or os.urandom(16)

    def body(self, plain: bytes, key: str) -> bytes:
        """The request's body for whoever has the private half of ``key``, which is PEM.

        Raises:
            ValueError: it is no RSA key.
        """
        sealed = {
            "encrypted_flow_data": _base64(AESGCM(self.key).encrypt(self.iv, plain, None)),
            "encrypted_aes_key": _base64(public_key(key).encrypt(self.key, _PADDING)),
            "initial_vector": _base64(self.iv),
        }
        return json.dumps(sealed).encode()

    def opened(self, answer: str) -> Any:
        """The JSON in the endpoint's answer.

        Raises:
            ValueError: it is not what this request is answered with.
        """
        inverted = bytes(byte ^ 0xFF for byte in self.iv)
        try:
            plain = AESGCM(self.key).decrypt(inverted, base64.b64decode(answer, validate=True), None)
        except InvalidTag:
            raise ValueError(
                "The answer is not encrypted with the request's key and inverted vector."
            ) from None
        return json.loads(plain)


def public_key(pem: str) -> RSAPublicKey:
    """The key in a PEM text.

    Raises:
        ValueError: it is no RSA key.
    """
    try:
        key = load_pem_public_key(pem.encode())
    except UnsupportedAlgorithm as problem:
        raise ValueError(str(problem)) from None
    if not isinstance(key, RSAPublicKey):
        raise ValueError("The public key is no RSA key.")
    return key


def signed(body: bytes, app_secret: str) -> dict[str, str]:
    """The header by which the endpoint knows Meta."""
    digest = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


def encrypted(file: bytes) -> tuple[bytes, dict[str, str]]:
    """A picked file as it lies at Meta's, and the ``encryption_metadata`` that opens it."""
    iv, key, hmac_key = os.urandom(16), os.urandom(32), os.urandom(32)
    padder, encryptor = PKCS7(128).padder(), Cipher(AES(key), CBC(iv)).encryptor()
    ciphertext = encryptor.update(padder.update(file) + padder.finalize()) + encryptor.finalize()
    whole = ciphertext + hmac.new(hmac_key, iv + ciphertext, hashlib.sha256).digest()[:_MAC]
    return whole, {
        "encrypted_hash": _base64(hashlib.sha256(whole).digest()),
        "iv": _base64(iv),
        "encryption_key": _base64(key),
        "hmac_key": _base64(hmac_key),
        "plaintext_hash": _base64(hashlib.sha256(file).digest()),
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
