"""Counts of public records by the fields a type declares: one request to Solr, no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.catalogue.contexts import anonymous_context
from ckanext.leszno_ngo.record_types import Field, RecordType, Text

_Counts = list[tuple[str, int]]


def count(record_type: RecordType) -> dict[str, Any]:
    """Count the public records of a type.

    :param record_type: its ``statistics`` are the fields to count by
    :returns: what the action ``leszno_ngo_statistics`` returns
    :raises ckan.lib.search.SearchError: Solr does not answer
    """
    fields = [record_type.field(name) for name in record_type.statistics]
    found = tk.get_action("package_search")(
        anonymous_context(),
        {
            "fq": f"+dataset_type:{record_type.name}",
            "rows": 0,
            "facet.field": [facet_name(field) for field in fields],
            "facet.limit": -1,
            "facet.mincount": 1,
        },
    )
    return {
        "type": record_type.name,
        "total": found["count"],
        "fields": [_field(field, found["facets"].get(facet_name(field), {})) for field in fields],
    }


def facet_name(field: Field) -> str:
    """Return the Solr field that a field is counted by: dates are counted by year."""
    return f"{field.name}_year" if field.index == "date" else field.solr_field


def _field(field: Field, found: Mapping[str, int]) -> dict[str, Any]:
    vocabulary = _vocabulary(field)
    counts = _of_codes(found, vocabulary) if vocabulary else _of_values(found)
    return {
        "name": field.name,
        "label": _text(field.label),
        "counts": [
            {"value": value, "label": _label(vocabulary, value), "count": number}
            for value, number in counts
        ],
    }


def _vocabulary(field: Field) -> vocabularies.Vocabulary | None:
    name = "yes_no" if field.index == "flag" else field.vocabulary
    return vocabularies.get(name) if name else None


def _of_codes(found: Mapping[str, int], vocabulary: vocabularies.Vocabulary) -> _Counts:
    """Every code in the vocabulary's order; a value that has left the vocabulary comes last."""
    left = [value for value in sorted(found) if value not in vocabulary.codes]
    return [(code, found.get(code, 0)) for code in (*vocabulary.codes, *left)]


def _of_values(found: Mapping[str, int]) -> _Counts:
    if all(value.isdigit() for value in found):
        return sorted(found.items())
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def _label(vocabulary: vocabularies.Vocabulary | None, value: str) -> Text:
    term = vocabulary.get(value) if vocabulary else None
    return _text(dict(term.labels) if term else value)


def _text(text: Text | str) -> Text:
    return {"pl": text, "en": text} if isinstance(text, str) else dict(text)
