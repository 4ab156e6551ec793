"""What a calendar shows of a record: the entries that its type declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import datetimes
from ckanext.leszno_ngo.record_types import CalendarEntry, RecordType, Text


@dataclass(frozen=True)
class Entry:
    """One entry: ``start`` and ``end`` are a record's values (days or moments, ISO 8601).

    ``field`` is the field of the beginning; ``end`` is ``None`` for a moment.
    """

    field: str
    label: Text | str
    start: str
    end: str | None = None


def declared(record_type: RecordType) -> tuple[CalendarEntry, ...]:
    """Return the entries that a type declares; without any, its time and its deadline."""
    if record_type.calendar:
        return record_type.calendar
    dates = record_type.dates
    found = []
    if "start" in dates:
        found.append(CalendarEntry(dates["start"], dates.get("end")))
    if "deadline" in dates and dates["deadline"] != dates.get("end"):
        label = record_type.field(dates["deadline"]).label
        found.append(CalendarEntry(dates["deadline"], label=label))
    return tuple(found)


def entries(record_type: RecordType, record: Mapping[str, Any]) -> Iterator[Entry]:
    """Give the entries of a record that have a date.

    :param record_type: its type
    :param record: the record as ``package_show`` gives it
    """
    for entry in declared(record_type):
        start, end = record.get(entry.start), record.get(entry.end or "")
        if start:
            is_after = bool(end) and datetimes.from_stored(str(end)) >= datetimes.from_stored(
                str(start)
            )
            yield Entry(entry.start, entry.label, str(start), str(end) if is_after else None)
