"""What is named as ``module:object`` is found, or it is told what is wrong and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.flows import FlowHandlers
from rasa_whatsapp.hooks import Hook
from rasa_whatsapp.modules import is_reference, named

CLUB = """
from json import loads
from rasa_whatsapp.flows import FlowHandlers

opening = "9"
handlers = FlowHandlers()

def heard(event):
    return event
"""


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory of a bot."""
    (tmp_path / "club_parts.py").write_text(CLUB)
    (tmp_path / "club_broken.py").write_text("import no_such_library")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))


async def test_functions_and_objects_are_found() -> None:
    """A function for hooks, for Flows an object of one class."""
    assert await Hook.named("club_parts:heard", "on_event", 5)("hello") == "hello"
    assert isinstance(named("club_parts:handlers", "flows.handlers", FlowHandlers), FlowHandlers)


@pytest.mark.parametrize(
    ("reference", "problem", "remedy"),
    [
        ("no_such:heard", "names the module no_such, which does not exist.", "or install it."),
        ("club_broken:heard", "fails when it is imported: ModuleNotFoundError", "shows the whole error."),
        ("club_parts:herd", "names herd, which club_parts does not have.", "mean club_parts:heard?"),
        ("club_parts:opening", "club_parts:opening, a str and no function.", "mean club_parts:heard?"),
    ],
)
def test_a_function_that_is_not_there(reference: str, problem: str, remedy: str) -> None:
    """Hooks are told as well as the handlers of Flows; what a module imports is not meant."""
    with pytest.raises(SettingsError) as caught:
        Hook.named(reference, "on_event", 5)
    assert caught.value.key == "on_event"
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


def test_an_object_of_another_kind() -> None:
    """What would do is named."""
    with pytest.raises(SettingsError, match=r"a function and no FlowHandlers.*club_parts:handlers\?"):
        named("club_parts:heard", "flows.handlers", FlowHandlers)


@pytest.mark.parametrize("text", ["", "heard", "club:", ":heard", "club parts:heard", "club.py:9", "a:b:c"])
def test_what_names_no_object(text: str) -> None:
    """The form is checked before anything is imported."""
    assert not is_reference(text)
    assert is_reference("ação.partes:ouvir")
