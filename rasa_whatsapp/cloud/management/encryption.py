"""The public key with which WhatsApp encrypts what it sends to a Flow's endpoint.

Source: Meta, Cloud API, WhatsApp Business encryption.
"""

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from rasa_whatsapp.cloud.management.node import Node, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.fields import items
from rasa_whatsapp.messages import checks

KEY_BITS = 2048


class PublicKey(Result, frozen=True):
    """The number's public key.

    Attributes:
        pem: empty when none is set.
        status: ``VALID``, or ``MISMATCH`` after the number was registered again: set the key again then.
    """

    pem: str = msgspec.field(name="business_public_key", default="")
    status: str = msgspec.field(name="business_public_key_signature_status", default="")


class Encryption:
    """The number's key for Flows with an endpoint. Source: Meta, WhatsApp Flows, Business encryption."""

    def __init__(self, number: Node) -> None:
        self._number = number

    async def public_key(self) -> PublicKey:
        """The key that Meta has."""
        answer = await self._number.get("whatsapp_business_encryption")
        # In a list by Meta's guide, bare by its OpenAPI file.
        return read(PublicKey, next(iter(items(answer, "data")), answer))

    async def set_public_key(self, pem: str) -> None:
        """Give Meta the public half of a 2048-bit RSA key, as PEM text.

        Raises:
            MessageError: it is no such key, or a private one, which must stay where it is.
        """
        checks.text("pem", pem)
        if "PRIVATE KEY" in pem:
            raise MessageError(
                "pem", "is a private key: it must never leave your server; give the public one."
            )
        try:
            key = load_pem_public_key(pem.strip().encode())
        except (ValueError, UnsupportedAlgorithm):
            raise MessageError("pem", "is no public key in PEM form.") from None
        if not isinstance(key, RSAPublicKey) or key.key_size != KEY_BITS:
            raise MessageError("pem", f"must be an RSA key of {KEY_BITS} bits.")
        await self._number.post("whatsapp_business_encryption", json={"business_public_key": pem})
