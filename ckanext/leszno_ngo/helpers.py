"""Helpers for templates and scheming's fields."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.record_types import Field, RecordType


def leszno_ngo_vocabulary_choices(field: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the choices of a field with a vocabulary, as ckanext-scheming wants them.

    :param field: the field's declaration in the schema, with its key ``vocabulary``
    :returns: ``[{"value": code, "label": {"pl": …, "en": …}}, …]`` in the vocabulary's order
    """
    vocabulary = vocabularies.get(field["vocabulary"])
    return [{"value": term.code, "label": dict(term.labels)} for term in vocabulary.terms]


def leszno_ngo_record_type(name: str | None) -> RecordType | None:
    """Return the record type called ``name``, ``None`` for any other dataset type."""
    return record_types.get(name)


def leszno_ngo_record_types() -> list[RecordType]:
    """Return every record type of the catalogue."""
    return record_types.all_types()


def leszno_ngo_text(text: Any) -> str:
    """Return a ``{"pl": …, "en": …}`` text in the language of the page."""
    return record_types.localised(text, leszno_ngo_lang())


def leszno_ngo_lang() -> str:
    """Return the language of the page, ``pl`` or ``en``; others read English."""
    return "pl" if tk.h.lang() == "pl" else "en"


def leszno_ngo_label(field: Field, code: str) -> str:
    """Return the label of a code of a field's vocabulary; the value itself where it has none."""
    if not field.vocabulary:
        return code
    return vocabularies.get(field.vocabulary).label(code, leszno_ngo_lang())
