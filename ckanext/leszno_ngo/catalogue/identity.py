"""Who has an identifier: the catalogue's answer to "is this record already here?"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

import sqlalchemy as sa
from ckan import model

# One lock for everything that may give a record an identifier: two writers that check the same
# number at once must not both find it free. Held until the transaction ends.
_LOCK = 0x1E520001


@dataclass(frozen=True)
class Owner:
    """A record that has a certain identifier; of one that is not public not all may be told.

    ``department`` is the id of its organisation, where it was asked for.
    """

    id: str
    name: str
    title: str
    is_public: bool = True
    department: str | None = None


class IdentityIndex(Protocol):
    """Anything that can say which records have an identifier."""

    def owners(self, record_type: str, field: str, value: str) -> list[Owner]:
        """Return the active records of a type whose ``field`` is ``value``."""
        ...


class DatabaseIdentity:
    """Looks identifiers up in PostgreSQL (indexes: migration ``001_identifier_indexes``)."""

    def owners(self, record_type: str, field: str, value: str) -> list[Owner]:
        """Return the active records of a type whose ``field`` is ``value``.

        :param record_type: dataset type, such as ``ngo``
        :param field: name of a field of identity, such as ``krs``
        :param value: the identifier in its canonical form
        :returns: the records, usually none or one; drafts and deleted records do not count
        """
        table = model.package_table
        query = sa.select(*_owner_columns()).where(
            table.c.extras[field].astext == value,
            table.c.type == record_type,
            table.c.state == model.State.ACTIVE,
        )
        return [Owner(*row) for row in model.Session.execute(query)]


class PreloadedIdentity:
    """All identifiers of a type, read by one query: what a bulk writer checks against."""

    def __init__(self, record_type: str, fields: Iterable[str]) -> None:
        self._record_type = record_type
        self._fields = tuple(fields)
        self._known: dict[tuple[str, str], dict[str, Owner]] = {}
        self._keys_of: dict[str, list[tuple[str, str]]] = {}
        table = model.package_table
        query = sa.select(
            *_owner_columns(),
            *[table.c.extras[field].astext.label(field) for field in self._fields],
        ).where(table.c.type == record_type, table.c.state == model.State.ACTIVE)
        for row in model.Session.execute(query):
            values = dict(zip(self._fields, row[_OWNER:], strict=True))
            self.remember(Owner(*row[:_OWNER]), values)

    def remember(self, owner: Owner, record: Mapping[str, str | None]) -> None:
        """Note the identifiers of a record, replacing what was known of it.

        :param owner: the record
        :param record: its fields; only those of identity are read
        """
        for key in self._keys_of.pop(owner.id, ()):
            self._known[key].pop(owner.id, None)
        keys = [(field, value) for field in self._fields if (value := record.get(field))]
        for key in keys:
            self._known.setdefault(key, {})[owner.id] = owner
        self._keys_of[owner.id] = keys

    def owners(self, record_type: str, field: str, value: str) -> list[Owner]:
        """Return the known records whose ``field`` is ``value`` (see :class:`DatabaseIdentity`)."""
        if record_type != self._record_type:
            return []
        return list(self._known.get((field, value), {}).values())


_OWNER = len(fields(Owner))


def _owner_columns() -> list[Any]:
    table = model.package_table
    return [table.c.id, table.c.name, table.c.title, sa.not_(table.c.private), table.c.owner_org]


def lock() -> None:
    """Keep other writers from taking an identifier until this transaction ends."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def turn() -> None:
    """Wait for one's turn to write, and forget the records that were read before it came.

    What a writer compares with the record it is about to change must be the record as it is, not
    as it was when the request began.
    """
    lock()
    session = model.Session()
    for known in list(session.identity_map.values()):
        if isinstance(known, (model.Package, model.Resource)) and known not in session.dirty:
            session.expire(known)
