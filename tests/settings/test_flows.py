"""What stands under `flows`: the endpoint's keys and functions, and the intents of replies."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.flows import generate_keys
from rasa_whatsapp.settings import load


def test_without_the_key_there_is_nothing(good: dict[str, Any]) -> None:
    """Most bots have no Flows."""
    assert load(good, {}).flows is None


def test_the_intents_of_flows_without_an_endpoint(good: dict[str, Any]) -> None:
    """A static Flow needs neither key nor functions."""
    flows = load({**good, "flows": {"intents": {"sign_up": "inform"}}}, {}).flows
    assert flows is not None
    assert (flows.intents, flows.private_key, flows.deadline) == ({"sign_up": "inform"}, (), 8.0)


def test_keys_as_text_and_as_files(good: dict[str, Any], flow_key: str, tmp_path: Path) -> None:
    """Two keys while one is rotated; `:handlers` is the object unless told."""
    pair = generate_keys("a passphrase")
    (tmp_path / "new.pem").write_text(pair.private_key)
    given = {
        "private_key": [str(tmp_path / "new.pem"), flow_key],
        "passphrase": "a passphrase",
        "handlers": "bots.my_flows",
        "deadline": "5s",
    }
    settings = load({**good, "flows": given}, {})
    assert settings.flows is not None
    assert (settings.flows.handlers, settings.flows.deadline) == ("bots.my_flows:handlers", 5.0)
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert "passphrase" not in repr(settings)
    assert "PRIVATE" not in repr(settings) + repr(settings.flows)


def test_from_the_environment(good: dict[str, Any]) -> None:
    """As every mapping, it may stand there as YAML."""
    flows = load(good, {"WHATSAPP_FLOWS": "{intents: {sign_up: inform}}"}).flows
    assert flows is not None
    assert flows.intents == {"sign_up": "inform"}


def _curve() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("change", "key", "problem"),
    [
        ({"private_key": "/no/such.pem"}, "flows.private_key", "cannot be read"),
        ({"private_key": "flows\0.pem"}, "flows.private_key", "is not a path."),
        ({"private_key": "-----BEGIN nonsense"}, "flows.private_key", "cannot be read"),
        ({"private_key": _curve()}, "flows.private_key", "is no RSA key of 2048 bits."),
        ({"private_key": 7}, "flows.private_key", "is a number, not text."),
        ({"private_key": None}, "flows.private_key", "is missing."),
        ({"private_key": generate_keys("right").private_key}, "flows.passphrase", "is missing"),
        (
            {"private_key": generate_keys("right").private_key, "passphrase": "wrong"},
            "flows.private_key",
            "the passphrase is not its own",
        ),
        ({"handlers": None}, "flows.handlers", "is missing."),
        ({"handlers": "my flows.py"}, "flows.handlers", "is not the name of a Python module."),
        ({"deadline": 10}, "flows.deadline", "WhatsApp gives up after 10 s"),
        ({"foreign_tokens": "perhaps"}, "flows.foreign_tokens", "is neither true nor false."),
        ({"intents": {"sign_up": "/inform"}}, "flows.intents", "is not the name of an intent."),
        ({"intents": ["sign_up"]}, "flows.intents", "is not a mapping of Flows."),
        ({"handler": "x"}, "flows", "has an unknown key."),
    ],
)
def test_a_mistake_names_the_part(
    refused: Any, flow_key: str, change: dict[str, Any], key: str, problem: str
) -> None:
    """The key below `flows` is named, and what to do about it."""
    error = refused({"flows": {"private_key": flow_key, "handlers": "my_flows", **change}})
    assert error.key == key
    assert problem in error.problem
    assert error.remedy
    assert "right" not in str(error)
    assert "wrong" not in str(error)


@pytest.mark.parametrize("key", ["/no/such.pem", "-----BEGIN nonsense", "flows\0.pem", "${FLOWS_KEY}"])
def test_who_only_calls_needs_no_private_key(good: dict[str, Any], key: str) -> None:
    """An action server shares credentials.yml, and rightly has no secret that only the endpoint needs."""
    flows = {
        "private_key": key,
        "passphrase": "${WHATSAPP_FLOWS_PASSPHRASE}",
        "handlers": "my_flows",
        "intents": {"sign_up": "inform"},
    }
    settings = load({**good, "flows": flows}, {}, receives=False)
    assert settings.flows is not None
    assert settings.flows.intents == {"sign_up": "inform"}
    with pytest.raises(SettingsError, match=r"^flows: refers to an environment variable that is not set"):
        load({**good, "flows": flows}, {})
    with pytest.raises(SettingsError, match=r"^flows"):
        load({**good, "flows": flows}, {"WHATSAPP_FLOWS_PASSPHRASE": "x"})


def test_a_key_that_cannot_be_read_is_told_with_its_source(good: dict[str, Any]) -> None:
    """As any other value that does not stand in credentials.yml."""
    variables = {"WHATSAPP_FLOWS": "{private_key: /no/such.pem, handlers: my_flows}"}
    with pytest.raises(
        SettingsError, match=r"^flows.private_key: the value of WHATSAPP_FLOWS is the path of"
    ):
        load(good, variables)


def test_what_stands_under_flows_is_a_mapping(refused: Any) -> None:
    """A path alone is a common mistake."""
    assert refused({"flows": "flows.pem"}).problem == "is not a mapping."


def test_beside_serpro_the_app_secret_is_asked_for(flow_key: str) -> None:
    """Meta signs the requests of Flows, whoever carries the messages."""
    serpro = {"provider": "serpro", "client_id": 1, "client_secret": "s", "webhook_token": "w"}
    flows = {"private_key": flow_key, "handlers": "my_flows"}
    with pytest.raises(SettingsError, match=r"app_secret: is missing.*Flows") as caught:
        load({**serpro, "flows": flows}, {})
    assert caught.value.key == "app_secret"
    assert load({**serpro, "flows": flows, "app_secret": "a"}, {}).flows is not None
    assert load({**serpro, "flows": {"intents": {"a": "b"}}}, {}).flows is not None
