"""What a record's page shows, composed from the record and its type's schema.

Nothing here asks the database or the index: everything comes from the record given.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.leszno_ngo import datetimes, vocabularies
from ckanext.leszno_ngo.exports.display_values import address
from ckanext.leszno_ngo.record_types import Field, RecordType, Section, Text

# Fields that every type with an address calls so; a page writes them as an address, not one by one.
ADDRESS_FIELDS = (
    "street",
    "building_number",
    "flat_number",
    "postal_code",
    "post_office",
    "town",
)
# Said elsewhere on the page: the heading, the address of the page, who keeps the entry.
_SAID_ELSEWHERE = frozenset({"title", "name", "owner_org"})


@dataclass(frozen=True)
class ShownSection:
    """A section of a page that has something to say.

    ``rows`` are pairs (field, value); ``address`` are the lines of an address, empty when the
    section holds none.
    """

    section: Section
    rows: list[tuple[Field, Any]] = field(default_factory=list)
    address: list[str] = field(default_factory=list)


def sections(record_type: RecordType, record: Mapping[str, Any]) -> list[ShownSection]:
    """Return the sections of a record's page, in the schema's order, without empty ones.

    :param record_type: the record's type
    :param record: the record as ``package_show`` gives it
    """
    shown = (_section(record_type, section, record) for section in record_type.sections)
    return [section for section in shown if section.rows or section.address]


def _section(record_type: RecordType, section: Section, record: Mapping[str, Any]) -> ShownSection:
    fields = record_type.fields_of(section.name)
    has_address = any(f.name in ADDRESS_FIELDS for f in fields)
    hidden = _hidden(record_type)
    rows = [
        (f, record[f.name])
        for f in fields
        if f.name not in hidden and _has_value(record.get(f.name))
    ]
    return ShownSection(section, rows, address(record) if has_address else [])


def _hidden(record_type: RecordType) -> frozenset[str]:
    place = (record_type.place or {}).values()
    return _SAID_ELSEWHERE | frozenset(ADDRESS_FIELDS) | frozenset(place)


def _has_value(value: Any) -> bool:
    return value not in (None, "", [], False)


@dataclass(frozen=True)
class Milestone:
    """A step of a procedure with its date (a record's value); ``is_past``: it has been."""

    label: Text | str
    date: str
    is_past: bool


def timeline(
    record_type: RecordType, record: Mapping[str, Any], now: datetime.datetime
) -> list[Milestone]:
    """Return the steps that a type declares and the record has a date for, the earliest first.

    :param now: the moment the page is read (with a time zone)
    """
    dated = ((step, _date(record, step.date)) for step in record_type.timeline)
    steps = [(step, date) for step, date in dated if date]
    steps.sort(key=lambda pair: datetimes.from_stored(pair[1]))
    return [Milestone(step.label, date, datetimes.from_stored(date) <= now) for step, date in steps]


def _date(record: Mapping[str, Any], name: str) -> str:
    """Read a date; of a column of a table (``announcements.date``) the earliest."""
    table, _dot, column = name.partition(".")
    if not column:
        return str(record.get(name) or "")
    dates = [str(row[column]) for row in record.get(table) or () if row.get(column)]
    return min(dates, default="")


def badges(record_type: RecordType, record: Mapping[str, Any]) -> list[tuple[Field, str | None]]:
    """Return what must be seen at the first glance.

    :returns: pairs (field, code): a flag that is set has the code ``None`` (its label says it);
        a choice is there when it differs from the first, ordinary one of its vocabulary
    """
    return list(_badges(record_type, record))


def _badges(
    record_type: RecordType, record: Mapping[str, Any]
) -> Iterator[tuple[Field, str | None]]:
    for name in record_type.badges:
        shown, value = record_type.field(name), record.get(name)
        if shown.index == "flag":
            if value is True or value == "true":
                yield shown, None
        elif value and value != _ordinary(shown):
            yield shown, str(value)


def _ordinary(shown: Field) -> str | None:
    return vocabularies.get(shown.vocabulary).terms[0].code if shown.vocabulary else None
