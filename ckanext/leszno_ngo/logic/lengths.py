"""How long the texts of records, files, departments, groups and accounts may be.

CKAN has no limits of its own: a text of 100 MB was kept, indexed and shown. They are looked at
before any action does anything with a text, by the length alone; what a field of ours takes beyond
that is the matter of its validators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import bounds, web_addresses
from ckanext.leszno_ngo.logic.value_messages import too_long

#: Field → the most characters of its texts, or the limits of the fields in it.
Limits = Mapping[str, Any]

_LINES = (
    *("author", "author_email", "display_name", "email", "format", "fullname", "id", "key"),
    *("license_id", "maintainer", "maintainer_email", "mimetype", "name", "owner_org", "password"),
    *("password1", "password2", "title", "type", "version"),
)
#: Fields of JSON and lists in one text.
_LISTED = ("config", "filters", "plugin_data", "sources", "tag_string")
#: Of every object; a text of any other field is a long one.
_USUAL: Limits = {**dict.fromkeys(_LINES, bounds.NAME), **dict.fromkeys(_LISTED, bounds.LISTED)}
#: What the portal's own texts and styles may have, each.
OF_SETTINGS = bounds.LISTED

_LONG_VALIDATOR, _LONG_FORMS = "leszno_ngo_long_text", ("markdown.html", "textarea.html")
_LIST_WORDS = frozenset(
    {"leszno_ngo_list", "leszno_ngo_provenance", "multiple_text", "scheming_multiple_choice"}
    | {"scheming_multiple_text"}
)
# Tables in which CKAN looks for errors by row → the column that it reads one of.
_ROW_ERRORS = {"extras": "key", "tags": "name"}
_LONGEST_NAME = 100


def check(given: Mapping[str, Any], limits: Limits = _USUAL) -> None:
    """Refuse what has a text that is too long.

    :param given: as an action takes it
    :param limits: of the fields that are not as usual (:func:`of_fields`)
    :raises ckan.logic.ValidationError: with the limit, under the field's name
    """
    if errors := faults(given, limits):
        raise tk.ValidationError(errors)


def faults(given: Mapping[str, Any], limits: Limits = _USUAL) -> dict[str, Any]:
    """Find the texts that are too long.

    :param given: as an action takes it
    :param limits: as :func:`check` takes them
    :returns: field → messages, as ``ValidationError.error_dict``; rows of a table are dictionaries
    """
    found = {}
    for name, value in given.items():
        name = str(name)[:_LONGEST_NAME]
        said = _messages(value, limits.get(name, _usual(name)))
        if said:
            found[name] = [{_ROW_ERRORS[name]: _first(said)}] if name in _ROW_ERRORS else said
    return found


def _usual(name: str) -> int:
    if web_addresses.is_of_addresses(name):
        return bounds.ADDRESS
    return _USUAL.get(name, bounds.TEXT)


def _messages(value: Any, limit: Any) -> list[Any]:
    if isinstance(value, str):
        most = limit if isinstance(limit, int) else bounds.LISTED
        return [too_long(len(value), most)] if len(value) > most else []
    if isinstance(value, Mapping):
        errors = faults(value, limit if isinstance(limit, Mapping) else _USUAL)
        return [errors] if errors else []
    if not isinstance(value, (list, tuple)):
        return []
    rows = [_messages(one, limit) for one in value]
    if any(isinstance(one, Mapping) for one in value):
        return [row[0] if row else {} for row in rows] if any(rows) else []
    return next(filter(None, rows), [])


def _first(said: Any) -> list[str]:
    """Return the first message in errors of any depth."""
    while not isinstance(said, str):
        inside = said.values() if isinstance(said, Mapping) else said
        said = next(filter(None, inside))
    return [said]


def of_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits of the fields of a record type, or of CKAN's datasets, and of their files.

    :param schema: as ckanext-scheming has it; an empty one has the usual limits
    """
    files = of_fields(schema.get("resource_fields", ()))
    return {**_USUAL, **of_fields(schema.get("dataset_fields", ())), "resources": files}


def of_fields(fields: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the limits of the fields of a schema.

    :param fields: as ckanext-scheming has them
    """
    return {field["field_name"]: _of_field(field) for field in fields}


def _of_field(field: Mapping[str, Any]) -> Any:
    if "repeating_subfields" in field:
        return of_fields(field["repeating_subfields"])
    name, validators = field["field_name"], str(field.get("validators") or "")
    words = {*validators.split(), field.get("preset")}
    if words & _LIST_WORDS or name in _LISTED:
        return bounds.LISTED
    is_long = _LONG_VALIDATOR in words or field.get("form_snippet") in _LONG_FORMS
    if is_long or name == "notes":
        return bounds.TEXT
    return bounds.ADDRESS if web_addresses.is_of_addresses(name) else bounds.NAME
