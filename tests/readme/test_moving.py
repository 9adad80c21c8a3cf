"""Trackers of another connector are found again, by the statements that the guide shows."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from textwrap import dedent

import pytest
from documents import ROOT
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

GUIDE = (ROOT / ".github" / "guides" / "from-another-connector.md").read_text(encoding="utf-8")
STATEMENTS = [dedent(block) for block in re.findall(r"^ *```sql\n(.*?)```", GUIDE, re.DOTALL | re.MULTILINE)]
PERSON = "5561999990001"


@pytest.mark.parametrize("before", [f"whatsapp:+{PERSON}", f"+{PERSON}", PERSON])
async def test_a_conversation_goes_on_under_the_numbers_digits(before: str, tmp_path: Path) -> None:
    """In Rasa's own SQL tracker store; others' conversations stay where they are."""
    path = str(tmp_path / "rasa.db")
    for sender in (before, "default"):
        tracker = DialogueStateTracker(sender, [])
        tracker.update(UserUttered("Hola"))
        await SQLTrackerStore(Domain.empty(), dialect="sqlite", db=path).save(tracker)
    connection = sqlite3.connect(path)
    with connection:
        for statement in STATEMENTS:
            connection.executescript(statement)
    connection.close()
    store = SQLTrackerStore(Domain.empty(), dialect="sqlite", db=path)
    for sender in (PERSON, "default"):
        found = await store.retrieve(sender)
        assert found is not None
        assert found.latest_message is not None
        assert found.latest_message.text == "Hola"
