"""What a reader may read today, as a condition in SQL: for lists that CKAN makes out of tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from ckan import authz, model
from ckan.lib.plugins import get_permission_labels
from ckan.types import Context


def labels(context: Context) -> list[str] | None:
    """Return the reader's labels of permission, ``None`` for who may read everything.

    :param context: of the reader
    """
    user = context.get("user")
    if authz.is_sysadmin(user):
        return None
    account = model.User.get(user) if user else None
    return get_permission_labels().get_user_dataset_labels(account)  # type: ignore[arg-type]


def labelled(package: Any, given: Iterable[str]) -> sa.ColumnElement[bool]:
    """Say in SQL what CKAN's ``DefaultPermissionLabels`` says of a dataset as it is now.

    A label of another plugin is not understood, and opens nothing.

    :param package: columns of the table of packages, or of an alias of it
    :param given: the reader's labels
    """
    kinds: dict[str, list[str]] = {"member": [], "creator": [], "collaborator": []}
    for label in given:
        kind, _dash, id_ = label.partition("-")
        kinds.get(kind, []).append(id_)
    nobodys = package.owner_org.is_(None)
    return sa.or_(
        sa.and_(package.state == model.State.ACTIVE, package.private.is_(False)),
        package.owner_org.in_(kinds["member"]),
        sa.and_(nobodys, package.creator_user_id.in_(kinds["creator"])),
        package.id.in_(kinds["collaborator"]),
    )


def condition(context: Context, package: Any) -> sa.ColumnElement[bool]:
    """Say in SQL which records the reader may read.

    :param context: of the reader
    :param package: columns of the table of packages, or of an alias of it
    """
    given = labels(context)
    return sa.true() if given is None else labelled(package, given)


def records(context: Context, ids: Iterable[str]) -> set[str]:
    """Return those of some records that the reader may read, by one statement.

    :param context: of the reader
    :param ids: ids of records; one that is not there is not readable
    """
    table = model.package_table
    query = sa.select(table.c.id).where(table.c.id.in_(list(ids)), condition(context, table.c))
    return set(model.Session.scalars(query))
