"""Files on their way to or from WhatsApp, with a progress bar on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from rasa_whatsapp.cloud import MediaFile
    from rasa_whatsapp.providers import Client


async def upload(client: Client, path: Path, mime_type: str = "") -> str:
    """Upload a file and return its media id.

    Raises:
        OSError: the file cannot be read.
    """
    with _bar() as bar:
        task = bar.add_task(f"↑ {path.name}", total=None)
        return await client.upload(
            path, mime_type, progress=lambda left, size: bar.update(task, completed=left, total=size)
        )


async def download(client: Client, media_id: str, folder: Path) -> MediaFile:
    """Download a file into the folder.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    from rasa_whatsapp.cloud import CloudClient

    if not isinstance(client, CloudClient):  # Serpro does not tell a file's size before it comes
        return await client.download(media_id, folder)
    with _bar() as bar:
        task = bar.add_task(f"↓ {media_id}", total=None)
        return await client.download(
            media_id,
            folder,
            progress=lambda received, size: bar.update(task, completed=received, total=size or None),
        )


@contextmanager
def _bar() -> Iterator[Progress]:
    """On stderr, so that stdout holds the result alone."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        yield bar
