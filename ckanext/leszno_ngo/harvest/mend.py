"""Records whose grouped fields are of several sources, and what mends them.

Groups were merged field by field once: a TERYT of one source stayed beside the town of another.
What the sources last said is remembered, so the group can be worked out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestObject

from ckanext.leszno_ngo.catalogue import batch, derived
from ckanext.leszno_ngo.harvest import groups, provenance
from ckanext.leszno_ngo.harvest.prepare import current_records
from ckanext.leszno_ngo.harvest.rules import Rules
from ckanext.leszno_ngo.harvest.snapshot import Catalogue, rules_of
from ckanext.leszno_ngo.harvest.voices import Voice
from ckanext.leszno_ngo.record_types import RecordType

_CHUNK = 500
_object = HarvestObject.__table__


@dataclass(frozen=True)
class Mixed:
    """A record with a group of fields that no source states.

    :param record: the record, as ``package_show`` gives it.
    :param wanted: field → value as its sources have it, ``""`` where none has.
    :param by_hand: a person's value stands in the group: a person has to decide.
    """

    record: Mapping[str, Any]
    wanted: Mapping[str, Any]
    by_hand: bool


def find(record_type: RecordType) -> Iterator[list[Mixed]]:
    """Yield the records of a type whose groups are mixed, in chunks.

    :param record_type: the type; nothing is found where it has no groups
    """
    rules = rules_of(record_type)
    if not rules.groups:
        return
    catalogue = Catalogue(record_type, "")
    ids = _harvested(record_type)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        voices = catalogue.voices(chunk)
        found = []
        for id_, record in current_records(chunk).items():
            shown = derived.without(record_type, record)
            wanted, by_hand = _mixed(rules, shown, voices.get(id_, []))
            if wanted:
                found.append(Mixed(record, wanted, by_hand))
        yield found


def write(record_type: RecordType, mixed: Sequence[Mixed]) -> list[batch.Outcome]:
    """Mend the records in whose groups no person's value stands.

    :param record_type: their type
    :param mixed: what was found
    :returns: one outcome a record written
    """
    ours = [one for one in mixed if not one.by_hand]
    voices = Catalogue(record_type, "").voices([one.record["id"] for one in ours])
    fields = rules_of(record_type).fields
    writes = []
    for one in ours:
        record = {**one.record, **one.wanted}
        entries = record.get("sources") or []
        said = {voice.source_id: voice for voice in voices.get(record["id"], [])}
        record["sources"] = [
            provenance.credited(entry, said.get(entry.get("id", "")), record, fields)
            for entry in entries
        ]
        writes.append(batch.Write(record, one.record["metadata_modified"]))
    return batch.write(writes)


def _harvested(record_type: RecordType) -> list[str]:
    package = model.package_table
    query = (
        sa.select(_object.c.package_id)
        .join(package, package.c.id == _object.c.package_id)
        .where(
            _object.c.current.is_(True),
            package.c.type == record_type.name,
            package.c.state == model.State.ACTIVE,
        )
        .distinct()
        .order_by(_object.c.package_id)
    )
    return list(model.Session.scalars(query))


def _mixed(
    rules: Rules, record: Mapping[str, Any], voices: Sequence[Voice]
) -> tuple[dict[str, Any], bool]:
    """Return what a record's groups should be, and whether a person has spoken in one of them."""
    wanted: dict[str, Any] = {}
    by_hand = False
    for group in rules.groups.values():
        values, persons = groups.mended(group, record, voices)
        wanted.update(values)
        by_hand = by_hand or persons
    return wanted, by_hand
