"""The webhook fields that bring no message, as typed notifications.

Source: Meta, Cloud API, Webhooks, the page of each webhook field.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_whatsapp import events
from rasa_whatsapp.fields import items, mapping, text, whole

Raw = dict[str, Any]


def notice(field: str, value: Raw) -> tuple[type[events.Notification], Raw]:
    """The type of a field's notification, and what is typed of its content."""
    kind, read = _NOTICES.get(field, (events.Notification, _nothing))
    return kind, read(value)


def _nothing(value: Raw) -> Raw:
    return {}


def _template(value: Raw) -> Raw:
    wire = "message_template"
    return {
        "template_id": text(value, f"{wire}_id"),
        "name": text(value, f"{wire}_name"),
        "language": text(value, f"{wire}_language"),
    }


def _template_status(value: Raw) -> Raw:
    rejection = mapping(value, "rejection_info")
    return {
        **_template(value),
        "status": text(value, "event"),
        "category": text(value, "message_template_category"),
        "reason": text(rejection, "reason") or text(value, "reason"),
        "recommendation": text(rejection, "recommendation"),
    }


def _template_quality(value: Raw) -> Raw:
    return {
        **_template(value),
        "previous": text(value, "previous_quality_score"),
        "current": text(value, "new_quality_score"),
    }


def _template_category(value: Raw) -> Raw:
    return {
        **_template(value),
        "previous": text(value, "previous_category"),
        "current": text(value, "new_category"),
    }


def _account(value: Raw) -> Raw:
    return {
        "what": text(value, "event"),
        "phone_number": text(value, "phone_number"),
        "restrictions": tuple(items(value, "restriction_info")),
        "ban": mapping(value, "ban_info") or None,
        "violation": text(mapping(value, "violation_info"), "violation_type"),
    }


def _number_quality(value: Raw) -> Raw:
    return {
        "what": text(value, "event"),
        "phone_number": text(value, "display_phone_number"),
        "daily_limit": text(value, "max_daily_conversations_per_business") or text(value, "current_limit"),
    }


def _number_name(value: Raw) -> Raw:
    return {
        "decision": text(value, "decision"),
        "phone_number": text(value, "display_phone_number"),
        "name": text(value, "requested_verified_name"),
        "reason": text(value, "rejection_reason"),
    }


def _person(raw: Raw) -> events.Person:
    return events.Person(
        phone=text(raw, "wa_id"), user_id=text(raw, "user_id"), parent_user_id=text(raw, "parent_user_id")
    )


def _preferences(value: Raw) -> Raw:
    wishes = (
        events.Preference(
            person=_person(raw),
            category=text(raw, "category"),
            value=text(raw, "value"),
            detail=text(raw, "detail"),
            timestamp=whole(raw, "timestamp"),
        )
        for raw in items(value, "user_preferences")
    )
    return {"preferences": tuple(wishes)}


def _calls(value: Raw) -> Raw:
    begun = (
        events.Call(
            id=text(raw, "id"),
            what=text(raw, "event"),
            direction=text(raw, "direction"),
            status=text(raw, "status"),
            person=_caller(raw),
            duration=whole(raw, "duration"),
            session=mapping(raw, "session") or None,
        )
        for raw in items(value, "calls")
    )
    reported = (
        events.Call(
            id=text(raw, "id"),
            what="status",
            status=text(raw, "status"),
            person=events.Person(phone=text(raw, "recipient_id"), user_id=text(raw, "recipient_user_id")),
        )
        for raw in items(value, "statuses")
    )
    return {"calls": (*begun, *reported)}


def _caller(raw: Raw) -> events.Person:
    """Whoever of the two is not the business."""
    side = "to" if text(raw, "direction") == "BUSINESS_INITIATED" else "from"
    return events.Person(phone=text(raw, side), user_id=text(raw, f"{side}_user_id"))


def _groups(value: Raw) -> Raw:
    groups = (
        events.Group(
            group_id=text(raw, "group_id"),
            what=text(raw, "type"),
            subject=text(raw, "subject"),
            added=tuple(_person(each) for each in items(raw, "added_participants")),
            removed=tuple(_person(each) for each in items(raw, "removed_participants")),
            reason=text(raw, "reason"),
        )
        for raw in items(value, "groups")
    )
    return {"groups": tuple(groups)}


def _flow(value: Raw) -> Raw:
    return {
        "what": text(value, "event"),
        "flow_id": text(value, "flow_id"),
        "message": text(value, "message"),
        "previous": text(value, "old_status"),
        "current": text(value, "new_status"),
    }


def _username(value: Raw) -> Raw:
    return {
        "phone_number": text(value, "display_phone_number"),
        "username": text(value, "username"),
        "status": text(value, "status"),
    }


_NOTICES: dict[str, tuple[type[events.Notification], Callable[[Raw], Raw]]] = {
    "message_template_status_update": (events.TemplateStatus, _template_status),
    "message_template_quality_update": (events.TemplateQuality, _template_quality),
    "template_category_update": (events.TemplateCategory, _template_category),
    "account_update": (events.AccountUpdate, _account),
    "phone_number_quality_update": (events.NumberQuality, _number_quality),
    "phone_number_name_update": (events.NumberName, _number_name),
    "business_username_updates": (events.UsernameUpdate, _username),
    "flows": (events.FlowUpdate, _flow),
    "user_preferences": (events.UserPreferences, _preferences),
    "calls": (events.Calls, _calls),
    **dict.fromkeys(
        (
            "group_lifecycle_update",
            "group_participants_update",
            "group_settings_update",
            "group_status_update",
        ),
        (events.GroupUpdate, _groups),
    ),
}
