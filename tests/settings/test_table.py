"""The table of keys, the settings made from it, and the example file tell the same story."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.settings import (
    KEYS,
    MESSAGE_KINDS,
    FlowSettings,
    NumberSettings,
    Settings,
    load,
    read_credentials,
)

EXAMPLE = Path(__file__).parents[2] / "credentials.yml.example"
GIVEN = ("phone_number_id", "access_token", "app_secret", "verify_token")
SERPRO = (
    "client_id", "client_secret", "webhook_token", "webhook_username", "webhook_password",
    "webhook_path_token",
)  # fmt: skip
EXAMPLES = (
    *GIVEN, *SERPRO, "waba_id", "reengagement_template", "numbers", "intents", "delivery_failed_intent",
    "pseudonym_key", "ca_bundle", "media", "transcribe",
    "on_event", "handover", "flows",
)  # fmt: skip
SECRETS = {
    "access_token": "secret-token-1",
    "app_secret": ["secret-app-2", "secret-app-3"],
    "verify_token": "secret-verify-4",
    "pseudonym_key": "secret-key-5",
    "client_secret": "secret-client-7",
    "webhook_token": "secret-hook-8",
    "webhook_password": "secret-password-9",
    "webhook_path_token": "secret-path-0-0123456789",
    "store": "rediss://bot:secret-store-6@redis.internal:6379/0?ssl_ca_certs=/etc/ssl/redis.pem",
}
SHOWN = re.compile(r"secret-(token|app|verify|key|store|client|hook|password|path)-\d")


def test_settings_have_the_table_s_fields() -> None:
    """Each key is a field, of the number or of the whole, and nothing else is."""
    assert set(NumberSettings.__struct_fields__) == {key.name for key in KEYS if key.per_number}
    assert set(Settings.__struct_fields__) == {key.name for key in KEYS if not key.per_number}


def test_the_defaults_are_good_values(good: dict[str, Any]) -> None:
    """Writing a default down changes nothing."""
    written = {key.name: key.default for key in KEYS if key.default is not None}
    assert load({**good, **written}, {}) == load(good, {})
    assert load(good, {}).max_message_age == 24 * 3600


def test_meanings_are_sentences() -> None:
    """Each meaning ends with a full stop and is one sentence."""
    for key in KEYS:
        assert re.fullmatch(r"[A-Z].*[^.]\.", key.meaning)


def test_the_kinds_of_messages_are_those_of_the_events() -> None:
    """`intents` knows every message that is not text or a tapped reply."""
    from rasa_whatsapp import events

    def leaves(cls: type) -> list[type]:
        below = [leaf for child in cls.__subclasses__() for leaf in leaves(child)]
        return below or [cls]

    tags = {cls.__struct_config__.tag for cls in leaves(events.Message)}
    assert set(MESSAGE_KINDS) == tags - {"text", "reply"}


def uncommented(path: Path) -> Path:
    text = re.sub(r"^  #(?! \S)(?=.)", "  ", EXAMPLE.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    return path


def test_the_example_explains_every_key(tmp_path: Path, pem: Path, flow_key: str) -> None:
    """Uncommented, the example has exactly the table's keys, and loads with their defaults."""
    environ = {f"WHATSAPP_{name.upper()}": "x" * 16 for name in (*SECRETS, "flows_passphrase")}
    section = read_credentials(uncommented(tmp_path / "credentials.yml"), environ)
    assert sorted(section) == sorted(key.name for key in KEYS)
    section["ca_bundle"] = str(pem)
    section["media"] = str(tmp_path)
    assert sorted(section["flows"]) == sorted(FlowSettings.__struct_fields__)
    section["flows"]["private_key"] = flow_key
    settings = load(section, {})
    for key in KEYS:
        if key.name not in EXAMPLES:
            holder = settings.numbers[0] if key.per_number else settings
            assert getattr(holder, key.name) == key.kind.read(key.default)


def test_the_example_begins_with_what_most_need(tmp_path: Path) -> None:
    """As it stands, the example needs three variables and nothing else."""
    environ = {f"WHATSAPP_{name.upper()}": "x" * 16 for name in SECRETS}
    section = read_credentials(EXAMPLE, environ)
    assert tuple(section) == GIVEN
    assert load(section, {}).numbers[0].provider == "cloud"


def test_the_example_lists_the_kinds_of_messages() -> None:
    """The comment on `intents` names every kind."""
    for kind in MESSAGE_KINDS:
        assert re.search(rf"# .*\b{kind}\b", EXAMPLE.read_text())


def test_no_secret_in_a_repr() -> None:
    """Neither repr nor str shows a secret, and both say that one is set."""
    settings = load({"phone_number_id": 1, "sender_id": "pseudonym", "webhook_username": "u", **SECRETS}, {})
    for thing in (settings, settings.numbers, settings.numbers[0]):
        assert not SHOWN.search(f"{thing!r} {thing}")
        assert "access_token=***" in repr(thing)
    assert "waba_id=''" in repr(settings)


@pytest.mark.parametrize("key", [key.name for key in KEYS])
def test_no_secret_in_an_error(key: str) -> None:
    """Whatever else is wrong, and wherever a secret was put by mistake, the error does not show it."""
    misplaced = "secret-token-1 "
    for value in (
        misplaced,
        [misplaced, 5],
        {misplaced: misplaced},
        [{"store": misplaced}],
        "a: [" + misplaced,
    ):
        base = {"phone_number_id": 1, **SECRETS, "sender_id": "user_id", "zzz": misplaced}
        for credentials, environ in (
            ({**base, key: value}, {}),
            ({k: v for k, v in base.items() if k != key}, {f"WHATSAPP_{key.upper()}": str(value)}),
        ):
            with pytest.raises(SettingsError) as caught:
                load(credentials, environ)
            assert not SHOWN.search(f"{caught.value!r} {caught.value.problem} {caught.value.remedy}")
            assert caught.value.__cause__ is None


def test_settings_travel_to_another_process(good: dict[str, Any]) -> None:
    """Worker processes get equal settings, which nobody can change."""
    settings = load(good, {})
    assert pickle.loads(pickle.dumps(settings)) == settings
    with pytest.raises(AttributeError):
        settings.max_turns = 3  # type: ignore[misc]


LEAST = {"phone_number_id": 1, "access_token": "x", "app_secret": "x", "verify_token": "x"}
names = (
    st.sampled_from([key.name for key in KEYS]) | st.text(max_size=5) | st.integers() | st.none() | st.dates()
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.binary()
    | st.sampled_from(
        ["${X}", "24h", "cloud", "http://[", "sqlite:///a", "text", "1e400", 10**500, "[", "\ud800"]
    )
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


def outcome(credentials: dict[Any, Any], environ: dict[str, str]) -> Settings | SettingsError:
    """What `load` makes of it; any other exception fails the test."""
    try:
        return load(credentials, environ)
    except SettingsError as error:
        return error


@given(st.dictionaries(names, values, max_size=6), st.booleans())
def test_any_mapping_gives_settings_or_an_error(credentials: dict[Any, Any], complete: bool) -> None:
    """However odd the YAML, `load` returns complete Settings or an error with all its parts."""
    result = outcome({**(LEAST if complete else {}), **credentials}, {})
    if isinstance(result, SettingsError):
        assert result.key
        assert result.problem
        assert result.remedy
    else:
        assert result.numbers


@given(st.dictionaries(st.sampled_from([key.variables[0] for key in KEYS]), st.text(), max_size=4))
def test_any_environment_gives_settings_or_an_error(environ: dict[str, str]) -> None:
    """However odd the environment, `load` returns Settings or raises SettingsError."""
    assert isinstance(outcome({}, environ), (Settings, SettingsError))


@given(st.text(alphabet="[]{}:,-&*!|>'\"%@` \n#ab1.~\t$<?") | st.text())
def test_any_yaml_text_gives_settings_or_an_error(text: str) -> None:
    """Text that no YAML parser likes is a mistake of its own key alone."""
    without = {name: value for name, value in LEAST.items() if name != "app_secret"}
    result = outcome(without, {"WHATSAPP_APP_SECRET": text})
    assert isinstance(result, Settings) or result.key == "app_secret"


def test_a_value_that_contains_itself(good: dict[str, Any], tmp_path: Path) -> None:
    """YAML can write a list that is its own item; it is refused, not followed for ever."""
    file = tmp_path / "whatsapp.yml"
    file.write_text("app_secret: &a [*a]\nintents: &b {image: *b}\nnumbers: &c [*c]\n")
    with pytest.raises(SettingsError):
        load(None, {"WHATSAPP_CONFIG": str(file)})
