"""WhatsApp as the Flow endpoint sees it: encrypts, signs, and opens the answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from rasa_whatsapp.flows import Answer, FlowEndpoint, FlowHandlers, FlowKeys, FlowToken
from rasa_whatsapp.simulator.flows.crypto import Sealed

VECTORS = json.loads((Path(__file__).parent / "documents" / "openssl_vectors.json").read_text())
KEYS = FlowKeys(VECTORS["private_key"], VECTORS["passphrase"])
SECRET = "app-secret"
TOKEN = "token-of-ours"


async def known(token: str) -> FlowToken | None:
    """A verifier that knows one token."""
    return FlowToken(conversation="5561999990001", flow="sign_up") if token == TOKEN else None


def endpoint(handlers: FlowHandlers | None = None, **settings: Any) -> FlowEndpoint:
    settings = {"app_secrets": [SECRET], "verify": known, **settings}
    return FlowEndpoint(KEYS, handlers or FlowHandlers(), **settings)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Phone(Sealed):
    """One exchange with the endpoint whose key is `VECTORS`'."""

    def body(self, plain: bytes, public_key: str = VECTORS["public_key"]) -> bytes:
        return super().body(plain, public_key)

    def read(self, answer: Answer) -> Any:
        return self.opened(answer.body)


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
