"""The programme of cooperation's forms and goals that a record serves (../shared/programme.md).

Terms of vocabularies carry the forms they serve (``programme_forms``); a form carries its goals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.record_types import RecordType

FORMS_FIELD = "programme_forms"
#: The index's list of the goals that a record serves.
GOALS_FIELD = "vocab_programme_goals"


def propose(record_type: RecordType, record: Mapping[str, Any]) -> list[str]:
    """Return the forms that a record's coded fields stand for.

    :param record_type: its type
    :param record: field → code, or list of codes
    :returns: codes in the programme's order; where no field says anything and the type serves one
        form only, that form
    """
    found = {
        form
        for field in record_type.fields
        if field.vocabulary
        for code in _codes(record.get(field.name))
        for form in forms_of(field.vocabulary, code, record_type.name)
    }
    if not found and len(type_keys.programme_forms(record_type)) == 1:
        found = set(type_keys.programme_forms(record_type))
    return _in_order("programme_forms", found)


def forms_of(vocabulary: str, code: str, record_type: str) -> tuple[str, ...]:
    """Return the forms that a term serves in records of a type."""
    term = vocabularies.get(vocabulary).get(code)
    forms = term.extra.get("programme_forms", ()) if term else ()
    return tuple(forms.get(record_type, ()) if isinstance(forms, Mapping) else forms)


def goals(forms: Iterable[str]) -> list[str]:
    """Return the goals that forms serve, in the programme's order."""
    vocabulary = vocabularies.get("programme_forms")
    terms = (vocabulary.get(code) for code in forms)
    found = {goal for term in terms if term for goal in term.extra["goals"]}
    return _in_order("programme_goals", found)


def _in_order(vocabulary: str, found: set[str]) -> list[str]:
    return [code for code in vocabularies.get(vocabulary).codes if code in found]


def _codes(value: Any) -> list[str]:
    if not value:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [str(value)]
