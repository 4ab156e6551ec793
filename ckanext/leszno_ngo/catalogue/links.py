"""Links between records: stored on one side, shown on both.

A field (or a column of a table) with the key ``link`` holds ids of other records. A record's page
needs one SQL statement for what it points at and one request to Solr for what points at it,
however many links there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue.ledger import NOT_PAID
from ckanext.leszno_ngo.record_types import Field, RecordType, Text
from ckanext.leszno_ngo.search import capability, solr
from ckanext.leszno_ngo.search.solr import literal

#: More records than any page shows at once; the rest are behind the group's search.
BACK_ROWS = 200
_SHOWN = ("id", "dataset_type", "validated_data_dict")
# More programme years than any organisation has lived through.
_YEARS = 100


# What is read of a link's target, whichever way it is looked up; the order of the rows.
_TARGET_COLUMNS = ("id", "state", "type", "name", "title", "private")


@dataclass(frozen=True)
class Target:
    """A record that a link points at, as far as the reader may know it.

    ``state`` is ``active``, ``deleted`` or ``missing`` (gone from the catalogue, or not for the
    reader's eyes). ``name`` and ``title`` are empty where the reader may not see the record, as
    most may not see a deleted one.
    """

    id: str
    state: str
    type: str = ""
    name: str = ""
    title: str = ""
    is_public: bool = False


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
    """What was granted in a programme year: złoty and the number of grants."""

    year: str
    amount: Decimal
    count: int


@dataclass(frozen=True)
class BackLinks:
    """The records of one type that point at a record by one field.

    ``count`` is of all of them, ``records`` may be fewer; ``field`` is the Solr field to filter by,
    ``link`` the type's own field. Of a type that keeps grants, ``total`` and ``years`` are of all
    of them too, without those given back or declined; of others ``total`` is ``None``.
    """

    type: RecordType
    field: str
    label: Text | str
    count: int
    records: tuple[Source, ...]
    link: Field
    total: Decimal | None = None
    years: tuple[YearSum, ...] = ()


def ids(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the ids that a record points at.

    :param record_type: its type
    :param record: the record as ``package_show`` gives it
    :returns: link field, or column as ``<table>_<column>`` → ids, without empty ones
    """
    found = {
        field.name: _entries(record.get(field.name)) for field in record_type.fields if field.link
    }
    for table in record_type.fields:
        for column in table.subfields:
            if column.link:
                rows = record.get(table.name) or []
                cells = (row.get(column.name) for row in rows if isinstance(row, Mapping))
                found[f"{table.name}_{column.name}"] = [cell for cell in cells if cell]
    return {name: values for name, values in found.items() if values}


def _entries(value: Any) -> list[str]:
    if not value:
        return []
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)]


def targets(context: Context, wanted: Iterable[str]) -> dict[str, Target]:
    """Return the records of ids, by one SQL statement (and one permission check a hidden record).

    :param context: who asks
    :param wanted: ids
    :returns: id → target, for every id asked
    """
    unique = sorted(set(wanted))
    if not unique:
        return {}
    table = model.package_table
    rows = model.Session.execute(
        sa.select(*(table.c[name] for name in _TARGET_COLUMNS)).where(table.c.id.in_(unique))
    )
    known = {row.id: _target(context, row) for row in rows}
    return {id_: known.get(id_) or Target(id_, "missing") for id_ in unique}


def _target(context: Context, row: Any) -> Target:
    is_public = row.state == model.State.ACTIVE and not row.private
    is_deleted = row.state == model.State.DELETED
    if is_public or may_see(context, row.id):
        state = "deleted" if is_deleted else "active"
        return Target(row.id, state, row.type, row.name, row.title, is_public)
    # That a public entry has been removed may be known; what it was called may not.
    return Target(row.id, "deleted" if is_deleted and not row.private else "missing")


def may_see(context: Context, id_: str) -> bool:
    """Whether who asks may read a record.

    :param context: who asks
    :param id_: the record's id
    """
    try:
        tk.check_access("package_show", tk.fresh_context(context), {"id": id_})
    except tk.NotAuthorized:
        return False
    return True


def every_type() -> list[str]:
    """Return the names of all types that a link may point at."""
    return [record_type.name for record_type in record_types.all_types()]


def find(context: Context, values: Sequence[str], types: Sequence[str]) -> dict[str, Target]:
    """Look up what a person or a program gave as the targets of a link: ids or page addresses.

    :param context: who asks
    :param values: ids, names (``klub-polonia``) or addresses of pages that end so
    :param types: the dataset types allowed
    :returns: value → active target of an allowed type that the caller may see; others are left out
    """
    names = {value: value.rstrip("/").rpartition("/")[2] for value in values}
    table = model.package_table
    wanted = sorted(set(names.values()))
    query = sa.select(*(table.c[name] for name in _TARGET_COLUMNS)).where(
        sa.or_(table.c.id.in_(wanted), table.c.name.in_(wanted)), table.c.type.in_(types)
    )
    found: dict[str, Target] = {}
    for row in model.Session.execute(query):
        target = _target(context, row)
        if target.state == "active":
            found |= {row.id: target, row.name: target}
    return {value: found[name] for value, name in names.items() if name in found}


def pointing(context: Context, id_: str) -> tuple[list[Target], int]:
    """Return what points at a record, drafts too: by one SQL statement, whatever the index knows.

    :param context: who asks
    :param id_: the record's id
    :returns: the records that the caller may see, by title, and the number of others
    """
    table = model.package_table
    query = sa.select(table.c.id).where(
        table.c.state.in_((model.State.ACTIVE, "draft")),
        table.c.type.in_([t.name for t in record_types.all_types() if t.links]),
        table.c.id != id_,
        sa.cast(table.c.extras, sa.Text).contains(id_, autoescape=True),
    )
    found = list(targets(context, model.Session.scalars(query)).values())
    seen = sorted((one for one in found if one.state == "active"), key=lambda one: one.title)
    return seen, len(found) - len(seen)


def back(context: Context, record_type: RecordType, id_: str) -> list[BackLinks]:
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
    """Ask for the sums, by year, of the groups whose type keeps grants."""
    asked: dict[str, Any] = {}
    # On CKAN's own schema an amount is a text, which nobody can sum.
    if not capability.has_polish():
        return asked
    not_paid = " OR ".join(map(literal, NOT_PAID))
    for number, ((source, _field), clause) in enumerate(zip(pairs, clauses, strict=True)):
        if source.ledger == "grants":
            total = f"sum({source.field(source.money['amount']).solr_field})"
            years = {"type": "terms", "field": "year", "limit": _YEARS, "sort": "index asc"}
            asked[_key(number)] = {
                "type": "query",
                "q": f"+{clause} -status:({not_paid})",
                "facet": {"total": total, "years": {**years, "facet": {"total": total}}},
            }
    return asked


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
        None if sums is None else _money(sums.get("total", 0)),
        tuple(YearSum(b["val"], _money(b.get("total", 0)), b["count"]) for b in buckets),
    )


def _money(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.01"))


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
