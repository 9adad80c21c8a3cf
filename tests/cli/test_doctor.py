"""`rasa-whatsapp doctor` finds what keeps a bot from answering, says what to do, and keeps secrets."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from whatsapp_command import run, section

from rasa_whatsapp.cli import rasas
from rasa_whatsapp.cli.doctor import machine
from rasa_whatsapp.cli.doctor.finding import Finding
from rasa_whatsapp.cli.doctor.store import store
from rasa_whatsapp.cli.doctor.table import show
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.delivery.stores.sqlite.connection import connect
from rasa_whatsapp.flows.crypto import generate_keys
from rasa_whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN, Simulator

if TYPE_CHECKING:
    from redis_server import RedisServer  # Redis's client need not be there for other tests


@pytest.fixture
def licence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one, Rasa Pro is a thing to look at."""
    monkeypatch.setenv("RASA_LICENSE", "looked at by nobody here")


@pytest.fixture
async def meta() -> AsyncIterator[Simulator]:
    async with Simulator(port=0) as simulator:
        yield simulator


async def examined(tmp_path: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "credentials.yml").write_text(text)
    return await asyncio.to_thread(run, "doctor", *arguments, cwd=tmp_path)


@pytest.mark.usefixtures("licence")
async def test_a_good_configuration_passes(meta: Simulator, tmp_path: Path, supported_rasa: None) -> None:
    """Everything is looked at, from Python to what the token may do."""
    done = await examined(tmp_path, section(base_url=meta.url))
    assert done.returncode == 0, done.stdout
    for line in ("✓ Python", "✓ settings", "✓ store", "Graph knows it", "may send", "gets its webhooks"):
        assert line in done.stdout
    assert "`app_secret` is its secret" in done.stdout
    assert f"messages go to {meta.webhook_url}," in done.stdout
    assert done.stdout.endswith("All is well.\n")


async def test_a_wrong_secret_is_told(meta: Simulator, tmp_path: Path) -> None:
    """The bot could send, and would refuse all that Meta tells it."""
    done = await examined(tmp_path, section(base_url=meta.url, app_secret="anothers-secret"))
    assert done.returncode == 1
    assert "`app_secret` is not" in done.stdout
    assert "anothers-secret" not in done.stdout + done.stderr


@pytest.mark.usefixtures("licence")
async def test_settings_without_a_secret(meta: Simulator, tmp_path: Path) -> None:
    """Then nothing can be asked about the app, and it is not said that all is well."""
    done = await examined(tmp_path, section(base_url=meta.url, app_secret="", allow_unsigned="true"))
    assert done.returncode == 0, done.stdout
    assert "! webhook: whether Meta has one" in done.stdout
    assert "Nothing found that keeps the bot from working; 2 things to look at." in done.stdout


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        ("✓✓", "All is well."),
        ("✓!", "Nothing found that keeps the bot from working; 1 thing to look at."),
        ("!✓!", "Nothing found that keeps the bot from working; 2 things to look at."),
        ("✗!", "1 problem to solve."),
        ("✗✓✗", "2 problems to solve."),
    ],
)
def test_the_verdict_fits_what_stands_above_it(
    capsys: pytest.CaptureFixture[str], marks: str, verdict: str
) -> None:
    """All is well only where every line says so."""
    show([Finding(mark, "something", "was looked at") for mark in marks])
    assert capsys.readouterr().out.splitlines()[-1] == verdict


async def test_an_account_that_meta_does_not_know(meta: Simulator, tmp_path: Path) -> None:
    """Templates and webhooks would fail for a slip in the id."""
    done = await examined(tmp_path, section(base_url=meta.url, waba_id='"999"'))
    assert done.returncode == 1
    assert "✗ account 999" in done.stdout


async def test_a_wrong_token_is_told_by_meta(meta: Simulator, tmp_path: Path) -> None:
    """Meta's error comes with what to do about it."""
    done = await examined(tmp_path, section(base_url=meta.url, access_token="EAAwrong"))
    assert done.returncode == 1
    assert "Meta's error 190" in done.stdout
    assert "`access_token`" in done.stdout


async def test_a_graph_that_cannot_be_reached(tmp_path: Path) -> None:
    """Networks, proxies and certificates are the usual causes."""
    done = await examined(tmp_path, section(base_url="http://graph.localhost:9"))
    assert done.returncode == 1
    assert "http://graph.localhost:9 cannot be reached: " in done.stdout
    assert "HTTPS_PROXY" in done.stdout
    assert "Not sent" not in done.stdout  # nothing was to be sent


async def test_a_local_whatsapp_that_is_not_started(tmp_path: Path) -> None:
    """A folder of `init` names the simulator; neither network nor proxy has a part in it."""
    done = await examined(tmp_path, section(base_url="http://127.0.0.1:9"))
    assert done.returncode == 1
    assert "http://127.0.0.1:9 cannot be reached: nothing listens there" in done.stdout
    assert "Start `rasa-whatsapp simulator`, or delete `base_url` to talk to Meta." in done.stdout
    assert "HTTPS_PROXY" not in done.stdout
    assert "TLS" not in done.stdout


async def test_every_mistake_of_the_file_is_listed(tmp_path: Path) -> None:
    """Nobody wants to run it once per mistake."""
    done = await examined(
        tmp_path, section(access_token="", verify_token="${NOWHERE}", max_turn="3", store="mysql://db")
    )
    assert done.returncode == 1
    for key in ("access_token", "verify_token", "max_turn", "store"):
        assert f"✗ settings: {key}" in done.stdout
    assert "Did you mean max_turns?" in done.stdout
    assert "NOWHERE" in done.stdout


async def test_a_number_that_was_deregistered(meta: Simulator, tmp_path: Path) -> None:
    """Meta still knows it, and refuses all that it sends."""
    account = meta.account
    async with CloudClient(account.access_token, account.phone_number_id, base_url=meta.url) as client:
        await client.numbers.deregister()
    done = await examined(tmp_path, section(base_url=meta.url))
    assert done.returncode == 1
    assert f"✗ number {account.phone_number_id}: " in done.stdout
    assert "status DISCONNECTED" in done.stdout


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("flows.handlers", "{private_key: flows.pem, handlers: no_such_module}"),
        ("transcribe", "no_such_module:hear"),
        ("on_event", "no_such_module:hear"),
    ],
)
async def test_a_function_that_is_not_there(meta: Simulator, tmp_path: Path, key: str, written: str) -> None:
    """The channel refuses to start without what its settings name."""
    (tmp_path / "flows.pem").write_text(generate_keys().private_key)
    done = await examined(tmp_path, section(base_url=meta.url, **{key.partition(".")[0]: written}))
    assert done.returncode == 1
    assert f"✗ settings: {key}: names the module no_such_module, which does not exist." in done.stdout


@pytest.mark.usefixtures("licence")
async def test_functions_that_are_there(meta: Simulator, tmp_path: Path, supported_rasa: None) -> None:
    """They lie in the folder where Rasa is started, as the doctor is."""
    pair = generate_keys()
    (tmp_path / "flows.pem").write_text(pair.private_key)
    (tmp_path / "my_flows.py").write_text(
        "from rasa_whatsapp.flows import FlowHandlers\nhandlers = FlowHandlers()\ndef hear(*_): ...\n"
    )
    account = meta.account
    async with CloudClient(account.access_token, account.phone_number_id, base_url=meta.url) as client:
        await client.encryption.set_public_key(pair.public_key)
    flows = "{private_key: flows.pem, handlers: my_flows}"
    done = await examined(tmp_path, section(base_url=meta.url, flows=flows, on_event="my_flows:hear"))
    assert done.stdout.endswith("All is well.\n"), done.stdout


@pytest.mark.parametrize(
    "mistake", [{"intents": "{imagem: x}"}, {"delivery_failed_intent": "[a]"}, {"flows": "no"}]
)
async def test_a_mistake_is_told_once(tmp_path: Path, mistake: dict[str, str]) -> None:
    """What the domain must declare depends on settings that were told to be wrong already."""
    (tmp_path / "domain.yml").write_text("intents: []\n")
    done = await examined(tmp_path, section(**mistake))
    (key,) = mistake
    assert done.stdout.count(f"{key}: ") == 1, done.stdout
    assert "1 problem to solve." in done.stdout


@pytest.mark.usefixtures("licence")
async def test_a_file_that_is_no_yaml_is_told_once(tmp_path: Path, supported_rasa: None) -> None:
    """No settings, so nothing is known of what the domain must declare."""
    (tmp_path / "domain.yml").write_text("intents: []\n")
    done = await examined(tmp_path, "rasa_whatsapp.WhatsAppInput: {a: [\n")
    assert done.stdout.count("✗") == 1, done.stdout
    assert "✗ domain" not in done.stdout


async def test_a_domain_that_is_wrong_itself(tmp_path: Path) -> None:
    """It is told, with what to do."""
    (tmp_path / "domain.yml").write_text("intents: [\n")
    done = await examined(tmp_path, section())
    assert "✗ domain: domain.yml: " in done.stdout


async def test_no_secret_is_ever_printed(meta: Simulator, tmp_path: Path) -> None:
    """The output is pasted into bug reports."""
    for url in (meta.url, "http://127.0.0.1:9"):
        done = await examined(tmp_path, section(base_url=url))
        for secret in (ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN):
            assert secret not in done.stdout + done.stderr


async def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A path that was asked for must exist."""
    done = await asyncio.to_thread(run, "doctor", "--credentials", "elsewhere.yml", cwd=tmp_path)
    assert done.returncode == 1
    assert "elsewhere.yml" in done.stdout
    assert "cannot be read" in done.stdout


async def test_the_environment_alone_may_hold_the_settings(
    meta: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, supported_rasa: None
) -> None:
    """Containers often have no credentials.yml of secrets; slips in the names are pointed out."""
    account = meta.account
    monkeypatch.setenv("WHATSAPP_PHONE_NUMBER_ID", account.phone_number_id)
    monkeypatch.setenv("WPP_AUTHORIZATION_TOKEN", account.access_token)
    monkeypatch.setenv("WHATSAPP_APP_SECRET", account.app_secret)
    monkeypatch.setenv("WHATSAPP_VERIFY_TOKEN", account.verify_token)
    monkeypatch.setenv("WHATSAPP_BASE_URL", meta.url)
    monkeypatch.setenv("WHATSAPP_MAX_TURN", "3")
    done = await asyncio.to_thread(run, "doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "WPP_AUTHORIZATION_TOKEN" in done.stdout
    assert "Did you mean WHATSAPP_MAX_TURNS?" in done.stdout


async def test_a_domain_in_the_folder_is_looked_at(meta: Simulator, tmp_path: Path) -> None:
    """A missing intent would make Rasa take a picture for ordinary text."""
    (tmp_path / "domain.yml").write_text("intents: [hello]\n")
    done = await examined(tmp_path, section(base_url=meta.url))
    assert "! domain: domain.yml lacks whatsapp_image" in done.stdout
    assert "doctor --domain" in done.stdout


@pytest.mark.parametrize(
    ("versions", "mark", "says"),
    [
        ({"rasa": "3.6.21", "sanic": "21.12.2"}, "✓", "3.6.21"),
        ({"rasa": "3.6.20", "sanic": "21.12.2"}, "✗", "3.6.21 or newer"),
        ({"rasa": "3.7.0rc1", "sanic": "21.12.2"}, "✗", "before 3.7"),
        ({"rasa-pro": "3.21.4", "sanic": "25.12.0"}, "✓", "3.21.4"),
        ({"rasa-pro": "3.9.1", "sanic": "21.12.2"}, "✗", "3.21 or newer"),
        ({}, "✗", "pip install 'rasa-whatsapp[rasa]'"),
    ],
)
def test_which_rasa_is_installed(
    monkeypatch: pytest.MonkeyPatch, versions: Mapping[str, str], mark: str, says: str
) -> None:
    """Both Rasas in their supported releases, or what to install."""
    monkeypatch.setattr(rasas, "installed", versions.get)
    first = machine.rasa({})[0]
    assert first.mark == mark
    assert says in first.found + first.remedy


def test_rasa_pro_needs_a_licence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named before `rasa run` fails."""
    monkeypatch.setattr(rasas, "installed", {"rasa-pro": "3.21.4", "sanic": "25.12.0"}.get)
    assert any("RASA_LICENSE" in finding.remedy for finding in machine.rasa({}))
    assert not any(finding.remedy for finding in machine.rasa({"RASA_LICENSE": "key"}))


def test_a_store_that_cannot_be_made(tmp_path: Path) -> None:
    """The channel would answer 503 for ever."""
    assert asyncio.run(store(f"sqlite:///{tmp_path}/missing/whatsapp.db")).bad
    broken = tmp_path / "whatsapp.db"
    broken.write_text("this is no database, it is a text that is longer than its header")
    assert asyncio.run(store(f"sqlite:///{broken}")).bad


def test_a_store_is_not_touched_by_looking_at_it(tmp_path: Path) -> None:
    """The doctor makes no file."""
    assert not asyncio.run(store(f"sqlite:///{tmp_path}/whatsapp.db")).bad
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["my%20bot", "C#", "what?"])
def test_a_store_in_a_folder_of_any_name(tmp_path: Path, folder: str) -> None:
    """The file that the bot uses, and no other is made."""
    path = tmp_path / folder / "whatsapp.db"
    path.parent.mkdir()
    path.write_bytes(b"no database, but long enough to be looked at as one" * 20)
    assert asyncio.run(store(f"sqlite:///{path}")).bad
    path.unlink()
    connect(path).close()
    assert not asyncio.run(store(f"sqlite:///{path}")).bad
    assert [each.name for each in tmp_path.iterdir()] == [folder]


async def test_a_redis_is_asked(meta: Simulator, own_redis: RedisServer, tmp_path: Path) -> None:
    """What several workers share is looked at with the rest, whether it answers or not."""
    credentials = section(base_url=meta.url, store=own_redis.url)
    up = await examined(tmp_path, credentials)
    assert "✓ store: Redis answers" in up.stdout, up.stderr
    own_redis.kill()
    down = await examined(tmp_path, credentials)
    assert down.returncode == 1
    assert "✗ store: The store redis://127.0.0.1" in down.stdout, down.stderr
    assert "Start Redis" in down.stdout
    assert "Graph knows it" in down.stdout


@pytest.fixture
def supported_rasa() -> None:
    """Skips where no supported Rasa is installed: the doctor is right to complain there."""
    if any(finding.bad for finding in machine.rasa()):
        pytest.skip("no supported Rasa here")
