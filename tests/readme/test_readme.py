"""The README tells what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from ruamel.yaml import YAML

from rasa_whatsapp import events
from rasa_whatsapp.rendering import render
from rasa_whatsapp.settings import KEYS, load, read_credentials

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PORTUGUESE = (ROOT / "README.pt-BR.md").read_text(encoding="utf-8")
SECRETS = dict.fromkeys(re.findall(r"\$\{(\w+)\}", README + PORTUGUESE), "x" * 16)


def table() -> str:
    """The table of settings as it should stand in the README."""
    rows = ["| key | what it is | default | per number |", "|---|---|---|---|"]
    for key in KEYS:
        default = (
            ""
            if key.default in (None, {})
            else f"`{str(key.default).lower() if isinstance(key.default, bool) else key.default}`"
        )
        rows.append(f"| `{key.name}` | {key.meaning} | {default} | {'yes' if key.per_number else ''} |")
    return "\n".join(rows)


def yaml_blocks(readme: str = README) -> list[str]:
    """The YAML examples; those within a list are indented."""
    return [dedent(block) for block in re.findall(r"^ *```yaml\n(.*?)```", readme, re.DOTALL | re.MULTILINE)]


def test_the_table_of_settings_is_the_tables() -> None:
    """Every key with its meaning and default; `python tests/readme/test_readme.py` prints it."""
    assert table() in README


@pytest.mark.parametrize(("readme", "count"), [(README, 1), (PORTUGUESE, 4)], ids=["English", "Portuguese"])
def test_the_examples_of_credentials_load(tmp_path: Path, readme: str, count: int) -> None:
    """Each one is complete."""
    examples = [block for block in yaml_blocks(readme) if "WhatsAppInput" in block]
    assert len(examples) == count
    for example in examples:
        file = tmp_path / "credentials.yml"
        file.write_text(example, encoding="utf-8")
        assert load(read_credentials(file, SECRETS), SECRETS).numbers


def test_the_examples_of_responses_render_without_complaint() -> None:
    """As Rasa hands them over."""
    [block] = [block for block in yaml_blocks() if "responses:" in block]
    responses = YAML(typ="safe").load(block)["responses"]
    for variations in responses.values():
        for response in variations:
            rendering = render(response)
            assert rendering.messages
            assert rendering.problems == rendering.cuts == ()


def test_the_two_commands_stand_on_the_first_screen() -> None:
    """A newcomer finds them without scrolling far."""
    first = README.splitlines()[:20]
    assert sum("python3 -m pip install uv && uv run" in line for line in first) == 2


def test_the_metadata_example_decodes() -> None:
    """What the channel puts into the metadata is read by the line that the README shows."""
    picture = events.Image(
        id="wamid.1", media_id="1", sender=events.Person(phone="5561999990001", name="Ana")
    )
    assert events.decode(events.to_builtins(picture)) == picture


if __name__ == "__main__":
    print(table())
