"""WhatsApp as the Flow endpoint sees it: encrypts, signs, and opens the answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from rasa_whatsapp.flows import Answer, FlowEndpoint, FlowHandlers, FlowKeys, FlowToken

VECTORS = json.loads((Path(__file__).parent / "documents" / "openssl_vectors.json").read_text())
KEYS = FlowKeys(VECTORS["private_key"], VECTORS["passphrase"])
SECRET = "app-secret"
TOKEN = "token-of-ours"
_PADDING = OAEP(mgf=MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


async def known(token: str) -> FlowToken | None:
    """A verifier that knows one token."""
    return FlowToken(conversation="5561999990001", flow="sign_up") if token == TOKEN else None


def endpoint(handlers: FlowHandlers | None = None, **settings: Any) -> FlowEndpoint:
    settings = {"app_secrets": [SECRET], "verify": known, **settings}
    return FlowEndpoint(KEYS, handlers or FlowHandlers(), **settings)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Phone:
    """One exchange: the key and the vector are this phone's own."""

    def __init__(self) -> None:
        self.key, self.iv = os.urandom(16), os.urandom(16)

    def body(self, plain: bytes) -> bytes:
        public = load_pem_public_key(VECTORS["public_key"].encode())
        assert isinstance(public, RSAPublicKey)
        sealed = {
            "encrypted_flow_data": b64(AESGCM(self.key).encrypt(self.iv, plain, None)),
            "encrypted_aes_key": b64(public.encrypt(self.key, _PADDING)),
            "initial_vector": b64(self.iv),
        }
        return json.dumps(sealed).encode()

    def read(self, answer: Answer) -> Any:
        inverted = bytes(byte ^ 255 for byte in self.iv)
        return json.loads(AESGCM(self.key).decrypt(inverted, base64.b64decode(answer.body), None))


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


async def ask(asked: FlowEndpoint, flow: str = "", **request: Any) -> tuple[Answer, Any]:
    """Sends a request with our token, and opens the answer where there is one."""
    phone = Phone()
    content = {"version": "3.0", "flow_token": TOKEN, **request}
    body = phone.body(json.dumps({key: each for key, each in content.items() if each is not None}).encode())
    answer = await asked.respond(body, signed(body), flow)
    return answer, phone.read(answer) if answer.body else None


def jwt(claims: dict[str, Any], secret: str = SECRET, alg: str = "HS256") -> str:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    head = f"{part(json.dumps({'alg': alg, 'typ': 'JWT'}).encode())}.{part(json.dumps(claims).encode())}"
    return f"{head}.{part(hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest())}"
