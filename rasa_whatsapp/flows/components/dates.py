"""Dates. Source: Meta, WhatsApp Flows, Components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from rasa_whatsapp.flows.actions import Action
from rasa_whatsapp.flows.components.base import Date, Dates, Flag, Input, Number, Text
from rasa_whatsapp.flows.expressions import Expression


class CalendarPickerMode(str, Enum):
    """One date, or a first and a last one."""

    SINGLE = "single"
    RANGE = "range"


class CalendarDay(str, Enum):
    """The days of the week that may be chosen."""

    MON = "Mon"
    TUE = "Tue"
    WED = "Wed"
    THU = "Thu"
    FRI = "Fri"
    SAT = "Sat"
    SUN = "Sun"


@dataclass(kw_only=True, eq=False)
class DatePicker(Input):
    """One date. ``label`` at most 40 characters, ``helper_text`` and ``error_message`` 80.

    Dates are ``YYYY-MM-DD`` or `datetime.date`; before Flow JSON 5.0 milliseconds since 1970, as text.
    """

    label: Text
    min_date: Date | None = None
    max_date: Date | None = None
    unavailable_dates: Dates | None = None
    helper_text: Text | None = None
    required: Flag | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    init_value: Date | None = None
    error_message: Text | None = None
    on_select_action: Action | None = None


@dataclass(kw_only=True, eq=False)
class CalendarPicker(Input):
    """A date or a range of dates in a calendar. Flow JSON 6.1.

    Attributes:
        label: at most 40 characters; in ``range`` mode also ``{"start-date": …, "end-date": …}``, and so are
            ``helper_text``, ``required``, ``init_value`` and ``error_message``.
        title, description: in ``range`` mode only; at most 80 and 300 characters.
        min_days, max_days: in ``range`` mode only; how long the range may be.
        include_days: the days of the week that may be chosen; all unless told.
    """

    label: Text | Mapping[str, Any]
    title: Text | None = None
    description: Text | None = None
    helper_text: Text | Mapping[str, Any] | None = None
    required: Flag | Mapping[str, Any] | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    mode: CalendarPickerMode | Text | None = None
    min_date: Date | None = None
    max_date: Date | None = None
    unavailable_dates: Dates | None = None
    include_days: Sequence[CalendarDay | str] | str | Expression | None = None
    min_days: Number | None = None
    max_days: Number | None = None
    init_value: Date | Mapping[str, Any] | None = None
    error_message: Text | Mapping[str, Any] | None = None
    on_select_action: Action | None = None
