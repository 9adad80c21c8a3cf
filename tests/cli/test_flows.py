"""`rasa-whatsapp flows validate` tells what Meta would reject."""

from __future__ import annotations

from pathlib import Path

import pytest
from whatsapp_command import run

GOOD = """{
  "version": "7.0",
  "screens": [{"id": "%s", "title": "Oi", "terminal": true, "layout": {
    "type": "SingleColumnLayout",
    "children": [
      {"type": "Footer", "label": "Enviar", "on-click-action": {"name": "complete", "payload": {}}}
    ]}}]
}"""


def test_a_file_without_mistakes(tmp_path: Path) -> None:
    """Nothing on stdout, which is for the problems."""
    (tmp_path / "flow.json").write_text(GOOD % "SIGN_UP")
    done = run("flows", "validate", "flow.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_each_problem_with_its_place(tmp_path: Path) -> None:
    """One line each, and an exit code for scripts."""
    (tmp_path / "flow.json").write_text(GOOD % "SUCCESS")
    done = run("flows", "validate", "flow.json", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("screens[0].id: ")


def test_a_flow_in_python(tmp_path: Path) -> None:
    """By module:object, from the folder where the command runs."""
    source = (
        f"from rasa_whatsapp.flows import FlowJSON\nflow = FlowJSON.from_json('''{GOOD % 'SUCCESS'}''')\n"
    )
    (tmp_path / "my_forms.py").write_text(source)
    assert "screens[0].id" in run("flows", "validate", "my_forms:flow", cwd=tmp_path).stdout
    wrong = run("flows", "validate", "my_forms:form", cwd=tmp_path)
    assert wrong.returncode == 1
    assert "my_forms:flow" in wrong.stderr


@pytest.mark.parametrize(("text", "says"), [("{", "no JSON"), ("[]", "JSON object"), (None, "No such file")])
def test_a_file_that_is_no_flow(tmp_path: Path, text: str | None, says: str) -> None:
    """The error names the file."""
    if text is not None:
        (tmp_path / "flow.json").write_text(text)
    done = run("flows", "validate", "flow.json", cwd=tmp_path)
    assert done.returncode == 1
    assert says in done.stderr
    assert "flow.json" in done.stderr
