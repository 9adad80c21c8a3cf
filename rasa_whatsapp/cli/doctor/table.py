"""The findings as a table on a terminal, as plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rasa_whatsapp.cli.doctor.finding import Finding

_STYLES = {"✓": "green", "✗": "bold red", "!": "yellow"}


def show(findings: Sequence[Finding]) -> None:
    """Print them, and how many of them need something done."""
    console = Console(highlight=False)
    if console.is_terminal:
        _table(console, findings)
    else:
        for finding in findings:
            print(f"{finding.mark} {finding.about}: {finding.found}")
            if finding.remedy:
                print(f"    {finding.remedy}")
    verdict, style = _verdict(findings)
    console.print(verdict, style=style)


def _verdict(findings: Sequence[Finding]) -> tuple[str, str]:
    marks = [finding.mark for finding in findings]
    if problems := marks.count("✗"):
        return f"{problems} {'problem' if problems == 1 else 'problems'} to solve.", "bold red"
    if notes := marks.count("!"):
        things = "thing" if notes == 1 else "things"
        return f"Nothing found that keeps the bot from working; {notes} {things} to look at.", "bold yellow"
    return "All is well.", "bold green"


def _table(console: Console, findings: Sequence[Finding]) -> None:
    table = Table(show_header=False, box=None, padding=(0, 1))
    table.add_column()
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for mark, about, found, remedy in findings:
        text = Text(found)
        if remedy:
            text.append(f"\n→ {remedy}", style="cyan")
        table.add_row(Text(mark, style=_STYLES[mark]), Text(about), text)
    console.print(table)
