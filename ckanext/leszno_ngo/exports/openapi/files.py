"""Files of searches, feeds, calendars and single records as operations of OpenAPI.

What files there are is read from ``exports.formats``, what narrows a search from its record type.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import formats, records
from ckanext.leszno_ngo.exports.formats import Format
from ckanext.leszno_ngo.exports.openapi import schemas
from ckanext.leszno_ngo.languages import LANGUAGES
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search import filters

Operation = dict[str, Any]

FILES, FEEDS, RECORDS = "files", "feeds", "records"
_PLACES = re.compile(r"\{(\w+)\}")
_PLACE = {"type": "string", "minLength": 1}


_COUNTED = {"headers": {"X-Total-Count": {"schema": {"type": "integer"}}}}


def of_searches(types: list[RecordType], lang: str) -> dict[str, Operation]:
    """Return the files of searches: address → the operation of ``GET``.

    :param types: record types, the one that covers the others among them
    :param lang: language of titles and descriptions, ``pl`` or ``en``
    """
    return {
        f"/{record_type.name}.{suffix}": {"get": _of_search(record_type, suffix, wanted, lang)}
        for record_type in types
        for suffix, wanted in formats.formats_for(record_type).items()
    }


def _of_search(record_type: RecordType, suffix: str, wanted: Format, lang: str) -> Operation:
    label = record_types.localised(record_type.label_plural, lang)
    return {
        "operationId": f"{schemas.name_of(record_type)}_{suffix}",
        "tags": [FEEDS if wanted.is_feed else FILES],
        "summary": f"{label}: {record_types.localised(wanted.label, lang)}",
        "parameters": [
            *(
                {"$ref": f"#/components/parameters/{_key(record_type, name)}"}
                for name in parameters_of(record_type, lang)
            ),
            *choices(wanted),
        ],
        "responses": {
            "200": {
                "description": tk._("The file"),
                **({} if wanted.leaves_out else _COUNTED),
                "content": {wanted.content_type: {}},
            },
            "400": {"$ref": "#/components/responses/BadParameter"},
            **({"404": {"$ref": "#/components/responses/Nothing"}} if wanted.leaves_out else {}),
            **({"413": {"$ref": "#/components/responses/TooMany"}} if wanted.largest else {}),
            "503": {"$ref": "#/components/responses/Away"},
        },
        "x-example": f"/{record_type.name}.{suffix}{_example(record_type)}",
    }


def _key(record_type: RecordType, name: str) -> str:
    return f"{record_type.name}.{name}"


def components(types: list[RecordType], lang: str) -> dict[str, Any]:
    """Return the parameters of all types, for ``components``."""
    return {
        _key(record_type, name): described
        for record_type in types
        for name, described in parameters_of(record_type, lang).items()
    }


def parameters_of(record_type: RecordType, lang: str) -> dict[str, dict[str, Any]]:
    """Describe the parameters that all files of a type's searches have: name → parameter."""
    sorts = [sort.name for sort in record_type.sorts]
    said = [
        _parameter("q", tk._("Words, or a number; all records when not given"), {"type": "string"}),
        _parameter("sort", tk._("Order, one of the page's"), {"enum": sorts}),
        *(_filter(field, lang) for field in record_type.filter_fields),
        *(_narrowed(record_type, name) for name in filters.filter_names(record_type)),
        *_operations(record_type),
        _parameter("lang", tk._("Language of headings and labels"), {"enum": list(LANGUAGES)}),
    ]
    return {one["name"]: one for one in said}


def choices(wanted: Format) -> list[dict[str, Any]]:
    """Describe the parameters that a format has beside the search's own."""
    return [
        _parameter(name, "", {"enum": list(allowed), "default": allowed[0]})
        for name, allowed in wanted.choices.items()
    ]


def _operations(record_type: RecordType) -> list[dict[str, Any]]:
    links = [link.name for link in records.links_behind(record_type)]
    text = tk._("Not the records found, but those that they point at by this field")
    return [_parameter("of", text, {"enum": links})] if links else []


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    said = {"description": description} if description else {}
    return {"name": name, "in": "query", **said, "schema": schema}


def _filter(field: Field, lang: str) -> dict[str, Any]:
    schema = schemas.value(field)
    one = schema["items"] if schema["type"] == "array" else schema
    one = {"enum": ["true", "false"]} if one["type"] == "boolean" else {**one, "type": "string"}
    label = record_types.localised(field.label, lang)
    several = {"type": "array", "items": one}
    return _parameter(field.name, label, several) | {"style": "form", "explode": True}


def _narrowed(record_type: RecordType, name: str) -> dict[str, Any]:
    if name == filters.STATE:
        codes = [*filters.states(record_type), filters.ALL]
        described = _parameter(
            name,
            tk._("State that dates put a record in"),
            {"type": "array", "items": {"enum": codes}},
        )
        return described | {"style": "form", "explode": True}
    text = tk._("From day") if name == filters.FROM else tk._("To day")
    return _parameter(name, text, {"type": "string", "format": "date"})


def _example(record_type: RecordType) -> str:
    sort = f"sort={record_type.sorts[0].name}" if record_type.sorts else ""
    return f"?{sort}" if sort else ""


def of_view(
    address: str, content_type: str, view: Callable[..., Any], record_type: RecordType | None
) -> Operation:
    """Describe a file that has a view of its own, from the view's docstring.

    :param address: its address, with ``{name}`` and so on for what differs
    :param content_type: what it is
    :param view: the function that makes it
    :param record_type: the type of which it is a single record
    """
    doc = inspect.getdoc(view) or ""
    label = tk.h.leszno_ngo_text(record_type.label) if record_type else ""
    suffix = address.rpartition(".")[2]
    return {
        "tags": [RECORDS if record_type else FILES],
        "summary": f"{label} ({suffix})" if record_type else doc.split("\n")[0],
        "description": doc.partition("\n:param")[0].partition("\n\n")[2].strip(),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": _PLACE}
            for name in _PLACES.findall(address)
        ],
        "responses": {
            "200": {"description": tk._("The file"), "content": {content_type: {}}},
            "404": {"description": tk._("There is no such public record")},
            "default": {"description": tk._("A text that says what is right")},
        },
    }
