"""What a run has to do: whose row is it, what changed, may it be done at all. Pure.

:func:`plan` looks at the whole set: repeated rows, identity, records that vanished. :func:`merge`
then compares one record field by field with what this source said last time and with what
stands in the catalogue now, so that a person's edit is never lost.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any, Protocol

from ckanext.leszno_ngo.harvest.model import Incoming, Refusal, SourceError, shown

#: Codes of the refusals made here: rows that contradict each other or the catalogue.
CONFLICTS = frozenset({"two_records", "other_number", "shared_number", "repeated_differs"})
#: Code of a row that says again what an earlier one said: harmless, but told.
REPEATED = "repeated"

_TRUE = frozenset({"true", "1", "tak", "yes", "t"})


# ---------------------------------------------------------------------------------- values
@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field is compared and merged.

    :param name: field name.
    :param kind: ``text``, ``list``, ``flag`` or ``number``.
    :param merge: ``replace``, or ``union`` where runs add values and never take one away.
    """

    name: str
    kind: str = "text"
    merge: str = "replace"

    def canonical(self, value: Any) -> Any:
        """Return a value as values are compared.

        :param value: as a source or the catalogue gives it.
        :returns: None where there is none; a sorted tuple for a list, a bool for a flag, a
            float for a number, a text with plain line breaks otherwise.
        """
        if value is None or value == "" or value == []:
            return None
        if self.kind == "list":
            entries = [value] if isinstance(value, str) else value
            return tuple(sorted({str(entry).strip() for entry in entries} - {""})) or None
        if self.kind == "flag":
            return str(value).strip().lower() in _TRUE
        if self.kind == "number":
            return round(float(value), 6)
        return str(value).replace("\r\n", "\n").strip() or None


@dataclass(frozen=True, slots=True)
class Rules:
    """What is compared of a record type.

    :param fields: the fields that a source may set.
    :param identity: names of the fields of identity, strongest first.
    """

    fields: tuple[FieldRule, ...]
    identity: tuple[str, ...]


def content_of(record: Mapping[str, Any]) -> str:
    """Return a record as it is remembered: JSON, the same text for the same record."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# ---------------------------------------------------------------------------------- the whole set
@dataclass(slots=True)
class Baseline:
    """What is remembered of a record of this source.

    :param object_id: id of the harvest object.
    :param key: the row's identity in the source (``krs:0000031247``).
    :param record_id: the catalogue's record.
    :param content: what the source last said, as :func:`content_of` writes it.
    :param stored: values that the catalogue stored otherwise than the source said them.
    :param missing_runs: runs in a row in which the source did not have it.
    :param active: whether the record is still in the catalogue.
    :param touched: whether the record was changed since by somebody else.
    :param fingerprint: of the raw row that said it; ``""`` where it is not known.
    """

    object_id: str
    key: str
    record_id: str
    content: str
    stored: Mapping[str, Any] = member(default_factory=dict)
    missing_runs: int = 0
    active: bool = True
    touched: bool = False
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

    def identifiers(self, record_id: str) -> Mapping[str, str]:
        """Return the identifiers of an active record, by field."""
        ...


@dataclass(frozen=True, slots=True)
class Guards:
    """When a run stops and changes nothing (shares 0 to 1).

    :param complete: whether the source gives its whole set, so that a missing record means
        something; a source asked for single records is never complete.
    :param max_vanished: most of the known records that may be missing.
    :param max_refused: share of bad rows from which the run stops.
    :param missing_runs: runs in a row after which a missing record is marked.
    """

    complete: bool = True
    max_vanished: float = 0.2
    max_refused: float = 0.5
    missing_runs: int = 3


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
    :param withdrawn: number of rows whose record a person deleted: they stay deleted.
    :param missing: remembered records that the source does not have any more.
    :param refusals: rows set aside.
    :param conflicts: rows set aside because identifiers contradict each other.
    """

    adds: list[Change] = member(default_factory=list)
    changes: list[Change] = member(default_factory=list)
    checks: list[Change] = member(default_factory=list)
    unchanged: int = 0
    relearn: list[Change] = member(default_factory=list)
    withdrawn: int = 0
    missing: list[Baseline] = member(default_factory=list)
    refusals: list[Refusal] = member(default_factory=list)
    conflicts: list[Refusal] = member(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows looked at."""
        good = len(self.adds) + len(self.changes) + self.unchanged + self.withdrawn
        return good + len(self.bad_rows | self.repeated_rows)

    @property
    def bad_rows(self) -> set[int]:
        """Numbers of the rows that do not go in, but for the repeated ones."""
        bad = {r.row for r in self.refusals if r.whole_row and r.code != REPEATED}
        return bad | {r.row for r in self.conflicts}

    @property
    def repeated_rows(self) -> set[int]:
        """Numbers of the rows that only say again what an earlier one said."""
        return {r.row for r in self.refusals if r.code == REPEATED}


def plan(
    incoming: Iterable[Incoming],
    refusals: Iterable[Refusal],
    known: Known,
    rules: Rules,
    guards: Guards,
    sighted: Collection[tuple[str, str]] = (),
) -> Plan:
    """Decide what a run has to do.

    :param incoming: the good rows, in the source's order.
    :param refusals: the rows set aside so far.
    :param known: what the catalogue knows.
    :param rules: what is compared.
    :param guards: when to stop.
    :param sighted: (field, value) of identifiers seen in rows that were refused: their
        records are bad in the source, not missing from it.
    :returns: the plan; nothing has been done.
    :raises SourceError: ``no_rows``, ``refused_share``, ``vanished_share``.
    """
    outcome = Plan(refusals=list(refusals))
    planner = _Planner(known, rules, outcome)
    for row in incoming:
        outcome.refusals.extend(row.set_aside)
        planner.take(row)
    if guards.complete:
        _check_refused(outcome, guards)
        planner.find_missing(sighted)
        _check_vanished(outcome, known, guards)
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
            self._plan.withdrawn += 1
        else:
            self._identify(row)

    def find_missing(self, sighted: Collection[tuple[str, str]]) -> None:
        for key, baseline in self._known.baselines.items():
            if not baseline.active or key in self._rows or baseline.record_id in self._records:
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
                Refusal(row.row, "", shown(row.source_key), REPEATED, {"first": first.row})
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
        if not same or baseline.missing_runs:
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
            self._plan.adds.append(Change(row))
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
        self._plan.conflicts.append(Refusal(row.row, field, shown(value), code, detail))
        # Not missing: the source has them, only contradictorily.
        baseline = self._known.baselines.get(row.source_key)
        if baseline is not None:
            self._records.add(baseline.record_id)


def _check_refused(outcome: Plan, guards: Guards) -> None:
    if not outcome.rows:
        raise SourceError("no_rows")
    bad = len(outcome.bad_rows)
    if bad and bad / outcome.rows >= guards.max_refused:
        raise SourceError("refused_share", refused=bad, rows=outcome.rows, limit=guards.max_refused)


def _check_vanished(outcome: Plan, known: Known, guards: Guards) -> None:
    """Stop when too much is gone; what was marked in earlier runs counts on neither side."""
    missing = sum(1 for b in outcome.missing if b.missing_runs < guards.missing_runs)
    present = sum(
        1 for b in known.baselines.values() if b.active and b.missing_runs < guards.missing_runs
    )
    if missing and missing / present > guards.max_vanished:
        raise SourceError(
            "vanished_share", missing=missing, known=present, limit=guards.max_vanished
        )


# ---------------------------------------------------------------------------------- one record
@dataclass(frozen=True, slots=True)
class Voice:
    """What one source last said of a record.

    :param source_id: the source.
    :param priority: the higher wins.
    :param record: what it said; a field not in it, it says nothing about.
    :param stored: values that the catalogue stored otherwise than the source said them, and
        those that the catalogue filled in itself when this source's row made the record.
    """

    source_id: str
    priority: int
    record: Mapping[str, Any]
    stored: Mapping[str, Any] = member(default_factory=dict)

    def stands(self, rule: FieldRule) -> Any:
        """Return the value that stands in the catalogue where this source set it."""
        return rule.canonical(self.stored.get(rule.name, self.record.get(rule.name)))

    def weight(self, rule: FieldRule) -> int:
        """Return the priority of its word on a field; what was only filled in gives way."""
        return self.priority if rule.name in self.record else -1


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that a person changed: kept, and reported.

    :param row: number of the source's row.
    :param record_id: the record.
    :param field: field name.
    :param source: the source's value, through ``shown``.
    :param catalogue: the value that stands, through ``shown``.
    """

    row: int
    record_id: str
    field: str
    source: str
    catalogue: str


@dataclass(slots=True)
class Merge:
    """The outcome of a comparison.

    :param values: the fields to set, by name.
    :param said: what is to be remembered of the source.
    :param stored: of :attr:`Voice.stored`, what stays true.
    :param kept: the fields where a person's value stands, with the source's value.
    """

    values: dict[str, Any] = member(default_factory=dict)
    said: dict[str, Any] = member(default_factory=dict)
    stored: dict[str, Any] = member(default_factory=dict)
    kept: dict[str, Any] = member(default_factory=dict)


def merge(
    rules: Rules,
    said: Mapping[str, Any],
    current: Mapping[str, Any],
    mine: Voice,
    others: Sequence[Voice] = (),
) -> Merge:
    """Compare one record field by field.

    :param rules: what is compared.
    :param said: what the source says now; a field not in it, it says nothing about.
    :param current: the record as it stands in the catalogue; empty for a new one.
    :param mine: what this source said before (an empty record the first time), and its priority.
    :param others: what the other sources of the record said.
    :returns: what to set and what to remember.
    """
    outcome = Merge(said=dict(mine.record), stored=dict(mine.stored))
    for rule in rules.fields:
        if rule.name not in said:
            continue
        comparison = _Comparison(rule, said[rule.name], current.get(rule.name), mine, others)
        if rule.merge == "union":
            comparison.unite(outcome)
        else:
            comparison.decide(outcome)
    return outcome


class _Comparison:
    """One field of one record."""

    def __init__(
        self, rule: FieldRule, said: Any, stands: Any, mine: Voice, others: Sequence[Voice]
    ) -> None:
        self._rule = rule
        self._said = said
        self._new = rule.canonical(said)
        self._old = rule.canonical(mine.record.get(rule.name))
        self._stands = rule.canonical(stands)
        self._mine = mine
        self._others = others

    def unite(self, outcome: Merge) -> None:
        """Add what the source newly gives; a value that a person took out stays out."""
        name = self._rule.name
        new, old = set(self._new or ()), set(self._old or ())
        stands = set(self._stands or ())
        if new - old - stands:
            outcome.values[name] = sorted(stands | (new - old))
        outcome.said[name] = sorted(old | new)

    def decide(self, outcome: Merge) -> None:
        """Choose between the source, the other sources and a person."""
        name = self._rule.name
        outcome.said[name] = self._said
        if name in self._mine.record and self._new == self._old:
            if self._a_person():
                outcome.kept[name] = self._said
            return
        outcome.stored.pop(name, None)
        if self._stands == self._new:
            return
        if self._a_person():
            outcome.kept[name] = self._said
        elif self._wins():
            value = self._said if self._new is not None else self._fallback()
            if self._rule.canonical(value) != self._stands:
                outcome.values[name] = value

    def _ours(self) -> bool:
        """Tell whether the standing value is the one this source set."""
        stood = self._mine.stands(self._rule)
        return stood is not None and stood == self._stands

    def _owners(self) -> list[Voice]:
        """Return the other sources that say what stands."""
        if self._stands is None:
            return []
        return [voice for voice in self._others if voice.stands(self._rule) == self._stands]

    def _a_person(self) -> bool:
        """Tell whether the standing value (or its absence) is a person's doing.

        It is when no source said it, unless nobody ever set the field: then it is empty, or a
        flag at its "no".
        """
        if self._stands == self._new or self._ours() or self._owners():
            return False
        if self._stands not in (None, False):
            return True
        return any(voice.stands(self._rule) is not None for voice in (self._mine, *self._others))

    def _wins(self) -> bool:
        """Tell whether this source's word counts for more than that of those who set the value."""
        weights = [voice.weight(self._rule) for voice in self._owners()]
        if not weights:
            return True
        highest = max(weights)
        return self._mine.priority > highest or (self._ours() and self._mine.priority == highest)

    def _fallback(self) -> Any:
        """Return what the best of the other sources says, when this one says nothing any more."""
        speaking = [v for v in self._others if v.stands(self._rule) is not None]
        best = max(speaking, key=lambda v: v.weight(self._rule), default=None)
        if best is None:
            return [] if self._rule.kind == "list" else ""
        return best.stored.get(self._rule.name, best.record.get(self._rule.name))


def differences(
    row: int, record_id: str, outcome: Merge, current: Mapping[str, Any]
) -> list[Difference]:
    """Return the differences of a comparison, for the report.

    :param row: number of the source's row.
    :param record_id: the record.
    :param outcome: the comparison.
    :param current: the record as it stands.
    :returns: one :class:`Difference` a field.
    """
    return [
        Difference(row, record_id, name, _plain(value), _plain(current.get(name)))
        for name, value in outcome.kept.items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return shown(", ".join(str(entry) for entry in value))
    return "" if value is None else shown(value)
