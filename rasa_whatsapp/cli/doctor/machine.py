"""What is installed here, and what the environment says."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from difflib import get_close_matches

from rasa_whatsapp.cli import rasas
from rasa_whatsapp.cli.doctor.finding import Finding, bad, good, note
from rasa_whatsapp.settings import KEYS

OPEN_SOURCE = ((3, 6, 21), (3, 7))
PRO = ((3, 21), (3, 22))
"""From the first release that is supported to the first that is not."""
LICENSE = ("RASA_LICENSE", "RASA_PRO_LICENSE")


def python() -> Finding:
    """The Python that this command runs on, which must be Rasa's."""
    return good("Python", f"{rasas.PYTHON} ({sys.executable})")


def rasa(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Which Rasa is installed, whether it is supported, and what it needs."""
    if version := rasas.installed(rasas.OPEN_SOURCE):
        return [_supported("Rasa Open Source", version, OPEN_SOURCE), *_sanic()]
    if version := rasas.installed(rasas.PRO):
        return [_supported("Rasa Pro", version, PRO), *_licence(environ), *_sanic()]
    found = f"not installed for this Python {rasas.PYTHON}"
    return [bad("Rasa", found, rasas.how_to_install())]


def variables(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Which settings come from the environment, and names that look like a slip."""
    known = {name for key in KEYS for name in key.variables} | {"WHATSAPP_CONFIG"}
    given = sorted(name for name in known if environ.get(name, "").strip())
    findings = [good("environment", f"sets {', '.join(given)}")] if given else []
    for name in sorted(environ.keys() - known):
        if name.startswith(("WHATSAPP_", "WPP_")) and (near := get_close_matches(name, known, 1, 0.85)):
            found = f"{name} is no setting"
            findings.append(note("environment", found, f"Did you mean {near[0]}?"))
    return findings


def _supported(name: str, version: str, span: tuple[tuple[int, ...], tuple[int, ...]]) -> Finding:
    first, end = span
    if first <= rasas.release(version) < end:
        return good(name, version)
    wanted = f"Install {'.'.join(map(str, first))} or newer, before {'.'.join(map(str, end))}."
    return bad(name, f"{version} is not supported", wanted)


def _licence(environ: Mapping[str, str]) -> list[Finding]:
    if any(environ.get(name) for name in LICENSE):
        return [good("licence", "RASA_LICENSE is set")]
    remedy = "`rasa run` of Rasa Pro needs it: put your licence key into RASA_LICENSE."
    return [note("licence", "RASA_LICENSE is not set here", remedy)]


def _sanic() -> list[Finding]:
    version = rasas.installed("sanic")
    if version is None:
        return [bad("Sanic", "not installed", "Rasa's installation is not complete: install Rasa again.")]
    return [good("Sanic", version)]
