"""Every command that a document shows is understood by the program it names."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import error_guide
import pytest
import typer

from rasa_whatsapp.cli.app import app
from rasa_whatsapp.errors import codes
from rasa_whatsapp.settings import load, read_credentials

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.pt-BR.md",
    ROOT / "sample_bot" / "README.md",
    *sorted((ROOT / ".github").rglob("*.md")),
]
NOT_OURS = {
    "python3 -m pip install uv && uv run pytest": "this very run",
    "uv run pytest": "this very run",
    "rasa": "Rasa's own command; the demo and its tests start it",
    "pip": "installs from an index; .ci/run installs the wheel with the same extras",
    "curl": "needs a running bot; `demo --check` makes the same request",
    "export": "the shell's own",
    "ngrok": "another product",
    "cloudflared": "another product",
    "uv run --group docs pdoc": ".ci/run makes the same pages",
    "uv": "makes the environment that this test runs in",
    "pyenv": "another product",
    "pipx": "another product",
    "apt-get": "needs root; .ci/run does it",
}
"""What a line may begin with that is not our program, with the reason why it is not parsed here."""

IN_WORDS = re.compile(r"`(rasa-whatsapp [^`]+)`")
FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"(?:^|\n)\n((?: {4,}\S.*(?:\n|$))+)")


def without_fences(path: Path) -> str:
    """A document's text without its YAML and Python, which other tests read."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def in_blocks() -> Iterator[tuple[str, str]]:
    """The shell lines that stand on their own."""
    for path in DOCUMENTS:
        for block in BLOCK.findall(without_fences(path)):
            for line in re.sub(r"\\\n\s*", "", block).splitlines():
                yield path.name, line.strip()


def in_words() -> Iterator[tuple[str, str]]:
    """Our commands that are named in running text."""
    for path in DOCUMENTS:
        for line in IN_WORDS.findall(without_fences(path)):
            yield path.name, line


def the_command(line: str) -> tuple[Any, list[str]]:
    """Our command that a line names, and the words after it."""
    words = shlex.split(line.replace("…", ""), comments=True)
    words = words[words.index("rasa-whatsapp") + 1 :]
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    return command, words


@pytest.mark.parametrize(("document", "line"), sorted(set(in_blocks())))
def test_a_line_that_one_can_copy_is_understood(
    document: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ours is parsed with its arguments and options; any other is one of a short list."""
    if "rasa-whatsapp" not in shlex.split(line, comments=True):
        assert any(line.startswith(known) for known in NOT_OURS), f"{document}: who runs `{line}`?"
        return
    monkeypatch.chdir(tmp_path)
    command, words = the_command(line)
    for word in words:
        if re.fullmatch(r"\w+\.\w{3,4}", word):
            Path(word).touch()  # a file of the reader's
    command.make_context("rasa-whatsapp", words)


@pytest.mark.parametrize(("document", "line"), sorted(set(in_words())))
def test_a_command_named_in_a_sentence_exists(document: str, line: str) -> None:
    """With the options that the sentence names; its arguments may be left out."""
    command, words = the_command(line)
    options = {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts}
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= options | {"--help"}
    assert not words or not hasattr(command, "commands") or words[0].startswith("--"), f"{document}: {line}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    """To a file, and to a heading where it names one."""
    links = re.findall(r"\]\((?!https?:)([^)\s]+)\)", without_fences(document))
    for link in links:
        path, _, heading = link.partition("#")
        target = (document.parent / path) if path else document
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
            assert heading in anchors, link


def test_the_guide_to_error_codes_is_the_table() -> None:
    """`uv run python tests/readme/error_guide.py` writes it; no code of the table is left out."""
    assert error_guide.GUIDE.read_text(encoding="utf-8") == error_guide.guide()
    tables = [value for name, value in vars(codes).items() if name.isupper() and isinstance(value, dict)]
    assert sorted(map(id, tables)) == sorted(id(table) for _, table in error_guide.SECTIONS.values())


GUIDES = sorted((ROOT / ".github" / "guides").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_examples_of_a_guide_are_valid(guide: Path, tmp_path: Path) -> None:
    """Python compiles and imports names that exist; a credentials.yml loads."""
    text = guide.read_text(encoding="utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        tree = compile(block, guide.name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST)
        imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        exec(compile(ast.Module(imports, []), guide.name, "exec"), {})
    for block in re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        if "WhatsAppInput" in block:
            file = tmp_path / "credentials.yml"
            file.write_text(block, encoding="utf-8")
            secrets = dict.fromkeys(re.findall(r"\$\{(\w+)\}", block), "x" * 16)
            assert load(read_credentials(file, secrets), secrets).numbers
