"""A source's rows compared with the records they belong to, ready for the batch writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckan import model

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.catalogue import batch, derived, stored
from ckanext.leszno_ngo.harvest import decisions, merge, provenance
from ckanext.leszno_ngo.harvest.compare import Change
from ckanext.leszno_ngo.harvest.http import shown_url
from ckanext.leszno_ngo.harvest.merge import Difference, Merge
from ckanext.leszno_ngo.harvest.rights import Rights
from ckanext.leszno_ngo.harvest.rules import Rules
from ckanext.leszno_ngo.harvest.settings import Settings
from ckanext.leszno_ngo.harvest.snapshot import Catalogue
from ckanext.leszno_ngo.harvest.voices import Voice
from ckanext.leszno_ngo.record_types import RecordType


@dataclass(frozen=True)
class Source:
    """What a run needs to know of a harvest source.

    :param id: the harvest source's id.
    :param url: its address.
    :param title: its title in CKAN.
    :param settings: its configuration; ``owner_org`` is an id.
    :param rights: with whose rights it acts.
    :param file: a file to read instead of the address.
    :param secret_addresses: whole addresses, with the passwords and keys that are kept apart.
    """

    id: str
    url: str
    title: str
    settings: Settings
    rights: Rights
    file: Path | None = None
    secret_addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A row compared with its record.

    :param change: the row.
    :param merged: the comparison.
    :param current: the record as it stands; empty for a new one.
    :param record: the record to write; None where it stays as it is.
    :param differences: the fields that a person changed.
    :param kept: names of the fields where a person's value stands and nobody has dismissed that.
    """

    change: Change
    merged: Merge
    current: Mapping[str, Any]
    record: dict[str, Any] | None
    differences: list[Difference]
    kept: list[str]

    @property
    def write(self) -> batch.Write | None:
        """What the batch writer is to do; nothing where the record stays as it is."""
        if self.record is None:
            return None
        return batch.Write(self.record, self.current.get("metadata_modified"))


class Preparer:
    """Prepares rows of one source.

    :param source: the source
    :param record_type: type of its records
    :param catalogue: what the catalogue knows
    :param rules: what is compared
    :param today: the day of the run, ISO
    """

    def __init__(
        self,
        source: Source,
        record_type: RecordType,
        catalogue: Catalogue,
        rules: Rules,
        today: str,
    ) -> None:
        self._source = source
        self._settings = source.settings
        self._type = record_type
        self._catalogue = catalogue
        self._rules = rules
        self._today = today
        #: What was decided of the records prepared last.
        self.decided: Mapping[str, decisions.Decisions] = {}
        self._publishes = source.rights.may_publish(source.settings.owner_org)

    def prepare(self, changes: Sequence[Change]) -> list[Prepared]:
        """Compare rows with their records.

        :param changes: the rows, of one batch
        :returns: one for each, in the same order; a constant number of SQL statements
        """
        ids = [change.record_id for change in changes if change.record_id]
        current = current_records(ids)
        voices = self._catalogue.voices(ids) if ids else {}
        self.decided = decisions.decisions_for(ids)
        return [
            self._prepare(c, current.get(c.record_id or "", {}), voices.get(c.record_id or "", []))
            for c in changes
        ]

    def stored_otherwise(self, prepared: Prepared, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that the catalogue keeps in another form than the source said them.

        :param prepared: a row that was written
        :param record: the record as it stands now
        :returns: ``Voice.stored``; for a new record also what the catalogue filled in
        """
        merged = prepared.merged
        kept = dict(merged.stored)
        shown = derived.without(self._type, record)
        for rule in self._rules.fields:
            if prepared.current and rule.name not in merged.values:
                continue
            stands = rule.canonical(shown.get(rule.name))
            if stands is not None and stands != rule.canonical(merged.said.get(rule.name)):
                kept[rule.name] = shown[rule.name]
        return kept

    def _prepare(
        self, change: Change, current: Mapping[str, Any], others: Sequence[Voice]
    ) -> Prepared:
        row = change.incoming
        stands = derived.without(self._type, current)
        merged = merge.merge(self._rules, row.record, stands, self._heard(change), others)
        values = {**merged.values, **self._worked_out(stands, merged)}
        record = {**(current or self._blank(change)), **values}
        sources = self._sources(change, merged, current, others, record)
        same = provenance.same(current.get("sources") or [], sources)
        asked = decisions.undismissed(merged.kept, self.decided.get(change.record_id or "", {}))
        needed = not current or not same or any(_differs(current, *item) for item in values.items())
        return Prepared(
            change,
            merged,
            current,
            {**record, "sources": sources} if needed else None,
            merge.differences(row.row, change.record_id or "", asked, stands),
            sorted(asked),
        )

    def _heard(self, change: Change) -> Voice:
        """Return what this source said of the record before, or what was decided against."""
        decided = self.decided.get(change.record_id or "", {})
        words = decisions.heard(change.incoming.record, decided) if decided else {}
        before = change.baseline
        if before is None:
            return Voice(self._source.id, self._settings.priority, words)
        record = {**words, **before.record}
        return Voice(self._source.id, self._settings.priority, record, before.stored)

    def _worked_out(self, stands: Mapping[str, Any], merged: Merge) -> dict[str, Any]:
        """Return the derived values; the mark of a field that is set now is void."""
        void = {f.derive["mark"] for f in self._type.fields if f.derive and f.name in merged.values}
        kept = {name: value for name, value in stands.items() if name not in void}
        return derived.derive_values(self._type, {**kept, **merged.values})

    def _sources(
        self,
        change: Change,
        merged: Merge,
        current: Mapping[str, Any],
        others: Sequence[Voice],
        record: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        mine = Voice(self._source.id, self._settings.priority, merged.said, merged.stored)
        web = self._source.url.startswith(("http://", "https://"))
        entry = {
            "id": self._source.id,
            "kind": self._settings.kind,
            "title": self._settings.title or self._source.title,
            "url": shown_url(self._source.url) if web else "",
            "licence": self._settings.licence,
            "retrieved": self._today,
            "state_date": change.incoming.state_date or "",
        }
        return provenance.updated(
            current.get("sources") or [], entry, [mine, *others], record, self._rules.fields
        )

    def _blank(self, change: Change) -> dict[str, Any]:
        said = change.incoming.record
        number = next((str(said[f]) for f in self._type.identity if said.get(f)), "")
        wanted = polish.slug(str(said.get("title") or ""))
        if len(wanted) < model.PACKAGE_NAME_MIN_LENGTH:
            wanted = f"{wanted}-{polish.slug(number)}".strip("-")
        return {
            "type": self._type.name,
            "name": self._catalogue.free_name(wanted, polish.slug(number)),
            "owner_org": self._settings.owner_org,
            "private": not self._publishes,
            **change.incoming.assumed,
        }


def current_records(ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return records as ``package_show`` gives them, by id."""
    return {shown.package.id: shown.custom for shown in stored.load_many(ids)}


def _differs(current: Mapping[str, Any], name: str, value: Any) -> bool:
    # A field that is not there and an empty one are the same.
    return (current.get(name) or None) != (value or None)
