"""What needs mending, counted and listed from the index (rules: ``catalogue.quality``).

A count of everything is two requests, a page of a list one, however many records there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import quality
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import solr
from ckanext.leszno_ngo.search.solr import NO_DOCUMENT, literal
from ckanext.leszno_ngo.vocabularies import Term

#: Records of one page of a list.
ROWS = 20
_CHUNK = 500
# Values that several entries share; more than anybody mends in a day.
_SHARED = 200
_SHOWN = "id,name,title,dataset_type,owner_org"


@dataclass(frozen=True)
class Count:
    """How many records a rule finds: of each type, and of all."""

    term: Term
    types: tuple[tuple[RecordType, int], ...]

    @property
    def level(self) -> str:
        """``error`` or ``warning``."""
        return self.term.extra["level"]

    @property
    def total(self) -> int:
        """Return the count over all record types."""
        return sum(count for _type, count in self.types)


@dataclass(frozen=True)
class Report:
    """What of some departments' records needs mending; rules that find nothing are left out."""

    counts: tuple[Count, ...]
    queries: Mapping[str, str]
    units: Sequence[str] | None

    def of(self, code: str) -> Count | None:
        """Return the count of a rule, ``None`` where it finds nothing."""
        return next((count for count in self.counts if count.term.code == code), None)

    @property
    def errors(self) -> int:
        """How many faults of the level ``error`` there are."""
        return sum(count.total for count in self.counts if count.level == "error")


def report(units: Sequence[str] | None, type_name: str | None = None) -> Report:
    """Count what needs mending.

    :param units: ids of the organisations whose records count; ``None`` for all records
    :param type_name: only this record type
    :raises ckan.lib.search.SearchError: Solr is away
    """
    types = [t for t in record_types.all_types() if type_name in (None, t.name)]
    queries = _queries(types)
    by_type = {"type": "terms", "field": "dataset_type", "limit": len(types)}
    asked = {
        code: {"type": "query", "q": query, "facet": {"types": by_type}}
        for code, query in queries.items()
    }
    answer = solr.ask(
        "*:*", fq=_filters(types, units), rows=0, facet="false", **{"json.facet": json.dumps(asked)}
    )
    found = answer.raw_response.get("facets", {})
    by_name = {t.name: t for t in types}
    counts = []
    for code, rule in quality.RULES.items():
        buckets = found.get(code, {}).get("types", {}).get("buckets", [])
        seen = tuple((by_name[b["val"]], b["count"]) for b in buckets if b["val"] in by_name)
        counts.append(Count(rule.term(code), seen))
    # Errors first; each level in the order of the plugins that bring the rules.
    counts = sorted((c for c in counts if c.total), key=lambda count: count.level)
    return Report(tuple(counts), queries, units)


def page(found: Report, code: str, type_name: str | None, number: int) -> list[dict[str, Any]]:
    """Return a page of the records that a rule finds.

    :param found: the report
    :param code: of a rule that finds something
    :param type_name: only records of this type
    :param number: of the page, from 1
    :returns: at most :data:`ROWS` records: ``id``, ``name``, ``title``, ``dataset_type``
    """
    return _asked(found, code, type_name, rows=ROWS, start=(number - 1) * ROWS)


def everything(found: Report) -> Iterator[tuple[Count, dict[str, Any]]]:
    """Yield every record that a rule finds, rule by rule; a record may come more than once."""
    for count in found.counts:
        start = 0
        while start < count.total:
            yield from (
                (count, record)
                for record in _asked(found, count.term.code, None, rows=_CHUNK, start=start)
            )
            start += _CHUNK


def _asked(found: Report, code: str, type_name: str | None, **window: int) -> list[dict[str, Any]]:
    types = [t for t in record_types.all_types() if type_name in (None, t.name)]
    answer = solr.ask(
        found.queries[code],
        fq=_filters(types, found.units),
        fl=_SHOWN,
        sort="title_string asc, id asc",
        facet="false",
        **window,  # type: ignore[arg-type]
    )
    return list(answer.docs)


def _filters(types: Sequence[RecordType], units: Sequence[str] | None) -> list[str]:
    names = " OR ".join(literal(t.name) for t in types) or '""'
    filters = [
        f"+site_id:{literal(tk.config['ckan.site_id'])}",
        "+state:active",
        f"+dataset_type:({names})",
    ]
    if units is None:
        return filters
    return [*filters, f"+owner_org:({' OR '.join(map(literal, units))})" if units else NO_DOCUMENT]


def _queries(types: Sequence[RecordType]) -> dict[str, str]:
    """Return the query of each rule that some type can break."""
    written = {
        code: f"{quality.INDEXED}:{literal(code)}"
        for code, rule in quality.RULES.items()
        if rule.finds or rule.finding
    }
    for code, rule in quality.RULES.items():
        found = rule.query
        clauses = found and [
            f"(+dataset_type:{literal(t.name)} {q})" for t in types for q in found(t)
        ]
        if clauses:
            written[code] = " OR ".join(clauses)
    shared = _shared(types)
    if shared:
        written[quality.TWICE] = shared
    return written


def _shared(types: Sequence[RecordType]) -> str:
    """The query for records that share an identifier with another of their type."""
    asked = {
        f"{t.name}|{name}": {
            "type": "terms",
            "field": name,
            "mincount": 2,
            "limit": _SHARED,
            "domain": {"filter": f"dataset_type:{literal(t.name)}"},
        }
        for t in types
        for name in t.identity
    }
    if not asked:
        return ""
    answer = solr.ask(
        "*:*", fq=_filters(types, None), rows=0, facet="false", **{"json.facet": json.dumps(asked)}
    )
    clauses = []
    for key, found in answer.raw_response.get("facets", {}).items():
        if isinstance(found, dict) and found["buckets"]:
            name = key.partition("|")[2]
            values = " OR ".join(literal(bucket["val"]) for bucket in found["buckets"])
            clauses.append(f"{name}:({values})")
    return " OR ".join(clauses)
