"""Record types, and the state that dates put a record in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.helpers.texts import leszno_ngo_lang
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views.shared import global_search


def leszno_ngo_record_type(name: str | None) -> RecordType | None:
    """Return the record type called ``name``, ``None`` for any other dataset type."""
    return record_types.get(name)


def leszno_ngo_everything() -> RecordType:
    """Return the type that covers all the others: the search across them (``/szukaj``)."""
    return global_search.everything()


def leszno_ngo_record_types() -> list[RecordType]:
    """Return every record type of the catalogue."""
    return record_types.all_types()


def leszno_ngo_state(record_type: RecordType, record: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the state that dates put a record in, as (code, label).

    :returns: ``None`` for none, where the record has no date or flag that could say it, and for a
        state that goes without saying (``unsaid`` of its term)
    """
    code = (record.get("computed") or {}).get("state")
    if not code or not record_type.states_vocabulary or not _says_when(record_type, record):
        return None
    vocabulary = vocabularies.get(record_type.states_vocabulary)
    term = vocabulary.get(code)
    if term is not None and term.extra.get("unsaid"):
        return None
    return code, vocabulary.label(code, leszno_ngo_lang())


def _says_when(record_type: RecordType, record: Mapping[str, Any]) -> bool:
    named = (name for state in record_type.states for name in (*state.past, state.flag or ""))
    return any(record.get(name) for name in (*named, *record_type.dates.values()))
