"""What the calendar shows of records: their entries by day, of a month or of the next days."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import datetimes, polish, record_types
from ckanext.leszno_ngo.catalogue import computed, dates
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import solr
from ckanext.leszno_ngo.vocabularies import Term

# More entries than a month of one city; a page stays a page whatever is in the index.
_MAX_RECORDS = 500
# A longer time is shown on its first and its last day only.
_LONG = dt.timedelta(days=7)


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


def weeks(first: dt.date, today: dt.date, wanted: list[RecordType]) -> list[list[Day]]:
    """Return a month, week by week, by one request to Solr.

    :param first: its first day
    :param wanted: the types whose entries are shown; without any, Solr is not asked
    :raises ckan.lib.search.SearchError: Solr is away
    """
    dates_of = calendar.Calendar().monthdatescalendar(first.year, first.month)
    by_day = _by_day(_records(wanted, dates_of[0][0], dates_of[-1][-1]))
    return [
        [Day(day, day.month == first.month, day == today, by_day.get(day, [])) for day in week]
        for week in dates_of
    ]


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
