"""The bytes of uploaded and sent files, which lie beside the state file, each in a file of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from pathlib import Path

from rasa_whatsapp.simulator.state.state import Media
from rasa_whatsapp.simulator.state.writing import write_whole


class MediaFolder:
    """A folder in which a file is called by its media id. What stands under an id never changes.

    It is there as long as it holds a file; only its owner may read it. All here may raise :class:`OSError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept = {file.name for file in path.iterdir() if _is_id(file.name)} if path.is_dir() else set()

    def read(self, media_id: str) -> bytes | None:
        """What stands under this id; None where nothing does."""
        return (self.path / media_id).read_bytes() if media_id in self._kept else None

    def add(self, media: Mapping[str, Media]) -> None:
        """Keep these files, as far as they are not kept yet."""
        for media_id in filter(_is_id, media.keys() - self._kept):
            self.path.mkdir(mode=0o700, exist_ok=True)
            write_whole(self.path / media_id, media[media_id].data)
            self._kept.add(media_id)

    def retain(self, media_ids: Collection[str]) -> None:
        """Remove all files but these."""
        for media_id in self._kept - set(media_ids):
            (self.path / media_id).unlink(missing_ok=True)
            self._kept.discard(media_id)
            if not self._kept:
                with contextlib.suppress(OSError):  # somebody has put something there
                    self.path.rmdir()


def _is_id(name: str) -> bool:
    """Whether it is digits, as WhatsApp's ids are; another name could lead out of the folder."""
    return name.isdecimal() and name.isascii()
