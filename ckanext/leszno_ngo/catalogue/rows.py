"""The SQL of the batch writer: a constant number of statements for any number of rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects import postgresql

Row = dict[str, Any]
_TEXTS = sa.ARRAY(sa.UnicodeText)

#: The columns of ``package`` that a writer may set.
PACKAGE_COLUMNS = tuple(column.name for column in model.package_table.c)
#: Those that an update without a value empties (``doc`` in CKAN's table says so).
EMPTIED_COLUMNS = frozenset(
    column.name for column in model.package_table.c if column.doc == "remove_if_not_provided"
)


def insert_packages(rows: Sequence[Row]) -> None:
    """Insert packages; each row has all of :data:`PACKAGE_COLUMNS`."""
    _insert(model.package_table, rows)


def update_packages(rows: Sequence[Row]) -> None:
    """Give packages new values; each row has all of :data:`PACKAGE_COLUMNS`.

    One ``UPDATE … FROM json_to_recordset(…)``: psycopg2 would send an ``executemany`` row by row.
    """
    if not rows:
        return
    table = model.package_table
    new = (
        sa.func.json_to_recordset(sa.bindparam("rows", _as_json(rows), type_=postgresql.JSON))
        .table_valued(*[sa.column(column.name, _plain(column.type)) for column in table.c])
        .render_derived(name="new", with_types=True)
    )
    values = {name: new.c[name] for name in PACKAGE_COLUMNS if name != "id"}
    model.Session.execute(
        sa.update(table).where(table.c.id == new.c.id).values(values),
        execution_options={"synchronize_session": False},
    )


def rename_to_id(package_ids: Sequence[str]) -> None:
    """Free the names of deleted packages, as CKAN does when another package takes them."""
    if not package_ids:
        return
    table = model.package_table
    model.Session.execute(
        sa.update(table)
        .where(table.c.id == sa.any_(sa.literal(list(package_ids), _TEXTS)))
        .values(name=table.c.id),
        execution_options={"synchronize_session": False},
    )


def join_organisations(organisation_of: Mapping[str, str | None]) -> None:
    """Make packages members of an organisation and of no other.

    :param organisation_of: id of a new package → id of its organisation or ``None``
    """
    _insert(
        model.member_table,
        [_membership(package, org) for package, org in organisation_of.items() if org],
    )


def change_organisations(organisation_of: Mapping[str, str | None]) -> None:
    """Move packages to another organisation (what ``package_owner_org_update`` does).

    :param organisation_of: id of a stored package → id of its organisation or ``None``
    """
    if not organisation_of:
        return
    table = model.member_table
    query = sa.select(table.c.id, table.c.table_id, table.c.group_id).where(
        table.c.table_id == sa.any_(sa.literal(list(organisation_of), _TEXTS)),
        table.c.capacity == "organization",
    )
    left: list[str] = []
    joined: set[str] = set()
    for member, package, organisation in model.Session.execute(query):
        if organisation == organisation_of[package]:
            joined.add(package)
        else:
            left.append(member)
    if left:
        model.Session.execute(
            sa.update(table)
            .where(table.c.id == sa.any_(sa.literal(left, _TEXTS)))
            .values(state=model.State.DELETED),
            execution_options={"synchronize_session": False},
        )
    join_organisations({id_: org for id_, org in organisation_of.items() if id_ not in joined})


def insert_activities(rows: Sequence[Row]) -> None:
    """Insert activities: ``user_id, object_id, activity_type, data, permission_labels``."""
    from ckanext.activity.model import Activity  # its table exists only where the plugin is on

    now = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)
    _insert(Activity.__table__, [{"id": str(uuid.uuid4()), "timestamp": now, **r} for r in rows])


def _membership(package_id: str, organisation_id: str) -> Row:
    return {
        "id": str(uuid.uuid4()),
        "table_name": "package",
        "table_id": package_id,
        "capacity": "organization",
        "group_id": organisation_id,
        "state": model.State.ACTIVE,
    }


def _insert(table: Any, rows: Sequence[Row]) -> None:
    if rows:
        model.Session.execute(sa.insert(table), rows)


def _as_json(rows: Sequence[Row]) -> list[Row]:
    return [
        {
            name: value.isoformat() if isinstance(value, dt.datetime) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _plain(type_: Any) -> Any:
    """Return a column's type for ``json_to_recordset``: ``varchar(100)`` would cut silently."""
    return sa.UnicodeText() if isinstance(type_, sa.String) else type_
