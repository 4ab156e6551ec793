"""Where a record's values come from: its ``sources`` (docs/internals.md). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.leszno_ngo.harvest.rules import FieldRule
from ckanext.leszno_ngo.harvest.voices import Voice

Entry = dict[str, Any]
# Not a reason to write a record: a row that did not change was retrieved again.
_MOMENTS = frozenset({"retrieved", "state_date"})


def updated(
    entries: Sequence[Mapping[str, Any]],
    mine: Mapping[str, Any],
    voices: Sequence[Voice],
    record: Mapping[str, Any],
    fields: Sequence[FieldRule],
) -> list[Entry]:
    """Return a record's sources after a run of one of them.

    :param entries: its sources as they stand
    :param mine: the entry of the source that runs, without ``fields``
    :param voices: what every source of the record says now, this one among them
    :param record: the record as it will stand
    :param fields: the harvested fields
    :returns: the entries, each with the fields whose standing value it says; sources that are
        new to the record come last
    """
    others = [dict(entry) for entry in entries]
    position = next((n for n, e in enumerate(others) if e.get("id") == mine["id"]), None)
    if position is None:
        others.append(dict(mine))
    else:
        others[position] = dict(mine)
    said = {voice.source_id: voice for voice in voices}
    return [credited(entry, said.get(entry.get("id", "")), record, fields) for entry in others]


def credited(
    entry: Mapping[str, Any],
    voice: Voice | None,
    record: Mapping[str, Any],
    fields: Sequence[FieldRule],
) -> Entry:
    """Return a source's entry with the fields whose standing value it says.

    :param entry: the entry
    :param voice: what the source says; ``None`` where that is not known, and its fields stay
    :param record: the record as it will stand
    :param fields: the harvested fields
    """
    named = entry.get("fields", [])
    if voice is not None:
        named = [rule.name for rule in fields if _says(voice, rule, record)]
    return {**entry, "fields": named}


def marked(entries: Sequence[Mapping[str, Any]], source_id: str, since: str) -> list[Entry]:
    """Return a record's sources with one marked as not having the record any more.

    :param entries: its sources as they stand
    :param source_id: the source
    :param since: the day from which it is missing, ISO
    """
    return [
        {**entry, "missing_since": since} if entry.get("id") == source_id else dict(entry)
        for entry in entries
    ]


def replaced(
    entries: Sequence[Mapping[str, Any]], source_id: str, entry: Mapping[str, Any] | None
) -> list[Entry]:
    """Return a record's sources with another entry in the place of one source's.

    :param entries: its sources as they stand
    :param source_id: the source
    :param entry: what stands in its place; ``None`` takes the source out
    """
    found = [dict(entry or {}) if e.get("id") == source_id else dict(e) for e in entries]
    return [e for e in found if e]


def same(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether two lists of sources say the same, the moment of retrieval aside."""
    return [_lasting(entry) for entry in before] == [_lasting(entry) for entry in after]


def _lasting(entry: Mapping[str, Any]) -> Entry:
    return {key: value for key, value in entry.items() if key not in _MOMENTS}


def _says(voice: Voice, rule: FieldRule, record: Mapping[str, Any]) -> bool:
    if rule.name not in voice.record:
        return False
    stands = rule.canonical(record.get(rule.name))
    said = rule.canonical(voice.record[rule.name])
    if stands is None or said is None:
        return False
    if rule.merge == "union":
        return bool(set(said) & set(stands))
    return stands in (said, voice.stands(rule))
