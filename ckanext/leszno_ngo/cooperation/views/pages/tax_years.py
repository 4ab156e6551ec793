"""For which year people may give an organisation 1.5% of their tax."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ckanext.leszno_ngo.record_types import RecordType

#: The field with the years of whose lists an organisation is.
YEARS = "opp_tax_years"


def to_give(_type: RecordType, record: Mapping[str, Any]) -> str | None:
    """Return the tax year for which people may give an organisation 1.5% of their tax."""
    return tax_year(record, dt.date.today()) if record.get("krs") else None  # noqa: DTZ011


def tax_year(record: Mapping[str, Any], today: dt.date) -> str | None:
    """Return the tax year for which a resident may give the record's organisation 1.5% of tax.

    The list of a year is published by 15 December and serves the returns filed in the next year
    (art. 27a of the act of 24.04.2003); from December on, the year that is ending is on it already.

    :param record: with ``opp_tax_years``, a list of years as strings
    :param today: the day the page is read
    :returns: the year, ``None`` when the organisation is on no current list
    """
    years = record.get(YEARS) or []
    return next((year for year in tax_years(today) if year in years), None)


def tax_years(today: dt.date) -> tuple[str, str]:
    """Return the tax years whose lists are current on a day, the one filed now first."""
    return str(today.year - 1), str(today.year)
