"""A bot of one's own, begun from the sample bot."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from whatsapp_command import run

from rasa_whatsapp.cli.demo import project
from rasa_whatsapp.cli.demo.project import find_bot, find_sample_bot, model_path
from rasa_whatsapp.cli.init import init


def test_the_sample_bot_is_put_into_a_new_folder(tmp_path: Path) -> None:
    """All of it, as it stands in the package, and the demo takes it."""
    done = run("init", "bots/my club", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\n    rasa-whatsapp demo 'bots/my club'\n" in done.stdout
    assert "`uv run rasa-whatsapp demo 'bots/my club'`" in done.stdout
    made = tmp_path / "bots" / "my club"
    for path in ("README.md", ".gitignore", "actions/choice.py", "media/mapa.png", "tests/test_stories.yml"):
        assert (made / path).read_bytes() == (find_sample_bot() / path).read_bytes()
    assert find_bot(made) == made
    assert model_path(made, "3.6.21") == model_path(find_sample_bot(), "3.6.21")
    assert not [path for path in made.rglob("*") if path.name in ("__pycache__", ".rasa", "models")]


def test_what_was_made_where_it_ran_stays_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A private key, and what people wrote, above all."""
    bot = tmp_path / "bot"
    run("init", str(bot), cwd=tmp_path)
    made = ("flows.pem", "whatsapp.db", "whatsapp.db-wal", "models/a.tar.gz", ".pytest_cache/README.md")
    for name in made:
        (bot / name).parent.mkdir(exist_ok=True)
        (bot / name).write_text("")
    monkeypatch.setattr(project, "find_sample_bot", lambda: bot)
    init(tmp_path / "mine")
    assert (tmp_path / "mine" / "domain.yml").is_file()
    assert not [name for name in made if (tmp_path / "mine" / name).exists()]


def test_by_default_it_is_the_folder_where_one_is(tmp_path: Path) -> None:
    """As with `rasa init`."""
    done = run("init", cwd=tmp_path)
    assert (tmp_path / "domain.yml").is_file()
    assert "\n    rasa-whatsapp demo\n" in done.stdout


def test_git_sees_neither_keys_nor_messages(tmp_path: Path) -> None:
    """Nor what can be made again."""
    run("init", cwd=tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    made = ("flows.pem", "whatsapp.db", "whatsapp.db-wal", "models/a.tar.gz", ".rasa/cache", "domain.yml")
    ignored = subprocess.run(["git", "check-ignore", *made], cwd=tmp_path, capture_output=True, text=True)
    assert ignored.stdout.split() == list(made[:-1])


def test_a_gitignore_of_ones_own_is_kept(tmp_path: Path) -> None:
    """It is said what belongs into it."""
    (tmp_path / ".gitignore").write_text("mine")
    done = run("init", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / ".gitignore").read_text() == "mine"
    assert "Keep out of git, by your .gitignore: flows.pem, whatsapp.db*, models/" in done.stdout
    assert (tmp_path / "domain.yml").is_file()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """One file of one's own, and nothing is written at all."""
    (tmp_path / "domain.yml").write_text("mine")
    done = run("init", cwd=tmp_path)
    assert done.returncode == 1
    assert "domain.yml is there already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["domain.yml"]
    assert (tmp_path / "domain.yml").read_text() == "mine"


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    """One line says why, and what to do."""
    (tmp_path / "file").write_text("")
    done = run("init", "file/club", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "✗ file/club cannot be written: Not a directory. Choose another folder.\n"
