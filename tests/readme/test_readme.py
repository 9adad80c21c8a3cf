"""The README tells what the code does, and the Portuguese one tells the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from documents import ROOT
from ruamel.yaml import YAML

from rasa_whatsapp import events
from rasa_whatsapp.rendering import render
from rasa_whatsapp.settings import KEYS, load, read_credentials

README = (ROOT / "README.md").read_text(encoding="utf-8")
PORTUGUESE = (ROOT / "README.pt-BR.md").read_text(encoding="utf-8")
BOTH = pytest.mark.parametrize("readme", [README, PORTUGUESE], ids=["English", "Portuguese"])
SETTINGS = ROOT / ".github" / "guides" / "settings.md"
IMAGES = ROOT / ".github" / "images"
SECRETS = dict.fromkeys(re.findall(r"\$\{(\w+)\}", README + PORTUGUESE), "x" * 16)


def table() -> str:
    """The table of settings as it should stand in its guide."""
    rows = ["| key | what it is | default | per number |", "|---|---|---|---|"]
    for key in KEYS:
        default = (
            ""
            if key.default in (None, {})
            else f"`{str(key.default).lower() if isinstance(key.default, bool) else key.default}`"
        )
        rows.append(f"| `{key.name}` | {key.meaning} | {default} | {'yes' if key.per_number else ''} |")
    return "\n".join(rows)


def blocks(readme: str, language: str) -> list[str]:
    """The examples in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)


def shape(readme: str) -> Iterator[str]:
    """What a translation leaves as it is: headings, code, tables, lists and pictures, in their order."""
    code = ""
    for line in readme.splitlines():
        if line.startswith("```"):
            code = "" if code else line
            yield line
        elif code:
            yield f"{code} {len(line) - len(line.lstrip())}" if line.strip() else ""
        elif line.startswith("    "):
            yield re.split(r"  +#|\"O|\"H|my_bot|meu_bot", line)[0].rstrip()
        elif line.startswith("#"):
            yield "#" * (len(line) - len(line.lstrip("#")))
        elif line.startswith("|"):
            yield f"a row of {line.count('|')}"
        elif line.startswith("- "):
            yield "- "
        elif "<picture>" in line:
            yield re.sub(r'alt="[^"]*"', "", line)


def figures(readme: str) -> list[str]:
    """The numbers outside of links and images, without what separates thousands, decimals and each other."""
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", "", readme)
    return sorted(re.sub(r"\D", "", found) for found in re.findall(r"\d+(?: \d{3}\b)*(?:[.,]\d+)*", text))


def test_the_table_of_settings_is_the_tables() -> None:
    """Every key with its meaning and default; `python tests/readme/test_readme.py` prints it."""
    assert table() in SETTINGS.read_text(encoding="utf-8")


@BOTH
def test_the_examples_of_credentials_load(tmp_path: Path, readme: str) -> None:
    """One for each provider, complete."""
    found = []
    for example in blocks(readme, "yaml"):
        if "WhatsAppInput" in example:
            file = tmp_path / "credentials.yml"
            file.write_text(example, encoding="utf-8")
            found += [number.provider for number in load(read_credentials(file, SECRETS), SECRETS).numbers]
    assert found == ["cloud", "serpro"]


@BOTH
def test_the_examples_of_responses_render_without_complaint(readme: str) -> None:
    """As Rasa hands them over."""
    [block] = [block for block in blocks(readme, "yaml") if "responses:" in block]
    responses = YAML(typ="safe").load(block)["responses"]
    for variations in responses.values():
        for response in variations:
            rendering = render(response)
            assert rendering.messages
            assert rendering.problems == rendering.cuts == ()


@BOTH
def test_the_two_commands_stand_on_the_first_screen(readme: str) -> None:
    """A newcomer finds them without scrolling far."""
    first = readme.splitlines()[:20]
    assert sum("python3 -m pip install uv && uv run" in line for line in first) == 2


def test_the_portuguese_readme_has_the_same_shape() -> None:
    """Heading for heading, block for block, row for row."""
    assert list(shape(PORTUGUESE)) == list(shape(README))


def test_the_portuguese_readme_has_the_same_figures() -> None:
    """2.6 ms there is 2,6 ms here."""
    assert figures(PORTUGUESE) == figures(README)


@BOTH
def test_every_guide_is_named(readme: str) -> None:
    """In the reader's language, where there are two."""
    guides = {path.name for path in (ROOT / ".github" / "guides").glob("*.md")}
    in_portuguese = {name for name in guides if name.endswith(".pt-BR.md")}
    twins = {name.replace(".pt-BR", "") for name in in_portuguese}
    mine = guides - (twins if readme is PORTUGUESE else in_portuguese)
    assert {name for name in mine if f".github/guides/{name})" not in readme} == set()


def test_the_pictures_are_small_and_all_shown() -> None:
    """In both themes; a page with them opens fast."""
    pictures = sorted(IMAGES.iterdir())
    assert [each.name for each in pictures if f".github/images/{each.name}" not in README] == []
    assert [each.name for each in pictures if each.stat().st_size > 150_000] == []


def test_the_metadata_example_decodes() -> None:
    """What the channel puts into the metadata is read by the line that the README shows."""
    picture = events.Image(
        id="wamid.1", media_id="1", sender=events.Person(phone="5561999990001", name="Ana")
    )
    assert events.decode(events.to_builtins(picture)) == picture


if __name__ == "__main__":
    print(table())
