"""`rasa-whatsapp keys` makes the key of Flows and gives WhatsApp its public half."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest
from whatsapp_command import run, section

from rasa_whatsapp.simulator import Simulator

pytestmark = [pytest.mark.whatsapp(webhook_url=""), pytest.mark.usefixtures("credentials")]

SECRET = "a passphrase that nobody sees"
ALL = "    private_key: flows.pem\n    passphrase: *\n    handlers: my_flows:handlers\n"


async def keys(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "keys", *arguments, cwd=tmp_path)


async def test_a_key_from_its_making_to_its_rotation(
    whatsapp: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is printed is pasted; the newest key is uploaded, the older one still counts as ours."""
    monkeypatch.setenv("WHATSAPP_FLOWS_PASSPHRASE", SECRET)
    made = await keys(tmp_path, "generate", "--passphrase")
    assert made.returncode == 0, made.stderr
    assert SECRET not in made.stdout + made.stderr
    assert (tmp_path / "flows.pem").stat().st_mode & 0o777 == 0o600
    assert "ENCRYPTED" in (tmp_path / "flows.pem").read_text()

    credentials = tmp_path / "credentials.yml"
    before = credentials.read_text()
    credentials.write_text(before + made.stdout)
    nothing = await keys(tmp_path, "status")
    assert (nothing.returncode, "has no public key" in nothing.stderr) == (1, True)
    assert (await keys(tmp_path, "upload")).returncode == 0
    assert (await keys(tmp_path, "status")).stdout.startswith("✓")

    rotated = await keys(tmp_path, "generate", "new.pem")
    assert rotated.stdout == ""
    assert "private_key: [new.pem, …]" in rotated.stderr
    flows = "{private_key: [new.pem, flows.pem], passphrase: '%s', handlers: my_flows}"
    credentials.write_text(f"{before}  flows: {flows % SECRET}\n")
    assert "not the newest" in (await keys(tmp_path, "status")).stdout
    credentials.write_text(f"{before}  flows: {{private_key: new.pem, handlers: my_flows}}\n")
    other = await keys(tmp_path, "status")
    assert (other.returncode, "another key" in other.stderr) == (1, True)


@pytest.mark.parametrize(
    ("lines", "printed", "says"),
    [
        ("", f"  flows:\n{ALL}", "these lines to the channel's section in"),
        ("flows: {intents: {sign_up: x}}", ALL, "lines under flows:"),
        ("flows: {private_key: ./flows.pem, handlers: club}", "    passphrase: *\n", "lines under flows:"),
        ("flows: {private_key: '${HERE}/flows.pem', passphrase: x, handlers: club}", "", "names it already"),
        ("flows: {private_key: [old.pem, flows.pem], passphrase: x, action: act}", "", "names it already"),
        ("flows: {private_key: '-----BEGIN SECRET', passphrase: x, action: act}", "", "Put it first"),
    ],
)
async def test_only_what_the_settings_lack_is_to_be_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, printed: str, says: str
) -> None:
    """A key that stands twice would be a mistake; what the settings hold may be secret."""
    monkeypatch.setenv("WHATSAPP_FLOWS_PASSPHRASE", SECRET)
    monkeypatch.setenv("HERE", str(tmp_path))
    (tmp_path / "credentials.yml").write_text(section() + f"  {lines}\n")
    made = await keys(tmp_path, "generate", "--passphrase")
    assert made.returncode == 0, made.stderr
    assert made.stdout == printed.replace("*", "${WHATSAPP_FLOWS_PASSPHRASE}")
    assert says in made.stderr
    assert made.stderr.endswith("Next: rasa-whatsapp keys upload\n")
    assert "SECRET" not in made.stdout + made.stderr


async def test_a_project_made_by_init_names_its_key(tmp_path: Path) -> None:
    """There is nothing left to paste."""
    assert (await asyncio.to_thread(run, "init", "bot", cwd=tmp_path)).returncode == 0
    made = await keys(tmp_path / "bot", "generate")
    assert (made.returncode, made.stdout) == (0, "")
    assert "credentials.yml names it already." in made.stderr


async def test_settings_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that is named must be there before a key is made; one that lies here need not be ours."""
    named = await keys(tmp_path, "generate", "--credentials", "elsewhere.yml")
    assert (named.returncode, (tmp_path / "flows.pem").exists()) == (1, False)
    (tmp_path / "credentials.yml").write_text("rest:\n")
    assert "flows:" in (await keys(tmp_path, "generate")).stdout


async def test_a_key_is_never_written_over(whatsapp: Simulator, tmp_path: Path) -> None:
    """The old one may be in use."""
    (tmp_path / "flows.pem").write_text("precious")
    done = await keys(tmp_path, "generate")
    assert (done.returncode, "flows.pem" in done.stderr) == (1, True)
    assert (tmp_path / "flows.pem").read_text() == "precious"


async def test_a_key_that_cannot_be_read_is_told(whatsapp: Simulator, tmp_path: Path) -> None:
    """These commands need it; others do not."""
    credentials = tmp_path / "credentials.yml"
    credentials.write_text(credentials.read_text() + "  flows: {private_key: gone.pem, handlers: club}\n")
    for command in "upload", "status":
        done = await keys(tmp_path, command)
        assert (done.returncode, "flows.private_key: is the path" in done.stderr) == (1, True)
    credentials.write_text(credentials.read_text().replace("gone.pem", "'${FLOWS_KEY}'"))
    for command in "upload", "status":
        done = await keys(tmp_path, command)
        assert (done.returncode, "keys generate" in done.stderr) == (1, False)
        assert (
            "flows.private_key: refers to an environment variable that is not set, FLOWS_KEY" in done.stderr
        )
    listed = await asyncio.to_thread(run, "flows", "list", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr


async def test_without_a_private_key_in_the_settings(whatsapp: Simulator, tmp_path: Path) -> None:
    """The error says how to get one."""
    done = await keys(tmp_path, "upload")
    assert done.returncode == 1
    assert "keys generate" in done.stderr
