"""The value of a field as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.leszno_ngo import identifiers, vocabularies
from ckanext.leszno_ngo.catalogue import departments
from ckanext.leszno_ngo.helpers.days import leszno_ngo_date, leszno_ngo_datetime
from ckanext.leszno_ngo.helpers.texts import (
    leszno_ngo_lang,
    leszno_ngo_money,
    leszno_ngo_number,
    leszno_ngo_text,
)
from ckanext.leszno_ngo.record_types import Field, RecordType


def leszno_ngo_label(field: Field, code: Any) -> str:
    """Return the label of a code of a field's vocabulary; yes or no of a flag; else the value."""
    if field.index == "flag":
        return tk._("yes") if str(code).lower() == "true" else tk._("no")
    if field.display == "organisation":
        return departments.title(str(code))
    if not field.vocabulary:
        return str(code)
    return vocabularies.get(field.vocabulary).label(str(code), leszno_ngo_lang())


def leszno_ngo_short(field: Field, code: Any) -> str:
    """Return what lists call a code of a field's vocabulary (``Term.short``)."""
    if not field.vocabulary:
        return leszno_ngo_label(field, code)
    return vocabularies.get(field.vocabulary).short(str(code), leszno_ngo_lang())


def leszno_ngo_person(user_id: str | None) -> str:
    """Return the name of whoever has an account; a note where there is none any more."""
    user = model.User.get(user_id)
    if user and user.name == tk.config["ckan.site_id"]:  # what no person has asked for
        return tk._("the portal (by itself)")
    return user.display_name if user else tk._("an account that is no longer there")


def leszno_ngo_term_at(address: Any) -> str:
    """Return what a term of a European vocabulary is called; the address where it is unknown.

    :param address: address of the term, as DCAT-AP 3 wants it
    """
    term = vocabularies.term_at(str(address))
    return term.label(leszno_ngo_lang()) if term else str(address)


def leszno_ngo_said(field: Field, value: Any) -> str:
    """Return a value as one line of text, codes by their labels."""
    plain = {
        "money": leszno_ngo_money,
        "number": leszno_ngo_number,
        "date": leszno_ngo_date,
        "datetime": leszno_ngo_datetime,
    }.get(field.display)
    if plain:
        return plain(value)
    values = value if isinstance(value, list) else [value]
    return ", ".join(leszno_ngo_short(field, one) for one in values)


def leszno_ngo_columns(field: Field, rows: list[Mapping[str, Any]]) -> list[Field]:
    """Return the columns of a table in which some row has a value."""
    return [
        column
        for column in field.subfields
        if any(row.get(column.name) not in (None, "", []) for row in rows)
    ]


def leszno_ngo_identifier(name: str, value: str) -> str:
    """Return an identifier spaced the way people read it (``697-002-07-56``)."""
    shown_as = {
        ("nip", 10): identifiers.format_nip,
        ("regon", 9): identifiers.format_regon,
        ("regon", 14): identifiers.format_regon,
    }
    return shown_as.get((name, len(value)), str)(value)


def leszno_ngo_field_labels(record_type: RecordType, names: list[str]) -> list[str]:
    """Return the labels of a type's fields, in the schema's order; unknown names are left out."""
    return [leszno_ngo_text(field.label) for field in record_type.fields if field.name in names]
