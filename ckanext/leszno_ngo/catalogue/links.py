"""Links between records: stored on one side, shown on both.

A field (or a column of a table) with the key ``link`` holds ids of other records. A record's page
needs one SQL statement for what it points at, however many links there are; what points at it is
asked of the index (``search.backlinks``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import RecordType

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
