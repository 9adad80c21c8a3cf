"""The command `rasa-whatsapp`.

Each command has a room of its own, and imports what it needs when it runs: `--help` answers at once.
"""

from __future__ import annotations


def main() -> None:
    """The entry point of the installed command."""
    from rasa_whatsapp.cli.app import app

    app(prog_name="rasa-whatsapp")
