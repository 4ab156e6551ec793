"""Links between records: stored on one side, shown on both.

A field (or a column of a table) with the key ``link`` holds ids of other records. A record's page
needs one SQL statement for what it points at and one request to Solr for what points at it,
however many links there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import get_permission_labels
from ckan.types import Context

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import Field, RecordType, Text
from ckanext.leszno_ngo.search import solr
from ckanext.leszno_ngo.search.facets import literal

#: More records than any page shows at once; the rest are behind the group's search.
BACK_ROWS = 200
_SHOWN = ("id", "name", "title", "dataset_type")


@dataclass(frozen=True)
class Target:
    """A record that a link points at, as far as the reader may know it.

    ``state`` is ``active``, ``deleted`` or ``missing`` (gone from the catalogue, or not for the
    reader's eyes: then ``name`` and ``title`` are empty).
    """

    id: str
    state: str
    type: str = ""
    name: str = ""
    title: str = ""


@dataclass(frozen=True)
class Source:
    """A record that points at another."""

    id: str
    type: str
    name: str
    title: str


@dataclass(frozen=True)
class BackLinks:
    """The records of one type that point at a record by one field.

    ``count`` is of all of them, ``records`` may be fewer; ``field`` is the Solr field to filter by.
    """

    type: RecordType
    field: str
    label: Text | str
    count: int
    records: tuple[Source, ...]


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
    columns = (
        table.c.id,
        table.c.state,
        table.c.type,
        table.c.name,
        table.c.title,
        table.c.private,
    )
    rows = model.Session.execute(sa.select(*columns).where(table.c.id.in_(unique)))
    known = {row.id: _target(context, row) for row in rows}
    return {id_: known.get(id_) or Target(id_, "missing") for id_ in unique}


def _target(context: Context, row: Any) -> Target:
    if row.state == model.State.DELETED:
        return Target(row.id, "deleted", row.type, row.name, "" if row.private else row.title)
    is_public = row.state == model.State.ACTIVE and not row.private
    if is_public or _may_see(context, row.id):
        return Target(row.id, "active", row.type, row.name, row.title)
    return Target(row.id, "missing")


def _may_see(context: Context, id_: str) -> bool:
    try:
        tk.check_access("package_show", tk.fresh_context(context), {"id": id_})
    except tk.NotAuthorized:
        return False
    return True


def find(context: Context, values: Sequence[str], types: Sequence[str]) -> dict[str, Target]:
    """Look up what a person or a program gave as the targets of a link: ids or page addresses.

    :param context: who asks
    :param values: ids, names (``klub-polonia``) or addresses of pages that end so
    :param types: the dataset types allowed
    :returns: value → active target of an allowed type that the caller may see; others are left out
    """
    names = {value: value.rstrip("/").rpartition("/")[2] for value in values}
    table = model.package_table
    columns = (
        table.c.id,
        table.c.state,
        table.c.type,
        table.c.name,
        table.c.title,
        table.c.private,
    )
    wanted = sorted(set(names.values()))
    query = sa.select(*columns).where(
        sa.or_(table.c.id.in_(wanted), table.c.name.in_(wanted)), table.c.type.in_(types)
    )
    found: dict[str, Target] = {}
    for row in model.Session.execute(query):
        target = _target(context, row)
        if target.state == "active":
            found |= {row.id: target, row.name: target}
    return {value: found[name] for value, name in names.items() if name in found}


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
    counted: dict[str, Any] = {"facet": "true", "facet.query": clauses}
    answer = solr.ask(
        " OR ".join(clauses),
        fq=_visible(context),
        fl=",".join([*_SHOWN, *names]),
        rows=BACK_ROWS,
        sort="year desc, title_string asc",
        **counted,
    )
    counts = answer.facets.get("facet_queries", {})
    groups = [
        BackLinks(
            source,
            field.solr_field,
            field.link.back_label if field.link else "",
            counts.get(clause, 0),
            tuple(_source(doc) for doc in answer.docs if _points(doc, source, field, id_)),
        )
        for (source, field), clause in zip(pairs, clauses, strict=True)
    ]
    return [group for group in groups if group.count]


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
    return Source(doc["id"], doc["dataset_type"], doc["name"], doc["title"])


def _visible(context: Context) -> list[str]:
    """Filter queries for the records that the caller may see."""
    user = context.get("auth_user_obj") or model.User.get(context.get("user") or "")
    filters = [f"+site_id:{literal(tk.config['ckan.site_id'])}", "+state:active"]
    if isinstance(user, model.User) and user.sysadmin:
        return filters
    labels = get_permission_labels().get_user_dataset_labels(user)  # type: ignore[arg-type]
    return [*filters, f"+permission_labels:({' OR '.join(map(literal, labels))})"]
