"""All examinations, from the machine to Meta."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

from rasa_whatsapp.cli.doctor import domain as domains
from rasa_whatsapp.cli.doctor import machine, meta, project, serpro
from rasa_whatsapp.cli.doctor.finding import Finding, bad, good, note
from rasa_whatsapp.cli.doctor.store import store
from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.settings import Settings, load, read_credentials
from rasa_whatsapp.settings.loading import PROOFS

SETTINGS = "settings"

_GATEWAYS = {"cloud": meta.number, "serpro": serpro.number}
"""Who is asked about a number, by its provider."""


async def examine(
    credentials: Path | None, domain: Path | None, environ: Mapping[str, str] = os.environ
) -> list[Finding]:
    """Looks at everything that can be looked at; what depends on wrong settings is left out."""
    findings = [machine.python(), *machine.rasa(environ), *machine.variables(environ)]
    settings, told = _settings(credentials, environ)
    findings += told
    if settings is not None:
        findings.append(await store(settings.store))
        asked = [_GATEWAYS[number.provider](number, settings) for number in settings.numbers]
        answers = await asyncio.gather(*asked)
        # Numbers share an account and an app, which are told once.
        findings += dict.fromkeys(finding for each in answers for finding in each)
    if domain is not None:
        findings += _domain(credentials, domain, {(each.found, each.remedy) for each in told})
    return findings


def _settings(credentials: Path | None, environ: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    where = str(credentials) if credentials else "the environment (there is no credentials.yml here)"
    try:
        section: dict[str, Any] = read_credentials(credentials, environ)
        settings = load(section, environ)
    except SettingsError as error:
        return None, _mistakes(SETTINGS, error.mistakes)
    if wrong := project.mistakes(settings):
        return settings, _mistakes(SETTINGS, wrong)
    found = f"{where}: {len(settings.numbers)} number{'s' if len(settings.numbers) > 1 else ''}"
    findings = [good(SETTINGS, found)]
    proofs = [
        PROOFS[number.provider]
        for number in settings.numbers
        if not any(getattr(number, name) for name in PROOFS[number.provider])
    ]
    if settings.allow_unsigned and proofs:
        remedy = f"Set {proofs[0][0]} before the bot can be reached from outside."
        findings.append(note(SETTINGS, "allow_unsigned: anybody can forge messages", remedy))
    return settings, findings


def _domain(credentials: Path | None, domain: Path, told: Container[tuple[str, str]]) -> list[Finding]:
    """What the domain lacks; nothing where that depends on settings of which the mistakes are told."""
    try:
        intents, entities = domains.missing(credentials, domain)
    except SettingsError as error:
        return [each for each in _mistakes("domain", error.mistakes) if (each.found, each.remedy) not in told]
    if intents:
        remedy = "`rasa-whatsapp doctor --domain` prints them to paste; or silence kinds by `intents:`."
        return [note("domain", f"{domain} lacks {', '.join(intents)}", remedy)]
    left = f"; {len(entities)} entities are not declared, and not told to Rasa" if entities else ""
    return [good("domain", f"{domain} declares every intent of the channel{left}")]


def _mistakes(about: str, mistakes: Iterable[SettingsError]) -> list[Finding]:
    return [bad(about, f"{each.key}: {each.problem}", each.remedy) for each in mistakes]
