"""What a run has to do: whose row is it, what changed, may it be done at all. Pure.

:func:`plan` looks at the whole set: repeated rows, identity, records that vanished. What becomes
of one record is the work of ``merge``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any, Protocol

from ckanext.leszno_ngo.harvest.model import WAITING, Incoming, Refusal, SourceError, display_text
from ckanext.leszno_ngo.harvest.rules import Rules, content_of

#: Code of a row that says again what an earlier one said: harmless, but told.
REPEATED = "repeated"


@dataclass(slots=True)
class Baseline:
    """What is remembered of a record of this source.

    :param object_id: id of the harvest object.
    :param key: the row's identity in the source (``krs:0000031247``).
    :param record_id: the catalogue's record.
    :param content: what the source last said, as :func:`content_of` writes it.
    :param stored: values that the catalogue stored otherwise than the source said them.
    :param missing_from: the first day of the runs in a row that did not have it, ISO; ``""`` where
        the last run had it.
    :param marked: whether its record says that the source does not have it any more.
    :param active: whether the record is still in the catalogue.
    :param touched: whether the record was changed since by somebody else.
    :param edited: whether it was ever changed by somebody else.
    :param fingerprint: of the raw row that said it; ``""`` where it is not known.
    """

    object_id: str
    key: str
    record_id: str
    content: str
    stored: Mapping[str, Any] = member(default_factory=dict)
    missing_from: str = ""
    marked: bool = False
    active: bool = True
    touched: bool = False
    edited: bool = False
    fingerprint: str = ""

    @property
    def record(self) -> dict[str, Any]:
        """What the source last said."""
        return json.loads(self.content)


class Known(Protocol):
    """What the catalogue knows already."""

    @property
    def baselines(self) -> Mapping[str, Baseline]:
        """What is remembered of this source, by key."""
        ...

    def of_record(self, record_id: str) -> Baseline | None:
        """Return what is remembered of this source and a record."""
        ...

    def owners(self, field: str, value: str) -> Collection[str]:
        """Return ids of the active records whose ``field`` of identity is ``value``."""
        ...

    def deleted(
        self, key: str, title: Any, numbers: Collection[tuple[str, str]]
    ) -> tuple[str, bool] | None:
        """Return the record that a person deleted and a row would make anew, and if it still is."""
        ...

    def identifiers(self, record_id: str) -> Mapping[str, str]:
        """Return the identifiers of an active record, by field."""
        ...

    def title(self, record_id: str) -> str:
        """Return the title of an active record."""
        ...


@dataclass(frozen=True, slots=True)
class Guards:
    """When a run stops and changes nothing (shares 0 to 1).

    :param complete: whether the source gives its whole set, so that a missing record means
        something; a source asked for single records is never complete.
    :param max_vanished: most of the known records that may be missing.
    :param max_refused: share of bad rows from which the run stops.
    :param max_changed: most of the known records whose names or numbers may become others.
    :param confirmed: fingerprint of a doubtful plan that a person has confirmed.
    """

    complete: bool = True
    max_vanished: float = 0.2
    max_refused: float = 0.5
    max_changed: float = 0.2
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A row to be compared with a record.

    :param incoming: the row.
    :param record_id: the record; None for a new one.
    :param baseline: what this source said of it before.
    """

    incoming: Incoming
    record_id: str | None = None
    baseline: Baseline | None = None


@dataclass(slots=True)
class Plan:
    """What a run has to do.

    :param adds: rows of records not in the catalogue.
    :param changes: rows that may change a record, or what is remembered of it.
    :param checks: unchanged rows of records that somebody else changed: only to be reported.
    :param unchanged: number of rows with nothing to do, ``checks`` among them.
    :param relearn: unchanged rows with their baselines whose fingerprint is another now.
    :param deleted: ids of the records that a person deleted and rows say: they stay deleted.
    :param missing: remembered records that the source does not have any more.
    :param refusals: rows set aside.
    :param conflicts: rows set aside because identifiers contradict each other.
    """

    adds: list[Change] = member(default_factory=list)
    changes: list[Change] = member(default_factory=list)
    checks: list[Change] = member(default_factory=list)
    unchanged: int = 0
    relearn: list[Change] = member(default_factory=list)
    deleted: list[str] = member(default_factory=list)
    missing: list[Baseline] = member(default_factory=list)
    refusals: list[Refusal] = member(default_factory=list)
    conflicts: list[Refusal] = member(default_factory=list)

    @property
    def withdrawn(self) -> int:
        """Number of rows whose record a person deleted."""
        return len(self.deleted)

    @property
    def rows(self) -> int:
        """Rows looked at."""
        good = len(self.adds) + len(self.changes) + self.unchanged + self.withdrawn
        return good + len(self.bad_rows | self.repeated_rows | self.waiting_rows)

    @property
    def bad_rows(self) -> set[int]:
        """Numbers of the rows that do not go in, but for those repeated or waiting."""
        bad = {r.row for r in self.refusals if r.whole_row and r.code not in (REPEATED, WAITING)}
        return bad | {r.row for r in self.conflicts}

    @property
    def repeated_rows(self) -> set[int]:
        """Numbers of the rows that only say again what an earlier one said."""
        return {r.row for r in self.refusals if r.code == REPEATED}

    @property
    def waiting_rows(self) -> set[int]:
        """Numbers of the rows that wait for a person's decision."""
        return {r.row for r in self.refusals if r.code == WAITING}


def plan(
    incoming: Iterable[Incoming],
    refusals: Iterable[Refusal],
    known: Known,
    rules: Rules,
    guards: Guards,
    sighted: Collection[tuple[str, str]] = (),
    held: Collection[str] = (),
) -> Plan:
    """Decide what a run has to do.

    :param incoming: the good rows, in the source's order.
    :param refusals: the rows set aside so far.
    :param known: what the catalogue knows.
    :param rules: what is compared.
    :param guards: when to stop.
    :param sighted: (field, value) of identifiers seen in rows that were refused: their
        records are bad in the source, not missing from it.
    :param held: keys of rows that wait for a person or that a person rejected: not missing.
    :returns: the plan; nothing has been done.
    :raises SourceError: ``no_rows``, ``refused_share``.
    """
    outcome = Plan(refusals=list(refusals))
    planner = _Planner(known, rules, outcome)
    for row in incoming:
        outcome.refusals.extend(row.set_aside)
        planner.take(row)
    if guards.complete:
        _check_refused(outcome, guards, held)
        planner.find_missing(sighted, held)
    return outcome


class _Planner:
    """Sorts rows into a plan, one after another."""

    def __init__(self, known: Known, rules: Rules, outcome: Plan) -> None:
        self._known = known
        self._rules = rules
        self._plan = outcome
        self._rows: dict[str, Incoming] = {}
        self._numbers: dict[tuple[str, str], str] = {}
        self._records: set[str] = set()

    def take(self, row: Incoming) -> None:
        if self._repeats(row) or self._shares_number(row):
            return
        baseline = self._known.baselines.get(row.source_key)
        if baseline is not None and baseline.active:
            self._compare_remembered(row, baseline)
        elif baseline is not None and self._withdrawn(row):
            self._plan.deleted.append(baseline.record_id)
        else:
            self._identify(row)

    def find_missing(
        self, sighted: Collection[tuple[str, str]], held: Collection[str] = ()
    ) -> None:
        for key, baseline in self._known.baselines.items():
            seen = key in self._rows or key in held or baseline.record_id in self._records
            if not baseline.active or seen:
                continue
            numbers = self._numbers_of(baseline.record)
            if not any(number in sighted for number in numbers):
                self._plan.missing.append(baseline)

    def _numbers_of(self, record: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [(name, str(record[name])) for name in self._rules.identity if record.get(name)]

    def _repeats(self, row: Incoming) -> bool:
        first = self._rows.setdefault(row.source_key, row)
        if first is row:
            return False
        if first.record == row.record:
            self._plan.refusals.append(
                Refusal(row.row, "", display_text(row.source_key), REPEATED, {"first": first.row})
            )
        else:
            self._conflict(row, "", row.source_key, "repeated_differs", first=first.row)
        return True

    def _shares_number(self, row: Incoming) -> bool:
        numbers = self._numbers_of(row.record)
        for field, value in numbers:
            other = self._numbers.get((field, value))
            if other is not None and other != row.source_key:
                self._conflict(row, field, value, "shared_number", first=self._rows[other].row)
                return True
        self._numbers.update(dict.fromkeys(numbers, row.source_key))
        return False

    def _withdrawn(self, row: Incoming) -> bool:
        """Tell whether the row's record was deleted and no other one stands for it."""
        return not any(self._known.owners(*number) for number in self._numbers_of(row.record))

    def _compare_remembered(self, row: Incoming, baseline: Baseline) -> None:
        same = content_of(row.record) == baseline.content
        if not same and self._contradicts(row, baseline.record_id, baseline):
            return
        change = Change(row, baseline.record_id, baseline)
        self._records.add(baseline.record_id)
        if not same or baseline.missing_from:
            self._plan.changes.append(change)
            return
        self._plan.unchanged += 1
        if row.fingerprint != baseline.fingerprint:
            self._plan.relearn.append(change)
        if baseline.touched:
            self._plan.checks.append(change)

    def _identify(self, row: Incoming) -> None:
        owners = {
            owner: number
            for number in reversed(self._numbers_of(row.record))
            for owner in self._known.owners(*number)
        }
        if not owners:
            self._take_unowned(row)
            return
        # The strongest number was looked at last: it names the record in a report.
        record_id, number = list(owners.items())[-1]
        if len(owners) > 1:
            self._conflict(row, *number, "two_records", records=sorted(owners))
            return
        baseline = self._known.of_record(record_id)
        if record_id in self._records:
            self._conflict(row, *number, "shared_number", records=[record_id])
        elif not self._contradicts(row, record_id, baseline):
            self._records.add(record_id)
            self._plan.changes.append(Change(row, record_id, baseline))

    def _take_unowned(self, row: Incoming) -> None:
        """Add a row's record, unless a person has decided about it."""
        numbers = self._numbers_of(row.record)
        decided = self._known.deleted(row.source_key, row.record.get("title"), numbers)
        if decided is None or decided[0] in self._records:
            self._plan.adds.append(Change(row))
            return
        record_id, is_deleted = decided
        if is_deleted:
            self._plan.deleted.append(record_id)
        else:  # it was restored
            self._records.add(record_id)
            self._plan.changes.append(Change(row, record_id, self._known.of_record(record_id)))

    def _contradicts(self, row: Incoming, record_id: str, baseline: Baseline | None) -> bool:
        """Set a row aside whose numbers speak against the record it would change.

        A number that this source gave before, and nobody changed since, it may correct; one
        that a person corrected while the source still says the old one is a person's edit.
        """
        current = self._known.identifiers(record_id)
        before = baseline.record if baseline else {}
        for field, value in self._numbers_of(row.record):
            others = [owner for owner in self._known.owners(field, value) if owner != record_id]
            if others:
                self._conflict(row, field, value, "two_records", records=[record_id, *others])
                return True
            stands = current.get(field)
            if stands and stands != value and before.get(field) not in (stands, value):
                self._conflict(row, field, value, "other_number", record=record_id, stands=stands)
                return True
        return False

    def _conflict(self, row: Incoming, field: str, value: str, code: str, **detail: Any) -> None:
        self._plan.conflicts.append(Refusal(row.row, field, display_text(value), code, detail))
        # Not missing: the source has them, only contradictorily.
        baseline = self._known.baselines.get(row.source_key)
        if baseline is not None:
            self._records.add(baseline.record_id)


def _check_refused(outcome: Plan, guards: Guards, held: Collection[str]) -> None:
    if not outcome.rows and not held:
        raise SourceError("no_rows")
    bad = len(outcome.bad_rows)
    if bad and bad / outcome.rows >= guards.max_refused:
        raise SourceError("refused_share", refused=bad, rows=outcome.rows, limit=guards.max_refused)
