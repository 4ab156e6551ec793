"""What a run did: figures, rows set aside, differences; for a terminal, a file, a job's page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from itertools import islice
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import text
from ckanext.leszno_ngo.catalogue.batch import Outcome
from ckanext.leszno_ngo.harvest import messages, naming
from ckanext.leszno_ngo.harvest.compare import Plan
from ckanext.leszno_ngo.harvest.doubts import DoubtfulError
from ckanext.leszno_ngo.harvest.merge import Difference
from ckanext.leszno_ngo.harvest.model import MASKED, WAITING, Refusal, SourceError, display_text
from ckanext.leszno_ngo.record_types import RecordType

# A job's page shows every error: more than this nobody reads, the file has them all.
_MOST_ERRORS = 1_000
# Deleted records that a report names.
_MOST_NAMES = 20


@dataclass
class Report:
    """What a run did, or would do.

    :param record_type: name of the records' type.
    :param dry_run: nothing was changed.
    :param rows: rows looked at.
    :param added: records made.
    :param changed: records changed.
    :param unchanged: rows with nothing to do.
    :param marked: records marked as missing from the source in this run.
    :param missing: records that the source does not have any more.
    :param deleted: the records that a person deleted and rows say: what people call them, by id.
    :param rejected: rows that a person decided to leave out.
    :param refusals: rows and single values set aside.
    :param conflicts: rows set aside because identifiers contradict each other.
    :param kept_conflicts: the conflicts with marks for the records' names, as they are kept.
    :param differences: fields that a person changed, which stay.
    :param unknown_columns: headings that mean no field.
    :param dropped_columns: headings left out because they hold people.
    :param other_sheets: titles of sheets of the file that are not read.
    :param stop: why the run ended early, if it did.
    """

    record_type: str
    dry_run: bool = False
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    marked: int = 0
    missing: int = 0
    rejected: int = 0
    refusals: list[Refusal] = member(default_factory=list)
    conflicts: list[Refusal] = member(default_factory=list)
    kept_conflicts: list[Refusal] = member(default_factory=list)
    differences: list[Difference] = member(default_factory=list)
    unknown_columns: tuple[str, ...] = ()
    dropped_columns: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    deleted: dict[str, str] = member(default_factory=dict)
    stop: SourceError | None = None

    def take(self, plan: Plan, titles: Mapping[str, str]) -> None:
        """Add what a plan says of its rows; what becomes of the rest the writer says.

        :param plan: the plan
        :param titles: what people call the records that the plan names, by id
        """
        self.rows += plan.rows
        self.unchanged += plan.unchanged
        self.deleted.update({id_: titles.get(id_, id_) for id_ in plan.deleted})
        self.refusals += plan.refusals
        self.conflicts += [naming.titled(conflict, titles) for conflict in plan.conflicts]
        self.kept_conflicts += [naming.marked(conflict) for conflict in plan.conflicts]

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add what became of records."""
        for outcome in outcomes:
            self.added += outcome.status == "created"
            self.changed += outcome.status == "updated"
            self.unchanged += outcome.status == "unchanged"

    def refuse(self, row: int, errors: Mapping[str, Any]) -> None:
        """Add a row that the catalogue's validators refused.

        :param row: number of the row
        :param errors: field → messages
        """
        for field, found in errors.items():
            said = [str(entry) for entry in found] if isinstance(found, list) else [str(found)]
            detail = {"messages": display_text("; ".join(said))}
            self.refusals.append(Refusal(row, field, "", "invalid", detail))

    @property
    def refused_rows(self) -> int:
        """Number of rows that did not go in."""
        refused = {r.row for r in self.refusals if r.whole_row and r.code != WAITING}
        return len(refused | {r.row for r in self.conflicts})

    @property
    def withdrawn(self) -> int:
        """Number of records that a person deleted: rows of theirs make nothing."""
        return len(self.deleted)

    @property
    def waiting(self) -> int:
        """Number of rows that may name a person and wait for a decision."""
        return sum(r.code == WAITING for r in self.refusals)

    @property
    def masked(self) -> int:
        """Number of places at which personal data was masked in texts."""
        return sum(len(r.detail["kinds"]) for r in self.refusals if r.code == MASKED)

    @property
    def set_aside(self) -> list[Refusal]:
        """Everything set aside, in the order of rows."""
        return sorted([*self.refusals, *self.conflicts], key=lambda r: r.row)

    @property
    def clean(self) -> bool:
        """Whether the run went to its end and nothing was refused."""
        return self.stop is None and all(r.code == MASKED for r in self.set_aside)

    @property
    def good(self) -> bool:
        """Whether the run left nothing that has to be asked for again."""
        retried = any(r.whole_row and r.code in _RETRIED for r in self.refusals)
        return self.stop is None and not retried

    def summary(self) -> dict[str, Any]:
        """Return the figures, as they are kept with the job."""
        return {
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "marked": self.marked,
            "missing": self.missing,
            "withdrawn": self.withdrawn,
            "refused": self.refused_rows,
            "waiting": self.waiting,
            "rejected": self.rejected,
            "masked": self.masked,
            "differences": len(self.differences),
            "good": self.good,
            **({"plan": self.stop.plan} if isinstance(self.stop, DoubtfulError) else {}),
        }

    def errors(self, record_type: RecordType | None) -> list[str]:
        """Return the lines for the job's page: why it stopped, what was set aside.

        In the place of records' names they have marks (``naming.Reader`` shows them).
        """
        lines = self._why_stopped(record_type)
        lines += [messages.other_sheets(self.other_sheets)] if self.other_sheets else []
        lines += self._left_deleted(map(naming.mark, self.deleted))
        kept = [*map(naming.marked, self.refusals), *self.kept_conflicts]
        set_aside = sorted(kept, key=lambda r: r.row)
        lines += [messages.refusal(record_type, r) for r in set_aside[:_MOST_ERRORS]]
        if len(set_aside) > _MOST_ERRORS:
            lines.append(
                tk._("And %(count)s more. The command ckan leszno-ngo harvest --report has all")
                % {"count": len(set_aside) - _MOST_ERRORS}
            )
        return lines

    def lines(self, record_type: RecordType | None) -> Iterator[str]:
        """Yield the lines for a terminal."""
        if self.dry_run:
            yield tk._("Nothing was changed: this is what a run would do.")
        for label, number in self._figures():
            yield f"{label}: {number}"
        if self.unknown_columns:
            yield tk._("Columns not used") + f": {', '.join(self.unknown_columns)}"
        if self.dropped_columns:
            yield tk._("Columns with personal data, left out") + (
                f": {', '.join(self.dropped_columns)}"
            )
        if self.other_sheets:
            yield messages.other_sheets(self.other_sheets)
        yield from self._left_deleted(self.deleted.values())
        for found in self.differences:
            yield f"  {messages.difference(record_type, found)}"
        for refused in self.set_aside:
            yield f"  {messages.refusal(record_type, refused)}"
        yield from self._why_stopped(record_type)

    def _left_deleted(self, names: Iterable[str]) -> list[str]:
        named = list(islice(names, _MOST_NAMES))
        return [messages.left_deleted(named, self.withdrawn - len(named))] if named else []

    def _why_stopped(self, record_type: RecordType | None) -> list[str]:
        if not isinstance(self.stop, DoubtfulError):
            return [messages.stop(self.stop, record_type)] if self.stop else []
        doubts = [messages.doubt(doubt, record_type) for doubt in self.stop.doubts]
        return [*doubts, messages.how_to_confirm(self.stop)]

    def _figures(self) -> Sequence[tuple[str, int]]:
        return (
            (tk._("Rows"), self.rows),
            (tk._("Added"), self.added),
            (tk._("Changed"), self.changed),
            (tk._("Unchanged"), self.unchanged),
            (tk._("Missing from the source"), self.missing),
            (tk._("Marked as missing"), self.marked),
            (tk._("Deleted by hand, left so"), self.withdrawn),
            (tk._("Changed by hand, left so"), len(self.differences)),
            (tk._("Rows refused"), self.refused_rows),
            (tk._("May name a person, wait for a decision"), self.waiting),
            (tk._("Rejected by a person, left out"), self.rejected),
            (tk._("Personal data masked in texts"), self.masked),
        )

    def write_csv(self, path: Path, record_type: RecordType | None) -> None:
        """Write everything set aside to a file: row, field, value, reason.

        :param path: the file; CSV with a byte-order mark, so that spreadsheets read it right
        :param record_type: for the labels of fields
        """
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([tk._("Row"), tk._("Field"), tk._("Value"), tk._("Reason")])
            for line in self._why_stopped(record_type):
                writer.writerow(["", "", "", text.safe_cell(line)])
            for refused in self.set_aside:
                cells = (
                    messages.field_label(record_type, refused.field),
                    refused.value,
                    messages.reason(refused),
                )
                writer.writerow([refused.row, *map(text.safe_cell, cells)])


#: Reasons that go away by themselves: the record is asked for again.
_RETRIED = frozenset(
    {"timeout", "unreachable", "rate_limited", "server_error", "truncated", "json", "html"}
)
