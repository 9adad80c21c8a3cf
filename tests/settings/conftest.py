"""What the tests of the settings share."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.flows import generate_keys
from rasa_whatsapp.settings import load

GOOD = {
    "phone_number_id": "106540352242922",
    "access_token": "EAAGsecret1",
    "app_secret": "appsecret2",
    "verify_token": "verifysecret3",
}

Refused = Callable[..., SettingsError]


@pytest.fixture
def good() -> dict[str, Any]:
    """The least that a credentials.yml needs."""
    return dict(GOOD)


@pytest.fixture
def refused() -> Refused:
    """Loads good credentials with changes (None removes a key) and returns the error."""

    def refuse(changes: dict[str, Any], environ: dict[str, str] | None = None) -> SettingsError:
        with pytest.raises(SettingsError) as caught:
            load({**GOOD, **changes}, environ or {})
        return caught.value

    return refuse


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one certificate in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "proxy")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.datetime(2020, 1, 1))
        .not_valid_after(datetime.datetime(2100, 1, 1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "proxy.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="session")
def flow_key() -> str:
    """A private key for Flows, without a passphrase."""
    return generate_keys().private_key
