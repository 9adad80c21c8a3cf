"""The guides' examples of Python and YAML, and the guide that is made from a table."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import error_guide
import pytest
from documents import ROOT

from rasa_whatsapp.errors import codes
from rasa_whatsapp.flows import generate_keys
from rasa_whatsapp.settings import load, read_credentials

GUIDES = sorted((ROOT / ".github" / "guides").glob("*.md"))


def test_the_guide_to_error_codes_is_the_table() -> None:
    """`uv run python tests/readme/error_guide.py` writes it; no code of the table is left out."""
    assert error_guide.GUIDE.read_text(encoding="utf-8") == error_guide.guide()
    tables = [value for name, value in vars(codes).items() if name.isupper() and isinstance(value, dict)]
    assert sorted(map(id, tables)) == sorted(id(table) for _, table in error_guide.SECTIONS.values())


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_examples_of_a_guide_are_valid(
    guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python compiles and imports names that exist; a credentials.yml loads."""
    text = guide.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if "private_key: flows.pem" in text:
        Path("flows.pem").write_text(generate_keys().private_key, encoding="utf-8")
    for folder in re.findall(r"^ +media: (\w+)(?: |$)", text, re.MULTILINE):
        Path(folder).mkdir(exist_ok=True)
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
