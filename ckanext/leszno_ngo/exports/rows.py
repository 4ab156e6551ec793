"""A type's export map: which columns, under which headings, with what in the cells.

The map is made of the type's file (``record_types.columns``). A column that is a field has its
label for the heading; a link brings a second column with the names of what it points at, and a
table two columns for each link in it. So a new field or type needs nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.exports import linked_titles
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import Export, Field, RecordType, Text

#: Between the entries of a list inside one cell.
SEPARATOR = "; "

#: CKAN's own keys of a record that no schema declares, as columns.
CORE_LABELS: Mapping[str, Text] = {
    "id": {"pl": "Identyfikator w katalogu", "en": "Identifier in the catalogue"},
    "metadata_created": {"pl": "Dodano (UTC)", "en": "Added (UTC)"},
    "metadata_modified": {"pl": "Ostatnia zmiana (UTC)", "en": "Last modified (UTC)"},
}
_IDENTIFIER_OF = {"pl": "{} (identyfikator)", "en": "{} (identifier)"}

#: What a column's values are.
TEXT, NUMBER, DATE, DATETIME, FLAG, LIST, JSON = (
    "text",
    "number",
    "date",
    "datetime",
    "flag",
    "list",
    "json",
)
_KINDS_BY_DISPLAY = {
    "money": NUMBER,
    "number": NUMBER,
    "percent": NUMBER,
    "date": DATE,
    "datetime": DATETIME,
    "json": JSON,
    "sources": JSON,
    "table": JSON,
    "references": LIST,
}
_KINDS_BY_INDEX = {"number": NUMBER, "amount": NUMBER, "flag": FLAG}

Record = Mapping[str, Any]
Cell = Callable[[Record], str]


@dataclass(frozen=True)
class Column:
    """One column: ``name`` is its machine name and the key in JSON, ``kind`` one of the above.

    ``vocabulary`` is that of its codes, ``field`` the field that it comes from, if any;
    ``identifies`` the link whose target's id stands in it.
    """

    name: str
    path: tuple[str, ...]
    label: Text | str
    kind: str = TEXT
    vocabulary: str | None = None
    field: Field | None = None
    identifies: Field | None = None

    def heading(self, lang: str) -> str:
        """Return the column's heading in a language, ``pl`` or ``en``."""
        return record_types.localised(self.label, lang)

    def value(self, record: Record) -> Any:
        """Return the record's value as the API gives it: codes, numbers, lists.

        :param record: the record as :func:`linked.with_titles` gives it
        """
        return _reach(record, self.path)

    def cell(self, lang: str) -> Cell:
        """Return the function that gives the column's cell for people.

        :param lang: language of the labels of codes, ``pl`` or ``en``
        :returns: record → text: codes as their labels, lists joined by ``SEPARATOR``, dates as ISO
            dates, numbers with a decimal point, structures as JSON, ``""`` for no value
        """
        if self.kind == FLAG:
            yes_no = vocabularies.get("yes_no")
            return self._written({code: yes_no.label(code, lang) for code in yes_no.codes})
        terms = vocabularies.get(self.vocabulary).terms if self.vocabulary else ()
        return self._written({term.code: term.label(lang) for term in terms})

    def code(self) -> Cell:
        """Return the function that gives the column's cell for programs: codes stay codes."""
        return self._written({})

    def _written(self, labels: Mapping[str, str]) -> Cell:
        path = self.path
        if len(path) != 1:
            return lambda record: _written(_reach(record, path), labels)
        (key,) = path
        return lambda record: _written(record.get(key), labels)


def _written(value: Any, labels: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if type(value) is str:
        return labels.get(value, value) if labels else value
    if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        return SEPARATOR.join(labels.get(item, item) for item in map(_plain, value))
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    plain = _plain(value)
    return labels.get(plain, plain)


def _plain(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _reach(value: Any, path: tuple[str, ...]) -> Any:
    for number, key in enumerate(path):
        if isinstance(value, list):
            found = (_reach(item, path[number:]) for item in value)
            return [item for item in found if item not in (None, "", [])]
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def columns(record_type: RecordType) -> list[Column]:
    """Return a type's columns in the order of its export map.

    :raises KeyError: the map names neither a field of the type nor a key of CKAN's own
    """
    declared = {field.name: field for field in record_type.fields}
    return [
        column
        for entry in record_type.export
        for column in _columns(entry, declared.get(entry.path[0]))
    ]


def coded(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, about: About
) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Give records for programs: keys are machine names, values codes, numbers and lists.

    :param records: records as ``package_show`` gives them
    :param record_type: their type; its export map gives the keys
    :param about: origin of the file, which knows where pages are
    :returns: pairs (record with the titles of its links, its row with the address of its page)
    """
    shown = columns(record_type)
    for record in linked_titles.with_titles(records, record_type):
        row = {column.name: column.value(record) for column in shown}
        yield record, {**row, "url": about.page_of(record["name"], record_type.name)}


def _columns(entry: Export, field: Field | None) -> Iterator[Column]:
    if len(entry.path) > 1:
        yield _nested(entry, field)
    elif field is None:
        label = entry.label or CORE_LABELS[entry.name]
        kind = DATETIME if entry.name.startswith("metadata_") else TEXT
        yield Column(entry.name, entry.path, label, kind)
    else:
        yield from _of_field(entry, field)


def _nested(entry: Export, table: Field | None) -> Column:
    """A value inside another: a cell of a table's rows, a part of CKAN's own structures."""
    subfields = {sub.name: sub for sub in table.subfields} if table else {}
    sub = subfields.get(entry.path[1])
    vocabulary = entry.vocabulary or (sub.vocabulary if sub else None)
    label = entry.label or (sub.label if sub else entry.name)
    return Column(entry.name, entry.path, label, LIST if table else TEXT, vocabulary, sub)


def _of_field(entry: Export, field: Field) -> Iterator[Column]:
    label = entry.label or field.label
    kind = kind_of(field)
    vocabulary = entry.vocabulary or field.vocabulary
    if field.link is None:
        yield Column(entry.name, entry.path, label, kind, vocabulary, field)
    else:
        yield from _link(field, label, kind)
    for sub in field.subfields:
        if sub.link:
            yield from _link(_column_of(field, sub), sub.label, LIST)


def _column_of(table: Field, sub: Field) -> Field:
    return Field(f"{table.name}_{sub.name}", sub.label, link=sub.link)


def _link(link: Field, label: Text | str, kind: str) -> Iterator[Column]:
    """Two columns: the identifier of what a link points at, and its name."""
    identifier = {
        lang: pattern.format(record_types.localised(label, lang))
        for lang, pattern in _IDENTIFIER_OF.items()
    }
    yield Column(link.name, (link.name,), identifier, kind, field=link, identifies=link)
    key = linked_titles.title_key(link)
    yield Column(key, (key,), label, kind, field=link)


def kind_of(field: Field) -> str:
    """Return what the values of a field are."""
    if field.is_list:
        return LIST
    by_display = _KINDS_BY_DISPLAY.get(field.display)
    return by_display or _KINDS_BY_INDEX.get(field.index, TEXT)
