"""A setting comes from credentials.yml, else from the environment, else from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.settings import KEYS, load, load_graph, load_store, read_credentials


def test_everything_from_the_environment() -> None:
    """An empty section is enough where the variables are set."""
    environ = {
        "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
        "WHATSAPP_ACCESS_TOKEN": "EAAG\n",
        "WHATSAPP_APP_SECRET": "[new, old]",
        "WHATSAPP_VERIFY_TOKEN": "word",
        "WHATSAPP_THROUGHPUT": "20",
        "WHATSAPP_PACING": "off",
        "WHATSAPP_MAX_MESSAGE_AGE": "30m",
        "WHATSAPP_MAX_TURNS": "4",
        "WHATSAPP_INTENTS": "{image: text, sticker: null}",
    }
    for credentials in (None, {}):
        settings = load(credentials, environ)
        (number,) = settings.numbers
        assert number.access_token == "EAAG"
        assert number.app_secret == ("new", "old")
        assert number.throughput == 20
        assert settings.pacing is False
        assert settings.max_message_age == 1800
        assert settings.max_turns == 4
        assert settings.intents == {"image": "text", "sticker": None}


def test_the_older_names() -> None:
    """The names of an older integration work, below the new ones."""
    environ = {
        "WPP_AUTHORIZATION_TOKEN": "EAAG",
        "WPP_VERIFY_TOKEN": "word",
        "WPP_PHONE_NUMBER_IDENTIFIER": "106540352242922",
        "WHATSAPP_APP_SECRET": "secret",
    }
    (number,) = load(None, environ).numbers
    assert (number.access_token, number.verify_token) == ("EAAG", "word")
    assert number.phone_number_id == "106540352242922"


def test_the_order(good: dict[str, Any], tmp_path: Path) -> None:
    """credentials.yml, then WHATSAPP_<KEY>, then the older name, then the file; each key by itself."""
    file = tmp_path / "whatsapp.yml"
    file.write_text("verify_token: from-file\nmax_turns: 3\n")
    credentials = {**good, "verify_token": "from-credentials"}
    environ = {
        "WHATSAPP_VERIFY_TOKEN": "from-variable",
        "WPP_VERIFY_TOKEN": "from-older-variable",
        "WHATSAPP_CONFIG": str(file),
    }
    found = []
    found.append(load(credentials, environ).numbers[0].verify_token)
    del credentials["verify_token"]
    found.append(load(credentials, environ).numbers[0].verify_token)
    del environ["WHATSAPP_VERIFY_TOKEN"]
    found.append(load(credentials, environ).numbers[0].verify_token)
    del environ["WPP_VERIFY_TOKEN"]
    settings = load(credentials, environ)
    found.append(settings.numbers[0].verify_token)
    assert found == ["from-credentials", "from-variable", "from-older-variable", "from-file"]
    assert settings.max_turns == 3


def test_an_empty_value_leaves_the_next_source_its_turn(good: dict[str, Any]) -> None:
    """`key:` without a value, and a variable set to nothing, count as not given."""
    settings = load(
        {**good, "max_turns": None, "store": ""}, {"WHATSAPP_MAX_TURNS": "3", "WHATSAPP_STORE": ""}
    )
    assert (settings.max_turns, settings.store) == (3, "sqlite:///whatsapp.db")


def test_a_reference_to_an_empty_variable_is_an_empty_value(good: dict[str, Any], tmp_path: Path) -> None:
    """Rasa leaves ``"${VAR}"`` in quotes as it is, `read_credentials` does not: both are understood alike."""
    environ = {"EMPTY": "", "BLANK": " ", "WHATSAPP_WABA_ID": "9"}
    given = {**good, "waba_id": "${EMPTY}", "ca_bundle": "${BLANK}", "store": "${EMPTY}${BLANK}"}
    file = tmp_path / "credentials.yml"
    file.write_text(json.dumps({"rasa_whatsapp.WhatsAppInput": given}))
    for credentials in (given, read_credentials(file, environ)):
        settings = load(credentials, environ)
        assert (settings.numbers[0].waba_id, settings.ca_bundle) == ("9", "")
        assert settings.store == "sqlite:///whatsapp.db"
    assert load(good, {**environ, "WHATSAPP_WABA_ID": "${EMPTY}"}).numbers[0].waba_id == ""
    with pytest.raises(SettingsError, match="verify_token: is missing"):
        load({**good, "verify_token": "${EMPTY}"}, environ)


def test_the_file_may_be_json(good: dict[str, Any], tmp_path: Path) -> None:
    """JSON is as good as YAML, and large ids keep every digit."""
    file = tmp_path / "whatsapp.json"
    good["phone_number_id"] = 12345678901234567890
    file.write_text(json.dumps({**good, "default_body": "água 🎾"}))
    settings = load(None, {"WHATSAPP_CONFIG": str(file)})
    assert settings.default_body == "água 🎾"
    assert settings.numbers[0].phone_number_id == "12345678901234567890"


def test_a_secret_of_digits_stays_text(good: dict[str, Any]) -> None:
    """A secret in a variable is not taken for a number, although lists stand there as YAML."""
    del good["app_secret"]
    for secret in ("00123456789", "1234e10", "0x1f", "2024-01-01", "null"):
        assert load(good, {"WHATSAPP_APP_SECRET": secret}).numbers[0].app_secret == (secret,)


@pytest.mark.parametrize(
    ("environ", "key", "problem"),
    [
        (
            {"WHATSAPP_MAX_TURNS": "many"},
            "max_turns",
            "the value of WHATSAPP_MAX_TURNS is not a whole number",
        ),
        (
            {"WHATSAPP_INTENTS": "{image"},
            "intents",
            "the value of WHATSAPP_INTENTS is not valid YAML (line 1).",
        ),
        ({"WHATSAPP_INTENTS": "image"}, "intents", "the value of WHATSAPP_INTENTS is not a mapping."),
        ({"WHATSAPP_CONFIG": "/nowhere.yml"}, "WHATSAPP_CONFIG", "names a file that cannot be read (No such"),
    ],
)
def test_the_variable_is_named(good: dict[str, Any], environ: dict[str, str], key: str, problem: str) -> None:
    """A mistake in the environment is told with the variable's name."""
    with pytest.raises(SettingsError) as caught:
        load(good, environ)
    assert caught.value.key == key
    assert caught.value.problem.startswith(problem)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("max_turns: x", "max_turns: its value in the file named by WHATSAPP_CONFIG is not a whole number"),
        (
            "max_turn: 3",
            "max_turn: is not a known key (in the file named by WHATSAPP_CONFIG). Did you mean max_turns?",
        ),
        ("- 1", "WHATSAPP_CONFIG: names a file that is not a mapping."),
        ("a: [", "WHATSAPP_CONFIG: names a file that is not valid YAML (line"),
        ("a: 1\na: TOPSECRET", "WHATSAPP_CONFIG: names a file that has a key twice (line 2)."),
        ("a: 2024-99-99", "WHATSAPP_CONFIG: names a file that is not valid YAML."),
        ("a: !!python/object:os.system x", "WHATSAPP_CONFIG: names a file that is not valid YAML (line 1)."),
        (b"\xff\xfe\xff", "WHATSAPP_CONFIG: names a file that is not text in UTF-8."),
    ],
)
def test_a_mistake_in_the_file(
    good: dict[str, Any], tmp_path: Path, content: str | bytes, message: str
) -> None:
    """The file is named through its variable, and none of its text is shown."""
    file = tmp_path / "whatsapp.yml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError) as caught:
        load(good, {"WHATSAPP_CONFIG": str(file)})
    assert str(caught.value).startswith(message)
    assert "TOPSECRET" not in str(caught.value)


def test_an_empty_file_gives_nothing(good: dict[str, Any], tmp_path: Path) -> None:
    """A file of comments is no mistake."""
    file = tmp_path / "whatsapp.yml"
    file.write_text("# nothing yet\n")
    assert load(good, {"WHATSAPP_CONFIG": str(file)}) == load(good, {})


def test_reading_credentials_without_rasa(tmp_path: Path) -> None:
    """The section is found among others and ${VAR} expanded, in quotes and lists too; unset ones stay."""
    path = tmp_path / "credentials.yml"
    path.write_text(
        "rest:\n"
        "rasa_whatsapp.WhatsAppInput:\n"
        "  access_token: ${TOKEN}\n"
        '  app_secret: ["${NEW}", "pre-${OLD}-$NEW"]\n'
        "  verify_token: ${UNSET}\n"
        "  default_body: costs $NEW\n"
        "  phone_number_id: 106540352242922\n"
    )
    assert read_credentials(path, {"TOKEN": "EAAG", "NEW": "n", "OLD": "o"}) == {
        "access_token": "EAAG",
        "app_secret": ["n", "pre-o-n"],
        "verify_token": "${UNSET}",
        "default_body": "costs $NEW",
        "phone_number_id": 106540352242922,
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("my_bot.channel.ClubWhatsAppInput:\n  max_turns: 2\n", {"max_turns": 2}),
        ("rasa_whatsapp.WhatsAppInput:\nx.MyWhatsAppInput:\n  max_turns: 2\n", {}),
    ],
)
def test_the_section_of_a_subclass(tmp_path: Path, content: str, expected: dict[str, Any]) -> None:
    """A subclass's section counts when the channel's own is not there."""
    path = tmp_path / "credentials.yml"
    path.write_text(content)
    assert read_credentials(path, {}) == expected


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read (No such file or directory)."),
        ("", "is not a mapping."),
        ("rest:\n", "has no section rasa_whatsapp.WhatsAppInput."),
        ("a.WhatsAppInput:\nb.WhatsAppInput:\n", "has several sections for WhatsApp."),
        ("rasa_whatsapp.WhatsAppInput: yes please", "has no keys under rasa_whatsapp.WhatsAppInput."),
        ("a: b: c", "is not valid YAML (line 1)."),
    ],
)
def test_credentials_that_cannot_be_used(tmp_path: Path, content: str | None, problem: str) -> None:
    """A missing file or section is told with the file's path."""
    path = tmp_path / "credentials.yml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError) as caught:
        read_credentials(path, {})
    assert (caught.value.key, caught.value.problem) == (str(path), problem)


def test_every_key_has_a_variable(good: dict[str, Any]) -> None:
    """Each key of the table is read from WHATSAPP_<KEY>: junk there is a problem of that key."""
    for key in KEYS:
        assert key.variables[0] == f"WHATSAPP_{key.name.upper()}"
        credentials = {name: value for name, value in good.items() if name != key.name}
        with pytest.raises(SettingsError) as caught:
            load(credentials, {key.variables[0]: "${NOT_SET}"})
        assert f"{key.name}: the value of {key.variables[0]} " in str(caught.value)


def test_the_store_alone(tmp_path: Path) -> None:
    """Who reads the store needs no number; whatever else is missing or wrong does not matter."""
    broken = {"access_token": "${NOT_SET}", "throughput": "fast", "acess_token": "x"}
    assert load_store({**broken, "store": "redis://${HOST}:6379/0"}, {"HOST": "db"}) == "redis://db:6379/0"
    assert load_store(broken, {"WHATSAPP_STORE": "sqlite:////var/bot.db"}) == "sqlite:////var/bot.db"
    assert load_store(None, {}) == load_store({}, {}) == "sqlite:///whatsapp.db"
    file = tmp_path / "whatsapp.yml"
    file.write_text("store: memory://\nunknown: 1\n")
    assert load_store(None, {"WHATSAPP_CONFIG": str(file)}) == "memory://"
    assert load_store({"store": "memory://"}, {"WHATSAPP_CONFIG": "/nowhere"}) == "memory://"


@pytest.mark.parametrize(
    ("credentials", "environ", "key"),
    [
        ({"store": "whatsapp.db"}, {}, "store"),
        ({"store": "${NOT_SET}"}, {}, "store"),
        ({}, {"WHATSAPP_CONFIG": "/nowhere"}, "WHATSAPP_CONFIG"),
        ("text", {}, "rasa_whatsapp.WhatsAppInput"),
    ],
)
def test_a_store_that_cannot_be_told(credentials: Any, environ: dict[str, str], key: str) -> None:
    """It is refused for this reason alone."""
    with pytest.raises(SettingsError) as caught:
        load_store(credentials, environ)
    assert [each.key for each in caught.value.mistakes] == [key]


def test_where_metas_files_lie(tmp_path: Path, pem: Path) -> None:
    """Whatever else is missing or wrong does not matter; the first number at Meta counts."""
    meta, local = "https://graph.facebook.com", "http://127.0.0.1:8765"
    assert load_graph(None, {}) == (meta, "")
    assert load_graph({"access_token": "${NOT_SET}", "thruput": "fast"}, {}) == (meta, "")
    assert load_graph({"base_url": "${LOCAL}"}, {"LOCAL": local}) == (local, "")
    assert load_graph({"access_token": "${NOT_SET}"}, {"WHATSAPP_BASE_URL": local}) == (local, "")
    assert load_graph({"provider": "serpro", "base_url": "https://example.org"}, {}) == (meta, "")
    serpro = {"provider": "serpro", "base_url": "https://example.org"}
    assert load_graph({"numbers": [serpro, {"base_url": local}]}, {}) == (local, "")
    assert load_graph({"base_url": local, "numbers": [serpro, {}]}, {}) == (local, "")
    file = tmp_path / "whatsapp.yml"
    file.write_text(f"ca_bundle: {pem}\n")
    assert load_graph({}, {"WHATSAPP_CONFIG": str(file)}) == (meta, str(pem))


@pytest.mark.parametrize(
    ("credentials", "key"),
    [
        ({"base_url": "here"}, "base_url"),
        ({"numbers": [{}, {"base_url": "${NOT_SET}"}]}, "numbers[1].base_url"),
        ({"ca_bundle": "/nowhere.pem", "throughput": "fast"}, "ca_bundle"),
        ("text", "rasa_whatsapp.WhatsAppInput"),
    ],
)
def test_where_metas_files_lie_cannot_be_told(credentials: Any, key: str) -> None:
    """It is refused for this reason alone."""
    with pytest.raises(SettingsError) as caught:
        load_graph(credentials, {})
    assert [each.key for each in caught.value.mistakes] == [key]
