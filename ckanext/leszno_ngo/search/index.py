"""What goes into the index for a record (docs/search.md, "What is indexed").

CKAN hands over the document it is about to send to Solr: each extra stands there twice, as
``<key>`` (one exact string, which Lucene refuses above 32 766 bytes) and as ``extras_<key>``
(searched as text). What a field needs of the two is said by its ``index`` key in the schema.
Only the record itself is read: no database query, so a bulk writer pays for none either.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ckanext.leszno_ngo import datetimes, record_types, vocabularies
from ckanext.leszno_ngo.catalogue import computed, money, quality
from ckanext.leszno_ngo.languages import LANGUAGES
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.registry import Registry

# CKAN's catch-all field for words; our schema copies what a document puts there itself.
LABELS_FIELD = "text"
IDENTIFIERS_FIELD = "vocab_identifiers"
YEARS_FIELD = "vocab_year"
MONEY_SOURCE_FIELD = "money_source"
# Columns of CKAN's own package table: their place in the document is CKAN's work.
_CORE = frozenset(
    {
        "id",
        "name",
        "title",
        "version",
        "url",
        "author",
        "author_email",
        "maintainer",
        "maintainer_email",
        "notes",
        "license_id",
        "type",
        "owner_org",
        "private",
        "state",
        "metadata_created",
        "metadata_modified",
        "tags",
        "groups",
        "tag_string",
    }
)
# Marks at the beginning of a title would come before all letters in an alphabetical list.
_NOT_SORTED = dict.fromkeys(map(ord, "\"'„”“«»‚’‘`"))


#: What plugins add to the document of a record: key of the index → value.
Contribution = Callable[[RecordType, Mapping[str, Any]], Mapping[str, Any]]
#: Name → contribution.
CONTRIBUTIONS: Registry[Contribution] = Registry("index contribution")


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """Bring a document of one of our record types to the shape its schema declares.

    :param pkg_dict: the document as ``IPackageController.before_dataset_index`` gets it, with
        ``dataset_type`` and ``validated_data_dict`` (JSON of the record)
    :returns: the same dict; documents of other types are left as they are
    """
    record_type = record_types.get(pkg_dict.get("dataset_type"))
    if record_type is None:
        return pkg_dict
    record = json.loads(pkg_dict["validated_data_dict"])
    wanted = document(record_type, record)
    fields = list(_own_fields(record_type))
    # A date was brought by CKAN to the form that Solr reads; it stays.
    declared = {field.name for field in fields if field.index != "date"}
    for key in list(pkg_dict):
        if key in declared or key.startswith("extras_"):
            del pkg_dict[key]
    pkg_dict.update(wanted)
    return pkg_dict


def document(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of the index document that come from a record's own fields.

    :param record_type: the record's type
    :param record: the record as ``package_show`` gives it
    :returns: ``<field>`` (exact value) for keywords, identifiers, numbers and flags,
        ``vocab_<field>`` for lists, links and columns of tables, ``extras_<field>`` for texts,
        ``<field>_amount`` for numbers to sum, ``<field>_order`` for texts to order by,
        ``<field>_year`` for dates, ``year`` (the first), ``vocab_year`` (all),
        ``money_source``, ``money_<measure>_amount`` and ``vocab_money_unknown``
        (``catalogue.money``), what plugins contribute, ``vocab_quality`` (what needs mending), and
        the labels and identifiers of the whole record under ``text`` and ``vocab_identifiers``.
        Every key is valid in CKAN's own Solr schema too.
    """
    built: dict[str, Any] = {}
    for field in _own_fields(record_type):
        value = record.get(field.name)
        if value not in (None, "", []):
            built.update(_indexed(field, value))
    built.update(_ordered(record_type, record))
    built.update(_worked_out(record_type, record))
    for contribution in CONTRIBUTIONS.values():
        built.update(contribution(record_type, record))
    faults = quality.faults(record_type, record)
    if faults:
        built[quality.INDEXED] = faults
    labels = _labels(record_type, record)
    if labels:
        built[LABELS_FIELD] = labels
    numbers = _identifiers(record_type, record)
    if numbers:
        built[IDENTIFIERS_FIELD] = numbers
    if record.get("title"):
        built["title_string"] = sortable(record["title"])
    return built


def sortable(title: str) -> str:
    """Return a title as alphabetical lists take it: without quotation marks."""
    return " ".join(title.translate(_NOT_SORTED).split()) or title


def _ordered(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, str]:
    """The texts that results are ordered by."""
    texts = ((field.name, record.get(field.name)) for field in record_type.ordered_fields)
    return {record_types.order_name(name): sortable(str(text)) for name, text in texts if text}


def _own_fields(record_type: RecordType) -> Iterable[Field]:
    return (field for field in record_type.fields if field.name not in _CORE)


def _worked_out(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
    """The years that a record counts in, whose money it is, what it came to."""
    now = dt.datetime.now(dt.timezone.utc)
    found = {
        "year": computed.year(record_type, record),
        YEARS_FIELD: computed.years(record_type, record, now),
        MONEY_SOURCE_FIELD: computed.money_source(record_type, record),
    }
    worked_out = {name: value for name, value in found.items() if value}
    return {**worked_out, **money.indexed(record_type, record)}


def _indexed(field: Field, value: Any) -> dict[str, Any]:
    if field.subfields:
        return _table(field, value)
    if field.link:
        return {field.solr_field: _strings(value)}
    if field.index in {"amount", "datetime", "date"}:
        return _measured(field, value)
    if field.index == "text":
        return {f"extras_{field.name}": _one_line(value)}
    if field.index == "keywords":
        return {field.solr_field: _strings(value)}
    if field.index == "flag":
        return {field.name: str(value).lower()}
    if field.index in {"keyword", "identifier", "number"}:
        return {field.name: str(value)}
    return {}


def _measured(field: Field, value: Any) -> dict[str, Any]:
    if field.index == "amount":
        return {field.solr_field: float(value)}
    # Statistics count by year.
    year = {f"{field.name}_year": str(value)[:4]}
    # CKAN itself indexes a day; of a moment it would keep the offset, which Solr refuses.
    return year if field.index == "date" else {**year, field.name: datetimes.to_solr(str(value))}


def _table(field: Field, rows: Any) -> dict[str, Any]:
    """A table: its words as one text, its coded columns and links as lists of what is in them."""
    built: dict[str, Any] = {}
    words: list[str] = []
    for column in field.subfields:
        cells = [str(row[column.name]) for row in rows if row.get(column.name)]
        if not cells:
            continue
        if column.link or column.index in {"keyword", "keywords"}:
            built[f"vocab_{field.name}_{column.name}"] = list(dict.fromkeys(cells))
        elif column.index == "text":
            words += cells
    return {**built, f"extras_{field.name}": " ".join(words)} if words else built


def _one_line(value: Any) -> str:
    return " ".join(_strings(value))


def _strings(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]


def _labels(record_type: RecordType, record: Mapping[str, Any]) -> list[str]:
    """Words by which people may look for coded values, Polish and English, without repetitions."""
    words: dict[str, None] = {}
    for field in _own_fields(record_type):
        value = record.get(field.name)
        if value not in (None, "", []):
            words.update(dict.fromkeys(_field_labels(field, value)))
    return list(words)


def _field_labels(field: Field, value: Any) -> list[str]:
    if field.link or field.subfields:
        return _column_labels(field, value)
    if field.index == "flag":
        said = str(value).lower() == "true"
        return [record_types.localised(field.label, lang) for lang in LANGUAGES] if said else []
    if field.index == "identifier":
        # "KS/12" is also words; a plain number is found through the identifiers field only.
        return [text for text in _strings(value) if not text.isdigit()]
    if field.index not in {"keyword", "keywords", "year"}:
        return []
    if not field.vocabulary:
        return _strings(value)
    vocabulary = vocabularies.get(field.vocabulary)
    if vocabulary.extra.get("searchable") is False:
        return []
    return [vocabulary.label(code, lang) for code in _strings(value) for lang in LANGUAGES]


def _column_labels(field: Field, value: Any) -> list[str]:
    """Labels of the codes in a table; an id of another record is no word."""
    return [
        label
        for column in field.subfields
        if column.vocabulary
        for row in value
        if row.get(column.name)
        for label in _field_labels(column, row[column.name])
    ]


def _identifiers(record_type: RecordType, record: Mapping[str, Any]) -> list[str]:
    numbers = (record.get(f.name) for f in _own_fields(record_type) if f.index == "identifier")
    return [str(number) for number in numbers if number]
