"""A type's export map: which columns, under which headings, with what in the cells.

The map is the list ``record_type.export`` of the schema; headings are the fields' labels, so a
new field or type needs nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.record_types import Field, RecordType, Text

#: Between the entries of a list inside one cell.
SEPARATOR = "; "

# CKAN's own keys of a record that no schema declares.
_CORE_LABELS: Mapping[str, Text] = {
    "id": {"pl": "Identyfikator w katalogu", "en": "Identifier in the catalogue"},
    "metadata_created": {"pl": "Dodano (UTC)", "en": "Added (UTC)"},
    "metadata_modified": {"pl": "Ostatnia zmiana (UTC)", "en": "Last modified (UTC)"},
}


@dataclass(frozen=True)
class Column:
    """One column: ``name`` is the record's key and the key in JSON."""

    name: str
    label: Text | str
    field: Field | None = None

    def heading(self, lang: str) -> str:
        """Return the column's heading in a language, ``pl`` or ``en``."""
        return record_types.localised(self.label, lang)

    def cell(self, record: Mapping[str, Any], lang: str) -> str:
        """Return the text of the column's cell for people.

        :param record: the record as ``package_show`` gives it
        :param lang: language of the labels of codes, ``pl`` or ``en``
        :returns: codes as their labels, lists joined by ``SEPARATOR``, dates as ISO dates, numbers
            with a decimal point, structures as JSON, ``""`` where the record has no value
        """
        value = record.get(self.name)
        if value is None:
            return ""
        if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
            return SEPARATOR.join(self._shown(item, lang) for item in value)
        return self._shown(value, lang)

    def _shown(self, value: Any, lang: str) -> str:
        if isinstance(value, (dict, list)):
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, bool):
            return vocabularies.get("yes_no").label(json.dumps(value), lang)
        if self.field and self.field.vocabulary:
            return vocabularies.get(self.field.vocabulary).label(str(value), lang)
        return str(value)


def columns(record_type: RecordType) -> list[Column]:
    """Return a type's columns in the order of its export map.

    :raises KeyError: the map names neither a field of the type nor a key of CKAN's own
    """
    declared = {field.name: field for field in record_type.fields}
    return [_column(name, declared.get(name)) for name in record_type.export]


def _column(name: str, field: Field | None) -> Column:
    return Column(name, field.label, field) if field else Column(name, _CORE_LABELS[name])
