"""The bin: records that are deleted and may come back. CKAN keeps them until they are purged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import versions

#: CKAN's own type, which officials have beside the record types, and that of harvest sources.
DATASET, SOURCE = "dataset", "harvest"


@dataclass(frozen=True)
class Deleted:
    """A record in the bin.

    :param department: title of its organisation, ``""`` for none
    :param when: the moment it was deleted, UTC
    :param user: id of the account that did, ``None`` where the history does not say
    """

    id: str
    type: str
    name: str
    title: str
    department: str
    when: dt.datetime
    user: str | None


def types() -> list[str]:
    """Return the types whose records officials have: in forms, in versions and in the bin.

    Harvest sources, which are records of a type to CKAN, are in the bin beside them.
    """
    return [*(record_type.name for record_type in record_types.all_types()), DATASET]


def records(departments: Sequence[str] | None, start: int, rows: int) -> tuple[int, list[Deleted]]:
    """Return what departments have in the bin, the last deleted first; two or three statements.

    :param departments: ids of organisations; ``None`` for everything, of no department too
    :param start: how many to leave out at the beginning
    :param rows: how many at most
    :returns: the number of all, and the records asked for
    """
    package, group = model.package_table, model.group_table
    wanted = [package.c.state == model.State.DELETED, package.c.type.in_([*types(), SOURCE])]
    if departments is not None:
        wanted.append(package.c.owner_org.in_(departments))
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(package).where(*wanted))
    query = (
        sa.select(
            package.c.id,
            package.c.type,
            package.c.name,
            package.c.title,
            group.c.title,
            package.c.metadata_modified,
        )
        .outerjoin(group, group.c.id == package.c.owner_org)
        .where(*wanted)
        .order_by(package.c.metadata_modified.desc(), package.c.id)
        .offset(start)
        .limit(rows)
    )
    found = list(model.Session.execute(query))
    users = versions.users([row[0] for row in found])
    return count or 0, [
        Deleted(id_, type_, name, title or name, department or "", when, users.get(id_))
        for id_, type_, name, title, department, when in found
    ]


def groups() -> list[model.Group]:
    """Return the departments and groups that are deleted, by their titles."""
    query = model.Session.query(model.Group).filter_by(state=model.State.DELETED)
    return query.order_by(model.Group.is_organization.desc(), model.Group.title).all()


def state_before(package: model.Package) -> str:
    """Return the state that a deleted record had; a draft where the history does not say.

    :param package: the deleted record
    """
    known = versions.last(package.id, lambda record: record.get("state") != model.State.DELETED)
    state = str(known.record.get("state")) if known else ""
    if state in (model.State.ACTIVE, "draft"):
        return state
    return "draft" if record_types.get(package.type) else model.State.ACTIVE


def name_before(package: model.Package) -> str | None:
    """Return the address that a deleted record had, where a new record has taken it since.

    The batch writer gives the names of deleted records to new ones; the deleted have their ids.

    :param package: the deleted record
    :returns: the name, ``None`` where the record has its name still, or none is known
    """
    if package.name != package.id:
        return None
    known = versions.last(package.id, lambda record: record.get("name") != package.id)
    return str(known.record["name"]) if known else None
