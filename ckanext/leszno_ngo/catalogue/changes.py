"""What has changed in the public catalogue since a moment, so that a copy of it can keep up.

The times are noted by triggers of the database (``migration/…/002_changes.py``). A transaction
that ends late is seen with a time that lies before what others have noted meanwhile. So a reading
of many pages remembers the *horizon* of its beginning: the moment before which no transaction was
still at work. The next reading begins there. Some changes are then read twice, none is missed.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo.catalogue import shown, stored

#: The beginning of everything.
BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)

# Worked out when somebody asks, or about somebody else's row: they change without the record.
_NOT_THE_RECORDS = frozenset(
    {shown.KEY, "organization", "isopen", "license_title", "license_url", "num_resources"}
    | {"num_tags", "groups", "tags", "relationships_as_object", "relationships_as_subject"}
)


class CursorError(ValueError):
    """A text is not a cursor that an answer gave."""


@dataclass(frozen=True)
class Cursor:
    """A place in the list of changes, which is in order of time and id.

    :param time: the last change read, or the moment to begin at
    :param id: the record of that change; empty before all changes of that moment
    :param horizon: where the next reading begins; ``None`` where none has begun
    """

    time: dt.datetime
    id: str = ""
    horizon: dt.datetime | None = None

    def __str__(self) -> str:
        """Return the text that :func:`read_cursor` reads."""
        horizon = self.horizon.isoformat() if self.horizon else None
        text = json.dumps([self.time.isoformat(), self.id, horizon])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Page:
    """Some changes, and how to go on.

    :param changes: dictionaries with ``id``, ``type``, ``changed`` and either ``record`` or, for
        a record that is no longer public, ``deleted``
    :param cursor: where to go on: at once where ``more`` is true, else when one likes
    """

    changes: Sequence[Mapping[str, Any]]
    cursor: Cursor
    more: bool


def read_cursor(text: str) -> Cursor:
    """Read a cursor that an answer gave.

    :raises CursorError: it is none
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        time, id_, horizon = json.loads(base64.urlsafe_b64decode(padded))
        return Cursor(_utc(time), _id(id_), _utc(horizon) if horizon else None)
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
        raise CursorError(text) from error


def _utc(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(dt.timezone.utc)


def _id(value: Any) -> str:
    # PostgreSQL has no text with a NUL in it.
    if not isinstance(value, str) or not value.isprintable():
        raise TypeError(value)
    return value


def read(types: Sequence[str], start: Cursor, limit: int) -> Page:
    """Return changes of public records, the oldest first.

    A record is in the list once, with its last change. Its values are those of now.

    :param types: names of the record types wanted
    :param start: where to begin
    :param limit: the most changes
    """
    horizon = start.horizon or _horizon()
    rows = model.Session.execute(
        _CHANGES, {"types": list(types), "time": start.time, "id": start.id, "limit": limit + 1}
    ).all()
    more, rows = len(rows) > limit, rows[:limit]
    records = {
        one.package.id: one.custom
        for one in stored.show([row.package_id for row in rows if row.is_public])
        if one.package.state == model.State.ACTIVE and not one.package.private
    }
    changes = [_change(row, records.get(row.package_id)) for row in rows]
    if more:
        return Page(changes, Cursor(_time(rows[-1]), rows[-1].package_id, horizon), more)
    return Page(changes, Cursor(horizon), more)


_CHANGES = sa.text(
    "SELECT package_id, type, changed, is_public FROM leszno_ngo_change "
    "WHERE type = ANY(:types) AND (changed, package_id) > (:time, :id) "
    "ORDER BY changed, package_id LIMIT :limit"
)
# Connections that have written, or are at a statement that may: what they note later than now has
# a later time, what they have noted has none before their beginning.
_HORIZON = sa.text(
    "SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' AND (backend_xid IS NOT NULL OR state = 'active')"
)


def _horizon() -> dt.datetime:
    # PostgreSQL keeps the first answer of that view for the rest of a transaction.
    model.Session.execute(sa.text("SELECT pg_stat_clear_snapshot()"))
    return model.Session.execute(_HORIZON).scalar_one().astimezone(dt.timezone.utc)


def _time(row: Any) -> dt.datetime:
    return row.changed.astimezone(dt.timezone.utc)


def _change(row: Any, record: Mapping[str, Any] | None) -> dict[str, Any]:
    head = {"id": row.package_id, "type": row.type, "changed": _time(row).isoformat()}
    if record is None:
        return {**head, "deleted": True}
    kept = {key: value for key, value in record.items() if key not in _NOT_THE_RECORDS}
    return {**head, "record": kept}
