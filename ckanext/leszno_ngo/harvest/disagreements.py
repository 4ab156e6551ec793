"""Records in which a person's value stands where a source says another (the dashboard's list).

A run notes the fields (``snapshot.KEPT``); what the source said and what stands is read when it is
shown, so that a value settled since is not shown any more.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestObject, HarvestObjectExtra, HarvestSource

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.harvest import decisions, groups, store
from ckanext.leszno_ngo.harvest.rules import digest_of
from ckanext.leszno_ngo.harvest.snapshot import KEPT, rules_of
from ckanext.leszno_ngo.record_types import Field, RecordType

#: The most records of the list.
ROWS = 20

_object = HarvestObject.__table__
_extra = HarvestObjectExtra.__table__
_source = HarvestSource.__table__
_package = model.package_table


@dataclass(frozen=True)
class Disagreement:
    """A field of a record.

    :param field: the field's declaration
    :param mine: what stands in the catalogue
    :param theirs: what the source said
    :param values: what takes the source's word: fields that are one fact go together
    """

    field: Field
    mine: Any
    theirs: Any
    values: dict[str, Any]


@dataclass(frozen=True)
class Disagreeing:
    """A record and a source that disagree.

    :param object_id: the harvest object that remembers what the source said
    :param source: the source's title
    :param since: when the source said it, ISO 8601, UTC
    :param fields: where they disagree, in the order of the schema
    :param version: ``metadata_modified`` of the record
    """

    object_id: str
    record_id: str
    type: str
    name: str
    title: str
    source: str
    since: str
    fields: list[Disagreement]
    version: str


def list_disagreements(departments: Sequence[str]) -> tuple[int, list[Disagreeing]]:
    """Return the records of departments whose sources disagree; one SQL statement.

    :param departments: ids of organisations
    :returns: how many records a run noted, and the first :data:`ROWS` of those that disagree still
    """
    query = _query().add_columns(sa.func.count().over())
    query = query.where(_package.c.owner_org.in_(departments)).order_by(_package.c.title)
    rows = list(model.Session.execute(query.limit(ROWS)))
    found = [_disagreeing(*row[:-1]) for row in rows]
    disagreeing = [one for one in found if one.fields]
    noted = rows[0][-1] if rows else 0
    return noted - (len(found) - len(disagreeing)), disagreeing


def get_disagreement(object_id: str) -> Disagreeing | None:
    """Return a record that disagrees with a source, ``None`` when it is none or no more.

    :param object_id: the harvest object
    """
    row = model.Session.execute(_query().where(_object.c.id == object_id)).first()
    found = _disagreeing(*row) if row else None
    return found if found and found.fields else None


def dismiss(object_id: str, field: str) -> None:
    """Remember that a person keeps a value whoever says the source's again, and commit.

    :param object_id: the harvest object that remembers what the source said
    :param field: name of the field
    """
    query = sa.select(_object.c.package_id, _object.c.content, _extra.c.value).join(
        _extra, sa.and_(_extra.c.harvest_object_id == _object.c.id, _extra.c.key == KEPT)
    )
    row = model.Session.execute(query.where(_object.c.id == object_id)).one()
    decisions.dismiss(row.package_id, field, json.loads(row.content).get(field))
    store.set_kept({object_id: [name for name in json.loads(row.value) if name != field]})
    model.Session.commit()


def _query() -> sa.Select[Any]:
    return (
        sa.select(
            _object.c.id,
            _object.c.content,
            _object.c.import_finished,
            _extra.c.value,
            _source.c.title,
            _package.c.id,
            _package.c.type,
            _package.c.name,
            _package.c.title,
            _package.c.extras,
            _package.c.metadata_modified,
            _dismissed(),
        )
        .join(_extra, _extra.c.harvest_object_id == _object.c.id)
        .join(_source, _source.c.id == _object.c.harvest_source_id)
        .join(_package, _package.c.id == _object.c.package_id)
        .where(
            _extra.c.key == KEPT,
            _object.c.current.is_(True),
            _source.c.active.is_(True),
            _package.c.state == model.State.ACTIVE,
        )
    )


def _dismissed() -> sa.ScalarSelect[Any]:
    """Return the dismissed values of a record as ``field digest``."""
    table = decisions.table
    said = sa.func.array_agg(table.c.field + " " + table.c.digest)
    query = sa.select(said).where(table.c.record_id == _package.c.id, table.c.dismissed)
    return query.scalar_subquery()


def _disagreeing(
    object_id: str,
    content: str,
    since: Any,
    kept: str,
    source: str,
    record_id: str,
    type_: str,
    name: str,
    title: str,
    extras: dict[str, str],
    version: dt.datetime,
    dismissed: list[str] | None,
) -> Disagreeing:
    record_type = record_types.get(type_)
    said, stands = json.loads(content), {**(extras or {}), "title": title}
    names = {
        name
        for name in json.loads(kept)
        if f"{name} {digest_of(said.get(name))}" not in (dismissed or ())
    }
    fields = _fields(record_type, names, said, stands) if record_type else []
    moment = since.isoformat() + "Z" if since else ""
    return Disagreeing(
        object_id,
        record_id,
        type_,
        name,
        title,
        source or "",
        moment,
        fields,
        version.isoformat(),
    )


def _fields(
    record_type: RecordType, names: set[str], said: dict[str, Any], stands: dict[str, Any]
) -> list[Disagreement]:
    rules = {rule.name: rule for rule in rules_of(record_type).fields}
    found = []
    for field in record_type.fields:
        if field.name not in names or field.name not in rules or field.name not in said:
            continue
        mine, theirs = _loaded(field, stands.get(field.name)), said[field.name]
        if rules[field.name].canonical(mine) != rules[field.name].canonical(theirs):
            together = rules_of(record_type).groups.get(rules[field.name].group)
            values = {field.name: theirs}
            if together:
                # What a person set and the source leaves out would stay beside another place.
                stands_now = {
                    r.name: _loaded(record_type.field(r.name), stands.get(r.name)) for r in together
                }
                values = groups.taken(together, said, stands_now)
            found.append(Disagreement(field, mine, theirs, values))
    return found


def _loaded(field: Field, value: Any) -> Any:
    return json.loads(value) if field.is_list and isinstance(value, str) and value else value
