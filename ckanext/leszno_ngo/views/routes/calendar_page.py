"""The calendar (``/kalendarz``): a month of deadlines, events, consultations, and a list of it."""

from __future__ import annotations

import calendar as months
import datetime as dt
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.leszno_ngo import datetimes, polish, record_types
from ckanext.leszno_ngo.catalogue import computed, dates
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import solr
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.vocabularies import Term

log = logging.getLogger(__name__)

calendar = Blueprint("leszno_ngo_calendar", __name__)

_VIEWS = ("miesiac", "lista")
# More entries than a month of one city; a page stays a page whatever is in the index.
_MAX_RECORDS = 500
# A longer time is shown on its first and its last day only.
_LONG = dt.timedelta(days=7)
_YEARS = range(1990, 2101)
# Months before and after the present one that are offered for choice.
_OFFERED = range(-12, 19)


@dataclass(frozen=True)
class Shown:
    """One entry on one day.

    ``part`` is ``first`` or ``last`` of a time too long to repeat; ``off`` is the state
    in which nothing will happen then after all.
    """

    record_type: RecordType
    record: Mapping[str, Any]
    entry: dates.Entry
    part: str = ""
    off: Term | None = None


@dataclass(frozen=True)
class Day:
    """A day of the grid; ``in_month`` is false for the days that fill the first and last week."""

    date: dt.date
    in_month: bool
    is_today: bool
    shown: list[Shown]


@calendar.route("/kalendarz")
def month() -> str | tuple[str, int]:
    """Show a month (``?month=2026-12``), as a grid or as a list (``?view=lista``).

    :returns: the page; status 503 while Solr is away
    """
    today = datetimes.today(dt.datetime.now(dt.timezone.utc))
    first = _month(tk.request.args.get("month"), today)
    view = tk.request.args.get("view")
    chosen = [t for t in types() if t.name in tk.request.args.getlist("type")]
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    status = 200
    try:
        records = _records(chosen or types(), weeks[0][0], weeks[-1][-1])
    except AWAY as error:
        log.error("The calendar has no entries: %s", error)
        records, status = [], 503
    by_day = _by_day(records)
    grid = [
        [Day(day, day.month == first.month, day == today, by_day.get(day, [])) for day in week]
        for week in weeks
    ]
    page = tk.render(
        "leszno_ngo/calendar.html",
        {
            "first": first,
            "title": polish.format_month(first, tk.h.leszno_ngo_lang()),
            "weeks": grid,
            "days": [day for week in grid for day in week if day.in_month and day.shown],
            "view": view if view in _VIEWS else _VIEWS[0],
            "types": types(),
            "chosen": [t.name for t in chosen],
            "months": _months_around(first, today),
            "before": _neighbour(first, -1),
            "after": _neighbour(first, 1),
            "is_away": status != 200,  # noqa: PLR2004
        },
    )
    return page if status == 200 else (page, status)  # noqa: PLR2004


def types() -> list[RecordType]:
    """Return the record types that declare entries of a calendar."""
    return [record_type for record_type in record_types.all_types() if record_type.calendar]


def coming(first: dt.date, days: int) -> list[tuple[dt.date, list[Shown]]]:
    """Return the entries of some days, by one request to Solr.

    :param first: the first day
    :param days: how many days follow it
    :returns: pairs (day, entries) of the days that have any, in order
    :raises ckan.lib.search.SearchError: Solr is away
    """
    last = first + dt.timedelta(days=days)
    found = _by_day(_records(types(), first, last))
    return [(day, found[day]) for day in sorted(found) if first <= day <= last]


def _month(text: str | None, today: dt.date) -> dt.date:
    """Read ``2026-12``; what is no month is the present one."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if first.year in _YEARS else today.replace(day=1)


def _months_around(first: dt.date, today: dt.date) -> list[dt.date]:
    """The months offered: those about the present one, and the one shown."""
    present = today.replace(day=1)
    return sorted({first, *(_neighbour(present, step) for step in _OFFERED)})


def _neighbour(first: dt.date, step: int) -> dt.date:
    years, month_number = divmod(first.month - 1 + step, 12)
    return dt.date(first.year + years, month_number + 1, 1)


def _records(wanted: list[RecordType], first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """Fetch the public records with an entry on these days, by one request."""
    if not wanted:
        return []
    span = (_midnight(first), _midnight(last + dt.timedelta(days=1)))
    answer = solr.ask(
        " OR ".join(_clause(record_type, *span) for record_type in wanted),
        fq=[*solr.public_filters([t.name for t in wanted])],
        fl="validated_data_dict",
        sort="title_string asc",
        rows=_MAX_RECORDS,
        facet="false",
    )
    return [json.loads(doc["validated_data_dict"]) for doc in answer.docs]


def _clause(record_type: RecordType, start: str, end: str) -> str:
    clauses = []
    for entry in record_type.calendar:
        clauses += [f"{name}:[{start} TO {end}}}" for name in (entry.start, entry.end) if name]
        if entry.end:
            clauses.append(f"(+{entry.start}:[* TO {start}] +{entry.end}:[{end} TO *])")
    return f"(+dataset_type:{solr.literal(record_type.name)} +({' OR '.join(clauses)}))"


def _midnight(day: dt.date) -> str:
    return solr.literal(datetimes.to_solr(datetimes.to_stored(datetimes.parse(day))))


def _by_day(records: Iterable[Mapping[str, Any]]) -> dict[dt.date, list[Shown]]:
    found: dict[dt.date, list[Shown]] = {}
    now = dt.datetime.now(dt.timezone.utc)
    for record in records:
        record_type = record_types.get(record["type"])
        if record_type is None:
            continue
        off = computed.calendar_exclusion(record_type, record, now)
        for entry in dates.entries(record_type, record):
            for day, part in _days(entry):
                shown = Shown(record_type, record, entry, part, off)
                found.setdefault(day, []).append(shown)
    for entries in found.values():
        entries.sort(key=lambda one: (_hour(one), polish.sort_key(one.record["title"])))
    return found


def _days(entry: dates.Entry) -> Iterator[tuple[dt.date, str]]:
    """Give the days on which an entry is shown, and which part of it that is."""
    first, last = datetimes.day(entry.start), datetimes.day(entry.end or entry.start)
    if last - first >= _LONG:
        yield first, "first"
        yield last, "last"
        return
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number), ""


def _hour(shown: Shown) -> str:
    """The hour to sort by; what lasts the whole day comes first."""
    value = shown.entry.start
    if shown.part == "last" or "T" not in value:
        return ""
    return datetimes.from_stored(value).astimezone(datetimes.WARSAW).strftime("%H:%M")
