"""A new record from last year's: its dates moved by a year, its results dropped.

What moves and what goes is declared by the type (``record_type.copy``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import datetimes
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registry import Registry

#: Rows of a table for a record of a type, at a moment: column → text.
Rows = Callable[[RecordType, Mapping[str, Any], dt.datetime], list[dict[str, str]]]


@dataclass(frozen=True)
class TableFiller:
    """A rule by which a table of a new record is filled.

    :param rows: makes the rows from the record, or from what was typed into its form
    :param note: the sentence for who finds the table filled, in their language; ``%(table)s``
        stands for the table's label
    """

    rows: Rows
    note: Callable[[], str]


#: Name → rule.
FILLERS: Registry[TableFiller] = Registry("table filler")
# Of the old record itself: a new one gets its own.
_OF_THE_OLD = frozenset(
    {
        "id",
        "name",
        "state",
        "private",
        "sources",
        "computed",
        "metadata_created",
        "metadata_modified",
        "resources",
        "organization",
        "creator_user_id",
    }
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def copied(record_type: RecordType, record: Mapping[str, Any], years: int = 1) -> dict[str, Any]:
    """Return the beginning of a new record.

    :param record_type: the record's type
    :param record: the old one, as ``package_show`` gives it
    :param years: by how many years dates, the programme year and years in the title move
    :returns: what a form is filled with; hours of the day stay the hours of the clock in Poland,
        29 February becomes the 28th
    """
    left_out = _OF_THE_OLD | set(record_type.copy.drop)
    known = {field.name for field in record_type.fields} | {"type"}
    new = {k: v for k, v in record.items() if k in known and k not in left_out}
    for name in record_type.copy.shift:
        if new.get(name):
            new[name] = _moved(str(new[name]), years)
    for name in ("title", "year"):
        if new.get(name):
            new[name] = _YEAR.sub(lambda match: str(int(match[0]) + years), str(new[name]))
    return new


def proposed(
    record_type: RecordType, record: Mapping[str, Any], now: dt.datetime
) -> dict[str, Any]:
    """Return the beginning of a new record, with what the catalogue knows for its tables.

    :param record_type: the record's type
    :param record: the old one
    :param now: the moment, for a record without a year
    :returns: as :func:`copied`; the tables of ``copy.fill`` have the rows that their rules give
    """
    new = copied(record_type, record)
    filled = {table: rows_for(record_type, table, new, now) for table in record_type.copy.fill}
    return {**new, **{table: rows for table, rows in filled.items() if rows}}


def rows_for(
    record_type: RecordType, table: str, new: Mapping[str, Any], now: dt.datetime
) -> list[dict[str, str]]:
    """Return the rows that the rule of a table (``copy.fill``) gives.

    :param record_type: the record's type
    :param table: name of a table with a rule
    :param new: the record, or what was typed into its form
    :param now: the moment, for a record without a year
    """
    return FILLERS[record_type.copy.fill[table]].rows(record_type, new, now)


def _moved(value: str, years: int) -> str:
    if "T" not in value:
        return _a_year_on(dt.date.fromisoformat(value), years).isoformat()
    local = datetimes.from_stored(value).astimezone(datetimes.WARSAW)
    moved = dt.datetime.combine(_a_year_on(local.date(), years), local.time())
    try:
        return datetimes.to_stored(datetimes.parse(moved))
    except datetimes.MomentError:
        # The hour that the change to summer time leaves out that year: the next one.
        return datetimes.to_stored(datetimes.parse(moved + dt.timedelta(hours=1)))


def _a_year_on(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
