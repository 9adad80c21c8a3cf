"""Every switch has its words: on the page in each language, and in the testing guide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rasa_whatsapp.simulator import BadDay, Restrictions
from rasa_whatsapp.simulator.page.files import STATIC

GUIDE = Path(__file__).parents[2] / ".github" / "guides" / "testing.md"


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_every_switch_has_a_label_on_the_page(language: str) -> None:
    """Troubles of a bad day, restrictions, and the words among which some of them choose."""
    text = (STATIC / "texts" / f"{language}.js").read_text(encoding="utf-8")
    labels = set(re.findall(r"^  (\w+):", text, re.MULTILINE))
    restrictions = Restrictions().described
    wanted = {f"day_{trouble}" for trouble in BadDay().chances}
    wanted |= {f"restrict_{each['name']}" for each in restrictions}
    wanted |= {f"choice_{word}" for each in restrictions for word in each["choices"]}
    assert wanted - labels == set()
    assert {label for label in labels if label.startswith(("day_", "restrict_", "choice_"))} == wanted


def test_every_switch_stands_in_the_guide() -> None:
    """In the first column of one of its two tables."""
    rows = re.findall(r"^\| (`.+?) \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)", row)}
    assert told == {*BadDay().chances, *Restrictions().named}
