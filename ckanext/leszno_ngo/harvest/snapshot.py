"""What the catalogue knows already: read from the database in a few statements a run.

Implements ``compare.Known``. What is remembered of a source is its current harvest objects
(docs/internals.md, "Harvest: one road").
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestObject, HarvestObjectExtra, HarvestSource

from ckanext.leszno_ngo.catalogue import page_names
from ckanext.leszno_ngo.harvest import decisions
from ckanext.leszno_ngo.harvest import settings as source_settings
from ckanext.leszno_ngo.harvest.compare import Baseline
from ckanext.leszno_ngo.harvest.rights import OPERATOR, Rights
from ckanext.leszno_ngo.harvest.rules import FieldRule, Rules
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS
from ckanext.leszno_ngo.harvest.voices import Voice
from ckanext.leszno_ngo.record_types import Field, RecordType

#: Keys of ``harvest_object_extra``.
STORED, SUMMARY = "stored", "summary"
#: The first day of the runs without it, and the day its record was marked (ISO).
MISSING_FROM, MARKED = "missing_from", "missing_marked"
FINGERPRINT = "fingerprint"
#: That somebody else has ever changed the record; goes on from a harvest object to the next.
EDITED = "edited"
#: Fingerprint of the plan that a person has confirmed for a job.
CONFIRMED = "confirmed"
#: How a job was undone, JSON.
UNDONE = "undone"
#: Names of the fields where a person's value stands, a list in JSON: the dashboard shows them.
KEPT = "kept"
_KINDS = {"flag": "flag", "number": "number"}
_CHUNK = 2_000

_object = HarvestObject.__table__
_extra = HarvestObjectExtra.__table__
_source = HarvestSource.__table__
_package = model.package_table


def rules_of(record_type: RecordType) -> Rules:
    """Return what a harvest compares of a record type.

    :param record_type: the type
    :returns: its harvested fields, but for the marks of derived ones, and its identity
    """
    marks = {field.derive["mark"] for field in record_type.fields if field.derive}
    fields = tuple(_rule(f) for f in record_type.harvested_fields if f.name not in marks)
    return Rules(fields, record_type.identity)


def _rule(field: Field) -> FieldRule:
    kind = "list" if field.is_list else _KINDS.get(field.index, "text")
    return FieldRule(field.name, kind, field.merge, field.merge_group)


class Catalogue:
    """The records of a type and what one source said of them.

    :param record_type: the type
    :param source_id: the harvest source
    :param rights: which departments' records it may change
    """

    def __init__(self, record_type: RecordType, source_id: str, rights: Rights = OPERATOR) -> None:
        self._type = record_type
        self._source_id = source_id
        self._rights = rights
        self._baselines = {b.key: b for b in _baselines(source_id)}
        self._by_record = {b.record_id: b for b in self._baselines.values()}
        self._by_fingerprint = {b.fingerprint: b for b in self._baselines.values() if b.fingerprint}
        self._owners: dict[tuple[str, str], list[str]] | None = None
        self._identifiers: dict[str, dict[str, str]] = {}
        self._titles: dict[str, str] = {}
        self._names: set[str] | None = None
        self._deleted: decisions.Deleted | None = None

    @property
    def baselines(self) -> Mapping[str, Baseline]:
        """What is remembered of the source, by key."""
        return self._baselines

    def recognised(self, fingerprint: str) -> Baseline | None:
        """Return what is remembered of a raw row, None for one that is new or changed."""
        return self._by_fingerprint.get(fingerprint)

    def of_record(self, record_id: str) -> Baseline | None:
        """Return what is remembered of the source and a record."""
        return self._by_record.get(record_id)

    def owners(self, field: str, value: str) -> Collection[str]:
        """Return ids of the active records whose ``field`` of identity is ``value``.

        A record that is not public holds its numbers in its own department alone, as in a form
        (``logic.validators``): it stands for a row where the source may change it and no other one
        has the number.
        """
        return self._numbers().get((field, value), ())

    def deleted(
        self, key: str, title: Any, numbers: Collection[tuple[str, str]]
    ) -> tuple[str, bool] | None:
        """Return the record that a person has deleted and a new row would make anew."""
        if self._deleted is None:
            self._deleted = decisions.deleted(self._type)
        return self._deleted.find(key, title, numbers)

    def identifiers(self, record_id: str) -> Mapping[str, str]:
        """Return the identifiers of an active record, by field."""
        self._numbers()
        return self._identifiers.get(record_id, {})

    def title(self, record_id: str) -> str:
        """Return the title of an active record, ``""`` of one that is not there."""
        self._numbers()
        return self._titles.get(record_id, "")

    def numbers(self, field: str) -> list[str]:
        """Return every value of a field of identity, in ascending order."""
        return sorted(value for name, value in self._numbers() if name == field)

    def titles(self, record_ids: Collection[str]) -> dict[str, str]:
        """Return records' titles with their page addresses, by id."""
        if not record_ids:
            return {}
        query = sa.select(_package.c.id, _package.c.title, _package.c.name).where(
            _package.c.id.in_(list(record_ids))
        )
        return {
            record_id: f"{title} (/{self._type.name}/{name})"
            for record_id, title, name in model.Session.execute(query)
        }

    def departments(self, record_ids: Collection[str]) -> dict[str, str | None]:
        """Return the ids of the organisations that records belong to, by record."""
        query = sa.select(_package.c.id, _package.c.owner_org).where(
            _package.c.id.in_(list(record_ids))
        )
        return dict(model.Session.execute(query).tuples().all()) if record_ids else {}

    def free_name(self, wanted: str, distinguishing: str) -> str:
        """Return a page address that no package has, and take it.

        :param wanted: the address by the record's name
        :param distinguishing: what tells two records of one name apart, such as the KRS number:
            the same whichever of them comes in which batch
        """
        if self._names is None:
            # The batch writer frees the name of a deleted package that another one takes.
            there = _package.c.state != model.State.DELETED
            self._names = set(model.Session.scalars(sa.select(_package.c.name).where(there)))
        names = page_names.candidates(wanted, distinguishing)
        name = next(name for name in names if name not in self._names)
        self._names.add(name)
        return name

    def voices(self, record_ids: Collection[str]) -> dict[str, list[Voice]]:
        """Return what the other sources said of records.

        :param record_ids: ids of records
        :returns: record's id → one voice a source, in the order of the sources' ids
        """
        query = (
            sa.select(
                _object.c.id,
                _object.c.package_id,
                _object.c.content,
                _source.c.id,
                _source.c.type,
                _source.c.config,
            )
            .join(_source, _source.c.id == _object.c.harvest_source_id)
            .where(
                _object.c.current.is_(True),
                _object.c.package_id.in_(list(record_ids)),
                _source.c.id != self._source_id,
                _source.c.type.startswith(source_settings.PREFIX, autoescape=True),
            )
            .order_by(_source.c.id)
        )
        rows = list(model.Session.execute(query))
        stored = _extras(STORED, [row[0] for row in rows]) if rows else {}
        voices: dict[str, list[Voice]] = {}
        for object_id, record_id, content, source_id, type_, config in rows:
            kept = json.loads(stored.get(object_id, "{}"))
            voice = Voice(source_id, _priority(type_, config), json.loads(content), kept)
            voices.setdefault(record_id, []).append(voice)
        return voices

    def _numbers(self) -> dict[tuple[str, str], list[str]]:
        if self._owners is None:
            fields = self._type.identity
            columns = [_package.c.extras[field].astext for field in fields]
            shown = (_package.c.title, _package.c.private, _package.c.owner_org)
            query = sa.select(_package.c.id, *shown, *columns).where(
                _package.c.type == self._type.name, _package.c.state == model.State.ACTIVE
            )
            public: dict[tuple[str, str], list[str]] = {}
            hidden: dict[tuple[str, str], list[str]] = {}
            for record_id, title, is_hidden, department, *values in model.Session.execute(query):
                known = {f: v for f, v in zip(fields, values, strict=True) if v}
                self._identifiers[record_id] = known
                self._titles[record_id] = title or ""
                if is_hidden and not self._rights.may_change(department):
                    continue
                for number in known.items():
                    (hidden if is_hidden else public).setdefault(number, []).append(record_id)
            self._owners = hidden | public
        return self._owners


def is_touched() -> sa.ColumnElement[bool]:
    """Return the question whether a record was changed since its harvest object was written.

    Before version 0.3 the mark of a missing record left the object's time as it was: a day of the
    mark that is later than the object's says that the change may be the harvest's own.
    """
    later = sa.func.coalesce(_package.c.metadata_modified > _object.c.import_finished, sa.true())
    day = sa.func.to_char(_object.c.import_finished, "YYYY-MM-DD")
    marked_later = sa.exists().where(
        _extra.c.harvest_object_id == _object.c.id, _extra.c.key == MARKED, _extra.c.value > day
    )
    return sa.and_(later, sa.not_(marked_later))


def _baselines(source_id: str) -> Iterator[Baseline]:
    missing = _extras(MISSING_FROM, source_id=source_id)
    marked = _extras(MARKED, source_id=source_id)
    stored = _extras(STORED, source_id=source_id)
    fingerprints = _extras(FINGERPRINT, source_id=source_id)
    edited = _extras(EDITED, source_id=source_id)
    query = (
        sa.select(
            _object.c.id,
            _object.c.guid,
            _object.c.package_id,
            _object.c.content,
            _package.c.state,
            is_touched(),
        )
        .join(_package, _package.c.id == _object.c.package_id)
        .where(_object.c.harvest_source_id == source_id, _object.c.current.is_(True))
        .execution_options(yield_per=_CHUNK)
    )
    for object_id, key, record_id, content, state, touched in model.Session.execute(query):
        yield Baseline(
            object_id,
            key,
            record_id,
            content,
            json.loads(stored[object_id]) if object_id in stored else {},
            missing.get(object_id, ""),
            object_id in marked,
            active=state == model.State.ACTIVE,
            touched=touched,
            edited=touched or object_id in edited,
            fingerprint=fingerprints.get(object_id, ""),
        )


def _extras(
    key: str, object_ids: Collection[str] | None = None, source_id: str | None = None
) -> dict[str, str]:
    """Return an extra of current harvest objects, by object: of some objects, or of a source."""
    query = (
        sa.select(_extra.c.harvest_object_id, _extra.c.value)
        .join(_object, _object.c.id == _extra.c.harvest_object_id)
        .where(_extra.c.key == key, _object.c.current.is_(True))
    )
    if object_ids is not None:
        query = query.where(_object.c.id.in_(list(object_ids)))
    if source_id is not None:
        query = query.where(_object.c.harvest_source_id == source_id)
    return dict(model.Session.execute(query).tuples().all())


def kept_fields(object_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the fields of which a person's value was kept, by harvest object; one statement."""
    return {id_: json.loads(value) for id_, value in _extras(KEPT, object_ids).items()}


def _priority(type_: str, config: str | None) -> int:
    kind = type_.removeprefix(source_settings.PREFIX)
    try:
        return source_settings.parse(kind, config).priority
    except source_settings.SettingsError:
        # Broken by hand in the database: its own run will say so; here its kind is enough.
        return SOURCE_KINDS[kind].priority
