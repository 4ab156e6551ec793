"""Stored values that today's rules refuse: who leaves one as it is may save the rest.

Rules of values become stricter, vocabularies lose codes. A record of before has such values, and
whoever changes another of its fields is not the one to mend them at once: a value that is what is
stored never keeps a record from being saved. It stays as it is, and the form says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator

from ckanext.leszno_ngo.catalogue import merging
from ckanext.leszno_ngo.logic import flattened, publishing
from ckanext.leszno_ngo.request_state import Slot

#: Where a validation's context has the places of such values, with what is wrong with each.
KEPT = "leszno_ngo_kept_values"
# What was sent, before any validator has changed it.
_SENT = "leszno_ngo_as_sent"
#: Columns of CKAN's table that hold a field's value; other fields are extras.
_COLUMNS = frozenset({"title", "notes"})
_FILES = "resources"
_OUTPUT_OF_NUMBERS = "leszno_ngo_number_output"

Fields = Mapping[str, Mapping[str, Any]]
#: What the request has left as it was: each field, and what is wrong with its value.
LEFT: Slot[list[tuple[Mapping[str, Any], list[str]]]] = Slot("leszno_ngo_kept_values", [])


def leszno_ngo_as_sent(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Remember what is sent of a stored record, for :func:`leszno_ngo_stored_values`.

    It stands in a type's ``before_validators``.
    """
    if context.get("package"):
        context[_SENT] = dict(data)  # type: ignore[literal-required]


@scheming_validator
def leszno_ngo_stored_values(
    _field: dict[str, Any] | None, schema: dict[str, Any]
) -> Callable[..., None]:
    """Let values stay that are stored as they are, whatever the field's validators say of them.

    It is the first of a type's ``after_validators``: what those say of the whole record stands.
    """
    fields = {field["field_name"]: field for field in schema["dataset_fields"]}
    identity = schema.get("record_type", {}).get("identity") or ()
    of_files = {field["field_name"]: field for field in schema["resource_fields"]}

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        package = context.get("package")
        if package is None:
            return
        kept: dict[FlattenKey, list[str]] = {}
        sent = context.get(_SENT, data)
        for place in [place for place, said in errors.items() if said]:
            if place[0] in identity and _goes_public(package, data):
                continue  # somebody may have its number by now
            field, known = _known(place, data, fields, of_files, package)
            stored = next((one for one in known if _is_same(field, sent.get(place), one)), None)
            if stored is not None:
                kept[place], errors[place] = errors[place], []
                _put_back(place, data, stored)
        context[KEPT] = kept  # type: ignore[literal-required]
        leave([(fields[place[0]], said) for place, said in kept.items() if place[0] in fields])

    return validator


def _goes_public(package: model.Package, data: FlattenDataDict) -> bool:
    """Whether a record that everybody could not see, or that was in the bin, is to be public."""
    return not publishing.is_public(package) and str(data.get(("private",)) or "").lower() != "true"


def _known(
    place: FlattenKey, data: FlattenDataDict, fields: Fields, of_files: Fields, package: Any
) -> tuple[Mapping[str, Any], Iterator[Any]]:
    """Return the declaration of a place and what is stored there, of a table in any row."""
    name, inner = place[0], place[-1]
    if name == _FILES and inner in of_files:
        return of_files[inner], _of_file(data.get((*place[:-1], "id")), inner, package)
    field = fields.get(name, {})
    stored = getattr(package, name) if name in _COLUMNS else package.extras.get(name)
    if len(place) == 1:
        return field, (one for one in [stored] if field and stored)
    columns = {one["field_name"]: one for one in field.get("repeating_subfields", ())}
    rows = _loaded(stored) if columns else []
    cells = (row.get(inner) for row in rows if isinstance(row, dict))
    return columns.get(inner, {}), (cell for cell in cells if inner in columns and cell)


def _of_file(file_id: Any, name: str, package: model.Package) -> Iterator[Any]:
    file = next((file for file in package.resources if file.id == file_id), None)
    value = getattr(file, name, None) or (file.extras or {}).get(name) if file else None
    if value:
        yield value


def _is_same(field: Mapping[str, Any], sent: Any, stored: Any) -> bool:
    """Whether a value is the stored one, as ``package_show`` or the form says it."""
    if sent in (None, "", tk.missing):
        return False
    if _OUTPUT_OF_NUMBERS in field.get("output_validators", ""):
        said, known = _number(sent), _number(stored)
        typed = tk.h.leszno_ngo_typed_number(float(known)) if known is not None else ""
        return known is not None and (said == known or sent == typed)
    if entries := _loaded(stored):
        lines = _loaded(sent) or str(sent).splitlines()
        return [_cleaned(one) for one in lines] == [_cleaned(one) for one in entries]
    spellings = (stored, tk.h.leszno_ngo_form_value(field, stored))
    moment = tk.h.leszno_ngo_typed_moment(stored) if "T" in str(stored) else stored
    return _cleaned(sent) in {_cleaned(one) for one in (*spellings, moment)}


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _loaded(value: Any) -> list[Any]:
    """Return a list, also one that is kept as JSON; nothing for other values."""
    found = merging.loaded(value)
    return found if isinstance(found, list) else []


def _cleaned(value: Any) -> str:
    return " ".join(str(value).split())


def _put_back(place: FlattenKey, data: FlattenDataDict, stored: Any) -> None:
    if len(place) == 1 and place[0] not in _COLUMNS:
        flattened.set_value(data, place[0], stored)
    else:
        data[place] = stored


def leave(kept: list[tuple[Mapping[str, Any], list[str]]]) -> None:
    """Keep what stayed for the rest of the request: the page after it says so.

    :param kept: each field, with its ``label``, and what is wrong with its value
    """
    known = [one for one in LEFT.get() if one not in kept]
    LEFT.set([*known, *kept])
