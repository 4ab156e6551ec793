"""Data Package 1.0 with Table Schema (specs.frictionlessdata.io): what each CSV holds.

The files described are those with machine names and codes (``?values=codes``). The types that a
type's links lead to are in its package too, so that foreign keys can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.exports import csv, rows
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.exports.rows import Column
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/json; charset=utf-8"
#: The end of a package's address: ``/grant.datapackage.json``.
SUFFIX = "datapackage.json"

# A moment is written with its offset, a whole day as a day: no single pattern reads both.
_TYPES: Mapping[str, Mapping[str, Any]] = {
    rows.TEXT: {"type": "string"},
    rows.LIST: {"type": "string"},
    rows.NUMBER: {"type": "number"},
    rows.DATE: {"type": "date"},
    rows.DATETIME: {"type": "datetime", "format": "any"},
    rows.FLAG: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    rows.JSON: {"type": "array"},
}
_ORIGIN: Mapping[str, Mapping[str, Any]] = {
    "url": {"type": "string", "format": "uri"},
    "publisher": {"type": "string"},
    "licence": {"type": "string"},
    "retrieved": {"type": "datetime"},
}
_MUST = {"id": {"required": True, "unique": True}, "title": {"required": True}}


def package(record_type: RecordType, lang: str, about: About) -> dict[str, Any]:
    """Describe the CSV files of a type and of those that its links lead to.

    :param record_type: a record type
    :param lang: language of titles and descriptions, ``pl`` or ``en``
    :param about: origin; its ``address`` is that of the type's file, with its parameters
    :returns: a tabular data package; its first resource is the type's
    """
    first = {"path": about.address}
    others = [other for other in _with_targets(record_type) if other.name != record_type.name]
    return {
        "profile": "tabular-data-package",
        "name": record_type.name,
        "title": record_types.localised(record_type.label_plural, lang),
        "description": record_types.localised(record_type.description, lang),
        "homepage": about.search,
        "created": about.time,
        "licenses": [{"title": about.licence, "path": about.licence_url}],
        "contributors": [{"title": about.publisher, "role": "publisher"}],
        "resources": [
            {**_resource(record_type, lang), **first},
            *(_resource(other, lang) for other in others),
        ],
    }


def _with_targets(record_type: RecordType) -> list[RecordType]:
    """Return a type and every type that can be reached from it by links."""
    found = {record_type.name: record_type}
    waiting = [record_type]
    while waiting:
        for name in _targets(waiting.pop()):
            other = record_types.get(name)
            if other and name not in found:
                found[name] = other
                waiting.append(other)
    return list(found.values())


def _targets(record_type: RecordType) -> list[str]:
    """Return the types that foreign keys lead to: those of links with one target, to one type."""
    return [target for column in rows.columns(record_type) if (target := _target(column))]


def _target(column: Column) -> str | None:
    link = column.identifies.link if column.identifies else None
    is_single = link is not None and column.kind == rows.TEXT and len(link.types) == 1
    return link.types[0] if link and is_single else None


def _resource(record_type: RecordType, lang: str) -> dict[str, Any]:
    address = tk.url_for(
        "leszno_ngo_export.file",
        package_type=record_type.name,
        suffix="csv",
        values="codes",
        qualified=True,
        locale="default",
    )
    return {
        "profile": "tabular-data-resource",
        "name": record_type.name,
        "title": record_types.localised(record_type.label_plural, lang),
        "path": address,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": csv.SEPARATORS["comma"], "header": True},
        "schema": schema(record_type, lang),
    }


def schema(record_type: RecordType, lang: str) -> dict[str, Any]:
    """Return the Table Schema of a type's CSV with codes.

    :param record_type: a record type
    :param lang: language of titles and descriptions, ``pl`` or ``en``
    """
    columns = rows.columns(record_type)
    origin = [{"name": name, **described} for name, described in _ORIGIN.items()]
    keys = [
        {
            "fields": column.name,
            "reference": {
                "resource": "" if target == record_type.name else target,
                "fields": "id",
            },
        }
        for column in columns
        if (target := _target(column))
    ]
    described = {
        "fields": [*(_field(column, lang) for column in columns), *origin],
        "primaryKey": "id",
        "missingValues": [""],
    }
    return {**described, "foreignKeys": keys} if keys else described


def _field(column: Column, lang: str) -> dict[str, Any]:
    described = {"name": column.name, "title": column.heading(lang), **_TYPES[column.kind]}
    help_text = record_types.localised(column.field.help_text, lang) if column.field else ""
    constraints = {**_MUST.get(column.name, {}), **_constraints(column)}
    if help_text:
        described["description"] = help_text
    if constraints:
        described["constraints"] = constraints
    return described


def _constraints(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.field and column.field.required and len(column.path) == 1:
        found["required"] = True
    if column.vocabulary and column.kind == rows.TEXT:
        found["enum"] = list(vocabularies.get(column.vocabulary).codes)
    if column.vocabulary and column.kind == rows.LIST:
        code = f"(?:{'|'.join(map(re.escape, vocabularies.get(column.vocabulary).codes))})"
        found["pattern"] = f"{code}(?:{re.escape(rows.SEPARATOR)}{code})*"
    return found
