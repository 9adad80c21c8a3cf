"""Files that a user has picked in a Flow, as the endpoint is told of them.

Source: Meta, WhatsApp Flows, Media upload components, Decrypting and validating media.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from rasa_whatsapp.errors import MediaError
from rasa_whatsapp.flows.crypto import unbase64
from rasa_whatsapp.flows.errors import FlowRequestMalformed
from rasa_whatsapp.flows.files import Fetch
from rasa_whatsapp.flows.files import fetch as fetch_from_meta

_MAC = 10
_BLOCK = 16


@dataclass(frozen=True)
class FlowMedia:
    """One picked file: where it lies, encrypted, and the keys that open it.

    Attributes:
        media_id: WhatsApp's id of it.
        cdn_url: where the encrypted file can be fetched, without a token, for up to 20 days.
        file_name: chosen by the user: never use it as a path.
    """

    media_id: str
    cdn_url: str = field(repr=False)
    file_name: str = field(repr=False)
    encrypted_hash: bytes = field(repr=False)
    iv: bytes = field(repr=False)
    encryption_key: bytes = field(repr=False)
    hmac_key: bytes = field(repr=False)
    plaintext_hash: bytes = field(repr=False)
    fetch: Fetch = field(default=fetch_from_meta, repr=False, compare=False)

    @classmethod
    def from_json(cls, document: Any, fetch: Fetch = fetch_from_meta) -> FlowMedia:
        """Reads one entry of a picker's value.

        Args:
            fetch: gets what lies at ``cdn_url``; from Meta's media servers unless told.

        Raises:
            MediaError: it is none.
        """
        entry = document if isinstance(document, Mapping) else {}
        keys = entry.get("encryption_metadata")
        keys = keys if isinstance(keys, Mapping) else {}
        sizes = {"encrypted_hash": 32, "iv": 16, "encryption_key": 32, "hmac_key": 32, "plaintext_hash": 32}
        try:
            decoded = {name: unbase64(keys.get(name), name, size) for name, size in sizes.items()}
        except FlowRequestMalformed as error:
            raise MediaError(f"This is no file picked in a Flow: {error}") from None
        return cls(
            media_id=str(entry.get("media_id", "")),
            cdn_url=str(entry.get("cdn_url", "")),
            file_name=str(entry.get("file_name", "")),
            fetch=fetch,
            **decoded,
        )

    async def download(self) -> bytes:
        """The file as the user picked it, at most 25 MiB: fetched, checked and decrypted.

        Raises:
            MediaError: it is not where it should be, too large, or not what WhatsApp announced.
        """
        return self.decrypt(await self.fetch(self.cdn_url))

    def decrypt(self, file: bytes) -> bytes:
        """The file as the user picked it, from what lies at ``cdn_url``.

        Raises:
            MediaError: the file is not the one that WhatsApp announced, or was changed on its way.
        """
        ciphertext, mac = file[:-_MAC], file[-_MAC:]
        made = hmac.new(self.hmac_key, self.iv + ciphertext, hashlib.sha256).digest()[:_MAC]
        same_file = hmac.compare_digest(hashlib.sha256(file).digest(), self.encrypted_hash)
        if not (hmac.compare_digest(made, mac) and same_file):
            raise MediaError("The file picked in the Flow was changed on its way.")
        if not ciphertext or len(ciphertext) % _BLOCK:
            raise MediaError("The file picked in the Flow is not whole.")
        decryptor = Cipher(AES(self.encryption_key), CBC(self.iv)).decryptor()
        unpadder = PKCS7(_BLOCK * 8).unpadder()
        try:
            padded = decryptor.update(ciphertext) + decryptor.finalize()
            plain = unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise MediaError("The file picked in the Flow has a broken padding.") from None
        if not hmac.compare_digest(hashlib.sha256(plain).digest(), self.plaintext_hash):
            raise MediaError("The file picked in the Flow is not the one that WhatsApp announced.")
        return plain


def read_files(value: Any, fetch: Fetch = fetch_from_meta) -> tuple[FlowMedia, ...]:
    """The files of a picker's value; none where nothing was picked.

    Raises:
        MediaError: the value is not that of a picker.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MediaError("This is no value of a photo or document picker.")
    return tuple(FlowMedia.from_json(each, fetch) for each in value)
