"""Rows that may name a person: they wait for an official, and are nowhere else meanwhile.

A row waits in a table of its own, not as a private record: what is in a record is in its history,
in the index and in what is remembered of the source. After the decision the table keeps a keyed
digest of what was decided about, by which the next run knows the row again, and not the row.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestSource
from sqlalchemy.dialects.postgresql import insert

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import persons
from ckanext.leszno_ngo.catalogue.digests import digest
from ckanext.leszno_ngo.catalogue.erased_words import Erased
from ckanext.leszno_ngo.harvest.model import WAITING, Incoming, Refusal
from ckanext.leszno_ngo.harvest.prepare import Source, current_records
from ckanext.leszno_ngo.harvest.snapshot import rules_of
from ckanext.leszno_ngo.record_types import Field, RecordType

#: Decisions.
ACCEPTED, REJECTED = "accepted", "rejected"
#: The most rows of the page.
ROWS = 50

_table = sa.table(
    "leszno_ngo_waiting",
    *map(sa.column, ("digest", "source_id", "owner_org", "type", "fields", "content")),
    *map(sa.column, ("record_id", "since", "seen", "decision", "decided_by", "decided")),
)


@dataclass(frozen=True)
class Held:
    """A row that may name a person.

    :param row: the row
    :param fields: the fields that may
    :param digest: by which the row is known again
    :param record_id: the record it would change; None for a new one
    """

    row: Incoming
    fields: tuple[str, ...]
    digest: str
    record_id: str | None

    @property
    def refusal(self) -> Refusal:
        """What the report says; the value is not in it."""
        key = {"key": self.row.source_key}
        return Refusal(self.row.row, self.fields[0], "", WAITING, key)


@dataclass(frozen=True)
class Waiting:
    """A row as an official sees it.

    :param digest: by which it is decided about
    :param source: the source's title
    :param since: when it came first, UTC
    :param fields: the fields that may name a person, each with its value
    :param others: the other fields of the row, in the schema's order
    :param record: the record in the catalogue that it would change, None for a new one
    """

    digest: str
    type: RecordType
    source: str
    since: dt.datetime
    fields: list[tuple[Field, Any]]
    others: list[tuple[Field, Any]]
    record: Mapping[str, Any] | None


class Gate:
    """Lets rows of one source through, or holds them.

    :param source: the source
    :param record_type: type of its records
    """

    def __init__(self, source: Source, record_type: RecordType) -> None:
        self._source = source
        self._type = record_type
        self._rules = {rule.name: rule for rule in rules_of(record_type).fields}
        query = sa.select(_table.c.digest, _table.c.decision).where(_table.c.source_id == source.id)
        known = dict(model.Session.execute(query).tuples().all())
        self._decided = {digest: decision for digest, decision in known.items() if decision}
        self._undecided = known.keys() - self._decided.keys()
        self._passed: set[str] = set()
        self._erased = Erased()

    def part(
        self, rows: Iterable[Incoming], record_of: Mapping[str, str]
    ) -> tuple[list[Incoming], list[Held], list[Incoming]]:
        """Part rows into those that go in, that wait, and that a person rejected.

        :param rows: rows of the source
        :param record_of: the row's key → the record that it belongs to, where there is one
        """
        good: list[Incoming] = []
        held: list[Held] = []
        rejected: list[Incoming] = []
        rows = [self._without_erased(row) for row in rows]
        suspects = {
            row.source_key: fields
            for row in rows
            if (fields := persons.named(self._type, row.record))
        }
        ids = [record_of[key] for key in suspects if key in record_of]
        standing = current_records(ids) if ids else {}
        for row in rows:
            record_id = record_of.get(row.source_key)
            fields = self._new(row, suspects.get(row.source_key, ()), standing.get(record_id or ""))
            digest = self._digest(row, fields) if fields else ""
            decision = self._decided.get(digest)
            if self._erased.keeps_out(self._source.id, row.source_key, self._numbers(row)):
                rejected.append(row)
            elif not fields or decision == ACCEPTED:
                good.append(row)
                self._passed.update([digest] if digest else [])
            elif decision == REJECTED:
                rejected.append(row)
            else:
                held.append(Held(row, fields, digest, record_id))
        return good, held, rejected

    def keep(self, held: Sequence[Held], *, complete: bool) -> None:
        """Keep the rows that wait, and forget those that the source says no more; commits.

        :param held: rows that wait
        :param complete: whether these are all that the source has
        """
        gone = self._undecided - {one.digest for one in held} if complete else set()
        if not (held or gone or self._passed):
            return
        now = dt.datetime.now(dt.timezone.utc)
        for one in held:
            values = self._values(one)
            again = {"seen": now, "content": values["content"], "record_id": one.record_id}
            model.Session.execute(
                insert(_table)
                .values({**values, "since": now, "seen": now})
                .on_conflict_do_update(index_elements=["digest"], set_=again)
            )
        model.Session.execute(
            sa.delete(_table).where(_table.c.digest.in_(gone), _table.c.decision.is_(None))
        )
        # What was accepted has gone in.
        model.Session.execute(
            sa.update(_table)
            .where(_table.c.digest.in_(self._passed), _table.c.content.isnot(None))
            .values(content=None, record_id=None)
        )
        model.Session.commit()

    def _without_erased(self, row: Incoming) -> Incoming:
        """Return a row with the texts masked that were erased on request."""
        if not self._erased.words:
            return row
        record = {name: self._erased.words.mask(value) for name, value in row.record.items()}
        return row if record == row.record else replace(row, record=record)

    def _numbers(self, row: Incoming) -> dict[str, str]:
        return {n: str(row.record[n]) for n in self._type.identity if row.record.get(n)}

    def _new(
        self, row: Incoming, fields: Sequence[str], standing: Mapping[str, Any] | None
    ) -> tuple[str, ...]:
        """Return the fields whose value does not stand in the catalogue already."""
        return tuple(
            name
            for name in fields
            if standing is None
            or name not in self._rules
            or self._rules[name].canonical(row.record[name])
            != self._rules[name].canonical(standing.get(name))
        )

    def _digest(self, row: Incoming, fields: Sequence[str]) -> str:
        said = {name: row.record[name] for name in fields}
        return digest("row", self._source.id, row.source_key, json.dumps(said, sort_keys=True))

    def _values(self, held: Held) -> dict[str, Any]:
        row = {**asdict(held.row), "set_aside": []}
        return {
            "digest": held.digest,
            "source_id": self._source.id,
            "owner_org": self._source.settings.owner_org,
            "type": self._type.name,
            "fields": json.dumps(held.fields),
            "content": json.dumps(row, ensure_ascii=False),
            "record_id": held.record_id,
        }


def count(departments: Sequence[str]) -> int:
    """Return how many rows wait in departments; one SQL statement."""
    query = sa.select(sa.func.count()).select_from(_table).where(*_undecided(departments))
    return model.Session.scalar(query) or 0


def list_waiting(departments: Sequence[str]) -> list[Waiting]:
    """Return the first :data:`ROWS` rows that wait in departments, the oldest first.

    :param departments: ids of organisations
    """
    query = sa.select(_table).where(*_undecided(departments))
    rows = model.Session.execute(query.order_by(_table.c.since, _table.c.digest).limit(ROWS)).all()
    sources = _titles({row.source_id for row in rows})
    records = current_records([row.record_id for row in rows if row.record_id])
    found = [_shown(row, sources.get(row.source_id, ""), records) for row in rows]
    return [one for one in found if one]


def departments_of(digests: Sequence[str]) -> dict[str, str]:
    """Return the departments of rows that wait, by digest."""
    query = sa.select(_table.c.digest, _table.c.owner_org).where(
        _table.c.digest.in_(digests), _table.c.decision.is_(None)
    )
    return dict(model.Session.execute(query).tuples().all())


def decide(digests: Sequence[str], decision: str, user: str) -> None:
    """Write a decision, and commit; the content of a rejected row is gone at once.

    :param digests: the rows
    :param decision: :data:`ACCEPTED` or :data:`REJECTED`
    :param user: id of the account
    """
    content = {} if decision == ACCEPTED else {"content": None, "record_id": None}
    model.Session.execute(
        sa.update(_table)
        .where(_table.c.digest.in_(digests), _table.c.decision.is_(None))
        .values(
            decision=decision, decided_by=user, decided=dt.datetime.now(dt.timezone.utc), **content
        )
    )
    model.Session.commit()


def accepted() -> dict[str, list[Incoming]]:
    """Return the accepted rows that have not gone in yet, by source."""
    query = sa.select(_table.c.source_id, _table.c.content).where(
        _table.c.decision == ACCEPTED, _table.c.content.isnot(None)
    )
    found: dict[str, list[Incoming]] = {}
    for source_id, content in model.Session.execute(query.order_by(_table.c.since)):
        found.setdefault(source_id, []).append(_row(content))
    return found


def _undecided(departments: Sequence[str]) -> list[Any]:
    return [_table.c.decision.is_(None), _table.c.owner_org.in_(departments)]


def _titles(source_ids: Iterable[str]) -> dict[str, str]:
    sources = HarvestSource.__table__
    query = sa.select(sources.c.id, sources.c.title).where(sources.c.id.in_(list(source_ids)))
    return dict(model.Session.execute(query).tuples().all())


def _row(content: str) -> Incoming:
    return Incoming(**{**json.loads(content), "set_aside": ()})


def _shown(row: Any, source: str, records: Mapping[str, Any]) -> Waiting | None:
    record_type = record_types.get(row.type)
    if record_type is None:
        return None
    said = _row(row.content).record
    names = set(json.loads(row.fields))
    pairs = [(f, said[f.name]) for f in record_type.fields if said.get(f.name)]
    return Waiting(
        row.digest,
        record_type,
        source or "",
        row.since,
        [pair for pair in pairs if pair[0].name in names],
        [pair for pair in pairs if pair[0].name not in names],
        records.get(row.record_id or ""),
    )
