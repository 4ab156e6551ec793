"""The kinds of JSON that a record's fields take, looked at before anything is made of a record.

CKAN and ckanext-scheming flatten what is sent by its shape and break on shapes that they did not
expect (a table where a text stands, ``tags`` that are numbers): a server error for the asker's
fault, and none says which field it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import lookup_package_plugin
from ckan.types import DataDict
from ckanext.scheming import helpers as scheming
from werkzeug.datastructures import FileStorage

from ckanext.leszno_ngo import bounds
from ckanext.leszno_ngo.catalogue import addresses

#: CKAN's tables of a dataset whose rows hold nothing but texts, and the others.
_TABLES_OF_TEXTS = ("extras", "groups", "tags")
_TABLES = ("resources", "relationships_as_object", "relationships_as_subject")
#: Columns by which CKAN finds something: a number or a list in one breaks the question.
_FOUND_BY = ("id", "name", "key", "capacity", "vocabulary_id")
#: Tables of a department or group → the columns that CKAN reads.
_TABLES_OF_GROUPS = {
    "extras": ("key", "value"),
    "groups": ("name", "capacity"),
    "packages": ("id", "name", "title"),
    "users": ("name", "capacity"),
}
#: What ``package_show`` says beside the fields; it may come back and is not kept.
_SAID_ONLY = frozenset({"computed", "organization", "sources"})
#: Tables in which CKAN looks for errors by row → the column that it reads one of.
_ROW_ERRORS = {"extras": "key", "tags": "name"}
#: Where CKAN keeps what no field takes; who sends it sends an object.
_LEFT_OVER = "__extras"
#: Columns of JSON.
_OF_OBJECTS = frozenset({"extras", "plugin_data", "plugin_extras"})
#: Validators and presets of fields that take several texts.
_OF_LISTS = frozenset(
    {"leszno_ngo_list", "scheming_multiple_choice", "scheming_multiple_text", "multiple_text"}
)

#: Of a file's description: its addresses, and what no column counts (bytes).
_ADDRESSES_OF_FILES = frozenset({"url", "cache_url"})
_MOST_BYTES = 2**63
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

#: States that a person or a program may give a record.
_STATES = (model.State.ACTIVE, "draft", model.State.DELETED)

Kind = Callable[[Any], bool]


def check_record(data_dict: Mapping[str, Any], type_name: str | None = None) -> None:
    """Check the kinds of a record's fields.

    :param data_dict: what ``package_create`` or ``package_update`` takes
    :param type_name: the dataset type of the stored record, where it is not among the fields
    :raises ckan.logic.ValidationError: values of other kinds than their fields take (HTTP 409), by
        the fields' names
    """
    named = data_dict.get("type") or type_name
    _refuse(dict(_unknown(named, data_dict.get("state"))))
    schema = scheming.scheming_get_dataset_schema(named) if isinstance(named, str) else None
    _refuse(_wrong(data_dict, _kinds((schema or {}).get("dataset_fields", ()))))
    of_files = _kinds((schema or {}).get("resource_fields", ()))
    for file in data_dict.get("resources", ()):
        found = _wrong(file, {**_texts_of_files(), **of_files}) or _out_of_bounds(file)
        _refuse({"resources": [found]} if found else {})


def _unknown(named: Any, state: Any) -> Iterator[tuple[str, list[Any]]]:
    """Name a type that no schema declares, which has no pages, and a state that nothing lists."""
    if _is_undeclared(named):
        yield "type", [tk._("There is no such type of records")]
    if said := list(_unknown_state(state)):
        yield "state", said


def drop_empty_state(data_dict: DataDict) -> None:
    """Take out a state of no letters: CKAN would keep it, and show the record to nobody.

    :param data_dict: what an action takes that writes a record, a department or a group
    """
    if data_dict.get("state") in ("", None):
        data_dict.pop("state", None)


def _unknown_state(state: Any) -> Iterator[str]:
    if state is not None and state not in _STATES:
        yield tk._("There is no such state of a record")


def _is_undeclared(named: Any) -> bool:
    if not isinstance(named, str) or named == "dataset":
        return False
    return lookup_package_plugin(named) is lookup_package_plugin()


def check_file(data_dict: Mapping[str, Any]) -> None:
    """Check the kinds of the texts of a file's description.

    :param data_dict: what ``resource_create`` or ``resource_update`` takes
    :raises ckan.logic.ValidationError: as :func:`check_record`
    """
    _refuse(_wrong(data_dict, {**_texts_of_files(), "package_id": is_text}))
    _refuse(_out_of_bounds(data_dict))


def check_group(data_dict: Mapping[str, Any]) -> None:
    """Check the kinds of a department's or a group's fields.

    :param data_dict: what ``group_create``, ``organization_update`` and their like take
    :raises ckan.logic.ValidationError: as :func:`check_record`
    """
    _refuse({"state": said} if (said := list(_unknown_state(data_dict.get("state")))) else {})
    tables = {name: _rows_with(columns) for name, columns in _TABLES_OF_GROUPS.items()}
    _refuse(_wrong(data_dict, {**_texts(model.group_table), **tables}))


def check_account(data_dict: Mapping[str, Any]) -> None:
    """Check the kinds of an account's fields.

    :param data_dict: what ``user_create`` or ``user_update`` takes
    :raises ckan.logic.ValidationError: as :func:`check_record`
    """
    said = dict.fromkeys(("password1", "password2", "password_hash", "old_password"), is_text)
    read = dict.fromkeys(("about", "email"), _is_string)  # CKAN looks for signs in them
    _refuse(_wrong(data_dict, {**_texts(model.user_table), **said, **read}))


def check_invitation(data_dict: Mapping[str, Any]) -> None:
    """Check the kinds of an invitation's fields.

    :param data_dict: what ``user_invite`` takes
    :raises ckan.logic.ValidationError: as :func:`check_record`
    """
    _refuse(_wrong(data_dict, dict.fromkeys(("email", "group_id", "role"), _is_string)))


def _out_of_bounds(file: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Name what no column takes of a file's description, and addresses with signs of control."""
    found: dict[str, list[Any]] = {}
    for name in _ADDRESSES_OF_FILES:
        if _CONTROL.search(str(file.get(name) or "")[: bounds.ADDRESS]):
            found[name] = [addresses.not_followable()]
    if not _is_size(file.get("size")):
        found["size"] = [tk._("Give a whole number")]
    return found


def _is_size(value: Any) -> bool:
    try:
        return 0 <= int(value or 0) < _MOST_BYTES
    except (TypeError, ValueError, OverflowError):
        return True  # CKAN says so itself


def is_text(value: Any) -> bool:
    """Whether a value is a text or what is kept as one: a number, a flag, a moment, nothing."""
    return not isinstance(value, (list, tuple, set, dict, FileStorage))


def _is_string(value: Any) -> bool:
    return value is None or isinstance(value, str)


def is_list(value: Any) -> bool:
    """Whether a value is a text or a list of texts."""
    return all(map(is_text, value)) if isinstance(value, list) else is_text(value)


def is_words(value: Any) -> bool:
    """Whether a value is a text of words with commas, a list of words, or nothing."""
    is_given = isinstance(value, list)
    return all(isinstance(one, str) for one in (value if is_given else [value or ""]))


def is_table(value: Any, of_texts: bool = False) -> bool:
    """Whether a value is a list of objects, or nothing.

    :param value: a value of JSON
    :param of_texts: whether the objects may hold nothing but texts and lists of them
    """
    if not isinstance(value, list):
        return value is None or value == ""
    return all(
        isinstance(row, dict) and (not of_texts or all(map(is_list, row.values()))) for row in value
    )


def _rows_with(columns: Iterable[str]) -> Kind:
    """Make the kind of a table with texts in some columns, whatever it has besides."""

    def is_kind(value: Any) -> bool:
        return is_table(value) and all(
            is_text(row.get(name)) for row in value or () for name in columns
        )

    return is_kind


def _of_texts(value: Any) -> bool:
    return is_table(value, of_texts=True)


def _is_given_table(value: Any) -> bool:
    """Whether a value is a list of objects; nothing (``null``) is none, and CKAN breaks on it."""
    return isinstance(value, list) and is_table(value) and all(map(_has_names, value))


def _of_names(value: Any) -> bool:
    return _is_given_table(value) and _of_texts(value)


def _has_names(row: Mapping[str, Any]) -> bool:
    return all(_is_string(row.get(name)) for name in _FOUND_BY)


def _kinds(fields: Any) -> dict[str, Kind]:
    kinds: dict[str, Kind] = _texts(model.package_table)
    kinds |= dict.fromkeys(_TABLES, _is_given_table) | dict.fromkeys(_TABLES_OF_TEXTS, _of_names)
    kinds["tag_string"] = is_words
    kinds |= {field["field_name"]: _kind(field) for field in fields}
    return {name: kind for name, kind in kinds.items() if name not in _SAID_ONLY}


def _kind(field: Mapping[str, Any]) -> Kind:
    if "repeating_subfields" in field:
        return _of_texts
    given = field.get("validators") or ""
    words = {*(given.split() if isinstance(given, str) else ()), field.get("preset")}
    return is_list if words & _OF_LISTS else is_text


def _texts(table: sa.Table) -> dict[str, Kind]:
    names = [column.name for column in table.columns if column.name not in _OF_OBJECTS]
    return {name: _is_string if name in _FOUND_BY else is_text for name in names}


def _texts_of_files() -> dict[str, Kind]:
    return {**_texts(model.resource_table), "url": _is_string}  # CKAN takes it apart


def _wrong(data: Mapping[str, Any], kinds: Mapping[str, Kind]) -> dict[str, list[Any]]:
    return dict(_errors(data, kinds))


def _errors(data: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Iterator[tuple[str, list[Any]]]:
    for name, kind in {**kinds, _LEFT_OVER: _is_object}.items():
        if name in data and not kind(data[name]):
            said = [_message(kind)]
            yield name, [{_ROW_ERRORS[name]: said}] if name in _ROW_ERRORS else said


def _is_object(value: Any) -> bool:
    return isinstance(value, (Mapping, type(None)))


def _message(kind: Kind) -> str:
    if kind in (is_text, _is_string):
        return tk._("Give a text here")
    if kind is _is_object:
        return tk._("Give an object here")
    if kind in (is_list, is_words):
        return tk._("Give a list of texts here")
    return tk._("Give a list of objects here, with texts in them")


def _refuse(errors: dict[str, Any]) -> None:
    if errors:
        raise tk.ValidationError(errors)
