"""From what the user wrote to `Settings`, or to one error that lists all mistakes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.settings.flows import FLOWS, FlowSettings
from rasa_whatsapp.settings.keys import BY_NAME, KEYS, Key
from rasa_whatsapp.settings.kinds import ENTRIES, Kind, Wrong, nearest
from rasa_whatsapp.settings.model import NumberSettings, Settings
from rasa_whatsapp.settings.sources import CHANNEL, CONFIG, check_set, expand, parse, read_config, unset

PER_NUMBER = tuple(key for key in KEYS if key.per_number)
_BASIC = ("webhook_username", "webhook_password")
PROOFS = {
    "cloud": ("app_secret",),
    "serpro": ("webhook_token", "webhook_username", "webhook_path_token"),
}
"""By provider, the keys of which one must be given, so that not everybody can post to the webhook."""
STORE = "store"
_GRAPH = ("provider", "base_url", "ca_bundle", "numbers")
"""The keys that tell where Meta's files lie."""
_INTENTS = ("intents", "delivery_failed_intent", "flows")
"""The keys that tell what messages are called in Rasa."""
_SOURCES = (CHANNEL, CONFIG)
_DOOR = {"app_secret", "verify_token", "webhook_token", *_BASIC}
"""What whoever only calls WhatsApp may lack, though the credentials.yml that it shares names it; `app_secret`
too, as long as the app does not *Require App Secret*. Not so Serpro's path token: it is part of an address
that commands compare and hide."""

FOR_ALL = tuple(key for key in KEYS if not key.per_number and key.name != "numbers")


class _Raw(NamedTuple):
    """A value as it was given, and its source when that is not credentials.yml."""

    value: Any
    source: str = ""  # the beginning of a sentence: "the value of WHATSAPP_STORE "


def load(
    credentials: Mapping[str, Any] | None,
    environ: Mapping[str, str] = os.environ,
    *,
    receives: bool = True,
) -> Settings:
    """Check and complete the settings of the channel.

    Each key comes from the first of: ``credentials`` (the channel's section of credentials.yml), the variable
    ``WHATSAPP_<KEY>``, its older name (`Key.alias`, for numbers of its own provider), the file named by
    ``WHATSAPP_CONFIG``. ``${VAR}`` is expanded from ``environ`` wherever Rasa left it. What is empty then
    counts as not given.

    Args:
        receives: messages are to be received. A program that only calls WhatsApp needs neither what proves
            webhooks nor the bot's own files, nor the secrets of Flows.

    Raises:
        SettingsError: with one line for each mistake; ``key``, ``problem`` and ``remedy`` are those of the
            first.
    """
    return _Loading(environ, receives).settings(credentials)


def load_store(credentials: Mapping[str, Any] | None, environ: Mapping[str, str] = os.environ) -> str:
    """Where the bot keeps messages, from the same sources, whatever else is missing or wrong in them.

    Raises:
        SettingsError: it is wrong, or the file that may name it cannot be read.
    """
    return _Loading(environ, receives=False).store(credentials)


def load_intents(
    credentials: Mapping[str, Any] | None, environ: Mapping[str, str] = os.environ
) -> tuple[dict[str, str | None], str, dict[str, str]]:
    """``intents``, ``delivery_failed_intent`` and the ``intents`` of ``flows``, from the same sources.

    Whatever else is missing or wrong in them does not matter: a domain is often written before there is a
    number, or where the key of Flows is not.

    Raises:
        SettingsError: one of the three is wrong, or a source cannot be read.
    """
    return _Loading(environ, receives=False).intents(credentials)


def load_graph(
    credentials: Mapping[str, Any] | None, environ: Mapping[str, str] = os.environ
) -> tuple[str, str]:
    """``base_url`` of the first number at Meta, and ``ca_bundle``, from the same sources.

    Whatever else is missing or wrong in them does not matter; where nothing is given, it is Meta's own.

    Raises:
        SettingsError: one of the two is wrong, or a source cannot be read.
    """
    return _Loading(environ, receives=False).graph(credentials)


class _Loading:
    """One run of `load`, collecting the problems on its way.

    A value that is wrong counts as given and becomes None, so that nobody is told that it is missing too.
    """

    def __init__(self, environ: Mapping[str, str], receives: bool) -> None:
        self.environ = environ
        self.receives = receives
        self.problems: list[SettingsError] = []
        self.older: dict[str, _Raw] = {}
        """What the older variables give, for keys that neither credentials.yml nor a newer one gives."""

    def settings(self, credentials: Mapping[str, Any] | None) -> Settings:
        given = self.given(credentials)
        top = self.values("", given)
        unsigned = top.get("allow_unsigned", False)
        if "numbers" in top:
            entries = [
                self.values(f"numbers[{index}].", self.known(f"numbers[{index}].", entry))
                for index, entry in enumerate(top["numbers"] or ())
            ]
            older = self.older_of({_provider({**top, **entry}) for entry in entries})
            numbers = [
                _with_stand_ins({**top, **older.get(_provider({**top, **entry}), {})}, entry)
                for entry in entries
            ]
            places = [f"numbers[{index}]." for index in range(len(numbers))]
            if numbers and "phone_number_id" in given and not given["phone_number_id"].source:
                self.check_served(top["phone_number_id"], numbers)
        else:
            older = self.older_of({_provider(top)})
            numbers, places = [_with_stand_ins({}, {**top, **older[_provider(top)]})], [""]
        for place, number in zip(places, numbers, strict=True):
            self.check_required(place, number, unsigned)
        self.check_distinct(places, numbers)
        self.check_flows(top.get("flows"), numbers, unsigned)
        self.check_flow_keys(top.get("flows"), given)
        self.check_media(top.get("media"))
        if top.get("sender_id") == "pseudonym" and "pseudonym_key" not in top:
            self.missing("pseudonym_key", BY_NAME["pseudonym_key"], " Or choose another sender_id.")
        self.refuse(self.problems)
        return Settings(
            numbers=tuple(
                NumberSettings(**_complete(number, PER_NUMBER, _provider(number))) for number in numbers
            ),
            **_complete(top, FOR_ALL),
        )

    def store(self, credentials: Mapping[str, Any] | None) -> str:
        given = self.given(credentials)
        named = _only((STORE,), given)
        store: str = {STORE: _default(BY_NAME[STORE]), **self.values("", named)}[STORE]
        # A source that cannot be read counts only where no earlier one has named the store.
        self.refuse(
            [each for each in self.problems if each.key == STORE or (not named and each.key in _SOURCES)]
        )
        return store

    def intents(
        self, credentials: Mapping[str, Any] | None
    ) -> tuple[dict[str, str | None], str, dict[str, str]]:
        given = _only(_INTENTS, self.given(credentials))
        if "flows" in given:
            given["flows"] = _only_intents(given["flows"])
        top = {**{name: _default(BY_NAME[name]) for name in _INTENTS}, **self.values("", given)}
        self.refuse(
            [each for each in self.problems if each.key in _SOURCES or each.key.split(".")[0] in _INTENTS]
        )
        return top["intents"], top["delivery_failed_intent"], top["flows"].intents if top["flows"] else {}

    def graph(self, credentials: Mapping[str, Any] | None) -> tuple[str, str]:
        top = self.values("", _only(_GRAPH, self.given(credentials)))
        numbers = []
        for index, entry in enumerate(top.get("numbers") or [{}]):
            place = f"numbers[{index}]."
            numbers.append({**top, **self.values(place, _only(_GRAPH, self.known(place, entry)))})
        self.refuse(
            [each for each in self.problems if each.key in _SOURCES or each.key.rpartition(".")[2] in _GRAPH]
        )
        number = next((each for each in numbers if not _is_serpro(each)), {})
        base_url: str = number.get("base_url") or _default(BY_NAME["base_url"])
        return base_url, top.get("ca_bundle") or _default(BY_NAME["ca_bundle"])

    def refuse(self, problems: Sequence[SettingsError]) -> None:
        if problems:
            first, *others = problems
            raise SettingsError(first.key, first.problem, first.remedy, others)

    def given(self, credentials: Mapping[str, Any] | None) -> dict[str, _Raw]:
        """What is given for each key, from the first source that gives it."""
        if credentials is not None and not isinstance(credentials, Mapping):
            self.problem(CHANNEL, "is not a mapping.", "Write lines such as provider: cloud under it.")
            credentials = None
        found = self.known("", credentials or {})
        for key in KEYS:
            for variable in key.variables:
                if key.name not in found and self.has_value(self.environ.get(variable)):
                    of = self.older if variable == key.alias else found
                    of[key.name] = _Raw(self.environ[variable], f"the value of {variable} ")
        try:
            config = read_config(self.environ)
        except SettingsError as error:
            self.problems.append(error)
            return found
        return {**self.known("", config, f"the file named by {CONFIG}"), **found}

    def older_of(self, providers: Set[Any]) -> dict[Any, dict[str, Any]]:
        """By provider, what the older variables tell about its numbers."""
        return {
            provider: self.values(
                "", _only([key.name for key in KEYS if key.alias and key.alias_of == provider], self.older)
            )
            for provider in providers
        }

    def known(self, place: str, mapping: Mapping[Any, Any], source: str = "") -> dict[str, _Raw]:
        """The known keys of a mapping that have a value; unknown ones are problems."""
        allowed = [key.name for key in (PER_NUMBER if place else KEYS)]
        found = {}
        for name, value in mapping.items():
            if name in allowed:
                if self.has_value(value):
                    found[str(name)] = _Raw(value, f"its value in {source} " if source else "")
            elif name in BY_NAME:
                self.problem(
                    f"{place}{name}", "holds for all numbers.", "Move it out of numbers, to the top."
                )
            else:
                word = name if isinstance(name, str) and name.isprintable() and len(name) <= 40 else ""
                guess = nearest(word, allowed)
                where = f" (in {source})" if source else ""
                remedy = f"{guess}Every key is explained in credentials.yml.example."
                self.problem(f"{place}{word or 'a key'}", f"is not a known key{where}.", remedy)
        return found

    def has_value(self, value: Any) -> bool:
        """Whether anything is given; a text that refers to nothing but empty variables is empty as well."""
        return bool(expand(value, self.environ).strip()) if isinstance(value, str) else value is not None

    def values(self, place: str, given: Mapping[str, _Raw]) -> dict[str, Any]:
        """The finished values of what is given."""
        found = {}
        for name, raw in given.items():
            kind = BY_NAME[name].kind
            if not self.receives and name in _DOOR:
                raw = raw._replace(value=self.without_unset(raw.value))
                if not raw.value:
                    found[name] = kind.empty  # not absent: another number's must not take its place
                    continue
            found[name] = self.value(f"{place}{name}", kind, raw)
        return found

    def without_unset(self, value: Any) -> Any:
        """A secret, or those of a list, that need no variable which is not set; None if it needs one."""
        if isinstance(value, list):
            return [item for item in value if not unset(expand(item, self.environ))]
        return None if unset(expand(value, self.environ)) else value

    def value(self, place: str, kind: Kind, raw: _Raw) -> Any:
        """The finished value; None when it is wrong."""
        try:
            value = expand(_structure(raw.value) if kind.structured else raw.value, self.environ)
            # An entry's keys are looked at one by one; the secrets of Flows are for who answers them.
            if kind is not ENTRIES and (self.receives or kind is not FLOWS):
                check_set(value)
            return kind.read(value)
        except Wrong as wrong:
            where = f"{place}.{wrong.below}" if wrong.below else place
            self.problem(where, f"{raw.source}{wrong.problem}", wrong.remedy)
            return None

    def check_required(self, place: str, number: Mapping[str, Any], unsigned: bool | None) -> None:
        provider = _provider(number)
        for key in PER_NUMBER:
            required = provider in key.required_by or key.stands_in in number
            if key.name in _DOOR and not self.receives:
                continue
            if key.name not in number and required:
                self.missing(f"{place}{key.name}", key)
        version = number.get("api_version") or _default(BY_NAME["api_version"], provider)
        if ("." in version) != ("." in _default(BY_NAME["api_version"], provider)):
            self.problem(
                f"{place}api_version",
                f"is no version of the API of provider {provider}.",
                f"Write it like {_default(BY_NAME['api_version'], provider)}, or leave it out.",
            )
        proof = PROOFS.get(provider, ())
        if self.receives and proof and unsigned is False and not any(name in number for name in proof):
            self.missing(
                f"{place}{proof[0]}",
                BY_NAME[proof[0]],
                "".join(f" Or {name}: {BY_NAME[name].meaning}" for name in proof[1:])
                + " Only for experiments: allow_unsigned: true accepts webhooks that anybody could forge.",
            )
        for one, other in (_BASIC, _BASIC[::-1]):
            if self.receives and one in number and other not in number:
                self.missing(f"{place}{other}", BY_NAME[other], f" It belongs to {one}.")

    def check_distinct(self, places: list[str], numbers: list[dict[str, Any]]) -> None:
        seen: dict[str, str] = {}
        for place, number in zip(places, numbers, strict=True):
            phone_number_id = number.get("phone_number_id")
            if phone_number_id in seen:
                problem = f"is the same as that of {seen[phone_number_id]}."
                self.problem(
                    f"{place}phone_number_id", problem, "Give each number one entry, with its own id."
                )
            elif phone_number_id:
                seen[phone_number_id] = place.rstrip(".")

    def check_served(self, phone_number_id: str | None, numbers: list[dict[str, Any]]) -> None:
        """An id at the top that no entry has is a number the user believes to be served."""
        if phone_number_id and all(phone_number_id != number.get("phone_number_id") for number in numbers):
            problem = "stands at the top but in no entry of numbers, so it would not be served."
            self.problem("phone_number_id", problem, "Give it an entry too, or remove it.")

    def check_flows(
        self, flows: FlowSettings | None, numbers: list[dict[str, Any]], unsigned: bool | None
    ) -> None:
        """A Flow's requests are signed by Meta, whoever carries the messages."""
        if not self.receives or not flows or not flows.private_key or unsigned is not False:
            return
        if all("app_secret" not in number for number in numbers) and all(map(_is_serpro, numbers)):
            self.missing("app_secret", BY_NAME["app_secret"], " Flows with private_key need it.")

    def check_flow_keys(self, flows: FlowSettings | None, given: Mapping[str, _Raw]) -> None:
        """Reads the keys once, so that a mistake is told at the start, not by the first Flow opened."""
        if not self.receives or not flows or not flows.private_key:
            return
        # Settings are also loaded where nobody needs cryptography.
        from rasa_whatsapp.flows.crypto import FlowKeys

        try:
            FlowKeys(flows.private_key, flows.passphrase)
        except SettingsError as error:
            self.problem(error.key, f"{given['flows'].source}{error.problem}", error.remedy)

    def check_media(self, folder: str | None) -> None:
        if self.receives and folder and not Path(folder).is_dir():
            remedy = f"Make it, or correct the path; one that is not absolute begins in {Path.cwd()}."
            self.problem("media", "names no folder that is there.", remedy)

    def missing(self, place: str, key: Key, more: str = "") -> None:
        remedy = f"{key.meaning} Set it in credentials.yml or as {key.variables[0]}.{more}"
        self.problem(place, "is missing.", remedy)

    def problem(self, place: str, problem: str, remedy: str) -> None:
        self.problems.append(SettingsError(place, problem, remedy))


def _only(names: Sequence[str], given: Mapping[str, _Raw]) -> dict[str, _Raw]:
    return {name: raw for name, raw in given.items() if name in names}


def _only_intents(flows: _Raw) -> _Raw:
    """The setting without its keys and functions; what is no mapping stays, to be told."""
    with suppress(Wrong):
        value = _structure(flows.value)
        if isinstance(value, Mapping):
            return flows._replace(value={"intents": value.get("intents")})
    return flows


def _structure(value: Any) -> Any:
    """A list or mapping that stands as YAML text in an environment variable.

    Everything else stays as it is, a secret that YAML would take for a number too.
    """
    if not isinstance(value, str):
        return value
    try:
        parsed = parse(value)
    except ValueError as error:
        raise Wrong(f"{error}.", "Write a list or mapping as YAML.") from None
    return parsed if isinstance(parsed, (list, dict)) else value


def _is_serpro(number: Mapping[str, Any]) -> bool:
    return bool(_provider(number) == "serpro")


def _provider(number: Mapping[str, Any]) -> Any:
    return number.get("provider", BY_NAME["provider"].default)


def _with_stand_ins(top: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """A number's values; what stands in for another key does so before the top's value of that key."""
    number = {**top, **entry}
    for key in PER_NUMBER:
        if not key.stands_in or _provider(number) in key.required_by or key.name in entry:
            continue
        if key.stands_in in entry or key.name not in number:
            number.pop(key.name, None)
            if number.get(key.stands_in):
                with suppress(Wrong):
                    number[key.name] = key.kind.read(number[key.stands_in])
    return number


def _complete(values: Mapping[str, Any], keys: tuple[Key, ...], provider: str = "") -> dict[str, Any]:
    return {key.name: values[key.name] if key.name in values else _default(key, provider) for key in keys}


def _default(key: Key, provider: str = "") -> Any:
    default = key.defaults.get(provider, key.default)
    return key.kind.empty if default is None else key.kind.read(default)
