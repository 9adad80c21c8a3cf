"""Meta's signature of a Flow token: a JWT, HS256 with the app secret.

Source: Meta, WhatsApp Flows, Implementing endpoints, flow_token_signature (data API 4.0, Flow JSON 7.3).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time


def token_signature(token: str, app_secret: str) -> str:
    """The ``flow_token_signature`` that goes with a token."""
    claims = {"flow_token": token, "iat": int(time.time())}
    head = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{head}.{_encoded(hmac.new(app_secret.encode(), head.encode(), hashlib.sha256).digest())}"


def _part(claims: dict[str, str] | dict[str, object]) -> str:
    return _encoded(json.dumps(claims).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
