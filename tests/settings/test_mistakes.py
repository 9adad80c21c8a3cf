"""Somebody makes a mistake in credentials.yml and is told which key is wrong and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.settings import load


@pytest.mark.parametrize("key", ["phone_number_id", "access_token", "verify_token", "app_secret"])
def test_a_required_key_is_missing(refused: Any, key: str) -> None:
    """A missing key is named, with the environment variable that could hold it."""
    error = refused({key: None})
    assert (error.key, error.problem) == (key, "is missing.")
    assert f"WHATSAPP_{key.upper()}" in error.remedy


def test_an_empty_value_counts_as_missing(refused: Any) -> None:
    """A variable that is set to nothing leads to the same words as a key that is left out."""
    assert refused({"access_token": "  "}).problem == "is missing."


def test_without_app_secret_only_on_purpose(good: dict[str, Any]) -> None:
    """The channel does without signatures only when told so."""
    del good["app_secret"]
    with pytest.raises(SettingsError, match="allow_unsigned: true"):
        load(good, {})
    assert load({**good, "allow_unsigned": True}, {}).numbers[0].app_secret == ()


def test_a_misspelt_key_is_answered_with_the_nearest(refused: Any) -> None:
    """An unknown key is an error that suggests the known one."""
    error = refused({"acess_token": "x"})
    assert error.key == "acess_token"
    assert "Did you mean access_token?" in error.remedy


def test_a_key_unlike_any_other(refused: Any) -> None:
    """An unknown key without a neighbour points to the example file; one that is not text is not quoted."""
    assert "credentials.yml.example" in refused({"zzz": 1}).remedy
    assert refused({7: 1}).key == "a key"


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("provider", "clowd", "is not a value it can have."),
        ("provider", 3, "is not a value it can have."),
        ("phone_number_id", 1.06540352242922e14, "is a decimal number, which loses digits."),
        ("phone_number_id", "+55 61 99999-0001", "is not an id of digits alone."),
        ("phone_number_id", True, "is not an id of digits alone."),
        ("phone_number_id", -5, "is not an id of digits alone."),
        ("access_token", 12345, "is a number, not text."),
        ("access_token", "EAAG one", "has spaces or characters outside ASCII."),
        ("access_token", ["EAAG"], "is a list, not text."),
        ("app_secret", [], "is an empty list."),
        ("app_secret", ["a", 5], "is a number, not text."),
        ("verify_token", 1234, "is a number, not text."),
        ("verify_token", "a\ud800", "has half a character in it (a lone surrogate)."),
        ("waba_id", "my account", "is not an id of digits alone."),
        ("base_url", "graph.facebook.com", "is not an http or https URL."),
        ("base_url", "ftp://graph.facebook.com", "is not an http or https URL."),
        ("base_url", "https://", "is not an http or https URL."),
        ("base_url", "https://a b", "is not an http or https URL."),
        ("base_url", "https://[::1", "is not a URL."),
        ("base_url", "https://host:port", "is not a URL."),
        ("base_url", "https://me:pw@graph.facebook.com", "has a user name, a query or a fragment."),
        ("base_url", "https://graph.facebook.com?x=1", "has a user name, a query or a fragment."),
        ("api_version", "26.0", "is not a version of the API."),
        ("api_version", 26.0, "is not a version of the API."),
        ("throughput", 0, "is not a number above 0."),
        ("throughput", "fast", "is not a number above 0."),
        ("throughput", float("inf"), "is not a number above 0."),
        ("throughput", 10**400, "is not a number above 0."),
        ("throughput", True, "is not a number above 0."),
        ("max_turns", 1.5, "is not a whole number from 1 to 10000."),
        ("max_turns", 10**9, "is not a whole number from 1 to 10000."),
        ("store", "redis://", "is not the address of a Redis server."),
        ("store", "redis://:6379/0", "is not the address of a Redis server."),
        ("store", "redis://localhost:port/0", "is not the address of a Redis server."),
        ("store", "redis://localhost/sessions", "is not the address of a Redis server."),
        ("store", "rediss://:pass word@localhost", "is not the address of a Redis server."),
        (
            "store",
            "redis://localhost/0?decode_responses=true",
            "has options other than those that begin with ssl_.",
        ),
        ("store", "redis://:pass#word@localhost/0", "is not the address of a Redis server."),
        ("store", "whatsapp.db", "is not the address of a store."),
        ("store", "sqlite://whatsapp.db", "is not the address of a store."),
        ("store", "sqlite:///", "is not the address of a store."),
        ("store", "sqlite:///:memory:", "is not the address of a store."),
        ("allow_unsigned", "perhaps", "is neither true nor false."),
        ("pacing", 1, "is neither true nor false."),
        ("sender_id", "bsuid", "is not a value it can have."),
        ("max_message_age", "a day", "is not a duration above 0."),
        ("max_message_age", 0, "is not a duration above 0."),
        ("max_message_age", True, "is not a duration above 0."),
        ("max_message_age", "1.2.3h", "is not a duration above 0."),
        ("shutdown_grace", -1, "is not a duration of 0 or more."),
        ("intents", ["image"], "is not a mapping."),
        ("intents", {"imgae": "x"}, "has an unknown kind of message."),
        ("intents", {5: "x"}, "has an unknown kind of message."),
        ("intents", {"image": "/picture"}, "gives image something that is not an intent."),
        ("intents", {"image": False}, "gives image something that is not an intent."),
        ("list_button", "x" * 21, "is 21 characters long."),
        ("list_button", "🎾" * 11, "is 22 characters long."),
        ("default_body", "x" * 1025, "is 1025 characters long."),
        ("ca_bundle", "/nowhere/proxy.pem", "names a file that cannot be read (No such file or directory)."),
        ("ca_bundle", "a\x00b", "names a file that cannot be read (not a path)."),
        ("numbers", {"phone_number_id": "1"}, "is not a list of numbers."),
        ("numbers", [], "is not a list of numbers."),
        ("numbers", ["106540352242922"], "is not a list of numbers."),
    ],
)
def test_a_value_is_wrong(refused: Any, key: str, value: Any, problem: str) -> None:
    """A wrong value is the one problem reported, under its own key, with a remedy and without the value."""
    error = refused({key: value})
    assert (error.key, error.problem) == (key, problem)
    assert error.remedy
    assert "\n" not in str(error)


def test_a_misspelt_word_is_answered_with_the_nearest(refused: Any) -> None:
    """Words from a short list, and the kinds under intents, are suggested like keys."""
    assert "Did you mean pseudonym?" in refused({"sender_id": "psuedonym"}).remedy
    assert "Did you mean sticker?" in refused({"intents": {"stiker": None}}).remedy


def test_plain_http_would_show_the_token(refused: Any) -> None:
    """http:// to a public host is refused with the reason."""
    for url in (
        "http://graph.facebook.com",
        "http://134744072",
        "http://8.8.8.8",
        "http://a.local.example.com",
    ):
        assert "unencrypted" in refused({"base_url": url}).problem


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8765",
        "http://[::1]:8765",
        "http://localhost:8765",
        "http://simulator:8765",
        "http://whatsapp_simulator:8765",
        "http://10.0.0.7",
        "http://host.docker.internal:8765",
        "https://graph.facebook.com",
    ],
)
def test_plain_http_at_home(good: dict[str, Any], url: str) -> None:
    """http:// is accepted for this machine and private networks; a final slash is dropped."""
    assert load({**good, "base_url": url + "/"}, {}).numbers[0].base_url == url


def test_ca_bundle_must_be_pem(good: dict[str, Any], refused: Any, pem: Path, tmp_path: Path) -> None:
    """The file of authorities is read at once, not at the first message."""
    assert load({**good, "ca_bundle": str(pem)}, {}).ca_bundle == str(pem)
    junk = tmp_path / "junk.pem"
    junk.write_text("not a certificate")
    assert refused({"ca_bundle": str(junk)}).problem == "names a file without PEM certificates."
    assert "cannot be read" in refused({"ca_bundle": str(tmp_path)}).problem


def test_pseudonyms_need_a_key(good: dict[str, Any], refused: Any) -> None:
    """sender_id: pseudonym without pseudonym_key is refused."""
    assert refused({"sender_id": "pseudonym"}).key == "pseudonym_key"
    assert load({**good, "sender_id": "pseudonym", "pseudonym_key": "k"}, {}).pseudonym_key == "k"


def test_a_variable_that_is_not_set(good: dict[str, Any], refused: Any) -> None:
    """A ${VAR} that nothing replaced is named; a set one is replaced, wherever Rasa left it."""
    assert "WHATSAPP_TOKEN" in refused({"access_token": "${WHATSAPP_TOKEN}"}).problem
    assert "NEW, OLD" in refused({"app_secret": ["${NEW}", "x${OLD:-y}"]}).problem
    settings = load({**good, "access_token": "EA${T}"}, {"T": "AG"})
    assert settings.numbers[0].access_token == "EAAG"


def test_all_mistakes_at_once(refused: Any) -> None:
    """Several mistakes are one error with a line for each."""
    error = refused({"access_token": None, "throughput": "x", "stor": 1, "sender_id": "pseudonym"})
    lines = str(error).splitlines()
    assert sorted(line.split(":")[0] for line in lines) == [
        "access_token",
        "pseudonym_key",
        "stor",
        "throughput",
    ]
    assert error.key == lines[0].split(":")[0]


def test_each_mistake_has_its_own_remedy(refused: Any) -> None:
    """Whoever shows them need not take the text apart."""
    error = refused({"access_token": None, "stor": 1})
    assert [str(each) for each in error.mistakes] == str(error).splitlines()
    assert [(each.key, each.problem) for each in error.mistakes] == [
        ("stor", "is not a known key."),
        ("access_token", "is missing."),
    ]
    for each in error.mistakes:
        assert each.remedy
        assert "\n" not in each.remedy
        assert each.mistakes == (each,)


def test_a_wrong_key_is_not_called_missing_too(refused: Any) -> None:
    """One mistake is one line."""
    for key in ("phone_number_id", "access_token", "app_secret", "verify_token"):
        assert len(str(refused({key: {}})).splitlines()) == 1
    assert len(str(refused({"allow_unsigned": "?", "app_secret": None})).splitlines()) == 1


def test_credentials_that_are_no_mapping() -> None:
    """A section that is a text or a list is named as such."""
    with pytest.raises(SettingsError, match=r"rasa_whatsapp\.WhatsAppInput: is not a mapping"):
        load("EAAG", {})  # type: ignore[arg-type]


def test_a_media_folder_that_is_not_there(refused: Any, tmp_path: Path) -> None:
    """It is told at the start, not when the first file is to be sent."""
    (tmp_path / "file").touch()
    for folder in (tmp_path / "nowhere", tmp_path / "file"):
        error = refused({"media": str(folder)})
        assert error.key == "media"
        assert "names no folder" in error.problem
        assert str(Path.cwd()) in error.remedy


def test_who_only_calls_whatsapp_needs_nothing_to_receive(good: dict[str, Any]) -> None:
    """Neither what proves webhooks nor the bot's folder; the rest is checked as ever."""
    del good["app_secret"], good["verify_token"]
    [number] = load({**good, "media": "nowhere"}, {}, receives=False).numbers
    assert (number.app_secret, number.verify_token) == ((), "")
    with pytest.raises(SettingsError, match="access_token: is missing"):
        load({"phone_number_id": "1"}, {}, receives=False)


@pytest.mark.parametrize("where", ["top", "numbers"])
def test_who_only_calls_whatsapp_may_lack_what_credentials_yml_names(
    good: dict[str, Any], where: str
) -> None:
    """An action server shares the bot's file, not its secrets; the bot itself is told of them."""
    door = {"app_secret": "${WHATSAPP_APP_SECRET}", "verify_token": "${WHATSAPP_VERIFY_TOKEN}"}
    number = {**good, **door}
    given = number if where == "top" else {"numbers": [number]}
    [found] = load(given, {}, receives=False).numbers
    assert (found.access_token, found.app_secret, found.verify_token) == (good["access_token"], (), "")
    [found] = load(given, {"WHATSAPP_APP_SECRET": "s3cret"}, receives=False).numbers
    assert found.app_secret == ("s3cret",)
    with pytest.raises(SettingsError, match="app_secret: refers to an environment variable that is not set"):
        load(given, {})


def test_of_several_secrets_those_that_are_set_count(good: dict[str, Any]) -> None:
    """And no number takes the secret of the top, which may be another app's, for its own."""
    rotated = {**good, "app_secret": ["${NEW}", "${OLD}"]}
    [number] = load(rotated, {"NEW": "n3w"}, receives=False).numbers
    assert number.app_secret == ("n3w",)
    entry = {"phone_number_id": "2", "app_secret": "${OTHER}"}
    [number] = load({**good, "phone_number_id": None, "numbers": [entry]}, {}, receives=False).numbers
    assert number.app_secret == ()


def test_who_only_calls_serpro_may_lack_what_proves_its_webhooks() -> None:
    """Half of Basic's pair may be written down, the other half a secret."""
    serpro = {"provider": "serpro", "client_id": "1", "client_secret": "s", "waba_id": "2"}
    proofs = {
        "webhook_token": "${TOKEN}",
        "webhook_username": "serpro",
        "webhook_password": "${PASSWORD}",
    }
    [number] = load({**serpro, **proofs}, {}, receives=False).numbers
    assert (number.webhook_token, number.webhook_username, number.webhook_password) == ("", "serpro", "")
    with pytest.raises(SettingsError, match="webhook_token: refers to an environment variable"):
        load({**serpro, **proofs}, {})
