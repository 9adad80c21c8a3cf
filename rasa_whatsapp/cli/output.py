"""What a command prints: a table on a terminal, plain lines elsewhere, JSON for programs; its problems."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import typer


def print_json(value: Any) -> None:
    """One JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with a head on a terminal; elsewhere one line for each row, its cells divided by tabs."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        for row in rows:
            typer.echo("\t".join(row))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def refuse(*problems: str) -> NoReturn:
    """End the command with 1, and say on stderr why; each problem stands by itself."""
    for problem in problems:
        typer.echo(f"✗ {problem}", err=True)
    raise typer.Exit(1) from None
