"""Validators of what records have beside plain values: money, moments, links, checks of the whole.

Together with :mod:`ckanext.leszno_ngo.logic.validators`, which lists them for CKAN.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator

from ckanext.leszno_ngo import datetimes, record_types, sent_json
from ckanext.leszno_ngo.catalogue import checks, links
from ckanext.leszno_ngo.logic import findings, stored_values
from ckanext.leszno_ngo.logic.value_messages import brought_to_form
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.request_state import Slot


# ---------------------------------------------------------------------------------- numbers
def leszno_ngo_money(value: Any) -> str:
    """Bring an amount of złoty in any Polish spelling to a plain number (``1234.50``)."""
    return brought_to_form("amount", _written(value))


def leszno_ngo_decimal(value: Any) -> str:
    """Bring a number that is not negative, with or without a fraction, to its plain spelling."""
    return brought_to_form("amount", _written(value))


def leszno_ngo_number(value: Any) -> str:
    """Bring a whole number that is not negative to digits alone."""
    return brought_to_form("whole_number", _written(value))


def leszno_ngo_percent(value: Any) -> str:
    """Check a number of per cent, from 0 to 100; the sign ``%`` may stand behind it."""
    return brought_to_form("percent", _written(value))


def _written(value: Any) -> str:
    """Write a number of JSON as people do: it has no marks of thousands, and a comma."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    try:
        return f"{Decimal(str(value)).quantize(Decimal('0.01')):f}".replace(".", ",")
    except InvalidOperation:  # infinite, or longer than any number
        return str(value)


def leszno_ngo_year(value: Any) -> str:
    """Check a year of four digits."""
    return brought_to_form("year", str(value))


# ---------------------------------------------------------------------------------- moments
def leszno_ngo_datetime(value: Any) -> str:
    """Bring a day and hour of Poland to ISO 8601 with the offset; a day alone begins at 0:00."""
    return brought_to_form("moment", value if isinstance(value, dt.date) else str(value))


def leszno_ngo_datetime_end(value: Any) -> str:
    """As :func:`leszno_ngo_datetime`, but a day alone means the whole of it: 23:59."""
    return brought_to_form("moment_of_end", value if isinstance(value, dt.date) else str(value))


def leszno_ngo_same_day(start: str) -> Callable[..., None]:
    """Make a validator that puts the end of the day of ``start`` where no end is given.

    :param start: name of the field with the beginning
    """

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if data.get(key) not in (None, "", tk.missing):
            return
        begun = data.get((*key[:-1], start))
        if begun in (None, "", tk.missing):
            return
        try:
            day = datetimes.parse(begun).date()
        except datetimes.MomentError:
            return  # said at the beginning's own field
        data[key] = datetimes.to_stored(datetimes.parse(day, datetimes.END_OF_DAY))

    return validator


# ---------------------------------------------------------------------------------- links
@scheming_validator
def leszno_ngo_link(field: dict[str, Any], schema: dict[str, Any]) -> Callable[..., None]:
    """Bring a link to the id of its target: an active record of the right type, seen by the user.

    The target may be given by id, page address or the end of it. What is stored already stays,
    even where its target has been deleted since. The field ``link.fill`` beside it gets the
    target's title where it is empty and the target is public.
    """
    declared = field["link"]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        value = str(data[key]).strip()
        if _is_stored(context, key[0], value):
            return
        target = links.find(context, [value], _types(declared)).get(value)
        if target is None:
            raise tk.Invalid(_no_target(value, declared))
        data[key] = target.id
        # A title that visitors may not see is not written into a record that they may.
        if declared.get("fill") and target.is_public:
            beside = (*key[:-1], declared["fill"])
            if data.get(beside) in (None, "", tk.missing):
                data[beside] = target.title

    return validator


@scheming_validator
def leszno_ngo_link_list(field: dict[str, Any], schema: dict[str, Any]) -> Callable[..., None]:
    """Bring a list of links (JSON from ``leszno_ngo_list``) to ids, by one query for all."""
    declared = field["link"]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if errors.get(key):
            raise tk.StopOnError  # it is no list, which is said
        values = sent_json.listed(data[key])
        fresh = [value for value in values if not _is_stored(context, key[0], value)]
        found = links.find(context, fresh, _types(declared)) if fresh else {}
        for value in fresh:
            if value not in found:
                raise tk.Invalid(_no_target(value, declared))
        ids = [found[value].id if value in found else value for value in values]
        data[key] = json.dumps(list(dict.fromkeys(ids)))

    return validator


def _types(declared: dict[str, Any]) -> list[str]:
    types = declared["type"]
    return [types] if isinstance(types, str) else list(types)


def _is_stored(context: Context, name: Any, value: str) -> bool:
    """Whether a record that is being saved holds this id in this field already."""
    package = context.get("package")
    return (
        bool(package)
        and len(value) == len(package.id)
        and value in (package.extras.get(name) or "")
    )


def _no_target(value: str, declared: dict[str, Any]) -> str:
    labels = [
        record_types.localised(record_type.label, findings.language())
        for name in _types(declared)
        if (record_type := record_types.get(name))
    ]
    return tk._('"%(value)s" is not in the catalogue as: %(types)s') % {
        "value": value,
        "types": ", ".join(labels),
    }


# ---------------------------------------------------------------------------------- whole record
@scheming_validator
def leszno_ngo_no_blank_rows(
    _field: dict[str, Any] | None, schema: dict[str, Any]
) -> Callable[..., None]:
    """Drop the rows of tables that were left empty between others; the rest move up."""
    tables = [f["field_name"] for f in schema["dataset_fields"] if "repeating_subfields" in f]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        for table in tables:
            if not _wrong_cells(table, errors):  # a message stays with the row it is about
                _move_up(table, data)

    return validator


def _move_up(table: str, data: FlattenDataDict) -> None:
    cells = {key: data.pop(key) for key in list(data) if key[0] == table and len(key) > 1}
    given = {key: v for key, v in cells.items() if v not in (None, "", [], tk.missing)}
    kept = sorted({key[1] for key in given})
    for key, value in given.items():
        data[(table, kept.index(key[1]), *key[2:])] = value


def _wrong_cells(table: str, errors: FlattenErrorDict) -> bool:
    return any(said and key[0] == table and len(key) > 1 for key, said in errors.items())


@scheming_validator
def leszno_ngo_checks(_field: dict[str, Any] | None, schema: dict[str, Any]) -> Callable[..., None]:
    """Run the checks that the type declares: errors stop the saving, warnings do not.

    All findings are left for the page that shows them.
    """

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        record_type = record_types.get(schema["dataset_type"])
        if record_type is None:
            return
        # What stays although it is refused is no value to count with.
        refused = {**errors, **context.get(stored_values.KEPT, {})}
        found = checks.run(record_type, composed(record_type, data, refused))
        leave(record_type, found)
        for finding in found:
            if finding.level == checks.ERROR:
                _add_error(errors, finding.field, findings.text(finding, record_type))

    return validator


def _add_error(errors: FlattenErrorDict, name: str, text: str) -> None:
    """Add what is wrong with a field; of a table with a wrong cell that is to be mended first.

    CKAN keeps an empty list a cell, and cannot put a text and those together.
    """
    if _wrong_cells(name, errors):
        return
    for key in [key for key in errors if key[0] == name and len(key) > 1]:
        del errors[key]
    errors.setdefault((name,), []).append(text)


@dataclass(frozen=True)
class Left:
    """What was found in a record.

    ``seen`` is what its form carries that is to be sent again; empty where it does not ask.
    """

    record_type: RecordType
    found: Sequence[checks.Finding]
    seen: str = ""


#: What was found in the record that the request's form is about.
LEFT: Slot[Left | None] = Slot("leszno_ngo_findings", None)


def leave(record_type: RecordType, found: Sequence[checks.Finding], seen: str = "") -> None:
    """Keep findings for the rest of the request: the form that comes back shows the warnings."""
    LEFT.set(Left(record_type, found, seen))


def composed(
    record_type: RecordType, data: FlattenDataDict, errors: FlattenErrorDict
) -> dict[str, Any]:
    """Compose the record from flattened data, without the values that were refused.

    :param record_type: its type
    :param data: what is validated
    :param errors: what was refused
    """
    record = {
        field.name: loaded(field, _given(data, errors, (field.name,)))
        for field in record_type.fields
        if not field.subfields
    }
    for name in ("id", "state"):
        record[name] = _given(data, errors, (name,))
    for field in record_type.fields:
        if field.subfields:
            record[field.name] = _rows(field, data, errors)
    return record


def _rows(field: Field, data: FlattenDataDict, errors: FlattenErrorDict) -> list[dict[str, Any]]:
    numbers = sorted({key[1] for key in data if key[0] == field.name and len(key) > 2})  # noqa: PLR2004
    rows = [
        {sub.name: _given(data, errors, (field.name, n, sub.name)) for sub in field.subfields}
        for n in numbers
    ]
    return [row for row in rows if any(row.values())]


def _given(data: FlattenDataDict, errors: FlattenErrorDict, key: tuple[Any, ...]) -> Any:
    value = data.get(key)
    return None if value is tk.missing or errors.get(key) else value


def loaded(field: Field, value: Any) -> Any:
    """Return a value as lists and texts: CKAN keeps a list as JSON."""
    return json.loads(value) if field.is_list and isinstance(value, str) and value else value
