"""Days, hours and deadlines for people."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import datetimes, polish
from ckanext.leszno_ngo.catalogue import dates
from ckanext.leszno_ngo.helpers.texts import leszno_ngo_lang, leszno_ngo_text
from ckanext.leszno_ngo.record_types import RecordType


def leszno_ngo_date(value: str | None) -> str:
    """Return a date for people.

    :param value: ``yyyy-mm-dd``, or a time that begins so
    :returns: "24 listopada 2026" or "24 November 2026"; what was given when it is no date
    """
    if not value:
        return ""
    try:
        date = datetime.date.fromisoformat(value[:10])
    except ValueError:
        return value
    return polish.format_date(date, leszno_ngo_lang())


def leszno_ngo_datetime(value: str | None) -> str:
    """Return a day and hour for people: "15 grudnia 2026, godz. 15:30".

    :param value: ISO 8601; what is none is given back
    """
    try:
        local = datetimes.from_stored(value or "").astimezone(datetimes.WARSAW)
    except ValueError:
        return value or ""
    return tk._("%(day)s, %(hour)s") % {
        "day": polish.format_date(local.date(), leszno_ngo_lang()),
        "hour": local.strftime("%H:%M"),
    }


def leszno_ngo_days_left(record: Mapping[str, Any]) -> str:
    """Say how many days are left until a record's deadline; empty when none are ahead."""
    left = (record.get("computed") or {}).get("days_left")
    if left is None:
        return ""
    if left == 0:
        return tk._("last day")
    return tk.ungettext("%(num)d day left", "%(num)d days left", left) % {"num": left}


def leszno_ngo_calendar_entries(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[dates.Entry]:
    """Return what a calendar would show of a record; nothing for a type without dates."""
    return list(dates.entries(record_type, record)) if record_type.dates else []


def leszno_ngo_hour(value: str) -> str:
    """Return the hour of a moment in Poland; empty for a whole day and for midnight."""
    if "T" not in value:
        return ""
    hour = datetimes.from_stored(value).astimezone(datetimes.WARSAW).strftime("%H:%M")
    return "" if hour == "00:00" else hour


def leszno_ngo_month(day: datetime.date) -> str:
    """Return the month of a day for people."""
    return polish.format_month(day, leszno_ngo_lang())


def leszno_ngo_weekdays() -> list[str]:
    """Return the days of the week for people, from Monday."""
    return [
        tk._("Monday"),
        tk._("Tuesday"),
        tk._("Wednesday"),
        tk._("Thursday"),
        tk._("Friday"),
        tk._("Saturday"),
        tk._("Sunday"),
    ]


def leszno_ngo_moment(value: str) -> str:
    """Return a day, or a day and hour, for people, whichever the record has."""
    return leszno_ngo_datetime(value) if "T" in value else leszno_ngo_date(value)


@tk.chained_helper
def render_datetime(
    next_helper: Callable[..., str],
    datetime_: datetime.datetime | str | None,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """Return a time for people, in Polish in the order of Polish: "25 listopada 2026, 00:44 (CET)".

    CKAN writes every language's hours after a date in the order of English. The parameters are
    those of CKAN's own helper.
    """
    if date_format or with_seconds or not with_hours or leszno_ngo_lang() != "pl":
        return next_helper(datetime_, date_format, with_hours, with_seconds)
    date, _, hours = next_helper(datetime_, "%Y-%m-%d %H:%M (%Z)").partition(" ")
    return f"{leszno_ngo_date(date)}, {hours}" if date else ""


def leszno_ngo_deadline(record_type: RecordType, record: Mapping[str, Any]) -> str:
    """Return what the days left of a record are left for: "Oferty do 10 grudnia 2026"."""
    name = record_type.dates["deadline"]
    label = leszno_ngo_text(record_type.field(name).label)
    return f"{label} {leszno_ngo_date(record[name])}"
