"""What the demo needs before it starts anything."""

from __future__ import annotations

import shutil
from pathlib import Path

import aiohttp
import pytest
from whatsapp_command import run

from rasa_whatsapp.cli import rasas
from rasa_whatsapp.cli.demo import project
from rasa_whatsapp.cli.demo.media import served
from rasa_whatsapp.cli.demo.project import NotReady, find_bot, find_sample_bot, model_path, require_rasa
from rasa_whatsapp.cli.programs import environment


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A copy of the sample bot."""
    return Path(shutil.copytree(find_sample_bot(), tmp_path / "bot", ignore=shutil.ignore_patterns(".rasa")))


def test_a_model_is_kept_in_the_users_cache(
    bot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never in the project or in the installed package."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert model_path(bot, "3.6.21").is_relative_to(tmp_path / "cache" / "rasa_whatsapp")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert model_path(bot, "3.6.21").is_relative_to(tmp_path / ".cache" / "rasa_whatsapp")


def test_a_model_is_used_again_until_what_it_was_made_of_changes(bot: Path) -> None:
    """The training data, the domain, the pipeline or Rasa; not the time, the place or the README."""
    before = model_path(bot, "3.6.21")
    assert model_path(find_sample_bot(), "3.6.21") == before
    (bot / "README.md").write_text("another one")
    assert model_path(bot, "3.6.21") == before
    assert model_path(bot, "3.6.22") != before
    seen = {before}
    for name in (
        "config.yml",
        "domain.yml",
        "data/nlu.yml",
        "data/more.yml",
        "data/more.yaml",
        "data/old.json",
    ):
        with (bot / name).open("a") as file:
            file.write("# changed\n")
        now = model_path(bot, "3.6.21")
        assert now not in seen
        seen.add(now)


def test_without_rasa_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Python 3.11 the extra would install nothing, silently."""
    monkeypatch.setattr(rasas, "installed", {}.get)
    monkeypatch.setattr(rasas.sys, "version_info", (3, 10, 5))
    with pytest.raises(NotReady, match=r"pip install 'rasa-whatsapp\[rasa\]'$"):
        require_rasa()
    monkeypatch.setattr(rasas.sys, "version_info", (3, 12, 1))
    with pytest.raises(NotReady, match=r"Python 3\.10: pip .* that extra installs no Rasa"):
        require_rasa()


def test_with_only_rasa_pro_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample bot's Rasa, and the licence for a bot of one's own."""
    monkeypatch.setattr(rasas, "installed", {"rasa-pro": "3.21.0"}.get)
    with pytest.raises(NotReady, match="RASA_LICENSE") as problem:
        require_rasa()
    assert "rasa-whatsapp[rasa]" in str(problem.value)


def test_an_installed_package_brings_the_sample_bot(
    bot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wheel holds it within the package; a package without it says so."""
    package = tmp_path / "rasa_whatsapp"
    monkeypatch.setattr(project, "__file__", str(package / "cli" / "demo" / "project.py"))
    with pytest.raises(NotReady, match="install rasa-whatsapp again"):
        find_sample_bot()
    package.mkdir()
    inside = bot.rename(package / "sample_bot")
    assert find_sample_bot() == inside


def test_the_bot_of_the_folder_is_run(bot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one named, else the one where the demo is started, else the sample bot."""
    monkeypatch.chdir(tmp_path)
    assert find_bot(None) == find_sample_bot()
    assert find_bot(Path("bot")) == bot
    monkeypatch.chdir(bot)
    assert find_bot(None) == bot


def test_a_folder_without_such_a_bot_is_refused(bot: Path) -> None:
    """With what is missing, and where a bot comes from."""
    shutil.rmtree(bot / "actions")
    with pytest.raises(NotReady, match=r"has no actions\. `rasa-whatsapp init "):
        find_bot(bot)


def test_a_bot_of_which_something_is_missing_is_not_replaced_by_another(
    bot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who changes its domain would wonder why nothing changes; a bot without files is whole."""
    monkeypatch.chdir(bot)
    shutil.rmtree(bot / "media")
    assert find_bot(None) == bot
    (bot / "credentials.yml").unlink()
    with pytest.raises(NotReady, match=r"has no credentials\.yml"):
        find_bot(None)


async def test_a_bot_without_files(tmp_path: Path) -> None:
    """Nothing is found where its files would be."""
    async with served(tmp_path / "media") as url, aiohttp.request("GET", f"{url}/club.jpg") as answer:
        assert answer.status == 404


def test_a_number_of_ones_own_takes_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables for a real number would otherwise change the demo's channel."""
    monkeypatch.setenv("WHATSAPP_NUMBERS", "[{}]")
    monkeypatch.setenv("WPP_VERIFY_TOKEN", "mine")
    monkeypatch.setenv("HOME", "/home/maria")
    seen = environment()
    assert not any(name.startswith(("WHATSAPP_", "WPP_")) for name in seen)
    assert seen["HOME"] == "/home/maria"
    assert seen["RASA_TELEMETRY_ENABLED"] == "false"


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a proxy is set, Rasa would send the local WhatsApp's messages to it."""
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("no_proxy", "intranet.example")
    assert environment()["no_proxy"] == environment()["NO_PROXY"] == "intranet.example,127.0.0.1"


def test_a_model_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """Before anything is started."""
    done = run("demo", "--model", "nowhere.tar.gz", cwd=tmp_path)
    assert done.returncode == 2
