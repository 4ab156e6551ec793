"""Fields that state one fact together, such as a place: they come from one source, whole. Pure.

A TERYT of one source beside the town of another is a place that nobody named. So the heaviest
source that says anything of a group gives it, lighter ones add what it leaves out as long as they
contradict none of it, and what the catalogue only filled in comes last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ckanext.leszno_ngo.harvest.rules import FieldRule
from ckanext.leszno_ngo.harvest.voices import Voice

Values = dict[str, Any]


def standing(rules: Sequence[FieldRule], voices: Sequence[Voice]) -> Values:
    """Return what a group is when nobody but its sources has spoken.

    :param rules: the fields of the group.
    :param voices: what each source of the record last said, in any order.
    :returns: field → value, only fields that have one.
    """
    found: Values = {}
    spoke: list[Voice] = []
    for voice in sorted(voices, key=lambda v: (-v.priority, v.source_id)):
        words = {r.name: v for r in rules if (v := _canonical_value(voice, r)) is not None}
        if words and (not found or _agree(rules, found, words)):
            found = {**words, **found}
            spoke.append(voice)
    for voice in spoke or voices:
        filled = {r.name: v for r in rules if (v := _filled_in(voice, r)) is not None}
        if not _contradict(rules, found, filled):
            found = {**filled, **found}
    return found


def settle(
    rules: Sequence[FieldRule],
    said: Mapping[str, Any],
    current: Mapping[str, Any],
    mine: Voice,
    others: Sequence[Voice],
) -> tuple[Values, Values]:
    """Compare one group of one record.

    :param rules: the fields of the group.
    :param said: what the source says now; a field not in it, it says nothing about.
    :param current: the record as it stands.
    :param mine: what this source said before.
    :param others: what the other sources of the record said.
    :returns: the values to set (an emptied field as ``""``), and the source's values in the place
        of which a person's stand.
    """
    words = {rule.name: said[rule.name] for rule in rules if rule.name in said}
    same = {r.name for r in rules if r.canonical(mine.record.get(r.name)) == _new(r, words, mine)}
    stored = {name: value for name, value in mine.stored.items() if name in same}
    now = replace(mine, record={**mine.record, **words}, stored=stored)
    before, after = standing(rules, [mine, *others]), standing(rules, [now, *others])
    if all(_same(rule, current, before) or _same(rule, current, after) for rule in rules):
        return _changes(rules, current, after), {}
    if _only_sources_spoke(rules, current, before, [mine, *others]):
        return _changes(rules, current, after), {}
    added = _additions(rules, current, before, after)
    kept = {
        rule.name: words[rule.name]
        for rule in rules
        if rule.name in words
        and rule.name not in added
        and rule.canonical(words[rule.name]) == rule.canonical(after.get(rule.name))
        and not _same(rule, current, words)
    }
    return added, kept


def taken(
    rules: Sequence[FieldRule], said: Mapping[str, Any], current: Mapping[str, Any]
) -> Values:
    """Return the values that put a source's group in the place of what stands.

    :param rules: the fields of the group.
    :param said: what the source says.
    :param current: the record as it stands.
    :returns: field → value; what the source does not say is emptied.
    """
    return _changes(rules, current, {rule.name: said.get(rule.name) for rule in rules})


def mended(
    rules: Sequence[FieldRule], current: Mapping[str, Any], voices: Sequence[Voice]
) -> tuple[Values, bool]:
    """Return what mends a group that holds words of several sources.

    :param rules: the fields of the group.
    :param current: the record as it stands.
    :param voices: what each source of the record last said.
    :returns: the values to set, none where it is whole or only adds to what its sources say; and
        whether a person's value stands in it, so that a person has to decide.
    """
    wanted = standing(rules, voices)
    stands = {r.name: v for r in rules if r.canonical(v := current.get(r.name)) is not None}
    if not wanted or all(_same(rule, stands, wanted) for rule in rules):
        return {}, False
    if _only_sources_spoke(rules, current, wanted, voices):
        return _changes(rules, current, wanted), False
    if not _contradict(rules, stands, wanted):
        return {}, False
    return _changes(rules, current, wanted), True


def _canonical_value(voice: Voice, rule: FieldRule) -> Any:
    value = voice.record.get(rule.name)
    return None if rule.canonical(value) is None else voice.stored.get(rule.name, value)


def _filled_in(voice: Voice, rule: FieldRule) -> Any:
    value = voice.stored.get(rule.name)
    if rule.canonical(value) is None or _canonical_value(voice, rule) is not None:
        return None
    return value


def _new(rule: FieldRule, words: Mapping[str, Any], mine: Voice) -> Any:
    return rule.canonical(words.get(rule.name, mine.record.get(rule.name)))


def _same(rule: FieldRule, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return rule.canonical(one.get(rule.name)) == rule.canonical(other.get(rule.name))


def _shared(rules: Sequence[FieldRule], one: Values, other: Values) -> list[bool]:
    """Return for each field that both have whether they say the same."""
    return [_same(r, one, other) for r in rules if r.name in one and r.name in other]


def _contradict(rules: Sequence[FieldRule], one: Values, other: Values) -> bool:
    return not all(_shared(rules, one, other))


def _agree(rules: Sequence[FieldRule], one: Values, other: Values) -> bool:
    shared = _shared(rules, one, other)
    return bool(shared) and all(shared)


def _changes(
    rules: Sequence[FieldRule], current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Values:
    return {
        rule.name: ("" if wanted.get(rule.name) is None else wanted[rule.name])
        for rule in rules
        if not _same(rule, current, wanted)
    }


def _only_sources_spoke(
    rules: Sequence[FieldRule], current: Mapping[str, Any], before: Values, voices: Sequence[Voice]
) -> bool:
    """Tell whether every value that stands was said by a source, and none was taken out.

    A group may hold words of several sources: such groups were merged field by field once.
    """
    for rule in rules:
        value = rule.canonical(current.get(rule.name))
        if value is None and before.get(rule.name) is not None:
            return False
        if value is not None and not any(voice.stands(rule) == value for voice in voices):
            return False
    return True


def _additions(
    rules: Sequence[FieldRule], current: Mapping[str, Any], before: Values, after: Values
) -> Values:
    """Return what sources may add to a group of a person's: what nobody has set or taken out."""
    stands = {r.name: v for r in rules if r.canonical(v := current.get(r.name)) is not None}
    if stands and not _agree(rules, stands, after):
        return {}
    return {
        name: value for name, value in after.items() if name not in stands and name not in before
    }
