"""Every command that a document shows is known; those of other programs are run by a test or by .ci/run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import DOCUMENTS, LINES, ROOT, Line, the_command, without_fences

ELSEWHERE = {
    "python3 -m pip install uv && uv run pytest": (".ci/run", "python3 -m pip install uv && uv run pytest"),
    "python3 -m pip install uv && uv run rasa-whatsapp demo": (
        "tests/cli/test_demo.py",
        'parametrize("provider", ["cloud", "serpro"])\nasync def test_the_scripted_conversation',
    ),
    "rasa-whatsapp demo --check": (".ci/run", "rasa-whatsapp demo --check"),
    "rasa-whatsapp demo --bad-day": ("tests/cli/test_local_whatsapp.py", '["demo", "--bad-day", '),
    "rasa-whatsapp demo": (".ci/run", "rasa-whatsapp init club && cd club && ../rasa/bin/rasa-whatsapp demo"),
    "rasa train": ("tests/conftest.py", '"rasa", "train"'),
    "rasa run actions": ("tests/sample_bot/club_server.py", '"rasa_sdk", "--actions", "actions"'),
    "rasa run": ("rasa_whatsapp/cli/demo/club.py", '"rasa", "run", "--enable-api"'),
    "pip install": (".ci/run", '"$wheel[rasa]"'),
    "curl -X POST": ("rasa_whatsapp/cli/demo/check.py", "trigger_intent"),
    "uv run --group docs pdoc -d google": (".ci/run", "uv run --group docs pdoc -d google"),
    "uv run --group bench python -m benchmarks": (".ci/run", "uv run --group bench python -m benchmarks"),
}
"""What a line may begin with that `test_doing_what_a_document_says` does not run: the file that runs it, and
the words there that show it."""

BY_THE_READER = {
    "export": "sets a secret of the reader's own",
    "ngrok": "another product",
    "cloudflared": "another product",
}
"""What no test can run, and why."""


def ids(line: Line) -> str:
    return f"{line.document.stem}: {line.text}"


@pytest.mark.parametrize(
    "line", dict.fromkeys(line for line in LINES if line.block and not line.ours), ids=ids
)
def test_a_line_of_another_program_is_run_elsewhere(line: Line) -> None:
    """By a test, by .ci/run, or by the reader alone."""
    assert any(line.text.startswith(known) for known in (*ELSEWHERE, *BY_THE_READER)), "who runs it?"


@pytest.mark.parametrize("known", ELSEWHERE)
def test_who_runs_it_elsewhere_still_does(known: str) -> None:
    """And some document still shows it."""
    file, words = ELSEWHERE[known]
    assert words in (ROOT / file).read_text(encoding="utf-8")
    assert any(line.text.startswith(known) for line in LINES) or known in "".join(
        map(without_fences, DOCUMENTS)
    )


@pytest.mark.parametrize("line", dict.fromkeys(line for line in LINES if not line.block), ids=ids)
def test_a_command_named_in_a_sentence_exists(line: Line) -> None:
    """With the options that the sentence names; its arguments may be left out."""
    command, words = the_command(line)
    options = {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts}
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= options | {"--help"}
    assert not words or not hasattr(command, "commands") or words[0].startswith("--")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    """To a file, and to a heading where it names one."""
    text = without_fences(document)
    links = re.findall(r"\]\((?!https?:)([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
    for link in links:
        path, _, heading = link.partition("#")
        target = (document.parent / path) if path else document
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
            assert heading in anchors, link
