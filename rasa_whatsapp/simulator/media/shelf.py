"""Files: what may be uploaded, how long an id lives, and URLs that work for five minutes.

Source: Meta, Cloud API, Media reference.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlencode

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import Ids
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Media, State

_MB = 1024 * 1024
_DAY = 24 * 60 * 60
URL_LIFETIME = 5 * 60
UPLOAD_LIFETIME = 30 * _DAY
INBOUND_LIFETIME = 7 * _DAY
LARGEST = 100 * _MB
KEPT_BYTES = 512 * _MB

# MIME types and largest size of each kind of message; of a sticker, one that moves.
KINDS: dict[str, tuple[frozenset[str], int]] = {
    "image": (frozenset({"image/jpeg", "image/png"}), 5 * _MB),
    "video": (frozenset({"video/mp4", "video/3gpp"}), 16 * _MB),
    "audio": (frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}), 16 * _MB),
    "sticker": (frozenset({"image/webp"}), 500 * 1024),
    "document": (
        frozenset(
            {
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            }
        ),
        LARGEST,
    ),
}
_STILL_STICKER = 100 * 1024


class MediaShelf:
    """The files of one local WhatsApp."""

    def __init__(self, state: State, clock: Clock, ids: Ids) -> None:
        self._state = state
        self._clock = clock
        self._ids = ids
        self._key = secrets.token_bytes(32)
        self._bytes = sum(len(media.data) for media in state.media.values())

    def upload(self, data: bytes, mime_type: str, filename: str) -> Media:
        """Keep a file that the bot uploads. Raises :class:`Refusal` 131053 for a wrong type or size."""
        mime = bare(mime_type)
        kinds = [kind for kind, (mimes, _) in KINDS.items() if mime in mimes]
        if not kinds:
            raise Refusal(131053, f"The MIME type {mime or '(none)'} is not supported.")
        largest = max(most_bytes(kind, data) for kind in kinds)
        if not 0 < len(data) <= largest:
            raise Refusal(131053, f"The file has {len(data)} bytes; allowed are 1 to {largest} for {mime}.")
        return self._keep(data, mime_type, filename, UPLOAD_LIFETIME)

    def receive(self, data: bytes, mime_type: str, filename: str = "") -> Media:
        """Keep a file that a person sends; any type, up to 100 MB."""
        if not 0 < len(data) <= LARGEST:
            raise ValueError(f"A file has 1 to {LARGEST} bytes; this one has {len(data)}.")
        return self._keep(data, mime_type, filename, INBOUND_LIFETIME)

    def find(self, media_id: str) -> Media | None:
        """The file behind an id that has not expired."""
        media = self._state.media.get(media_id)
        return media if media and media.expires_at > self._clock.now() else None

    def delete(self, media_id: str) -> bool:
        """Forget a file; False when there was none."""
        media = self._state.media.pop(media_id, None)
        self._bytes -= len(media.data) if media else 0
        return media is not None

    def check(self, kind: str, media_id: object) -> None:
        """Refuse a message whose media id is unknown, or of another type than its kind."""
        if kind not in KINDS:
            return
        media = self.find(media_id) if isinstance(media_id, str) else None
        if media is None:
            raise Refusal(100, f"Param {kind}.id is not the id of a media file of this account.")
        if bare(media.mime_type) not in KINDS[kind][0] or len(media.data) > most_bytes(kind, media.data):
            raise Refusal(131053, f"A file of type {bare(media.mime_type)} cannot be sent as {kind}.")

    def path(self, media: Media) -> str:
        """The path and query of a download URL that is valid for five minutes from now."""
        expires = int(self._clock.now()) + URL_LIFETIME
        query = urlencode({"mid": media.id, "ext": expires, "hash": self._hash(media.id, str(expires))})
        return f"/whatsapp_business/attachments/?{query}"

    def open(self, media_id: str, expires: str, given_hash: str) -> Media | None:
        """The file behind a download URL, or None when the URL is wrong or too old."""
        if not hmac.compare_digest(self._hash(media_id, expires).encode(), given_hash.encode()):
            return None
        return self.find(media_id) if int(expires) >= self._clock.now() else None

    def _keep(self, data: bytes, mime_type: str, filename: str, lifetime: float) -> Media:
        expires_at = self._clock.now() + lifetime
        media = Media(
            id=self._ids.media(), data=data, mime_type=mime_type, filename=filename, expires_at=expires_at
        )
        self._state.media[media.id] = media
        self._bytes += len(data)
        while self._bytes > KEPT_BYTES:  # a long run does not grow: the oldest files are forgotten
            self.delete(next(iter(self._state.media)))
        return media

    def _hash(self, media_id: str, expires: str) -> str:
        return hmac.new(self._key, f"{media_id} {expires}".encode(), hashlib.sha256).hexdigest()[:32]


def bare(mime_type: str) -> str:
    """A MIME type without its parameters."""
    return mime_type.partition(";")[0].strip().lower()


def most_bytes(kind: str, data: bytes) -> int:
    """The largest size of a file as this kind of message; a sticker that does not move has a smaller one."""
    return _STILL_STICKER if kind == "sticker" and not is_animated(data) else KINDS[kind][1]


def is_animated(data: bytes) -> bool:
    """Whether a WebP file moves, by its header. Source: WebP container specification."""
    return data[:4] == b"RIFF" and data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 0x02)


def sha256_base64(data: bytes) -> str:
    """The hash as it stands in a message webhook."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def sha256_hex(data: bytes) -> str:
    """The hash as it stands in the answer that resolves a media id."""
    return hashlib.sha256(data).hexdigest()
