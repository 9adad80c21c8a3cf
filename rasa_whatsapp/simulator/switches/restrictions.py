"""What Meta restricts, as switches: the pace, the recipients, the account's standing, the token.

Source: Meta, Cloud API, Throughput, Pair rate limits, Get started (recipients of a test number), Policy
enforcement, Experiments, Per-user marketing template message limits, Error codes; Graph API, Securing
requests.
"""

# Annotations are not kept as text here: ``Options`` inherits these fields into its own ``__init__``, and its
# module need not know the same names.

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from rasa_whatsapp.simulator.ids import digits

TEST_RECIPIENTS = 5

# What becomes of a message to a number that nobody has, with a template or Flow that the account has not.
Unknown = Literal["accepted", "refused"]
# What a template is that the bot makes or changes: free to be sent, or still to be reviewed.
NewTemplates = Literal["approved", "pending"]
# How Meta thinks of the account or its number; all but "good" cost it messages.
Standing = Literal["good", "spam", "blocked", "locked", "unpaid", "unnamed", "maintenance"]
# What the token may do.
Permissions = Literal["all", "messaging", "management"]

CHOICES: dict[str, tuple[str, ...]] = {
    "unknown_recipients": get_args(Unknown),
    "unknown_templates": get_args(Unknown),
    "new_templates": get_args(NewTemplates),
    "broken_links": get_args(Unknown),
    "unknown_flows": get_args(Unknown),
    "standing": get_args(Standing),
    "permissions": get_args(Permissions),
}
_LEAST = {"pair_burst": 1, "throughput": 1, "app_calls": 1, "account_calls": 1, "marketing_cap": 0}
_LONGEST_LIFE = 10**9
_LISTS = ("allowed_recipients", "barred_countries")
_SWITCHES = ("experiment", "require_app_secret")


@dataclass(frozen=True, kw_only=True)
class Restrictions:
    """Meta's restrictions; each is off unless it is asked for.

    Attributes:
        pair_burst: messages to one person at once, each paid back by 6 seconds, before error 131056; Meta's
            limit is 45. None: no limit.
        throughput: messages in a second, of the bot and of people together, before error 130429; Meta's limit
            is 80, or 1000. None: no limit.
        app_calls: calls of the API in an hour before error 4. None: no limit.
        account_calls: calls in an hour that manage the account, neither messages nor files, before error
            80007; Meta's limit is 200, or 5000. None: no limit.
        allowed_recipients: at most 5 phone numbers; others are refused with error 131030, as by a number for
            tests. None: everybody.
        unknown_recipients: a message to a phone number that nobody here has is "accepted", and makes somebody
            who has it, or "refused" with error 131026.
        barred_countries: dialling codes of countries that the business may not write to, error 130497.
        unknown_templates: a template that the account has not is "accepted", or "refused" with error 132001.
        new_templates: a template that the bot makes or changes is "approved" at once, or "pending": it cannot
            be sent, error 132001, until :meth:`Simulator.template_status` or somebody on the page judges it.
        unknown_flows: a Flow that the account has not is "accepted", though nobody can open it, or "refused"
            with error 100. One that it has must be published, or be sent as the draft it is, else 131009.
        broken_links: a file by a link that leads nowhere, or to a file of the wrong type or size, is
            "accepted", or "refused", in a webhook with error 131053.
        marketing_cap: marketing templates that one person gets within 24 hours; what is more fails in a
            webhook with error 131049. None: no limit.
        experiment: people get no marketing templates while their 24-hour window is closed; those fail in a
            webhook with error 130472.
        standing: "good", or what messages are refused for: "spam" (131048), "blocked" (368), "locked"
            (131031), "unnamed" (131037), "maintenance" (131057), and "unpaid" (131042), which is for those
            that are charged only.
        permissions: what the token may do: "all", only "messaging", or only "management"; the rest is refused
            with error 200 or 10.
        require_app_secret: the app is set to *Require App Secret*: a call that does not prove it, by
            ``appsecret_proof``, is refused with error 100.
        token_lifetime: seconds that an access token lives: Meta's from now on, afterwards it is refused with
            error 190; each of Serpro's from when it is given out. None: for ever, and ten minutes.

    Raises:
        ValueError: a limit that is too low, more than 5 recipients, or a word that is none of these.
    """

    pair_burst: int | None = None
    throughput: int | None = None
    app_calls: int | None = None
    account_calls: int | None = None
    allowed_recipients: Collection[str] | None = None
    unknown_recipients: Unknown = "accepted"
    barred_countries: Collection[str] | None = None
    unknown_templates: Unknown = "accepted"
    new_templates: NewTemplates = "approved"
    unknown_flows: Unknown = "accepted"
    broken_links: Unknown = "accepted"
    marketing_cap: int | None = None
    experiment: bool = False
    standing: Standing = "good"
    permissions: Permissions = "all"
    require_app_secret: bool = False
    token_lifetime: float | None = None

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            limit = getattr(self, name)
            if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < least):
                raise ValueError(f"{name} must be at least {least}, not {limit}; None for no limit.")
        lifetime: Any = self.token_lifetime
        number = isinstance(lifetime, (int, float)) and not isinstance(lifetime, bool)
        if lifetime is not None and not (number and 0 < lifetime <= _LONGEST_LIFE):
            raise ValueError(f"token_lifetime must be a number of seconds, not {lifetime}; None for ever.")
        for name in _SWITCHES:
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} must be true or false.")
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} must be one of {', '.join(choices)}.")
        for name in _LISTS:
            given = getattr(self, name)
            several = isinstance(given, Collection) and not isinstance(given, (str, bytes))
            if given is not None and not (several and all(isinstance(each, str) for each in given)):
                raise ValueError(f"{name} must be a list of phone numbers, not one of them.")
        if len(self.allowed_recipients or ()) > TEST_RECIPIENTS:
            count = len(self.allowed_recipients or ())
            raise ValueError(f"allowed_recipients has {count}; Meta lets you list {TEST_RECIPIENTS}.")

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> "Restrictions":
        """The restrictions with these names.

        Raises:
            ValueError: there is no such restriction, or it cannot have this value.
        """
        known = [field.name for field in fields(Restrictions)]
        if unknown := sorted(set(named) - set(known)):
            raise ValueError(
                f"There is no restriction called {', '.join(unknown)}. There are: {', '.join(known)}."
            )
        return Restrictions(**named)

    @classmethod
    def parse(cls, text: str) -> "Restrictions":
        """Reads ``pair_burst=45,standing=spam``.

        A name alone switches on; several recipients or countries are given by the same name again.

        Raises:
            ValueError: there is no such restriction, or it cannot have this value.
        """
        named: dict[str, Any] = {}
        for part in filter(None, (each.strip() for each in text.split(","))):
            name, _, value = (each.strip() for each in part.partition("="))
            if name in _LISTS:
                named.setdefault(name, []).append(value)
            elif name in {field.name for field in fields(Restrictions)}:
                named[name] = _read(name, value)
            else:
                named[name] = value
        return cls.of(named)

    @property
    def named(self) -> dict[str, Any]:
        """Every restriction and its value, as JSON has them."""
        values = {field.name: getattr(self, field.name) for field in fields(Restrictions)}
        return values | {name: list(values[name]) for name in _LISTS if values[name] is not None}

    @property
    def described(self) -> list[dict[str, Any]]:
        """Every restriction as a page needs it: its name, value and kind, and the words it may be."""
        return [
            {"name": name, "value": value, "kind": _kind(name), "choices": CHOICES.get(name, ())}
            for name, value in self.named.items()
        ]

    def allows(self, phone: str) -> bool:
        """Whether somebody with this phone number, its digits, is one of the allowed recipients."""
        allowed = self.allowed_recipients
        return allowed is None or phone in {digits(each) for each in allowed}

    def bars(self, phone: str) -> bool:
        """Whether this phone number, its digits, is one of a barred country's."""
        codes = tuple(filter(None, map(digits, self.barred_countries or ())))
        return bool(codes) and phone.startswith(codes)


def _read(name: str, value: str) -> Any:
    """A restriction's value from what somebody typed."""
    kind = _kind(name)
    if kind == "switch":
        if value not in ("", "on", "off"):
            raise ValueError(f"{name} is on or off.")
        return value != "off"
    if kind != "number":
        return value
    try:
        return float(value) if name == "token_lifetime" else int(value)
    except ValueError:
        raise ValueError(f"{name}={value} has no number behind the sign =.") from None


def _kind(name: str) -> str:
    if name in CHOICES:
        return "choice"
    if name in _LISTS:
        return "list"
    return "switch" if name in _SWITCHES else "number"
