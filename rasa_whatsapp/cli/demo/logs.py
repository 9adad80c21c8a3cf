"""The log of the local WhatsApp, which runs in the demo's own process."""

from __future__ import annotations

from pathlib import Path

import structlog


def keep_logs(path: Path) -> None:
    """Write this process's log to a file, so that the screen belongs to the conversation."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.LogfmtRenderer(sort_keys=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=path.open("w", encoding="utf-8", buffering=1)),
    )
