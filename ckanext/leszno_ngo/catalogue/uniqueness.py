"""Names and identifiers that the records of a batch claim, against those taken already."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.catalogue import page_names
from ckanext.leszno_ngo.catalogue.identity import IdentityIndex, Owner, PreloadedIdentity

_TEXTS = sa.ARRAY(sa.UnicodeText)


def name_candidates(record: Mapping[str, Any], identity: Sequence[str]) -> list[str]:
    """Return the names a new record may get, best first.

    :param record: the record
    :param identity: its type's identifier fields, strongest first
    :returns: the title's slug, then the slug with the strongest identifier at its end (the same
        for the same record every time); empty when the record has neither title nor identifier
    """
    title = record.get("title") or record.get("legal_name") or ""
    slug = polish.slug(title) if isinstance(title, str) else ""
    numbers = (record.get(name) for name in identity)
    number = polish.slug(str(next(filter(None, numbers), "")))
    if number and not slug:
        slug, number = f"{record.get('type', 'record')}-{number}", ""
    names = islice(page_names.candidates(slug, number), 2 if number else 1)
    return [name for name in names if len(name) >= model.PACKAGE_NAME_MIN_LENGTH]


class Names:
    """Which names of packages are taken: by stored packages, and by the batch itself."""

    def __init__(self, asked: Iterable[str]) -> None:
        self._asked: set[str] = set()
        self._owner: dict[str, str] = {}
        self._deleted: dict[str, str] = {}
        self._retired: list[str] = []
        self._ask(asked)

    def is_free(self, name: str, package_id: str | None) -> bool:
        """Return whether a package may have the name; a deleted one's name is free, as in CKAN."""
        if name not in self._asked:
            self._ask([name])
        return self._owner.get(name) in (None, package_id)

    def choose(self, candidates: Sequence[str]) -> str | None:
        """Return the first free candidate, else the last one with a random end."""
        for name in candidates:
            if self.is_free(name, None):
                return name
        if not candidates:
            return None
        return page_names.with_ending(candidates[-1], f"-{uuid.uuid4().hex[:8]}")

    def take(self, name: str, package_id: str, *, instead_of: str | None = None) -> None:
        """Note that a package of the batch has the name (and no longer its old one)."""
        if instead_of and self._owner.get(instead_of) == package_id:
            del self._owner[instead_of]
        self._owner[name] = package_id
        if (retired := self._deleted.pop(name, package_id)) != package_id:
            self._retired.append(retired)

    def retired(self) -> list[str]:
        """Return the ids of deleted packages whose names the batch took."""
        return self._retired

    def _ask(self, names: Iterable[str]) -> None:
        wanted = {name for name in names if "\0" not in name}
        self._asked |= wanted
        if not wanted:
            return
        table = model.package_table
        query = sa.select(table.c.name, table.c.id, table.c.state).where(
            table.c.name == sa.any_(sa.literal(list(wanted), _TEXTS))
        )
        for name, id_, state in model.Session.execute(query):
            (self._deleted if state == model.State.DELETED else self._owner)[name] = id_


class Identifiers:
    """Who has an identifier, with the batch's own records counted in (an ``IdentityIndex``).

    The caller's preloaded index may be older than what other writers have committed since. So the
    identifiers of the batch's records are read anew, under the writers' lock.
    """

    def __init__(
        self,
        record_type: str,
        fields: Sequence[str],
        records: Iterable[Mapping[str, Any]],
        known: PreloadedIdentity | None,
    ) -> None:
        self._type = record_type
        self._fields = fields
        self._known = known
        self._pending: dict[str, tuple[Owner, dict[str, str | None]]] = {}
        self._claimed: dict[tuple[str, str], list[str]] = {}
        self._fresh: dict[tuple[str, str], list[Owner]] = {}
        if known:
            self._read(records)
        self._base: IdentityIndex = known or PreloadedIdentity(record_type, fields)

    def owners(self, record_type: str, field: str, value: str) -> list[Owner]:
        """Return the records whose ``field`` is ``value`` (see ``DatabaseIdentity.owners``)."""
        if record_type != self._type:
            return []
        key = (field, value)
        stored = self._fresh.get(key)
        if stored is None:
            stored = self._base.owners(record_type, field, value)
        mine = (self._pending[id_] for id_ in self._claimed.get(key, ()))
        return [
            *(owner for owner in stored if owner.id not in self._pending),
            *(owner for owner, values in mine if values.get(field) == value),
        ]

    def claim(self, owner: Owner, record: Mapping[str, str]) -> None:
        """Note the identifiers of a record of the batch; only those of identity are read."""
        values = {field: record.get(field) for field in self._fields}
        self._pending[owner.id] = (owner, values)
        for field, value in values.items():
            if value:
                self._claimed.setdefault((field, value), []).append(owner.id)

    def commit(self) -> None:
        """Tell the caller's index what the batch has written."""
        if self._known:
            for owner, values in self._pending.values():
                self._known.remember(owner, values)

    def _read(self, records: Iterable[Mapping[str, Any]]) -> None:
        asked = {
            (field, value)
            for record in records
            for field in self._fields
            if isinstance(value := record.get(field), str) and value and "\0" not in value
        }
        if not asked:
            return
        self._fresh = {key: [] for key in asked}
        table = model.package_table
        columns = {field: table.c.extras[field].astext for field in self._fields}
        holds = [
            column == sa.any_(sa.literal([v for f, v in asked if f == field], _TEXTS))
            for field, column in columns.items()
        ]
        query = sa.select(
            table.c.id,
            table.c.name,
            table.c.title,
            sa.not_(table.c.private),
            table.c.owner_org,
            *[c.label(f) for f, c in columns.items()],
        ).where(sa.or_(*holds), table.c.type == self._type, table.c.state == model.State.ACTIVE)
        for row in model.Session.execute(query):
            owner = Owner(*row[:5])
            for key in zip(self._fields, row[5:], strict=True):
                if key in self._fresh:
                    self._fresh[key].append(owner)
