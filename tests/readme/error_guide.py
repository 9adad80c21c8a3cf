"""The guide to Meta's error codes, written from the table that the errors themselves use.

``uv run python tests/readme/error_guide.py`` writes it; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rasa_whatsapp.errors import codes

GUIDE = Path(__file__).parents[2] / ".github" / "guides" / "errors.md"
SECTIONS = {
    "The token": ("TokenError", codes.TOKEN),
    "Permissions": ("PermissionDenied", codes.PERMISSION),
    "Too fast": ("RateLimited", codes.RATE),
    "The 24-hour window": ("WindowClosed", codes.WINDOW),
    "This person cannot be reached": ("Undeliverable", codes.UNDELIVERABLE),
    "The message": ("InvalidMessage", codes.INVALID),
    "Media": ("MediaRejected", codes.MEDIA),
    "The account or the number": ("AccountProblem", codes.ACCOUNT),
    "Meta has a problem": ("ServiceUnavailable", codes.SERVICE),
    "Others": ("GraphError", codes.OTHER),
}
INTRODUCTION = """\
# Error codes

What Meta answers, and what to do. The code stands in Rasa's log, in `rasa-whatsapp inbox show` and in the
exception's `code`; the sentences are those that the log prints. ↻ marks what is sent again by itself, because
Meta had not taken the message. Serpro's errors have no codes; there the log tells what Serpro says.

`rasa-whatsapp doctor` finds most mistakes of the set-up before the first message. Where nothing comes at all:
[when nothing comes](going-live-meta.md#when-nothing-comes).
"""


def guide() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for title, (name, table) in SECTIONS.items():
        rows = "\n".join(_rows(table))
        parts.append(f"## {title} (`errors.{name}`)\n\n| code | what to do |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def _rows(table: dict[int, str]) -> Iterator[str]:
    """One row for each run of codes that share a sentence."""
    for sentence, run in groupby(sorted(table), key=table.__getitem__):
        found = list(run)
        whole = found[-1] - found[0] == len(found) - 1 and len(found) > 2
        shown = f"{found[0]} to {found[-1]}" if whole else ", ".join(map(str, found))
        yield f"| {shown}{' ↻' if found[0] in codes.SAFE_TO_RESEND else ''} | {sentence} |"


if __name__ == "__main__":
    GUIDE.write_text(guide(), encoding="utf-8")
