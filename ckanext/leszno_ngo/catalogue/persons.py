"""Which fields of a record may name a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.leszno_ngo.catalogue import field_words
from ckanext.leszno_ngo.polish import persons
from ckanext.leszno_ngo.record_types import Field, RecordType

_WORDS = frozenset({"text", "long_text", "list"})


def named(record_type: RecordType, record: Mapping[str, Any]) -> list[str]:
    """Return the fields of a record that may name a person, in the schema's order.

    :param record_type: its type; a field with ``people: name`` holds the name of a body
    :param record: field name → value
    """
    registered = bool(record.get("krs"))
    known = {f.link.fill for f in record_type.fields if f.link and record.get(f.name)}
    return [
        field.name
        for field in record_type.fields
        if _has_words(field)
        for values in [list(field_words.texts(record.get(field.name)))]
        if any(_names(field, v, registered or field.name in known) for v in values)
    ]


def _has_words(field: Field) -> bool:
    return field_words.may_be_in(field) and field.display in _WORDS and field.name != "name"


def _names(field: Field, value: str, registered: bool) -> bool:
    if field.people == "name":
        return persons.may_be(value, registered=registered)
    if field.display == "long_text":
        return bool(persons.find(value))
    return persons.named_in_line(value)
