"""What the yearly report to the council is made of (art. 5a ust. 3 of the act of 24.04.2003).

Only public records; a bounded number of requests: the figures, the programme's own record, the
year's records that are listed one by one, and the grants of the year's calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.catalogue import computed, money
from ckanext.leszno_ngo.catalogue.contexts import anonymous_context
from ckanext.leszno_ngo.catalogue.money import Money, Sum
from ckanext.leszno_ngo.cooperation import figures, plans
from ckanext.leszno_ngo.search.solr import literal

Record = Mapping[str, Any]
CALL, GRANT, PARTNERSHIP, CONSULTATION = (
    "call-for-offers",
    "grant",
    "partnership",
    "consultation",
)


def added(name: str, field: str) -> dict[str, str]:
    """Return JSON facets of a sum, and of how many records have a number to add."""
    return {name: f"sum({field})", f"{name}_known": f"countvals({field})"}


def told(said: Mapping[str, Any], name: str) -> float | None:
    """Return a sum of :func:`added`, ``None`` where no record has the number."""
    return said.get(name) or 0 if said.get(f"{name}_known") else None


#: Name → what Solr adds up beside counts and money.
MORE: Mapping[str, Any] = {
    "organisations": "unique(recipient_name)",
    **added("offers", "offers_number_amount"),
    **added("formal_errors", "formal_errors_number_amount"),
    **added("reached", "reached_number_amount"),
    "kinds": {
        "type": "terms",
        "field": "kind",
        "limit": -1,
        "facet": added("reached", "reached_number_amount"),
    },
}
_ROWS = 1000


@dataclass(frozen=True)
class Sums:
    """Money of grants, and how many there are; ``contracts`` are at a stage that has one."""

    grants: int
    contracts: int
    money: Money

    @property
    def granted(self) -> Sum:
        """What was granted."""
        return self.money[money.GRANTED]


@dataclass(frozen=True)
class Year:
    """A year as the report needs it; ``of_calls`` maps a call's id to its grants."""

    figures: figures.Figures
    plan: Record | None
    records: Mapping[str, Sequence[Record]]
    of_calls: Mapping[str, Sequence[Record]]

    @property
    def grants(self) -> Sequence[Record]:
        """The year's grants."""
        return self.records[GRANT]

    @property
    def own(self) -> Sums:
        """Sums over the City's own grants: not other funders', and nothing passed on twice."""
        return sums(of_source(self.grants, computed.CITY))


def gather(year: str) -> Year:
    """Gather what the report of a year needs.

    :param year: four digits
    :raises ckan.lib.search.SearchError: Solr is away
    """
    listed = [t for t in record_types.all_types() if t.name in _LISTED]
    names = " OR ".join(literal(t.name) for t in listed)
    found = _all([f"+dataset_type:({names})", f"+vocab_year:{literal(year)}"])
    records = {name: [r for r in found if r["type"] == name] for name in _LISTED}
    return Year(
        figures=figures.compute_figures(year, MORE),
        plan=plans.of_year(year),
        records=records,
        of_calls=_grants_of([call["id"] for call in records[CALL]]),
    )


_LISTED = (CALL, GRANT, PARTNERSHIP, CONSULTATION)


def of_source(records: Iterable[Record], source: str) -> list[Record]:
    """Return the records of a source of money, a code of ``money_source``."""
    by_name = {t.name: t for t in record_types.all_types()}
    return [r for r in records if computed.money_source(by_name[r["type"]], r) == source]


def signed_stages() -> list[str]:
    """Return the stages of a grant at which there is a contract."""
    return [t.code for t in vocabularies.get("grant_status").terms if t.extra.get("signed")]


def sums(grants: Iterable[Record]) -> Sums:
    """Return the sums of amounts over grants."""
    listed, record_type = list(grants), record_types.get(GRANT)
    assert record_type
    stages = signed_stages()
    signed = [grant for grant in listed if grant.get("status") in stages]
    return Sums(len(listed), len(signed), money.add_up(record_type, listed))


def _grants_of(calls: Sequence[str]) -> dict[str, list[Record]]:
    """The grants of calls, whatever year they count in: a call of autumn is for the next year."""
    found: dict[str, list[Record]] = {}
    # Solr takes 1024 clauses.
    for start in range(0, len(calls), _ROWS):
        ids = " OR ".join(map(literal, calls[start : start + _ROWS]))
        for grant in _all([f"+dataset_type:{literal(GRANT)}", f"+vocab_call:({ids})"]):
            found.setdefault(grant["call"], []).append(grant)
    return found


def _all(filters: list[str]) -> list[Record]:
    """Everything that a search finds."""
    found: list[Record] = []
    while True:
        page = tk.get_action("package_search")(
            anonymous_context(),
            {
                "fq_list": filters,
                "rows": _ROWS,
                "start": len(found),
                "sort": "title_string asc, id asc",
            },
        )
        found += page["results"]
        if not page["results"] or len(found) >= page["count"]:
            return found
