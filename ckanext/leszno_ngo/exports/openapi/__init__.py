"""The description of the API (OpenAPI 3.1), made from what runs.

Record types give the records, formats the files, the schemas that actions check their parameters
by the actions: nothing here is said a second time by hand.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, vocabularies
from ckanext.leszno_ngo.exports.openapi import actions, files, schemas
from ckanext.leszno_ngo.record_types import RecordType

#: Version of the API, by Semantic Versioning (docs/api.md, "Versions").
VERSION = "1.0.0"


def document(
    types: list[RecordType],
    everything: RecordType,
    lang: str,
    server: str,
    others: dict[str, Any],
) -> dict[str, Any]:
    """Describe the whole public API.

    :param types: the record types of the portal
    :param everything: the type that covers them
    :param lang: language of texts, ``pl`` or ``en``
    :param server: address of the portal, without a slash at the end
    :param others: further addresses → operations, of pages that are files
    :returns: an OpenAPI 3.1 document
    """
    searched = [*types, everything]
    paths = {
        **actions.ckan(types),
        **actions.own(),
        **files.of_searches(searched, lang),
    }
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": server}],
        "tags": _tags(),
        "paths": {**paths, **{k: v for k, v in others.items() if k not in paths}},
        "components": {
            "schemas": _schemas(types, lang),
            "parameters": files.components(searched, lang),
            "responses": _responses(),
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": tk._("A token from the page of one's account in the portal"),
                }
            },
        },
    }


def _info() -> dict[str, Any]:
    licence = vocabularies.get("licences").get(config.licence())
    assert licence  # the option's validator allows only codes of this vocabulary
    return {
        "title": tk._("API of the catalogue of non-governmental organisations"),
        "version": VERSION,
        "description": tk._(
            "Reading needs no account. Names of fields, codes, addresses and parameters of a main "
            "version do not change and do not go; new ones may come. What is going to go is marked "
            "as deprecated here and stays for at least twelve months after that."
        ),
        "license": {"name": licence.extra["short"], "url": licence.extra["url"]},
    }


def _tags() -> list[dict[str, str]]:
    return [
        {"name": actions.TAG, "description": tk._("Search, look-up, statistics and changes")},
        {"name": files.FILES, "description": tk._("Everything a search finds, as a file")},
        {"name": files.FEEDS, "description": tk._("Feeds and calendars")},
        {"name": files.RECORDS, "description": tk._("Single records")},
    ]


def _schemas(types: list[RecordType], lang: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for record_type in types:
        name = schemas.name_of(record_type)
        made[name] = schemas.shown_record(record_type, lang)
        made[f"{name}Input"] = schemas.given_record(record_type, lang)
    references = [{"$ref": f"#/components/schemas/{schemas.name_of(t)}"} for t in types]
    return {
        **made,
        "Record": {"type": "object", "anyOf": references},
        "Error": {
            "type": "object",
            "required": ["success", "error"],
            "properties": {
                "success": {"const": False},
                "error": {
                    "type": "object",
                    "required": ["__type"],
                    "properties": {"__type": {"type": "string"}},
                    "additionalProperties": True,
                },
            },
        },
    }


def _responses() -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    said = {"application/json": {"schema": {}}, "text/plain": {"schema": {"type": "string"}}}
    text = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "BadRequest": {"description": tk._("The request cannot be read"), "content": said},
        "NotAuthorized": {"description": tk._("Not for this account"), "content": error},
        "NotFound": {"description": tk._("There is no such public record"), "content": error},
        "Invalid": {
            "description": tk._("Parameters with what is wrong with them"),
            "content": error,
        },
        "BadParameter": {"description": tk._("A text that says what is right"), "content": text},
        "Nothing": {"description": tk._("Nothing found can be in such a file"), "content": text},
        "TooMany": {"description": tk._("More than such a file can hold"), "content": text},
        "Away": {"description": tk._("The search engine does not answer now"), "content": text},
    }
