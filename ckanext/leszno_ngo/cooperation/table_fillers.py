"""What fills tables of new records: what was spent before (art. 13 ust. 2 pkt 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import datetimes, vocabularies
from ckanext.leszno_ngo.catalogue import computed
from ckanext.leszno_ngo.catalogue.copies import TableFiller
from ckanext.leszno_ngo.cooperation.ledger import DatabaseLedger
from ckanext.leszno_ngo.record_types import RecordType


def spent_before(
    record_type: RecordType, new: Mapping[str, Any], now: dt.datetime
) -> list[dict[str, str]]:
    """Return what was spent on a record's spheres in its year and the year before.

    :param record_type: the record's type
    :param new: the record, or what was typed into its form
    :param now: the moment, for a record without a year
    :returns: one row a year and sphere
    """
    spheres = new.get("spheres") or []
    if not spheres:
        return []
    year = int(computed.year(record_type, new) or datetimes.today(now).year)
    labels = vocabularies.get("spheres")
    wanted = [spheres] if isinstance(spheres, str) else spheres
    return [
        {
            "year": str(spent.year),
            "task": labels.label(spent.sphere, "pl"),
            "grant_amount": str(spent.granted),
            "cost_amount": str(spent.cost),
        }
        for spent in DatabaseLedger().spent([year, year - 1], wanted)
    ]


def _note() -> str:
    return tk._("Filled in from the grants in the catalogue: %(table)s. Check it and save again")


#: Name → rule.
TABLE_FILLERS: Mapping[str, TableFiller] = {"spent_before": TableFiller(spent_before, _note)}
