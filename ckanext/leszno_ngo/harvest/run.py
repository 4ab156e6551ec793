"""One run of one source: read, plan, write in batches, remember, report.

The order of the steps makes a run that was killed anywhere safe to repeat: records and what is
remembered of them are committed together, the index is told after that, and the next run begins
by telling the index what it may lack.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from ckan import model
from ckan.lib.search import SearchIndexError

from ckanext.leszno_ngo import config, identifiers, record_types
from ckanext.leszno_ngo.catalogue import batch
from ckanext.leszno_ngo.catalogue.identity import PreloadedIdentity
from ckanext.leszno_ngo.harvest import (
    abandoned,
    compare,
    database,
    decisions,
    doubts,
    messages,
    provenance,
    readers,
    store,
    undo,
    waiting,
)
from ckanext.leszno_ngo.harvest.budget import Budget
from ckanext.leszno_ngo.harvest.compare import Baseline, Change, Guards, Plan
from ckanext.leszno_ngo.harvest.date_order import DateOrder
from ckanext.leszno_ngo.harvest.model import Incoming, RawRow, Refusal, SourceError, display_text
from ckanext.leszno_ngo.harvest.prepare import Prepared, Preparer, Source, current_records
from ckanext.leszno_ngo.harvest.report import Report
from ckanext.leszno_ngo.harvest.rules import content_of
from ckanext.leszno_ngo.harvest.snapshot import Catalogue, kept_fields, rules_of

__all__ = ["Progress", "Source", "run"]

_T = TypeVar("_T")

#: ``progress(stage, done, total)``; stages: ``read`` (total None) and ``write``.
Progress = Callable[[str, int, "int | None"], None]

# Rows of a source that is asked for single records, looked at together before any is written: more
# than a city's register has, and a bound on what is kept in memory.
_AT_ONCE = 5_000
# Batches after which the index makes visible what it was sent.
_BATCHES_A_COMMIT = 10
_READ_STEP = 100


class _UndoneError(Exception):
    """Ends the transaction of a dry run."""


def run(
    source: Source,
    job_id: str,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
    rows: Sequence[Incoming] | None = None,
    confirmed: str = "",
) -> Report:
    """Harvest a source; only for who has its lock (``store.source_lock``).

    :param source: the source
    :param job_id: the harvest job that the run belongs to; a dry run has none
    :param dry_run: find out and report everything, change nothing
    :param progress: told how far the run is
    :param rows: only these rows, which the source said before, instead of what it says now
    :param confirmed: fingerprint of the doubtful plan that a person has confirmed
    :returns: what was done, and why the run stopped where it did
    """
    outcome = Report(source.settings.record_type, dry_run=dry_run)
    try:
        _Run(source, job_id, outcome, progress, confirmed).go(rows)
    except SourceError as stop:
        model.Session.rollback()
        outcome.stop = stop
    except database.AWAY as error:
        outcome.stop = database.stop(error)
    return outcome


class _Run:
    """The steps of a run."""

    def __init__(
        self,
        source: Source,
        job_id: str,
        outcome: Report,
        progress: Progress,
        confirmed: str,
    ) -> None:
        record_type = record_types.get(source.settings.record_type)
        if record_type is None:
            raise SourceError("record_type", name=display_text(source.settings.record_type))
        self._type = record_type
        self._source = source
        self._job_id = job_id
        self._report = outcome
        self._progress = progress
        self._limits = config.harvest_limits()
        self._patience = self._limits.missing_days
        self._budget = self._new_budget()
        self._rules = rules_of(record_type)
        self._today = store.now().date().isoformat()
        self._identity: PreloadedIdentity | None = None
        self._batches = 0
        self._confirmed = confirmed
        self._dates = DateOrder()

    def go(self, given: Sequence[Incoming] | None) -> None:
        """Do the run, with the rows given or with what the source says."""
        if not self._report.dry_run:
            self._mend_interrupted()
            undo.prune()
        self._catalogue = Catalogue(self._type, self._source.id, self._source.rights)
        self._preparer = Preparer(
            self._source, self._type, self._catalogue, self._rules, self._today
        )
        self._gate = waiting.Gate(self._source, self._type)
        if given is not None:
            self._take(((None, row) for row in given), complete=False, decided=True)
            self._settle_index()
            return
        with readers.opened(self._source, self._type, self._catalogue, self._budget) as reader:
            self._report.unknown_columns = reader.unknown
            self._report.dropped_columns = reader.dropped
            self._report.other_sheets = reader.other_sheets
            if reader.complete:
                self._take(reader.rows, complete=True)
            else:
                model.Session.commit()  # no transaction stays open while a register is asked
                for piece in _chunks(self._until_it_breaks(reader.rows), _AT_ONCE):
                    self._take(piece, complete=False)
        self._settle_index()

    def _mend_interrupted(self) -> None:
        for job in store.interrupted_jobs(self._source.id, self._job_id):
            abandoned.finish(job.id, abandoned.reason(job))
        self._settle_index()

    def _take(
        self, piece: Iterable[readers.Read], *, complete: bool, decided: bool = False
    ) -> None:
        """Carry out what some rows say.

        :param piece: the rows
        :param complete: whether these are all that the source has
        :param decided: a person has decided about each of them
        """
        read, refusals, sighted = self._read(piece)
        rows, held, rejected = self._gate.part(read, self._records_of(read))
        refusals += [one.refusal for one in held]
        keys = {row.source_key for row in (*rejected, *(one.row for one in held))}
        guards = self._guards(complete)
        try:
            if complete and not self._source.settings.date_order:
                self._dates.check()
            plan = compare.plan(rows, refusals, self._catalogue, self._rules, guards, sighted, keys)
            if not decided:
                doubts.check(plan, self._catalogue, self._rules, guards)
        except SourceError:
            # Whoever has to mend the source must see what is wrong with it.
            self._report.rows += len(rows) + len({refusal.row for refusal in refusals})
            self._report.refusals += refusals
            raise
        self._keep_to_rights(plan)
        self._report.take(
            plan, self._catalogue.titles({*_records_named(plan.conflicts), *plan.deleted})
        )
        self._report.rows += len(rejected)
        self._report.rejected += len(rejected)
        self._check(plan)
        if plan.relearn and not self._report.dry_run:
            _relearn(plan.relearn)
            model.Session.commit()
        self._write(plan.adds + plan.changes)
        self._count_missing(plan)
        if not self._report.dry_run:
            self._gate.keep(held, complete=complete)

    def _records_of(self, rows: Iterable[Incoming]) -> dict[str, str]:
        """Return the records that rows belong to, by the row's key."""
        found: dict[str, str] = {}
        for row in rows:
            before = self._catalogue.baselines.get(row.source_key)
            numbers = [(n, str(row.record[n])) for n in self._type.identity if row.record.get(n)]
            owners = [o for number in numbers for o in self._catalogue.owners(*number)]
            if before is not None or owners:
                found[row.source_key] = before.record_id if before else owners[0]
        return found

    def _keep_to_rights(self, plan: Plan) -> None:
        """Take out of a plan what would change records that the source may not change."""
        rights = self._source.rights
        if rights.departments is None:
            return
        ids = {c.record_id for c in plan.changes if c.record_id}
        ids.update(b.record_id for b in plan.missing)
        departments = self._catalogue.departments(ids)

        def allowed(record_id: str | None) -> bool:
            return record_id is None or rights.may_change(departments.get(record_id))

        plan.conflicts += [
            Refusal(c.incoming.row, "", "", "other_department", {"record": c.record_id})
            for c in plan.changes
            if not allowed(c.record_id)
        ]
        plan.changes = [c for c in plan.changes if allowed(c.record_id)]
        plan.missing = [b for b in plan.missing if allowed(b.record_id)]

    def _until_it_breaks(self, rows: Iterable[readers.Read]) -> Iterator[readers.Read]:
        """Yield rows; where the source goes away in the middle, what came is kept.

        Saving it has a budget of its own: that of the reading may be what has ended.
        """
        try:
            yield from rows
        except SourceError as stop:
            self._report.stop = stop
            self._budget = self._new_budget()

    def _new_budget(self) -> Budget:
        return Budget(self._limits.max_seconds, self._limits.max_memory)

    def _guards(self, complete: bool) -> Guards:
        own, limits = self._source.settings, self._limits
        vanished, refused = own.max_vanished_share, own.max_refused_share
        changed = own.max_changed_share
        return Guards(
            complete=complete,
            max_vanished=limits.max_vanished_share if vanished is None else vanished,
            max_refused=limits.max_refused_share if refused is None else refused,
            max_changed=limits.max_changed_share if changed is None else changed,
            confirmed=self._confirmed,
        )

    def _read(
        self, piece: Iterable[readers.Read]
    ) -> tuple[list[Incoming], list[Refusal], set[tuple[str, str]]]:
        rows: list[Incoming] = []
        refusals: list[Refusal] = []
        sighted: set[tuple[str, str]] = set()
        for number, (raw, outcome) in enumerate(piece, 1):
            if raw is not None:
                self._dates.see(raw)
            if isinstance(outcome, Incoming):
                rows.append(outcome)
            else:
                refusals.append(outcome)
                sighted.update(_numbers(raw, self._type.identity))
            if number % _READ_STEP == 0:
                self._progress("read", number, None)
        return rows, refusals, sighted

    # ------------------------------------------------------------------ records
    def _check(self, plan: Plan) -> None:
        """Report what people changed in records of which the source says nothing new."""
        for chunk in _chunks(plan.checks, self._limits.batch_size):
            prepared = self._preparer.prepare(chunk)
            for one in prepared:
                self._report.differences += one.differences
            if not self._report.dry_run:
                noted = self._note_decisions(prepared)
                if self._keep_differences(prepared) or noted:
                    model.Session.commit()

    def _write(self, changes: Sequence[Change]) -> None:
        done = 0
        for chunk in _chunks(changes, self._limits.batch_size):
            self._budget.check_batch()
            prepared = self._preparer.prepare(chunk)
            self._write_batch(prepared)
            done += len(prepared)
            self._progress("write", done, len(changes))

    def _write_batch(self, prepared: Sequence[Prepared]) -> None:
        writing = [p for p in prepared if p.record is not None]
        quiet = [p for p in prepared if p.record is None]
        writes = [write for p in writing if (write := p.write)]
        outcomes = self._send(writes, lambda found: self._remember(writing, found, quiet))
        self._report.count(outcomes)
        self._report.unchanged += len(quiet)
        for p in prepared:
            self._report.differences += p.differences

    def _send(
        self, writes: list[batch.Write], remember: Callable[[list[batch.Outcome]], None]
    ) -> list[batch.Outcome]:
        """Write a batch and what is remembered of it; a dry run undoes it at its end.

        :param writes: what to write; may be empty
        :param remember: writes in the same transaction, given the outcomes
        :returns: the outcomes
        """
        outcomes: list[batch.Outcome] = []

        def before_commit(found: list[batch.Outcome]) -> None:
            outcomes.extend(found)
            remember(found)
            if self._report.dry_run:
                raise _UndoneError

        try:
            if writes:
                batch.write(
                    writes,
                    before_commit=before_commit,
                    identity=self._numbers_taken(),
                    commit_index=False,
                )
            else:
                before_commit([])
                model.Session.commit()
        except _UndoneError:
            model.Session.rollback()
        except batch.NotIndexed as away:
            self._report.count(outcomes)
            raise SourceError("not_indexed", records=len(away.ids)) from away
        self._batches += 1
        if self._batches % _BATCHES_A_COMMIT == 0:
            self._settle_index()
        return outcomes

    def _numbers_taken(self) -> PreloadedIdentity:
        if self._identity is None:
            self._identity = PreloadedIdentity(self._type.name, self._type.identity)
        return self._identity

    # ------------------------------------------------------------------ what is remembered
    def _remember(
        self,
        writing: Sequence[Prepared],
        outcomes: Sequence[batch.Outcome],
        quiet: Sequence[Prepared],
    ) -> None:
        entries: list[store.Remembered] = []
        steps: list[undo.Step] = []
        for prepared, outcome in zip(writing, outcomes, strict=True):
            if outcome.status == "refused":
                self._report.refuse(prepared.change.incoming.row, outcome.errors)
            else:
                entries.append(self._written(prepared, outcome))
                steps.append(self._step(prepared, outcome.record, entries[-1]))
        found_again: list[str] = []
        silent: list[Prepared] = []
        for prepared in quiet:
            before = prepared.change.baseline
            if before and before.content == content_of(prepared.merged.said):
                silent.append(prepared)
                if before.missing_from:
                    found_again.append(before.object_id)
            else:
                entries.append(self._remembered(prepared, prepared.current, "not modified"))
                steps.append(self._step(prepared, prepared.current, entries[-1]))
        if self._report.dry_run:
            return
        store.forget_missing(found_again)
        self._note_decisions([*writing, *quiet])
        self._keep_differences(silent)
        _relearn([p.change for p in silent])
        store.remember(self._job_id, self._source.id, entries)
        undo.keep(self._job_id, self._source.id, steps)

    def _step(
        self, prepared: Prepared, after: Mapping[str, Any], entry: store.Remembered
    ) -> undo.Step:
        return undo.Step(
            entry.record_id,
            "added" if entry.status == "added" else "changed",
            undo.changes(self._type, prepared.current, after),
            entry.object_id,
            undo.kept_of(prepared.change.baseline),
        )

    def _note_decisions(self, prepared: Sequence[Prepared]) -> bool:
        """Note by record where people's values stand; tells whether anything was written."""
        merged = {p.change.record_id: p.merged for p in prepared if p.change.record_id}
        return decisions.note(merged, self._preparer.decided)

    def _keep_differences(self, prepared: Sequence[Prepared]) -> bool:
        """Note for the dashboard where people's values stand, if that is not as it was noted.

        :param prepared: rows that say nothing new
        :returns: whether anything was written, in the current transaction
        """
        found = {p.change.baseline.object_id: p.kept for p in prepared if p.change.baseline}
        known = kept_fields(found) if found else {}
        changed = {id_: names for id_, names in found.items() if names != known.get(id_, [])}
        store.set_kept(changed)
        return bool(changed)

    def _written(self, prepared: Prepared, outcome: batch.Outcome) -> store.Remembered:
        status = {"created": "added", "updated": "updated"}.get(outcome.status, "not modified")
        record = prepared.current if outcome.status == "unchanged" else outcome.record
        return self._remembered(prepared, {**record, "id": outcome.id}, status)

    def _remembered(
        self, prepared: Prepared, record: dict[str, Any] | Any, status: str
    ) -> store.Remembered:
        change = prepared.change
        return store.Remembered(
            key=change.incoming.source_key,
            record_id=record["id"],
            content=content_of(prepared.merged.said),
            status=status,
            stored=self._preparer.stored_otherwise(prepared, record),
            replaces=change.baseline.object_id if change.baseline else None,
            messages=[messages.difference(self._type, d) for d in prepared.differences],
            fingerprint=change.incoming.fingerprint,
            kept=prepared.kept,
            edited=bool(change.baseline and change.baseline.edited),
            indexed=status == "not modified",
        )

    # ------------------------------------------------------------------ what is missing
    def _count_missing(self, plan: Plan) -> None:
        """Note since when records are missing; mark those missing for long enough."""
        self._report.missing += len(plan.missing)
        new = [b.object_id for b in plan.missing if not b.missing_from]
        if new and not self._report.dry_run:
            store.set_missing_from(new, self._today)
            model.Session.commit()
        due = [b for b in plan.missing if not b.marked and self._missing_days(b) >= self._patience]
        for chunk in _chunks(due, self._limits.batch_size):
            self._mark(chunk)

    def _missing_days(self, baseline: Baseline) -> int:
        first = dt.date.fromisoformat(baseline.missing_from or self._today)
        return (dt.date.fromisoformat(self._today) - first).days

    def _mark(self, baselines: Sequence[Baseline]) -> None:
        records = current_records([b.record_id for b in baselines])
        of_record = {b.record_id: b for b in baselines}
        writes = [
            batch.Write(
                {
                    **record,
                    "sources": provenance.marked(
                        record.get("sources") or [],
                        self._source.id,
                        of_record[id_].missing_from or self._today,
                    ),
                },
                record["metadata_modified"],
            )
            for id_, record in records.items()
        ]

        def remember(outcomes: list[batch.Outcome]) -> None:
            done = [of_record[o.id] for o in outcomes if o.id and o.status != "refused"]
            self._report.marked += len(done)
            if self._report.dry_run:
                return
            edited = [b.object_id for b in done if b.edited]
            store.set_marked([b.object_id for b in done], edited, self._today)
            after = {o.id: o.record for o in outcomes if o.id}
            steps = [
                undo.Step(
                    b.record_id,
                    "marked",
                    undo.changes(self._type, records[b.record_id], after[b.record_id]),
                    b.object_id,
                )
                for b in done
            ]
            undo.keep(self._job_id, self._source.id, steps)
            # The index is told of a mark as of any change.
            store.reopen([b.object_id for b in done])

        self._send(writes, remember)

    # ------------------------------------------------------------------ the index
    def _settle_index(self) -> None:
        """Make the index hold every record that this source has written, and note that."""
        if self._report.dry_run:
            return
        waiting = store.pending(self._source.id)
        if not waiting:
            return
        try:
            if self._batches:
                batch.commit_index()
            else:
                batch.index(set(waiting.values()))
        except (batch.NotIndexed, SearchIndexError) as away:
            raise SourceError("not_indexed", records=len(waiting)) from away
        store.complete(list(waiting))


def _relearn(changes: Iterable[Change]) -> None:
    """Note by what rows that say nothing new are recognised now, in the current transaction."""
    store.set_fingerprints(
        {
            c.baseline.object_id: c.incoming.fingerprint
            for c in changes
            if c.baseline and c.baseline.fingerprint != c.incoming.fingerprint
        }
    )


def _numbers(raw: RawRow | None, identity: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what can be read of the numbers of a row that was set aside."""
    for field in identity:
        value = raw.values.get(field, "") if raw else ""
        normalise = identifiers.NORMALISERS.get(field, str.strip)
        try:
            number = normalise(value)
        except identifiers.IdentifierError:
            continue
        if number:
            yield field, number


def _records_named(conflicts: Iterable[Refusal]) -> set[str]:
    """Return ids of the records that conflicts are about."""
    found: set[str] = set()
    for conflict in conflicts:
        found.update(conflict.detail.get("records", ()))
        found.update([conflict.detail["record"]] if "record" in conflict.detail else ())
    return found


def _chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
