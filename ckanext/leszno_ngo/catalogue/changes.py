"""What has changed in the public catalogue since a moment, so that a copy of it can keep up.

Changes are noted by triggers of the database (``migration/…/006_change_positions.py``) with a
position that no clock can set back: the number of the transaction that made them. A reading ends
at the *horizon*, the lowest number of a transaction that is still at work; what that one notes has
a position from there on, and the next reading begins there. So no change is missed, and none that
was read comes again.
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

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.catalogue import after_show, stored

_HIGHEST = 2**63

# Worked out when somebody asks, or about somebody else's row: they change without the record.
_NOT_THE_RECORDS = frozenset(
    {after_show.KEY, "organization", "isopen", "license_title", "license_url", "num_resources"}
    | {"num_tags", "groups", "tags", "relationships_as_object", "relationships_as_subject"}
)


class CursorError(ValueError):
    """A text is not a cursor that an answer gave."""


@dataclass(frozen=True)
class Cursor:
    """A place in the list of changes, which is in order of position and id.

    :param position: of the last change read, or the one to begin at
    :param id: the record of that change; empty before all changes of that position
    :param since: where nothing has been read: changes noted from this moment on
    """

    position: int = 0
    id: str = ""
    since: dt.datetime | None = None

    def __str__(self) -> str:
        """Return the text that :func:`read_cursor` reads."""
        text = json.dumps([self.position, self.id])
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
    """Read a cursor that an answer gave, also of a version that ordered changes by time.

    :raises CursorError: it is none
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        place, id_, *horizon = sent_json.read(base64.urlsafe_b64decode(padded))
        if horizon:
            return Cursor(since=min(_utc(one) for one in (place, *horizon) if one))
        return Cursor(_position(place), _id(id_))
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
        raise CursorError(text) from error


def _position(value: Any) -> int:
    if type(value) is not int or not 0 <= value < _HIGHEST:
        raise ValueError(value)
    return value


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


def read_changes(types: Sequence[str], start: Cursor, limit: int) -> Page:
    """Return changes of public records, the oldest first.

    A record is in the list once, with its last change. Its values are those of now.

    :param types: names of the record types wanted
    :param start: where to begin
    :param limit: the most changes
    """
    horizon = model.Session.execute(_HORIZON).scalar_one()
    begin = start.position
    if start.since:
        first = model.Session.execute(_FIRST, {"since": start.since}).scalar()
        begin = horizon if first is None else first
    rows = model.Session.execute(
        _CHANGES,
        {
            "types": list(types),
            "position": begin,
            "id": start.id,
            "horizon": horizon,
            "limit": limit + 1,
        },
    ).all()
    more, rows = len(rows) > limit, rows[:limit]
    records = {
        one.package.id: one.custom
        for one in stored.load_many([row.package_id for row in rows if row.is_public])
        if one.package.state == model.State.ACTIVE and not one.package.private
    }
    changes = [_change(row, records.get(row.package_id)) for row in rows]
    if more:
        return Page(changes, Cursor(rows[-1].position, rows[-1].package_id), more)
    return Page(changes, Cursor(max(begin, horizon)), more)


_CHANGES = sa.text(
    "SELECT package_id, type, changed, is_public, position FROM leszno_ngo_change "
    "WHERE type = ANY(:types) AND (position, package_id) > (:position, :id) "
    "AND position < :horizon ORDER BY position, package_id LIMIT :limit"
)
_FIRST = sa.text("SELECT min(position) FROM leszno_ngo_change WHERE changed >= :since")
# In a restored database where nothing has been written yet, everything noted may be read. The
# transactions of other databases of the cluster note nothing here, and hold nothing up.
_HORIZON = sa.text(
    "SELECT CASE WHEN base + txid_snapshot_xmax(seen) <= highest THEN highest + 1 "
    "ELSE base + coalesce((SELECT min(running) FROM txid_snapshot_xip(seen) AS running "
    "WHERE NOT EXISTS (SELECT FROM pg_locks AS held JOIN pg_stat_activity AS backend USING (pid) "
    "WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' "
    "AND cast(cast(held.transactionid AS text) AS bigint) = mod(running, 4294967296) "
    "AND backend.datname <> current_database())), txid_snapshot_xmax(seen)) END "
    "FROM leszno_ngo_change_base, txid_current_snapshot() AS seen, "
    "(SELECT coalesce(max(position), 0) AS highest FROM leszno_ngo_change) AS noted"
)


def _time(row: Any) -> dt.datetime:
    return row.changed.astimezone(dt.timezone.utc)


def _change(row: Any, record: Mapping[str, Any] | None) -> dict[str, Any]:
    head = {"id": row.package_id, "type": row.type, "changed": _time(row).isoformat()}
    if record is None:
        return {**head, "deleted": True}
    kept = {key: value for key, value in record.items() if key not in _NOT_THE_RECORDS}
    return {**head, "record": kept}
