"""Stored records whose derived values are not what the rules give today, and what mends them.

A record keeps what the rules gave when it was saved last, so an upgrade that mends rules changes
nothing that is stored. What a person chose is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo.catalogue import batch, derived, stored
from ckanext.leszno_ngo.record_types import RecordType

_CHUNK = 500


@dataclass(frozen=True)
class Chunk:
    """Some records of a type.

    :param looked_at: how many records
    :param declared: how many of them have a value that a person chose
    :param outdated: the records to be mended, as ``package_show`` gives them, each with its new
        values
    """

    looked_at: int
    declared: int
    outdated: Sequence[tuple[Mapping[str, Any], dict[str, Any]]]


def find(record_type: RecordType) -> Iterator[Chunk]:
    """Yield the records of a type; nothing where none of its fields is derived.

    :param record_type: the type
    """
    if not derived.derived_names(record_type):
        return
    query = sa.select(model.Package.id).where(
        model.Package.type == record_type.name, model.Package.state == model.State.ACTIVE
    )
    ids = list(model.Session.scalars(query.order_by(model.Package.id)))
    for start in range(0, len(ids), _CHUNK):
        records = [shown.custom for shown in stored.load_many(ids[start : start + _CHUNK])]
        model.Session.rollback()  # an idle transaction holds back vacuum
        declared = sum(derived.is_declared(record_type, record) for record in records)
        found = [(record, _new(record_type, record)) for record in records]
        yield Chunk(len(records), declared, [(record, new) for record, new in found if new])


def write(outdated: Sequence[tuple[Mapping[str, Any], dict[str, Any]]]) -> int:
    """Give records their new values.

    :param outdated: what was found; a record that somebody changed since stays as it is
    :returns: how many records were changed
    :raises batch.NotIndexed: they are stored, and the search lacks some
    """
    writes = [
        batch.Write({**record, **values}, record["metadata_modified"])
        for record, values in outdated
    ]
    return sum(outcome.status == "updated" for outcome in batch.write(writes))


def _new(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
    values = derived.derive_values(record_type, derived.without(record_type, record))
    if all(_plain(record.get(name)) == _plain(value) for name, value in values.items()):
        return {}
    return values


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, (list, tuple)) else value or ""
