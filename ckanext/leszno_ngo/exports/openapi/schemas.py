"""Record types as JSON Schema (2020-12, the dialect of OpenAPI 3.1), and small records of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.scheming import helpers as scheming

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.catalogue import after_show, checks
from ckanext.leszno_ngo.record_types import Field, RecordType

Schema = dict[str, Any]

#: What CKAN itself keeps of every record.
_CORE: Mapping[str, Schema] = {
    "id": {"type": "string"},
    "name": {"type": "string"},
    "state": {"type": "string"},
    "private": {"type": "boolean"},
    "metadata_created": {"type": "string", "description": "UTC"},
    "metadata_modified": {"type": "string", "description": "UTC"},
    "resources": {"type": "array", "items": {"type": "object"}},
}
_NUMBERS = frozenset({"money", "number", "percent"})
_FORMATS: Mapping[str, Schema] = {
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "email": {"type": "string", "format": "email"},
    "link": {"type": "string", "format": "uri"},
    "links": {"type": "string", "format": "uri"},
    "flag": {"type": "boolean"},
}
_FREE = frozenset({"json", "sources"})
_DAY = "2031-03-14"
_SAMPLES: Mapping[str, Any] = {
    "date": _DAY,
    "date-time": f"{_DAY}T12:00:00+01:00",
    "email": "biuro@example.org",
    "uri": "https://example.org/",
}


def name_of(record_type: RecordType) -> str:
    """Return the name of a type's schema: ``call-for-offers`` → ``CallForOffers``."""
    return "".join(part.capitalize() for part in record_type.name.replace("_", "-").split("-"))


def shown_record(record_type: RecordType, lang: str) -> Schema:
    """Describe a record as ``package_show`` gives it.

    :param record_type: its type
    :param lang: language of titles and descriptions, ``pl`` or ``en``
    """
    properties = {field.name: _described(field, value(field), lang) for field in record_type.fields}
    computed = {"type": "object", "description": "state, days_left, year"}
    # What has no value is left out, null or an empty text.
    empty = {name: _or_empty(schema) for name, schema in properties.items() if name != "title"}
    return {
        "type": "object",
        "title": record_types.localised(record_type.label, lang),
        "description": record_types.localised(record_type.description, lang),
        "required": ["id", "name", "title", "type"],
        "properties": {
            **properties,
            **empty,
            **_CORE,
            "type": {"const": record_type.name},
            after_show.KEY: computed,
        },
    }


def given_record(record_type: RecordType, lang: str) -> Schema:
    """Describe a record as ``package_create`` takes it.

    Numbers, dates and lists may also be given as people write them (``12 500,50 zł``,
    ``15.12.2026 15:30``).

    :param record_type: its type
    :param lang: language of titles and descriptions, ``pl`` or ``en``
    """
    writable = [
        f for f in record_type.fields if f.display not in _FREE and _is_taken(record_type, f)
    ]
    properties = {f.name: _described(f, _taken(value(f)), lang) for f in writable}
    demands = [_demanded(demand) for demand in checks.demands(record_type)]
    return {
        "type": "object",
        "title": record_types.localised(record_type.label, lang),
        "required": ["type", *(field.name for field in writable if field.required)],
        "properties": {
            **properties,
            "type": {"const": record_type.name},
            "private": {"type": "boolean"},
            "state": {"enum": ["active", "draft"]},
        },
        **({"allOf": demands} if demands else {}),
        "examples": [sample(record_type)],
    }


def _is_taken(record_type: RecordType, field: Field) -> bool:
    """Whether what somebody gives is kept: a field worked out for the index has ``ignore``."""
    schema = scheming.scheming_get_dataset_schema(record_type.name) or {"dataset_fields": ()}
    declared = (f for f in schema["dataset_fields"] if f["field_name"] == field.name)
    return all("ignore" not in f.get("validators", "").split() for f in declared)


def value(field: Field) -> Schema:
    """Describe what a field holds, in the spelling in which the catalogue gives it out."""
    if field.subfields:
        columns = {column.name: value(column) for column in field.subfields}
        return {"type": "array", "items": {"type": "object", "properties": columns}}
    if field.display in _FREE:
        return {"type": ["array", "object"]}
    return {"type": "array", "items": _one(field)} if field.is_list else _one(field)


def _one(field: Field) -> Schema:
    if field.vocabulary:
        return {"type": "string", "enum": list(vocabularies.get(field.vocabulary).codes)}
    if field.index == "number" or field.display in _NUMBERS:
        return {"type": "number"}
    return dict(_FORMATS.get(field.display, {"type": "string"}))


def _described(field: Field, schema: Schema, lang: str) -> Schema:
    said = [record_types.localised(field.help_text, lang)]
    if field.link:
        said.append(" / ".join(field.link.types))
    description = " ".join(filter(None, said))
    return {
        "title": record_types.localised(field.label, lang),
        **({"description": description} if description else {}),
        **schema,
    }


def _or_empty(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"enum": [None, ""]}]}


def _taken(schema: Schema) -> Schema:
    """Numbers are taken as texts, too: that is how people and forms write them."""
    return {"type": ["number", "string"]} if schema == {"type": "number"} else schema


def _demanded(demand: checks.Demand) -> Schema:
    """Of what the law demands, drafts and archive entries are only reminded."""
    let_off = [
        {"required": ["archive"], "properties": {"archive": {"const": True}}},
        {"required": ["state"], "properties": {"state": {"const": "draft"}}},
    ]
    when = [
        {"required": [name], "properties": {name: {"enum": list(codes)}}}
        for name, codes in demand.when.items()
    ]
    needs = [{"anyOf": [{"required": [name]} for name in names]} for names in demand.needs]
    if demand.always:
        return {"allOf": needs}
    return {"if": {"allOf": [*when, {"not": {"anyOf": let_off}}]}, "then": {"allOf": needs}}


def sample(record_type: RecordType) -> dict[str, Any]:
    """Make the smallest record of a type that the catalogue takes."""
    record: dict[str, Any] = {
        "type": record_type.name,
        **_sampled(record_type, (f.name for f in record_type.fields if f.required)),
    }
    for demand in checks.demands(record_type):
        if all(record.get(name) in codes for name, codes in demand.when.items()):
            # Of several the last one: a remark is smaller than a table.
            record |= _sampled(record_type, (names[-1] for names in demand.needs))
    return record


def _sampled(record_type: RecordType, names: Iterable[str]) -> dict[str, Any]:
    return {name: _sample(record_type, record_type.field(name)) for name in names}


def _sample(record_type: RecordType, field: Field) -> Any:
    schema = value(field)
    if schema["type"] == "array":
        return [_plain_sample(schema["items"], "")]
    text = record_types.localised(record_type.label, "pl")
    # A year is a text of four digits.
    usual = _DAY[:4] if field.name in record_type.year and field.display == "text" else text
    return _plain_sample(schema, usual)


def _plain_sample(schema: Schema, usual: str) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if "format" in schema:
        return _SAMPLES[schema["format"]]
    return {"number": 1000, "boolean": True}.get(schema["type"], usual)
