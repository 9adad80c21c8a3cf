"""What WhatsApp tells of the account, its numbers, templates, Flows, calls, groups, and of people's wishes.

Each is a `Notification`: besides what is typed here, ``value`` holds the whole content with WhatsApp's keys.

Source: Meta, Cloud API, Webhooks, the page of each webhook field.
"""

from typing import Any

from rasa_whatsapp.events.base import Event
from rasa_whatsapp.events.values import Person, Value


class Notification(Event, frozen=True, kw_only=True):
    """A webhook field that brings no message; one that has no type of its own is exactly this.

    ``value`` is its content with WhatsApp's keys, ``waba_id`` the WhatsApp Business account (for some account
    updates the business portfolio).
    """

    field: str = ""
    value: Any = None
    waba_id: str = ""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("id", self.id), ("field", self.field)]


class _Template(Notification, frozen=True, kw_only=True):
    template_id: str = ""
    name: str = ""
    language: str = ""


class TemplateStatus(_Template, frozen=True, kw_only=True):
    """A template was reviewed, paused, disabled … (``message_template_status_update``).

    ``status`` is ``APPROVED``, ``REJECTED``, ``PENDING``, ``PAUSED``, ``DISABLED``, ``FLAGGED`` …; ``reason``
    and ``recommendation`` tell why, and what to change.
    """

    status: str = ""
    category: str = ""
    reason: str = ""
    recommendation: str = ""


class TemplateQuality(_Template, frozen=True, kw_only=True):
    """People's reactions changed a template's quality: ``GREEN``, ``YELLOW``, ``RED`` or ``UNKNOWN``."""

    previous: str = ""
    current: str = ""


class TemplateCategory(_Template, frozen=True, kw_only=True):
    """Meta moved a template to another category, which changes its price; ``previous`` may be empty."""

    previous: str = ""
    current: str = ""


class AccountUpdate(Notification, frozen=True, kw_only=True):
    """Something became of the account: restricted, banned, reviewed, a partner added …

    ``what`` is Meta's ``event``, such as ``ACCOUNT_RESTRICTION`` or ``DISABLED_UPDATE``; ``restrictions`` and
    ``ban`` keep WhatsApp's keys.
    """

    what: str = ""
    phone_number: str = ""
    restrictions: tuple[dict[str, Any], ...] = ()
    ban: dict[str, Any] | None = None
    violation: str = ""


class NumberQuality(Notification, frozen=True, kw_only=True):
    """A number may write to more, or fewer, people: ``what`` is ``ONBOARDING``, ``THROUGHPUT_UPGRADE`` …,
    ``daily_limit`` the people per day that the business may begin to write to, as ``TIER_250`` or
    ``TIER_UNLIMITED``.
    """

    what: str = ""
    phone_number: str = ""
    daily_limit: str = ""


class NumberName(Notification, frozen=True, kw_only=True):
    """A display name was reviewed: ``decision`` is ``APPROVED``, ``REJECTED`` or ``DEFERRED``."""

    decision: str = ""
    phone_number: str = ""
    name: str = ""
    reason: str = ""


class Preference(Value, frozen=True, kw_only=True):
    """What one person wishes: ``value`` is ``stop``, ``resume`` or ``signup`` for a ``category``, which is
    ``marketing_messages`` so far. ``timestamp`` is in seconds since 1970.
    """

    person: Person = Person()
    category: str = ""
    value: str = ""
    detail: str = ""
    timestamp: int = 0


class UserPreferences(Notification, frozen=True, kw_only=True):
    """People stopped or resumed marketing messages, in the chat's menu."""

    preferences: tuple[Preference, ...] = ()


class Call(Value, frozen=True, kw_only=True):
    """A call: ``what`` is ``connect``, ``terminate``, or ``status`` where only ``status`` (``RINGING``,
    ``ACCEPTED``, ``REJECTED``) is news. ``duration`` is in seconds; ``session`` holds the SDP.
    """

    id: str = ""
    what: str = ""
    direction: str = ""
    status: str = ""
    person: Person = Person()
    duration: int = 0
    session: dict[str, Any] | None = None


class Calls(Notification, frozen=True, kw_only=True):
    """Somebody calls, was called, or hung up. Taking calls is not a bot's work here."""

    calls: tuple[Call, ...] = ()


class Group(Value, frozen=True, kw_only=True):
    """What became of one group: ``what`` is ``group_create``, ``group_participants_add`` …"""

    group_id: str = ""
    what: str = ""
    subject: str = ""
    added: tuple[Person, ...] = ()
    removed: tuple[Person, ...] = ()
    reason: str = ""


class GroupUpdate(Notification, frozen=True, kw_only=True):
    """A group was made, changed or left (``group_lifecycle_update``, ``group_participants_update`` …)."""

    groups: tuple[Group, ...] = ()


class FlowUpdate(Notification, frozen=True, kw_only=True):
    """A Flow changed its state, or its endpoint fares badly.

    ``what`` is ``FLOW_STATUS_CHANGE``, ``ENDPOINT_ERROR_RATE``, ``ENDPOINT_LATENCY``,
    ``ENDPOINT_AVAILABILITY`` or ``CLIENT_ERROR_RATE``; ``message`` says it in words.
    """

    what: str = ""
    flow_id: str = ""
    message: str = ""
    previous: str = ""
    current: str = ""


class UsernameUpdate(Notification, frozen=True, kw_only=True):
    """The business's username was ``approved``, ``reserved`` or ``deleted``."""

    phone_number: str = ""
    username: str = ""
    status: str = ""
