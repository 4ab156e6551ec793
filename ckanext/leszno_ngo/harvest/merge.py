"""One record compared field by field: what to set, what to remember, what a person changed. Pure.

Three values meet: what the source said last time, what it says now, and what stands in the
catalogue. A person's edit is never lost, and where sources disagree the heavier word stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from ckanext.leszno_ngo.harvest import groups
from ckanext.leszno_ngo.harvest.model import display_text
from ckanext.leszno_ngo.harvest.rules import FieldRule, Rules
from ckanext.leszno_ngo.harvest.voices import Voice


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that a person changed: kept, and reported.

    :param row: number of the source's row.
    :param record_id: the record.
    :param field: field name.
    :param source: the source's value, through ``display_text``.
    :param catalogue: the value that stands, through ``display_text``.
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
    :param taken_out: entries of lists that the source says and a person took out.
    """

    values: dict[str, Any] = member(default_factory=dict)
    said: dict[str, Any] = member(default_factory=dict)
    stored: dict[str, Any] = member(default_factory=dict)
    kept: dict[str, Any] = member(default_factory=dict)
    taken_out: dict[str, list[str]] = member(default_factory=dict)


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
        if rule.name not in said or rule.group:
            continue
        comparison = _Comparison(rule, said[rule.name], current.get(rule.name), mine, others)
        if rule.merge == "union":
            comparison.unite(outcome)
        else:
            comparison.decide(outcome)
    for group in rules.groups.values():
        names = [rule.name for rule in group if rule.name in said]
        if not names:
            continue
        values, kept = groups.settle(group, said, current, mine, others)
        outcome.values.update(values)
        outcome.kept.update(kept)
        outcome.said.update({name: said[name] for name in names})
        for rule in group:
            if rule.canonical(outcome.said.get(rule.name)) != rule.canonical(
                mine.record.get(rule.name)
            ):
                outcome.stored.pop(rule.name, None)
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
        # What another source said and does not stand was taken out while that one spoke.
        theirs = {entry for voice in self._others for entry in voice.stands(self._rule) or ()}
        if added := new - old - theirs - stands:
            outcome.values[name] = sorted(stands | added)
        if out := (old | new) - stands - added:
            outcome.taken_out[name] = sorted(out)
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
    row: int, record_id: str, kept: Mapping[str, Any], current: Mapping[str, Any]
) -> list[Difference]:
    """Return the differences of a comparison, for the report.

    :param row: number of the source's row.
    :param record_id: the record.
    :param kept: the fields where a person's value stands, with the source's value.
    :param current: the record as it stands.
    :returns: one :class:`Difference` a field.
    """
    return [
        Difference(row, record_id, name, _plain(value), _plain(current.get(name)))
        for name, value in kept.items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return display_text(", ".join(str(entry) for entry in value))
    return "" if value is None else display_text(value)
