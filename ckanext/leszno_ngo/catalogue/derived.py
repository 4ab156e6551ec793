"""Values that the catalogue works out itself where nobody gave any.

A field says in its schema by which rule and from which fields (``derive``); a field beside it
(``mark``) says whether the value stands ``declared`` or ``derived``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.registry import Registry

DECLARED, DERIVED = "declared", "derived"


#: Works a value out of the named arguments, each a list of texts.
Derivation = Callable[..., list[str]]
#: Rule that a field may name (``derive``) → what works its value out.
RULES: Registry[Derivation] = Registry("derivation")


def derive_values(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the derived fields of a record with their marks.

    :param record_type: its type
    :param record: field → value (lists as lists)
    :returns: the values of derived fields and marks; a field that somebody declared is not in it
    """
    values: dict[str, Any] = {}
    for field, mark in _derived_fields(record_type):
        if record.get(mark) == DECLARED:
            continue
        if record.get(field.name) and record.get(mark) != DERIVED:
            values[mark] = DECLARED
            continue
        values[field.name] = _derive(field, record)
        values[mark] = DERIVED if values[field.name] else ""
    return values


def without(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without what was derived: only what somebody said.

    :param record_type: its type
    :param record: field → value
    :returns: a copy; a field whose mark is ``derived`` and the mark are not in it
    """
    kept = dict(record)
    for field, mark in _derived_fields(record_type):
        if kept.get(mark) != DECLARED:
            kept.pop(field.name, None)
            kept.pop(mark, None)
    return kept


def is_declared(record_type: RecordType, record: Mapping[str, Any]) -> bool:
    """Tell whether somebody chose the value of a derived field."""
    return any(record.get(mark) == DECLARED for _field, mark in _derived_fields(record_type))


def derived_names(record_type: RecordType) -> set[str]:
    """Return the names of a type's derived fields and of their marks."""
    return {name for field, mark in _derived_fields(record_type) for name in (field.name, mark)}


def marks(record_type: RecordType) -> set[str]:
    """Return the names of the marks of a type's derived fields."""
    return {mark for _field, mark in _derived_fields(record_type)}


def _derived_fields(record_type: RecordType) -> list[tuple[Field, str]]:
    return [(field, field.derive["mark"]) for field in record_type.fields if field.derive]


def _derive(field: Field, record: Mapping[str, Any]) -> list[str]:
    declared = field.derive or {}
    arguments = {
        argument: [entry for name in sources for entry in _entries(record.get(name))]
        for argument, sources in declared["from"].items()
    }
    return RULES[declared["rule"]](**arguments)


def _entries(value: Any) -> list[str]:
    if not value:
        return []
    return [str(entry) for entry in value] if isinstance(value, (list, tuple)) else [str(value)]
