"""What waits for an official by the programme: results to publish, forms without an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import datetimes, record_types
from ckanext.leszno_ngo.cooperation import figures, type_keys
from ckanext.leszno_ngo.cooperation.award_results import kept_tables
from ckanext.leszno_ngo.logic.page_parts import DashboardItem
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.vocabularies import Term


@dataclass(frozen=True)
class Missing:
    """Forms of a year's programme that nothing serves, with the types that would."""

    year: str
    forms: Sequence[tuple[Term, Sequence[RecordType]]]


def _results(publishes_in: Sequence[str]) -> Sequence[Any] | None:
    return kept_tables.waiting(publishes_in) or None


def _forms(_publishes_in: Sequence[str]) -> Missing | None:
    """The forms without an entry by the figures of ``/program``.

    What counts there must not be called missing here; a portal whose types serve none has none.
    """
    types = [t for t in record_types.all_types() if type_keys.programme_forms(t)]
    if not types:
        return None
    year = str(datetimes.today(dt.datetime.now(dt.timezone.utc)).year)
    terms = [
        line.term for line in figures.compute_figures(year).forms if line.term and not line.count
    ]
    return Missing(
        year, [(t, [o for o in types if t.code in type_keys.programme_forms(o)]) for t in terms]
    )


#: Name → part of the dashboard.
DASHBOARD_ITEMS: Mapping[str, DashboardItem] = {
    "results": DashboardItem(_results, "leszno_ngo/dashboard_items/results.html"),
    "forms": DashboardItem(_forms, "leszno_ngo/dashboard_items/forms.html", is_box=False),
}
