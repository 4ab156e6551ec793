"""CKAN's actions and the extension's own as operations of OpenAPI.

Plugins' actions are read from what they check their parameters by and from their docstrings, CKAN's
from the record types that they serve.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports.openapi import schemas
from ckanext.leszno_ngo.logic import findings, schema
from ckanext.leszno_ngo.logic.api_actions import API_ACTIONS, ApiAction
from ckanext.leszno_ngo.record_types import RecordType

Operation = dict[str, Any]

ADDRESS = "/api/3/action/{}"
TAG = "actions"
_PARAMETER = re.compile(r":param (\w+): (.+?)(?=\n\s*:|\n\n|\Z)", re.DOTALL)
_EXAMPLE = re.compile(r"Example::\s+(\S+)")
_MOST_ROWS = 1000


def own() -> dict[str, Operation]:
    """Return plugins' actions that only read: address → the operation of ``GET``."""
    return {
        ADDRESS.format(name): {"get": _own(name, action)} for name, action in API_ACTIONS.items()
    }


def _own(name: str, action: ApiAction) -> Operation:
    doc = inspect.getdoc(action.function) or ""
    said = {key: " ".join(text.split()) for key, text in _PARAMETER.findall(doc)}
    example = _EXAMPLE.search(doc)
    return {
        "operationId": name,
        "tags": [TAG],
        "summary": doc.split("\n")[0],
        "description": doc.split("\n\n:param")[0].split("\n\n", 1)[-1],
        "parameters": [
            {
                "name": key,
                "in": "query",
                "description": said.get(key) or _label_of(key),
                "schema": described,
            }
            for key, described in schema.described(action.accepts()).items()
        ],
        "responses": _responses(action.answers),
        **({"x-example": example[1]} if example else {}),
    }


def _label_of(key: str) -> str:
    """The label of a field that a type of another plugin may be looked up by."""
    fields = (field for record_type in record_types.all_types() for field in record_type.fields)
    labels = (field.label for field in fields if field.name == key)
    return record_types.localised(next(labels, key), findings.language())


def ckan(types: list[RecordType]) -> dict[str, Operation]:
    """Return CKAN's actions that read and write records: address → operation by method."""
    records = {"$ref": "#/components/schemas/Record"}
    given = {
        "oneOf": [{"$ref": f"#/components/schemas/{schemas.name_of(t)}Input"} for t in types],
        "discriminator": {
            "propertyName": "type",
            "mapping": {t.name: f"#/components/schemas/{schemas.name_of(t)}Input" for t in types},
        },
    }
    whole = {"allOf": [{"type": "object", "required": ["id"]}, given]}
    part = {"type": "object", "required": ["id"], "properties": {"id": _ID}}
    examples = {t.name: {"value": schemas.sample(t)} for t in types}
    return {
        ADDRESS.format("package_search"): {"get": _search(types)},
        ADDRESS.format("package_show"): {"get": _show(records)},
        ADDRESS.format("package_create"): _write(
            "package_create", tk._("Add a record"), given, records, examples
        ),
        ADDRESS.format("package_update"): _write(
            "package_update", tk._("Put a whole record in the place of the one there is"), whole
        ),
        ADDRESS.format("package_patch"): _write(
            "package_patch", tk._("Change some fields of a record"), part
        ),
        ADDRESS.format("package_delete"): _write(
            "package_delete", tk._("Delete a record"), part, {"type": "null"}
        ),
    }


_ID: Mapping[str, Any] = {"type": "string", "minLength": 1}


def _show(records: dict[str, Any]) -> Operation:
    return {
        "operationId": "package_show",
        "tags": [TAG],
        "summary": tk._("One record"),
        "parameters": [
            {
                "name": "id",
                "in": "query",
                "required": True,
                "description": tk._("Identifier of a record, or the end of its page's address"),
                "schema": _ID,
            }
        ],
        "responses": _responses(records),
        "x-example": f"{ADDRESS.format('package_show')}?id={{name}}",
    }


def _search(types: list[RecordType]) -> Operation:
    names = "|".join(t.name for t in types)
    rows = {"type": "integer", "minimum": 0, "maximum": _MOST_ROWS, "default": 10}
    texts = {
        "q": tk._("Words, or a number; all records when not given"),
        "fq": tk._(
            "Filters in Solr's syntax, all of which must hold. The fields are under x-filters"
        ),
        "sort": tk._("Order in Solr's syntax; those of the pages are under x-sorts"),
        "rows": tk._("The most records in the answer"),
        "start": tk._("How many records to leave out at the beginning"),
        "facet.field": tk._("JSON list of fields to count by"),
    }
    said: dict[str, dict[str, Any]] = {
        "q": {"type": "string"},
        "fq": {"type": "string", "examples": [f"dataset_type:{types[0].name}"]},
        "sort": {"type": "string", "examples": ["title_string asc"]},
        "rows": rows,
        "start": {"type": "integer", "minimum": 0, "default": 0},
        "facet.field": {"type": "string", "examples": ['["dataset_type"]']},
    }
    return {
        "operationId": "package_search",
        "tags": [TAG],
        "summary": tk._("Search of records"),
        "description": f"`fq=dataset_type:({names.replace('|', ' OR ')})`",
        "parameters": [
            {"name": name, "in": "query", "description": texts[name], "schema": said[name]}
            for name in said
        ],
        "responses": _responses(
            {
                "type": "object",
                "required": ["count", "results"],
                "properties": {
                    "count": {"type": "integer"},
                    "results": {"type": "array", "items": {"type": "object"}},
                    "facets": {"type": "object"},
                },
            },
            {"400": {"$ref": "#/components/responses/BadRequest"}},
        ),
        "x-filters": {t.name: _filters(t) for t in types},
        "x-sorts": {t.name: {sort.name: sort.sort for sort in t.sorts} for t in types},
        "x-example": f"{ADDRESS.format('package_search')}?fq=dataset_type:{types[0].name}&rows=1",
    }


def _filters(record_type: RecordType) -> dict[str, Any]:
    """The fields that a type's searches are narrowed by, as Solr calls them."""
    return {field.solr_field: schemas.value(field) for field in record_type.filter_fields}


def _write(
    name: str,
    summary: str,
    given: dict[str, Any],
    result: dict[str, Any] | None = None,
    examples: dict[str, Any] | None = None,
) -> Operation:
    content = {"schema": given, **({"examples": examples} if examples else {})}
    answer = result or {"$ref": "#/components/schemas/Record"}
    return {
        "post": {
            "operationId": name,
            "tags": [TAG],
            "summary": summary,
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {"application/json": content}},
            "responses": _responses(
                answer, {"403": {"$ref": "#/components/responses/NotAuthorized"}}
            ),
        }
    }


def _responses(result: Any, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    answer = {
        "type": "object",
        "required": ["success", "result"],
        "properties": {"success": {"const": True}, "result": result},
    }
    return {
        "200": {
            "description": tk._("The answer"),
            "content": {"application/json": {"schema": answer}},
        },
        "404": {"$ref": "#/components/responses/NotFound"},
        "409": {"$ref": "#/components/responses/Invalid"},
        **(more or {}),
    }
