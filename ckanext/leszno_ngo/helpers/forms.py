"""Forms: their sections, fields and values as a person types them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import datetimes, polish, vocabularies
from ckanext.leszno_ngo.catalogue import checks, form_keys, links, merging
from ckanext.leszno_ngo.helpers.texts import leszno_ngo_text
from ckanext.leszno_ngo.helpers.values import leszno_ngo_identifier
from ckanext.leszno_ngo.logic import findings, personal_question, record_validators
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views.pages import form_fields
from ckanext.leszno_ngo.views.shared import personal_data_asked
from ckanext.leszno_ngo.views.shared.contexts import request_context

_WARNING = checks.WARNING


def leszno_ngo_vocabulary_choices(field: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the choices of a field with a vocabulary, as ckanext-scheming wants them.

    :param field: the field's declaration in the schema, with its key ``vocabulary``
    :returns: ``[{"value": code, "label": {"pl": …, "en": …}}, …]`` in the vocabulary's order
    """
    return _choices(field["vocabulary"])


@functools.cache  # scheming asks for them at every validation of every record
def _choices(name: str) -> list[dict[str, Any]]:
    terms = vocabularies.get(name).terms
    return [{"value": term.code, "label": dict(term.labels)} for term in terms]


def leszno_ngo_form_key() -> str:
    """Return the key of a form that is being opened: by it, the form makes one record."""
    return form_keys.new_key()


def leszno_ngo_typed_number(value: Any) -> str:
    """Return a number as a form shows it; a text typed by a person stays."""
    if not isinstance(value, (int, float)):
        return value or ""
    return polish.format_number(value, "pl", 0 if value == int(value) else 2)


def leszno_ngo_typed_day(value: str) -> str:
    """Return a day (``yyyy-mm-dd``) as people in Poland type it: ``24.11.2026``."""
    return datetimes.day(value).strftime("%d.%m.%Y")


def leszno_ngo_typed_moment(value: Any) -> str:
    """Return a stored day and hour as a form shows it; a text typed by a person stays."""
    if not isinstance(value, str) or "T" not in value:
        return value or ""
    try:
        return datetimes.from_stored(value).astimezone(datetimes.WARSAW).strftime("%d.%m.%Y %H:%M")
    except ValueError:
        return value


def leszno_ngo_shown_links(
    value: Any, read: Mapping[str, links.Target] | None = None
) -> list[form_fields.ShownLink]:
    """Return the links of a field as its form shows them: titles to read, addresses to send.

    :param value: an id or a list of ids from the record, or what was typed
    :param read: what :func:`leszno_ngo_read_links` has found of the form
    """
    return form_fields.shown_links(request_context(), value, read or {})


def leszno_ngo_read_links(
    schema: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, links.Target]:
    """Look up all links of a form at once, for :func:`leszno_ngo_shown_links`."""
    return form_fields.read_links(request_context(), schema, data)


def leszno_ngo_form_rows(
    field: Mapping[str, Any], data: Mapping[str, Any], errors: Mapping[str, Any]
) -> list[form_fields.Row]:
    """Return the rows of a table as its form shows them, at least one."""
    return form_fields.rows(field, data, errors)


def leszno_ngo_blank_rows(count: int) -> list[form_fields.Row]:
    """Return empty rows behind ``count`` others, for those who have no scripts to add them."""
    return form_fields.blank_rows(count)


def leszno_ngo_pattern_row() -> form_fields.Row:
    """Return the empty row of a table that scripts copy."""
    return form_fields.pattern_row()


def leszno_ngo_own_errors(name: str, errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the messages about a table as a whole, as a form's ``errors``."""
    return form_fields.own_errors(name, errors)


def leszno_ngo_faults(
    schema: Mapping[str, Any], errors: Mapping[str, Any]
) -> list[form_fields.Fault]:
    """Return what is wrong in a form, with the ids of the controls, in the order of its fields."""
    return form_fields.faults(schema, errors)


def leszno_ngo_is_open(
    fields: list[Mapping[str, Any]], data: Mapping[str, Any], errors: Mapping[str, Any]
) -> bool:
    """Whether a folded section of a form must be open: something in it is filled in or wrong."""
    names = [field["field_name"] for field in fields]
    tables = tuple(f"{f['field_name']}-" for f in fields if "repeating_subfields" in f)
    typed = any(value for key, value in data.items() if tables and key.startswith(tables))
    return typed or any(data.get(name) or errors.get(name) for name in names)


def leszno_ngo_form_sections(
    record_type: RecordType, schema: Mapping[str, Any]
) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Return the groups of a type's form.

    :param schema: the type's scheming schema
    :returns: pairs (section, fields as the schema declares them), without fields that no form has
    """
    asked = [f for f in schema["dataset_fields"] if f.get("form_snippet", "") is not None]
    groups = [
        (section, [f for f in asked if f.get("section") == section.name])
        for section in record_type.sections
    ]
    return [(section, fields) for section, fields in groups if fields]


def leszno_ngo_form_value(field: Mapping[str, Any], value: Any) -> str:
    """Return a value as a form shows it: a date as people write it, an identifier spaced.

    :param field: the field's declaration in the schema
    """
    if value is None:
        return ""
    if field.get("display") == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        year, month, day = str(value).split("-")
        return f"{day}.{month}.{year}"
    if field.get("display") == "identifier" and str(value).isdigit():
        return leszno_ngo_identifier(field["field_name"], str(value))
    return str(value)


def leszno_ngo_lines(value: Any) -> str:
    """Return a list as a form shows it, one entry a line; a text typed by a person stays."""
    found = merging.loaded(value)
    return "\n".join(map(str, found)) if isinstance(found, list) else found or ""


def leszno_ngo_chosen(value: Any) -> list[str]:
    """Return the codes ticked in a form, from what the record or the browser sent."""
    if isinstance(value, str):
        return [value] if value else []
    return [str(code) for code in value or []]


def leszno_ngo_is_true(value: Any) -> bool:
    """Whether a flag is set, in a record (``True``) or as a form sends it (``"true"``)."""
    return str(value).lower() == "true"


def leszno_ngo_warnings(name: str) -> list[str]:
    """Return what the checks warn of beside a field of the form that is being shown."""
    left = record_validators.LEFT.get()
    if left is None:
        return []
    warned = [f for f in left.found if (f.field, f.level) == (name, _WARNING)]
    return [findings.text(finding, left.record_type) for finding in warned]


@dataclass(frozen=True)
class PersonalDataAsked:
    """What a form asks about before its text goes public: pairs (id of the control, what is said).

    ``seen`` is what the form carries when it is sent again.
    """

    places: list[tuple[str, str]]
    seen: str


def leszno_ngo_personal_data_asked() -> PersonalDataAsked | None:
    """Return what the form that is being shown asks about, ``None`` for nothing."""
    left = record_validators.LEFT.get()
    if left is None or not left.seen:
        return None
    labels = {field.name: leszno_ngo_text(field.label) for field in left.record_type.fields}
    places = [
        (f"field-{f.field}", f"{labels[f.field]}: {findings.text(f, left.record_type)}")
        for f in left.found
    ]
    return PersonalDataAsked(places, left.seen)


def leszno_ngo_personal_data_seen(record: Mapping[str, Any]) -> str:
    """Return what the button that publishes a draft carries where its page warns of personal data.

    :param record: the draft
    """
    return personal_data_asked.of_stored(record)


def leszno_ngo_personal_data_mark() -> str:
    """Return what a form of CKAN carries that is shown again with a question, empty for none."""
    return personal_question.mark()


def leszno_ngo_largest_file() -> int:
    """Return how large a document may be, in MB."""
    return int(tk.config["ckan.max_resource_size"])
