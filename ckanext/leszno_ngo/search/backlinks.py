"""What points at a record: groups of records, with sums of money, by one request to Solr.

The links themselves are :mod:`ckanext.leszno_ngo.catalogue.links`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckan.types import Context

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue.money import Money
from ckanext.leszno_ngo.record_types import Field, RecordType, Text
from ckanext.leszno_ngo.search import money, solr
from ckanext.leszno_ngo.search.solr import literal

#: More records than any page shows at once; the rest are behind the group's search.
BACK_ROWS = 200
_SHOWN = ("id", "dataset_type", "validated_data_dict")
# More programme years than any organisation has lived through.
_YEARS = 100


@dataclass(frozen=True)
class Source:
    """A record that points at another; ``record`` is all of it, as the index keeps it."""

    id: str
    type: str
    name: str
    title: str
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class YearSum:
    """The money of a programme year."""

    year: str
    money: Money


@dataclass(frozen=True)
class BackLinks:
    """The records of one type that point at a record by one field.

    ``count`` is of all of them, ``records`` may be fewer; ``field`` is the Solr field to filter by,
    ``link`` the type's own field. Of a type whose money is added up
    (``finance.stages``), ``total``, ``years`` and ``sources`` are of all of them too; of others
    ``total`` is ``None``.
    """

    type: RecordType
    field: str
    label: Text | str
    count: int
    records: tuple[Source, ...]
    link: Field
    total: Money | None = None
    years: tuple[YearSum, ...] = ()
    sources: tuple[money.OfSource, ...] = ()


def find(context: Context, record_type: RecordType, id_: str) -> list[BackLinks]:
    """Return what points at a record, by one request to Solr.

    :param context: who asks; drafts and records the caller may not see are not among them
    :param record_type: type of the record pointed at
    :param id_: its id
    :returns: groups that have something, in the order of types and of their fields
    :raises ckan.lib.search.SearchError: Solr is away
    """
    pairs = _pointing_at(record_type)
    if not pairs:
        return []
    clauses = [_clause(source, field, id_) for source, field in pairs]
    names = dict.fromkeys(field.solr_field for _source, field in pairs)
    counted: dict[str, Any] = {
        "facet": "true",
        "facet.query": clauses,
        "json.facet": json.dumps(_sums(pairs, clauses)),
    }
    answer = solr.ask(
        " OR ".join(clauses),
        fq=solr.visible_filters(context),
        fl=",".join([*_SHOWN, *names]),
        rows=BACK_ROWS,
        sort="year desc, title_string asc",
        **counted,
    )
    counts = answer.facets.get("facet_queries", {})
    sums = answer.raw_response.get("facets", {})
    groups = [
        _group(answer.docs, source, field, id_, counts.get(clause, 0), sums.get(_key(number)))
        for number, ((source, field), clause) in enumerate(zip(pairs, clauses, strict=True))
    ]
    return [group for group in groups if group.count]


def _key(number: int) -> str:
    return f"group_{number}"


def _sums(pairs: Sequence[tuple[RecordType, Field]], clauses: Sequence[str]) -> dict[str, Any]:
    """Ask for the sums, by year, of the groups whose type says what is added up."""
    summed = money.facets()
    if not summed:
        return {}
    years = {"type": "terms", "field": "year", "limit": _YEARS, "sort": "index asc"}
    facets = {**summed, "years": {**years, "facet": summed}}
    return {
        _key(number): {"type": "query", "q": clause, "facet": {**facets, **money.by_source(source)}}
        for number, ((source, _field), clause) in enumerate(zip(pairs, clauses, strict=True))
        if source.stages is not None
    }


def _group(
    docs: Iterable[Mapping[str, Any]],
    source: RecordType,
    field: Field,
    id_: str,
    count: int,
    sums: Mapping[str, Any] | None,
) -> BackLinks:
    buckets = (sums or {}).get("years", {}).get("buckets", [])
    return BackLinks(
        source,
        field.solr_field,
        field.link.back_label if field.link else "",
        count,
        tuple(_source(doc) for doc in docs if _points(doc, source, field, id_)),
        field,
        None if sums is None else money.read(sums),
        tuple(YearSum(bucket["val"], money.read(bucket)) for bucket in buckets),
        money.read_sources(sums or {}),
    )


def _pointing_at(record_type: RecordType) -> list[tuple[RecordType, Field]]:
    return [
        (source, field)
        for source in record_types.all_types()
        for field in source.links
        if field.link and record_type.name in field.link.types
    ]


def _clause(source: RecordType, field: Field, id_: str) -> str:
    return f"(+dataset_type:{literal(source.name)} +{field.solr_field}:{literal(id_)})"


def _points(doc: Mapping[str, Any], source: RecordType, field: Field, id_: str) -> bool:
    return doc["dataset_type"] == source.name and id_ in doc.get(field.solr_field, ())


def _source(doc: Mapping[str, Any]) -> Source:
    record = json.loads(doc["validated_data_dict"])
    return Source(doc["id"], doc["dataset_type"], record["name"], record["title"], record)
