"""A number that Serpro carries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.settings import NumberSettings, load

SERPRO = {
    "provider": "serpro",
    "client_id": "100200300400500",
    "client_secret": "serpro-secret",
    "webhook_token": "hook-token",
}


def number(changes: dict[str, Any], environ: dict[str, str] | None = None) -> NumberSettings:
    given = {key: value for key, value in {**SERPRO, **changes}.items() if value is not None}
    return load(given, environ or {}).numbers[0]


def refusal(changes: dict[str, Any], environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        number(changes, environ)
    return str(caught.value)


def test_the_least_that_serpro_needs() -> None:
    """Credentials and one proof suffice; host, version and number follow from the provider."""
    made = number({})
    assert made.base_url == "https://api.whatsapp.serpro.gov.br"
    assert made.api_version == "v2"
    assert made.phone_number_id == "100200300400500"


def test_the_variables_of_the_old_integration() -> None:
    """The three names that Serpro's users have in their variables.env configure the number."""
    environ = {"SERPRO_CLIENT_ID": "77", "SERPRO_CLIENT_SECRET": "s", "SERPRO_WABA_ID": "88"}
    made = load({"provider": "serpro", "webhook_token": "t"}, environ).numbers[0]
    assert (made.client_id, made.client_secret, made.waba_id) == ("77", "s", "88")


def test_an_older_name_counts_for_its_own_provider_alone() -> None:
    """An id of Meta's beside a Serpro number would make every message of that number a foreign one."""
    environ = {
        "SERPRO_CLIENT_ID": "77",
        "SERPRO_CLIENT_SECRET": "s",
        "SERPRO_WABA_ID": "88",
        "WPP_AUTHORIZATION_TOKEN": "t",
        "WPP_VERIFY_TOKEN": "v",
        "WPP_PHONE_NUMBER_IDENTIFIER": "42",
    }
    made = load({"provider": "serpro", "webhook_token": "t"}, environ).numbers[0]
    assert (made.client_id, made.phone_number_id, made.access_token) == ("77", "77", "")
    assert number({}, environ).phone_number_id == "100200300400500"
    (made,) = load({"app_secret": "a"}, environ).numbers
    assert (made.phone_number_id, made.client_id, made.waba_id) == ("42", "", "")
    cloud, serpro = load(
        {"numbers": [{"app_secret": "a"}, {"provider": "serpro", "webhook_token": "t"}]}, environ
    ).numbers
    assert (cloud.phone_number_id, cloud.access_token, cloud.waba_id) == ("42", "t", "")
    assert (serpro.phone_number_id, serpro.client_secret, serpro.waba_id) == ("77", "s", "88")


def test_an_older_name_of_the_other_provider_hides_no_file(tmp_path: Path) -> None:
    """What does not count stands in nobody's way, nor is it told to be wrong."""
    file = tmp_path / "whatsapp.yml"
    file.write_text("phone_number_id: 43\n")
    environ = {"WPP_PHONE_NUMBER_IDENTIFIER": "no id", "WHATSAPP_CONFIG": str(file)}
    assert number({}, environ).phone_number_id == "43"
    with pytest.raises(SettingsError, match="the value of WPP_PHONE_NUMBER_IDENTIFIER "):
        load({"access_token": "t", "app_secret": "a", "verify_token": "v"}, environ)


def test_a_phone_number_id_of_its_own() -> None:
    """Where the two ids differ, both are kept."""
    made = number({"client_id": "abc-def", "phone_number_id": 42})
    assert (made.client_id, made.phone_number_id) == ("abc-def", "42")


def test_a_client_id_that_is_no_number_cannot_stand_in() -> None:
    """Without digits there is nothing to take for the phone number id."""
    assert refusal({"client_id": "abc-def"}).startswith("phone_number_id: is missing.")


@pytest.mark.parametrize("key", ["client_id", "client_secret"])
def test_credentials_are_needed(key: str) -> None:
    """Each missing credential is named."""
    assert f"{key}: is missing." in refusal({key: None})


def test_some_proof_is_needed() -> None:
    """Without any proof the channel does not start, unless experiments are asked for."""
    said = refusal({"webhook_token": None})
    assert said.startswith("webhook_token: is missing.")
    assert "webhook_username" in said
    assert "webhook_path_token" in said
    assert number({"webhook_token": None, "allow_unsigned": True})


@pytest.mark.parametrize(
    "proof",
    [
        {"webhook_token": "t"},
        {"webhook_username": "u", "webhook_password": "p"},
        {"webhook_path_token": "a-path-of-16-and-more"},
    ],
)
def test_any_proof_suffices(proof: dict[str, str]) -> None:
    """Bearer, Basic or an unguessable path."""
    assert number({"webhook_token": None, **proof})


def test_a_name_needs_its_password() -> None:
    """Half of Basic authentication is a mistake."""
    assert "webhook_password: is missing." in refusal({"webhook_username": "u"})
    assert "webhook_username: is missing." in refusal({"webhook_password": "p"})


@pytest.mark.parametrize("path", ["short", "with/slash/in/the/middle", "with.dots.in.the.middle"])
def test_a_path_token_must_be_unguessable(path: str) -> None:
    """A short one, or one that changes the path, is refused."""
    assert refusal({"webhook_path_token": path}).startswith("webhook_path_token: is not 16 to 128")


def test_the_other_providers_version() -> None:
    """A version that the provider does not have is a mistake, told with the right one."""
    assert "Write it like v2" in refusal({"api_version": "v26.0"})
    cloud = {"phone_number_id": 1, "access_token": "x", "app_secret": "x", "verify_token": "x"}
    with pytest.raises(SettingsError, match=r"Write it like v26\.0"):
        load({**cloud, "api_version": "v26"}, {})


def test_one_number_of_each_provider() -> None:
    """Defaults follow each entry's provider, and the top's id is not taken for Serpro's."""
    top = {"phone_number_id": "1", "access_token": "x", "app_secret": "x", "verify_token": "x"}
    numbers = [{"phone_number_id": "1"}, SERPRO, {**SERPRO, "client_id": "2", "phone_number_id": "3"}]
    cloud, serpro, other = load({**top, "numbers": numbers}, {}).numbers
    assert (cloud.base_url, cloud.api_version) == ("https://graph.facebook.com", "v26.0")
    assert (serpro.base_url, serpro.phone_number_id) == (
        "https://api.whatsapp.serpro.gov.br",
        "100200300400500",
    )
    assert other.phone_number_id == "3"
