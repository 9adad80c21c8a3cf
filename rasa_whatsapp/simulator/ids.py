"""Identifiers in the shapes that WhatsApp uses."""

from __future__ import annotations

import base64
import hashlib
import random
import re
import string
import unicodedata
import uuid

# Dialling codes of the countries that a business-scoped user id may begin with; longest match wins.
_COUNTRIES = {
    "1": "US", "27": "ZA", "31": "NL", "33": "FR", "34": "ES", "351": "PT", "39": "IT", "44": "GB",
    "49": "DE", "51": "PE", "52": "MX", "54": "AR", "55": "BR", "56": "CL", "57": "CO", "58": "VE",
    "591": "BO", "593": "EC", "595": "PY", "598": "UY", "62": "ID", "65": "SG", "91": "IN", "234": "NG",
    "244": "AO", "254": "KE", "258": "MZ",
}  # fmt: skip


class Ids:
    """A source of new identifiers.

    With a ``seed`` the same run makes the same ids. Without one every run makes new ids, as it must when the
    bot remembers message ids across runs and would take a repeated id for a repeated message.
    """

    def __init__(self, seed: int | None = None) -> None:
        # One stream for each kind, so that one kind's ids do not depend on how many others were needed.
        self._messages, self._media, self._traces, self._requests = (
            random.Random(None if seed is None else f"{kind} {seed}")
            for kind in ("message", "media", "trace", "request")
        )

    def message(self) -> str:
        """A message id, such as ``wamid.HBgL…``."""
        return "wamid." + base64.b64encode(self._messages.randbytes(30)).decode()

    def media(self) -> str:
        """A media id: sixteen digits."""
        return str(self._media.randrange(10**15, 10**16))

    def trace(self) -> str:
        """An ``fbtrace_id``."""
        return "A" + "".join(self._traces.choices(string.ascii_letters + string.digits, k=22))

    def request(self) -> str:
        """An id of Serpro's, for a request or a webhook: a UUID."""
        return str(uuid.UUID(int=self._requests.getrandbits(128), version=4))


def user_id_of(phone: str) -> str:
    """The business-scoped user id of a phone number; always the same one for the same number.

    Source: Meta, Business-scoped user ids: a country code, a full stop and up to 128 letters and digits.
    """
    country = next((_COUNTRIES[phone[:n]] for n in (3, 2, 1) if phone[:n] in _COUNTRIES), "US")
    return f"{country}.{int(hashlib.sha256(phone.encode()).hexdigest(), 16) % 10**16:016d}"


def slug(name: str) -> str:
    """A name as lower-case letters, digits and underscores; empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "_", plain).strip("_")


def digits(phone: str) -> str:
    """A phone number reduced to its digits."""
    return "".join(character for character in phone if character in string.digits)
