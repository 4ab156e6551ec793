"""Sums of money by Solr, over whatever a facet counts (:mod:`ckanext.leszno_ngo.catalogue.money`).

The facets go into requests that are made anyway: a search, a group of records, a page of figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.catalogue import money
from ckanext.leszno_ngo.catalogue.money import Money
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import capability
from ckanext.leszno_ngo.search.index import MONEY_SOURCE_FIELD, YEARS_FIELD

_UNKNOWN = "unknown"
# No field is called so, and facets of fields are called as their fields.
_SOURCES = "money:sources"
# More years than anybody has lived through.
_YEARS = 100


@dataclass(frozen=True)
class OfSource:
    """The money of one body, a code of ``money_source``, and of each year, the earliest first."""

    code: str
    money: Money
    years: tuple[tuple[str, Money], ...]


def facets() -> dict[str, Any]:
    """Return the JSON facets that :func:`read` reads, to stand inside another facet.

    :returns: empty on a Solr with CKAN's own schema, where an amount is a text
    """
    if not capability.has_polish():
        return {}
    found: dict[str, Any] = {_UNKNOWN: {"type": "terms", "field": money.UNKNOWN_FIELD, "limit": -1}}
    for measure in money.MEASURES:
        name = money.solr_field(measure)
        found[sum_name(measure)] = f"sum({name})"
        found[_known_name(measure)] = f"countvals({name})"
    return found


def sum_name(measure: str) -> str:
    """Return what the sum of a measure is called among :func:`facets`, to sort buckets by."""
    return f"sum_{measure}"


def _known_name(measure: str) -> str:
    return f"known_{measure}"


def read(bucket: Mapping[str, Any]) -> Money:
    """Read the sums of a facet's bucket."""
    count = int(bucket.get("count", 0))
    inner = bucket.get(_UNKNOWN, {}).get("buckets", ())
    unknown = {one["val"]: int(one["count"]) for one in inner}
    sums = {}
    for measure in money.MEASURES:
        known = int(bucket.get(_known_name(measure)) or 0)
        of = known + unknown.get(measure, 0)
        sums[measure] = money.made(bucket.get(sum_name(measure)) or 0, known, of, count)
    return Money(count, sums)


def by_source(record_type: RecordType) -> dict[str, Any]:
    """Return the JSON facet that :func:`read_sources` reads: sums by whose money it is and by year.

    :returns: empty for a type whose money is not added up
    """
    sums = facets() if record_type.stages else {}
    if not sums:
        return {}
    years = {"type": "terms", "field": YEARS_FIELD, "limit": _YEARS, "sort": "index asc"}
    inner = {**sums, "years": {**years, "facet": sums}}
    return {_SOURCES: {"type": "terms", "field": MONEY_SOURCE_FIELD, "limit": -1, "facet": inner}}


def read_sources(answer: Mapping[str, Any]) -> tuple[OfSource, ...]:
    """Read the sums of each body, in the order of the vocabulary ``money_source``."""
    found = {bucket["val"]: bucket for bucket in answer.get(_SOURCES, {}).get("buckets", ())}
    codes = vocabularies.get(MONEY_SOURCE_FIELD).codes
    return tuple(_of_source(code, found[code]) for code in codes if code in found)


def _of_source(code: str, bucket: Mapping[str, Any]) -> OfSource:
    years = bucket.get("years", {}).get("buckets", ())
    return OfSource(code, read(bucket), tuple((str(year["val"]), read(year)) for year in years))
