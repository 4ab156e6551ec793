"""Versions of a record: which one a change was made on, and the ones before (plugin ``activity``).

A version is told by ``metadata_modified``, which every change of a record sets anew.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import model

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)?")


class VersionError(ValueError):
    """A text that no version of a record is told by."""


def is_stored(stored: dt.datetime, seen: Any) -> bool:
    """Whether a record is still the version that somebody has seen.

    :param stored: ``metadata_modified`` of the record as it is stored (UTC)
    :param seen: its ``metadata_modified`` as ``package_show`` gave it (UTC), or as the index has
        it: to the millisecond, with ``Z`` behind
    :raises VersionError: for what is no such moment
    """
    match = _MOMENT.fullmatch(seen.strip()) if isinstance(seen, str) else None
    if match is None:
        raise VersionError(seen)
    fraction = match[2] or ""
    # The index cuts off what is less than a millisecond.
    exact = f"{stored.microsecond:06d}"
    cut = exact[: len(fraction)] if seen.strip().endswith("Z") else exact
    return (
        stored.strftime("%Y-%m-%dT%H:%M:%S") == match[1].replace(" ", "T")
        and fraction.ljust(len(cut), "0") == cut
    )


@dataclass(frozen=True)
class Version:
    """A record as it was after a change.

    :param id: of the activity that keeps it
    :param when: the moment of the change, UTC
    :param user: id of the account that made it
    :param record: the record, as ``package_show`` gave it
    """

    id: str
    when: dt.datetime
    user: str
    record: Mapping[str, Any]


def version_seen(record_id: str, seen: str) -> Mapping[str, Any] | None:
    """Return a record as it was in a version, ``None`` where the history does not have it.

    :param record_id: the record's id
    :param seen: its ``metadata_modified`` then
    """
    if not _MOMENT.fullmatch(seen):
        return None
    found = (version.record for version in _read(record_id, _column("data").contains(seen)))
    return next((record for record in found if record.get("metadata_modified") == seen), None)


def first(record_id: str) -> Mapping[str, Any] | None:
    """Return a record as it was when it was made, ``None`` where the history has no beginning."""
    found = _read(record_id, _column("activity_type") == "new package")
    return next((version.record for version in found), None)


def history(record_id: str, most: int) -> list[Version]:
    """Return versions of a record, the newest first.

    :param record_id: the record's id
    :param most: how many at most
    """
    return list(_read(record_id, limit=most))


def get_version(record_id: str, version_id: str) -> Version | None:
    """Return a version of a record; ``None`` where it has no such."""
    return next(_read(record_id, _column("id") == version_id), None)


def last(record_id: str, wanted: Callable[[Mapping[str, Any]], bool]) -> Version | None:
    """Return the newest version of a record that is as wanted; ``None`` where there is none."""
    return next((version for version in _read(record_id) if wanted(version.record)), None)


def users(record_ids: Sequence[str]) -> dict[str, str]:
    """Return who changed records last, by one statement: record's id → account's id."""
    if not record_ids or not p.plugin_loaded("activity"):
        return {}
    record, user = _column("object_id"), _column("user_id")
    query = (
        sa.select(record, user)
        .distinct(record)
        .where(record.in_(record_ids), _column("activity_type").like("% package"))
        .order_by(record, _column("timestamp").desc())
    )
    return {row[0]: row[1] for row in model.Session.execute(query)}


def author(record_id: str) -> Version | None:
    """Return the newest version that the history has of a record: who changed it last, and when."""
    return next(_read(record_id, limit=1), None)


def _column(name: str) -> Any:
    from ckanext.activity.model import Activity  # only where the plugin is

    column = Activity.__table__.c[name]
    # JSON is kept as a text.
    return sa.type_coerce(column, sa.Text) if name == "data" else column


def _read(record_id: str, *only: Any, limit: int | None = None) -> Iterator[Version]:
    if not p.plugin_loaded("activity"):
        return
    from ckanext.activity.model import Activity  # only where the plugin is

    table = Activity.__table__
    query = (
        sa.select(table.c.id, table.c.timestamp, table.c.user_id, table.c.data)
        .where(table.c.object_id == record_id, table.c.activity_type.like("% package"), *only)
        .order_by(table.c.timestamp.desc())
        .limit(limit)
    )
    for id_, when, user, data in model.Session.execute(query):
        record = (data or {}).get("package")
        if record:
            yield Version(id_, when, user, record)
