"""Where settings come from: credentials.yml, the environment, and a file named by ``WHATSAPP_CONFIG``."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.settings.kinds import Wrong

CHANNEL = "rasa_whatsapp.WhatsAppInput"
CREDENTIALS = "credentials.yml"
CONFIG = "WHATSAPP_CONFIG"
REFERENCE = re.compile(r"\$\{\s*(\w*)[^}]*\}")
VARIABLE = re.compile(r"\$(?:\{(?P<braced>[A-Za-z0-9_]+)\}|(?P<bare>[A-Za-z0-9_]+))")
DEPTH = 8  # Settings nest three deep; a YAML alias may make a value that contains itself.


class _Constructor(SafeConstructor):
    """The safe constructor, unmoved by what Rasa does to it.

    Importing Rasa makes every YAML parser of the process tag plain ``${VAR}`` scalars as ``!env_var``, and
    Rasa 3.6 expands them from ``os.environ``. Here they stay text, for `expand` to treat all strings alike.
    """


_Constructor.add_constructor("!env_var", SafeConstructor.construct_yaml_str)


def parse(text: str) -> Any:
    """Read YAML 1.2, or JSON, whose ``\\uXXXX`` pairs YAML would not join.

    Raises:
        ValueError: what is wrong and in which line, without a word of the text, which may hold secrets.
    """
    if text.lstrip().startswith(("{", "[")):
        with suppress(ValueError, RecursionError):  # else it is YAML that begins like JSON
            return json.loads(text)
    parser = YAML(typ="safe", pure=True)
    parser.Constructor = _Constructor
    try:
        return parser.load(text)
    except DuplicateKeyError as error:
        problem, mark = "has a key twice", error.problem_mark
    except MarkedYAMLError as error:
        problem, mark = "is not valid YAML", error.problem_mark
    except (YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        # ruamel lets more than YAMLError through, for example on a date such as 2024-99-99.
        problem, mark = "is not valid YAML", None
    raise ValueError(problem if mark is None else f"{problem} (line {mark.line + 1})")


def expand(value: Any, environ: Mapping[str, str], depth: int = DEPTH) -> Any:
    """Replace ``${VAR}`` in a text, or in the texts of a list or mapping, by the variable's value.

    As in Rasa, ``$VAR`` counts too, but only in a text that also has a ``${…}``. Unlike Rasa, quotes make no
    difference. A variable that is not set stays as it is.
    """
    if isinstance(value, str) and REFERENCE.search(value):
        return VARIABLE.sub(lambda match: environ.get(match["braced"] or match["bare"], match[0]), value)
    if isinstance(value, (list, tuple)) and depth:
        return [expand(item, environ, depth - 1) for item in value]
    if isinstance(value, Mapping) and depth:
        return {name: expand(item, environ, depth - 1) for name, item in value.items()}
    return value


def unset(value: Any, depth: int = DEPTH) -> list[str]:
    """The names of the variables that `expand` left in a value, each once."""
    if isinstance(value, str):
        names = REFERENCE.findall(value)
    elif isinstance(value, (list, tuple)) and depth:
        names = [name for item in value for name in unset(item, depth - 1)]
    elif isinstance(value, Mapping) and depth:
        names = [name for item in value.values() for name in unset(item, depth - 1)]
    else:
        names = []
    return list(dict.fromkeys(names))


def check_set(value: Any) -> None:
    """Refuses a value in which `expand` has left a variable.

    Raises:
        Wrong: it has.
    """
    if names := unset(value):
        problem = f"refers to an environment variable that is not set, {', '.join(names)}."
        raise Wrong(problem, "Set it, or write the value itself; the form is ${NAME}.")


def find_credentials(named: str | os.PathLike[str] | None) -> Path | None:
    """The file that was named, else credentials.yml in the working directory, where there is one."""
    if named is None:
        return Path(CREDENTIALS) if Path(CREDENTIALS).is_file() else None
    return Path(named) if named else None


def read_credentials(path: Path | str | None, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read this channel's section of a credentials.yml without Rasa, ``${VAR}`` expanded.

    The section is ``rasa_whatsapp.WhatsAppInput``, or the one of a subclass whose name ends in
    ``WhatsAppInput``. A variable that is not set stays as it is; `load` reports it. No file has no keys.

    Raises:
        SettingsError: no such file, not YAML, no such section, or more than one.
    """
    if path is None:
        return {}
    where = str(path)
    document = _read_file(Path(path), where)
    if not isinstance(document, Mapping):
        raise SettingsError(where, "is not a mapping.", f"Begin it with the line {CHANNEL}:.")
    found = [name for name in document if isinstance(name, str) and re.search(r"\.\w*WhatsAppInput$", name)]
    if CHANNEL in found:
        found = [CHANNEL]
    if len(found) != 1:
        problem = "has several sections for WhatsApp." if found else f"has no section {CHANNEL}."
        raise SettingsError(where, problem, f"Give it one section, beginning with the line {CHANNEL}:.")
    section = document[found[0]]
    if section is None:
        return {}
    if not isinstance(section, Mapping):
        raise SettingsError(where, f"has no keys under {found[0]}.", "Indent lines such as provider: cloud.")
    expanded: dict[str, Any] = expand(section, environ)
    return expanded


def read_config(environ: Mapping[str, str]) -> dict[Any, Any]:
    """Read the file named by ``WHATSAPP_CONFIG``, YAML or JSON; nothing when the variable is not set.

    Raises:
        SettingsError: the file cannot be read, or holds no mapping.
    """
    name = environ.get(CONFIG, "")
    if not name:
        return {}
    document = _read_file(Path(name), CONFIG, "names a file that ")
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        raise SettingsError(
            CONFIG, "names a file that is not a mapping.", "Write lines such as max_turns: 8."
        )
    return dict(document)


def _read_file(path: Path, key: str, lead: str = "") -> Any:
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise SettingsError(key, f"{lead}is not text in UTF-8.", "Save it again as UTF-8.") from None
    except OSError as error:
        problem = f"{lead}cannot be read ({error.strerror})."
        raise SettingsError(key, problem, "Correct the path or the file's rights.") from None
    except ValueError as error:
        raise SettingsError(key, f"{lead}{error}.", "Correct it.") from None
