"""A new record from last year's: its dates moved by a year, its results dropped.

What moves and what goes is declared by the type (``record_type.copy``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from ckanext.leszno_ngo import moments, vocabularies
from ckanext.leszno_ngo.catalogue import computed
from ckanext.leszno_ngo.catalogue.ledger import DatabaseLedger
from ckanext.leszno_ngo.record_types import RecordType

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
    record_type: RecordType, record: Mapping[str, Any], ledger: DatabaseLedger, now: dt.datetime
) -> dict[str, Any]:
    """Return the beginning of a new record, with what the catalogue knows of the tasks before.

    :param record_type: the record's type
    :param record: the old one
    :param ledger: the catalogue's books
    :param now: the moment, for a record without a year
    :returns: as :func:`copied`; the table named by ``copy.spent`` has what was spent on the
        record's spheres in its year and the year before (art. 13 ust. 2 pkt 7)
    """
    new = copied(record_type, record)
    spent = spent_before(record_type, new, ledger, now)
    return {**new, record_type.copy.spent: spent} if spent else new


def spent_before(
    record_type: RecordType, new: Mapping[str, Any], ledger: DatabaseLedger, now: dt.datetime
) -> list[dict[str, str]]:
    """Return rows for the table ``copy.spent``: what the catalogue knows of the tasks before.

    :param record_type: the record's type
    :param new: the record, or what was typed into its form
    :param ledger: the catalogue's books
    :param now: the moment, for a record without a year
    :returns: one row a year and sphere; none for a type without such a table
    """
    spheres = new.get("spheres") or []
    if not record_type.copy.spent or not spheres:
        return []
    year = int(computed.year(record_type, new) or moments.today(now).year)
    labels = vocabularies.get("spheres")
    return [
        {
            "year": str(spent.year),
            "task": labels.label(spent.sphere, "pl"),
            "grant_amount": str(spent.granted),
            "cost_amount": str(spent.cost),
        }
        for spent in ledger.spent(
            [year, year - 1], [spheres] if isinstance(spheres, str) else spheres
        )
    ]


def _moved(value: str, years: int) -> str:
    if "T" not in value:
        return _a_year_on(dt.date.fromisoformat(value), years).isoformat()
    local = moments.of(value).astimezone(moments.WARSAW)
    moved = dt.datetime.combine(_a_year_on(local.date(), years), local.time())
    try:
        return moments.stored(moments.parse(moved))
    except moments.MomentError:
        # The hour that the change to summer time leaves out that year: the next one.
        return moments.stored(moments.parse(moved + dt.timedelta(hours=1)))


def _a_year_on(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
