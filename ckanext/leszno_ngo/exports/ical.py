"""iCalendar (RFC 5545): the dates of the records of a search, as a calendar to subscribe to.

A type's ``calendar`` says what there is to see; a type without it has its ``dates``. Hours are in
UTC, which every calendar shows in its own time; a whole day stays a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import icalendar

from ckanext.leszno_ngo import datetimes, record_types
from ckanext.leszno_ngo.catalogue import computed
from ckanext.leszno_ngo.catalogue.dates import Entry, entries
from ckanext.leszno_ngo.exports import chunks, display_values
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "text/calendar; charset=utf-8"

_PRODUCT = "-//ckanext-leszno_ngo//Programme of cooperation//PL"
# How often a calendar may ask again.
_REFRESH = dt.timedelta(hours=6)


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write the dates of records, piece by piece.

    :param records: records as ``package_show`` gives them
    :param record_type: what was searched
    :param lang: language of labels, ``pl`` or ``en``
    :param about: origin of the calendar
    :returns: pieces of the file; a record without dates has no entry
    """
    words = display_values.plain_text(about.query.get("q"))
    name = record_types.localised(record_type.label_plural, lang)
    calendar = _calendar(f"{name}: {words}" if words else name, about)
    return chunks.encode_chunks(_components(calendar, records, lang, about))


def _components(
    calendar: icalendar.Calendar, records: Iterable[Mapping[str, Any]], lang: str, about: About
) -> Iterator[str]:
    end = "END:VCALENDAR\r\n"
    yield calendar.to_ical().decode().removesuffix(end)
    for record in records:
        for component in events(record, lang, about):
            yield component.to_ical().decode()
    yield end


def _calendar(name: str, about: About) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Europe/Warsaw")
    calendar.add("source", about.address, parameters={"value": "URI"})
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def events(record: Mapping[str, Any], lang: str, about: About) -> Iterator[icalendar.Event]:
    """Give the calendar's entries of one record.

    :param record: the record as ``package_show`` gives it
    :param lang: language of labels, ``pl`` or ``en``
    :param about: origin of the calendar
    """
    own = record_types.get(record.get("type"))
    if own is None:
        return
    for entry in entries(own, record):
        yield _event(own, record, entry, lang, about)


def _event(
    own: RecordType, record: Mapping[str, Any], entry: Entry, lang: str, about: About
) -> icalendar.Event:
    event = icalendar.Event()
    page = about.page_of(record["name"], own.name)
    label = record_types.localised(entry.label, lang)
    title = display_values.plain_text(record.get("title") or record["name"])
    changed = display_values.utc(record["metadata_modified"])
    event.add("uid", f"{record['id']}-{entry.field}@{about.host}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("summary", f"{label}: {title}" if label else title)
    event.add("url", page)
    event.add("description", "\n".join([*display_values.lines(own, record, lang), page]))
    event.add("categories", [record_types.localised(own.label, lang)])
    event.add("dtstart", _time(entry.start))
    event.add("dtend", _end(entry))
    where = display_values.place(record)
    if where:
        event.add("location", where)
    is_off = computed.calendar_exclusion(own, record, about.generated)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _time(value: str) -> dt.date | dt.datetime:
    return datetimes.day(value) if datetimes.is_day(value) else datetimes.from_stored(value)


def _end(entry: Entry) -> dt.date | dt.datetime:
    """The end as iCalendar has it: the day after the last one; as exact as the beginning."""
    start, end = _time(entry.start), entry.end or entry.start
    if isinstance(start, dt.datetime):
        return max(start, datetimes.from_stored(end))
    return datetimes.day(end) + dt.timedelta(days=1)
