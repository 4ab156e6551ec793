"""A run taken back: what it wrote is kept for a while, and put back record by record.

What undoes a run has a table of its own (``leszno_ngo_harvest_undo``), so that pruning jobs and
harvest objects leaves it alone; a purged record takes its rows along. Later edits and later runs
stay: what they changed is listed as not undone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from ckanext.harvest.model import HarvestObject, HarvestObjectExtra

from ckanext.leszno_ngo import config, record_types
from ckanext.leszno_ngo.catalogue import batch
from ckanext.leszno_ngo.harvest import provenance, store
from ckanext.leszno_ngo.harvest.compare import Baseline
from ckanext.leszno_ngo.harvest.model import SourceError
from ckanext.leszno_ngo.harvest.prepare import current_records
from ckanext.leszno_ngo.harvest.snapshot import MARKED
from ckanext.leszno_ngo.record_types import RecordType

#: Reasons why something of a run stays.
EDITED, LATER_RUN, OTHER_SOURCE = "edited", "later_run", "other_source"
LINKED, GONE, REFUSED, NOT_YOURS = "linked", "gone", "refused", "not_yours"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_object = HarvestObject.__table__
_extra = HarvestObjectExtra.__table__
_package = model.package_table
table = sa.table(
    "leszno_ngo_harvest_undo",
    sa.column("job_id", sa.Text),
    sa.column("record_id", sa.Text),
    sa.column("source_id", sa.Text),
    sa.column("written", sa.DateTime),
    sa.column("content", sa.JSON),
)


@dataclass(frozen=True)
class Step:
    """What a run did to one record, as it is kept.

    :param record_id: the record.
    :param status: ``added``, ``changed`` or ``marked`` (as missing).
    :param fields: name → value before and after the run.
    :param object_id: the harvest object that the run left as the current one.
    :param before: the harvest object that was current before: ``id``, ``key``, ``content``,
        ``stored``, ``fingerprint``; None where the source had not known the record.
    """

    record_id: str
    status: str
    fields: Mapping[str, tuple[Any, Any]]
    object_id: str
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Left:
    """What of a run stays.

    :param record_id: the record.
    :param title: its title.
    :param reason: one of the reasons above.
    :param fields: names of the fields that stay; all where there is none.
    """

    record_id: str
    title: str
    reason: str
    fields: tuple[str, ...] = ()


@dataclass
class Undone:
    """What an undo did.

    :param restored: records that have their values of before again.
    :param removed: records that the run had added.
    :param left: what stays.
    """

    restored: int = 0
    removed: int = 0
    left: list[Left] = member(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Return the outcome as it is kept with the job."""
        left = [[one.record_id, one.title, one.reason, *one.fields] for one in self.left]
        return {"restored": self.restored, "removed": self.removed, "left": left}


def keep(job_id: str, source_id: str, steps: Sequence[Step]) -> None:
    """Keep what a run did, in the current transaction; nothing where the option is off."""
    if not steps or config.harvest_limits().undo_days <= 0:
        return
    moment = store.now()
    model.Session.execute(
        sa.insert(table),
        [
            {
                "job_id": job_id,
                "record_id": step.record_id,
                "source_id": source_id,
                "written": moment,
                "content": {
                    "status": step.status,
                    "fields": step.fields,
                    "object": step.object_id,
                    "before": step.before,
                },
            }
            for step in steps
        ],
    )


def changes(
    record_type: RecordType, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return the fields in which two states of a record differ, with both values."""
    names = [field.name for field in record_type.fields]
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if (before.get(name) or None) != (after.get(name) or None)
    }


def prune() -> int:
    """Forget what can be undone no more, and commit; returns how many records' steps."""
    until = store.now() - dt.timedelta(days=config.harvest_limits().undo_days)
    gone = model.Session.execute(sa.delete(table).where(table.c.written < until))
    model.Session.commit()
    return gone.rowcount  # type: ignore[attr-defined]


def possible(job_id: str) -> int:
    """Return of how many records a job can be undone now."""
    since = store.now() - dt.timedelta(days=config.harvest_limits().undo_days)
    query = sa.select(sa.func.count()).select_from(table)
    return (
        model.Session.scalar(query.where(table.c.job_id == job_id, table.c.written >= since)) or 0
    )


def undo(
    job_id: str, *, user: str | None = None, as_operator: bool = True, dry_run: bool = False
) -> Undone:
    """Take a run back.

    :param job_id: its harvest job
    :param user: name of who does it, for the records' activities
    :param as_operator: whether it is done at the server; otherwise what the user may not change, or
        may not delete where the run has added it, stays
    :param dry_run: find out what would be done, change nothing
    :returns: what was done; nothing where nothing is kept of the job
    :raises SourceError: ``running`` while a run of the source is at work
    """
    outcome = Undone()
    steps, source_id = _steps(job_id)
    if not steps:
        return outcome
    with store.source_lock(source_id):
        size = config.harvest_limits().batch_size
        linked = _linked({step.record_id for step in steps if step.status == "added"})
        for start in range(0, len(steps), size):
            chunk = _Chunk(source_id, job_id, steps[start : start + size], linked, outcome)
            chunk.rights_of = None if as_operator else user or ""
            chunk.go(user, dry_run=dry_run)
        if not dry_run:
            moment = store.now().isoformat(timespec="seconds") + "Z"
            store.note_undone(
                job_id, source_id, {"when": moment, "user": user or "", **outcome.summary()}
            )
    return outcome


def _steps(job_id: str) -> tuple[list[Step], str]:
    since = store.now() - dt.timedelta(days=config.harvest_limits().undo_days)
    query = (
        sa.select(table)
        .where(table.c.job_id == job_id, table.c.written >= since)
        .order_by(table.c.record_id)
    )
    steps, source_id = [], ""
    for row in model.Session.execute(query):
        content = row.content
        fields = {name: tuple(pair) for name, pair in content["fields"].items()}
        steps.append(
            Step(row.record_id, content["status"], fields, content["object"], content["before"])
        )
        source_id = row.source_id
    model.Session.rollback()
    return steps, source_id


class _Chunk:
    """Some records of a run, taken back in one transaction."""

    #: Name of the account whose rights hold, ``None`` for the operator's.
    rights_of: str | None = None

    def __init__(
        self,
        source_id: str,
        job_id: str,
        steps: Sequence[Step],
        linked: set[str],
        outcome: Undone,
    ) -> None:
        self._source_id = source_id
        self._job_id = job_id
        self._steps = steps
        self._linked = linked
        self._outcome = outcome
        ids = [step.record_id for step in steps]
        self._records = current_records(ids)
        self._current = _current_objects(ids)
        self._touched: list[str] = []

    def go(self, user: str | None, *, dry_run: bool) -> None:
        todo = [(step, write) for step in self._steps if (write := self._write(step)) is not None]
        if dry_run:
            for step, _write in todo:
                self._count(step)
            return
        writes = {step.record_id: write for step, write in todo if write.record}
        quiet = [step for step, write in todo if not write.record]
        by_record = {step.record_id: step for step, _write in todo}

        def remember(outcomes: Iterable[batch.Outcome]) -> None:
            done = list(quiet)
            for (id_, _write), found in zip(writes.items(), outcomes, strict=True):
                if found.status == "refused":
                    self._leave(by_record[id_], REFUSED)
                else:
                    done.append(by_record[id_])
            self._forget(done)

        try:
            if writes:
                batch.write(list(writes.values()), user=user, before_commit=remember)
            else:
                remember([])
                model.Session.commit()
        except batch.NotIndexed as away:
            raise SourceError("not_indexed", records=len(away.ids)) from away
        store.complete(self._touched)

    def _write(self, step: Step) -> batch.Write | None:
        """Return what takes a step back: no record where only what is remembered changes."""
        record = self._records.get(step.record_id)
        if record is None or record["state"] != "active":
            self._leave(step, GONE)
            return None
        if self._current.get((self._source_id, step.record_id)) != step.object_id:
            self._leave(step, LATER_RUN)
            return None
        if not self._may(step):
            self._leave(step, NOT_YOURS)
            return None
        if step.status == "added":
            return self._removal(step, record)
        return self._restoration(step, record)

    def _may(self, step: Step) -> bool:
        if self.rights_of is None:
            return True
        rule = "package_delete" if step.status == "added" else "package_update"
        try:
            tk.check_access(rule, Context(user=self.rights_of), {"id": step.record_id})
        except tk.NotAuthorized:
            return False
        return True

    def _removal(self, step: Step, record: dict[str, Any]) -> batch.Write | None:
        others = [id_ for source, id_ in self._current if source != self._source_id]
        reason = ""
        if step.record_id in others:
            reason = OTHER_SOURCE
        elif step.record_id in self._linked:
            reason = LINKED
        elif _is_edited(step, record):
            reason = EDITED
        if reason:
            self._leave(step, reason)
            return None
        return batch.Write({**record, "state": "deleted"}, record["metadata_modified"])

    def _restoration(self, step: Step, record: dict[str, Any]) -> batch.Write:
        values: dict[str, Any] = {}
        edited = []
        for name, (before, after) in step.fields.items():
            if name == "sources":
                values[name] = self._sources(record, before)
            elif _same(record.get(name), after):
                values[name] = before
            elif not _same(record.get(name), before):
                edited.append(name)
        if edited:
            self._leave(step, EDITED, edited)
        if not values:
            return batch.Write({})
        restored = {**record, **{n: "" if v is None else v for n, v in values.items()}}
        return batch.Write(restored, record["metadata_modified"])

    def _sources(self, record: Mapping[str, Any], before: Any) -> list[dict[str, Any]]:
        """Return the record's sources with this one's entry of before; others may be newer."""
        standing = record.get("sources") or []
        old = next((e for e in before or [] if e.get("id") == self._source_id), None)
        return provenance.replaced(standing, self._source_id, old)

    def _leave(self, step: Step, reason: str, fields: Sequence[str] = ()) -> None:
        record = self._records.get(step.record_id) or {}
        title = str(record.get("title") or "")
        self._outcome.left.append(Left(step.record_id, title, reason, tuple(fields)))

    def _count(self, step: Step) -> None:
        self._outcome.removed += step.status == "added"
        self._outcome.restored += step.status != "added"

    def _forget(self, done: Sequence[Step]) -> None:
        """Put back what was remembered of the source before the run, in the transaction."""
        if not done:
            return
        for step in done:
            self._count(step)
        befores = [step.before["id"] for step in done if step.before]
        # Until the index has the records, the next run of the source is to tell it of them.
        self._touched = [*(step.object_id for step in done), *befores]
        store.reopen(self._touched)
        written = [step.object_id for step in done if step.status != "marked"]
        model.Session.execute(
            sa.update(_object).where(_object.c.id.in_(written)).values(current=False)
        )
        marked = [step.object_id for step in done if step.status == "marked"]
        model.Session.execute(
            sa.delete(_extra).where(_extra.c.key == MARKED, _extra.c.harvest_object_id.in_(marked))
        )
        self._remember_again([step for step in done if step.before and step.status != "marked"])
        ids = [step.record_id for step in done]
        model.Session.execute(
            sa.delete(table).where(table.c.job_id == self._job_id, table.c.record_id.in_(ids))
        )

    def _remember_again(self, steps: Sequence[Step]) -> None:
        befores = [(step, step.before) for step in steps if step.before]
        ids = [before["id"] for _step, before in befores]
        there = set(model.Session.scalars(sa.select(_object.c.id).where(_object.c.id.in_(ids))))
        model.Session.execute(
            sa.update(_object).where(_object.c.id.in_(sorted(there))).values(current=True)
        )
        # Pruned meanwhile: remembered anew, in the job that is undone.
        store.remember(
            self._job_id,
            self._source_id,
            [
                store.Remembered(
                    key=before["key"],
                    record_id=step.record_id,
                    content=before["content"],
                    status="not modified",
                    stored=before["stored"],
                    fingerprint=before["fingerprint"],
                    edited=before.get("edited", False),
                    indexed=True,
                )
                for step, before in befores
                if before["id"] not in there
            ],
        )


def _is_edited(step: Step, record: Mapping[str, Any]) -> bool:
    """Whether an added record is not any more what the run has left.

    What the run left empty is not among its fields; files, tags and groups no run gives a record.
    """
    record_type = record_types.get(record["type"])
    left = {name: after for name, (_before, after) in step.fields.items()}
    is_other = bool(record_type and changes(record_type, left, record))
    return is_other or any(record.get(name) for name in ("resources", "tags", "groups"))


def _same(one: Any, other: Any) -> bool:
    return (one or None) == (other or None)


def _current_objects(record_ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the current harvest objects of records, by source and record."""
    query = sa.select(_object.c.harvest_source_id, _object.c.package_id, _object.c.id).where(
        _object.c.current.is_(True), _object.c.package_id.in_(list(record_ids))
    )
    return {(source, record): id_ for source, record, id_ in model.Session.execute(query)}


def _linked(added: set[str]) -> set[str]:
    """Return the added records that records outside the run point at."""
    found: set[str] = set()
    if not added:
        return found
    for record_type in record_types.all_types():
        names = [f.name for f in record_type.fields if f.link or any(s.link for s in f.subfields)]
        if names:
            found.update(id_ for id_ in _links_of(record_type, names, added) if id_ in added)
    return found


def _links_of(record_type: RecordType, names: Sequence[str], but: set[str]) -> Iterator[str]:
    columns = [_package.c.extras[name].astext for name in names]
    query = sa.select(_package.c.id, *columns).where(
        _package.c.type == record_type.name, _package.c.state != model.State.DELETED
    )
    for record_id, *values in model.Session.execute(query):
        if record_id not in but:
            for value in values:
                yield from _UUID.findall(value or "")


def kept_of(before: Baseline | None) -> dict[str, Any] | None:
    """Return what is kept of a baseline (``compare.Baseline``), None where there is none."""
    if before is None:
        return None
    return {
        "id": before.object_id,
        "key": before.key,
        "content": before.content,
        "stored": dict(before.stored),
        "fingerprint": before.fingerprint,
        "edited": before.edited,
    }
