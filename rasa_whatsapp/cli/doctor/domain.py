"""What the bot's domain must declare, so that Rasa takes the channel's messages for intents."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.intents import ENTITY_NAMES, Declared, Understanding
from rasa_whatsapp.settings import load_intents, read_credentials
from rasa_whatsapp.settings.sources import parse


def found_domain() -> Path | None:
    """The domain in the working directory, where Rasa looks for it."""
    return next((path for path in (Path("domain.yml"), Path("domain")) if path.exists()), None)


def missing(credentials: Path | None, domain: Path | None) -> tuple[list[str], list[str]]:
    """The intents and entities that the channel makes and the domain does not declare.

    Raises:
        SettingsError: a file cannot be read, or ``intents:`` is wrong.
    """
    intents, delivery_failed, flows = load_intents(read_credentials(credentials))
    understanding = Understanding(intents, delivery_failed=delivery_failed, flows=flows)
    made = understanding.intents
    declared = _read(domain) if domain else Declared((), ())
    names = (*made.values(), *sorted(understanding.names - set(made.values())))
    lacking = dict.fromkeys(name for name in names if name not in declared.intents)
    entities = dict.fromkeys(
        entity for kind in made for entity in ENTITY_NAMES[kind] if entity not in declared.entities
    )
    return list(lacking), list(entities)


def entries(intents: list[str], entities: list[str], domain: Path | None) -> str:
    """The missing entries as YAML; a comment when there are none."""
    if not intents and not entities:
        return f"# {domain} declares all that the channel makes.\n"
    where = f"# Missing in {domain}:" if domain else "# For the bot's domain:"
    lists = {"intents": intents, "entities": entities}
    return "\n".join([where, *(_block(key, names) for key, names in lists.items() if names)]) + "\n"


def _block(key: str, names: list[str]) -> str:
    return "\n".join([f"{key}:", *(f"  - {name}" for name in names)])


def _read(domain: Path) -> Declared:
    """What the domain declares; a domain may be a folder of files."""
    files = sorted(path for path in domain.rglob("*") if path.suffix in (".yml", ".yaml"))
    intents: set[str] = set()
    entities: set[str] = set()
    for path in files if domain.is_dir() else [domain]:
        try:
            content = parse(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise SettingsError(
                str(path), f"cannot be read ({error.strerror}).", "Correct the path."
            ) from None
        except ValueError as error:
            raise SettingsError(str(path), f"{error}.", "Correct it.") from None
        if isinstance(content, dict):
            intents.update(_names(content.get("intents")))
            entities.update(_names(content.get("entities")))
    return Declared(intents, entities)


def _names(listed: Any) -> Iterable[str]:
    """The names in a list of the domain, where an entry may be ``name`` or ``name: {details}``."""
    for entry in listed if isinstance(listed, list) else ():
        yield from map(str, entry) if isinstance(entry, dict) else [str(entry)]
