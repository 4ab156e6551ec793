"""Texts of what the checks of a record find (``catalogue.checks``), in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.leszno_ngo import config, polish, record_types, vocabularies
from ckanext.leszno_ngo.catalogue import checks
from ckanext.leszno_ngo.catalogue.checks import Finding
from ckanext.leszno_ngo.catalogue.personal_places import Place
from ckanext.leszno_ngo.record_types import RecordType


def text(finding: Finding, record_type: RecordType) -> str:
    """Say what was found and which article says so.

    :param finding: what a check found
    :param record_type: the record's type, for the names of fields
    :returns: a sentence or two
    """
    said = checks.texts()[finding.code] % _words(finding, record_type)
    return f"{said} ({finding.article})" if finding.article else said


def language() -> str:
    """Return the language of whoever reads: the page's, else the portal's; ``pl`` or ``en``."""
    return config.language(tk.h.lang()) if has_request_context() else config.language()


def said_personal_data(places: Iterable[Place]) -> str:
    """Say where a text may hold personal data, and what is to be done."""
    return _personal_data() % {"places": _places(places)}


def personal_data_texts() -> Mapping[str, str]:
    """Return the sentence of what the check for personal data finds."""
    return {checks.PERSONAL_DATA: _personal_data()}


def _personal_data() -> str:
    return tk._("This may be a person's data: %(places)s. Take it out, unless it may be published")


def _places(places: Iterable[Place]) -> str:
    return ", ".join(_said_place(place) for place in places)


def _said_place(place: Place) -> str:
    kind, where = personal_kind(place.kind), said_where(place)
    return f"{kind} ({where})" if where else kind


def said_where(place: Place) -> str:
    """Say where a place is, such as ``line 2, after “tel.”``; nothing for the whole text."""
    where = []
    if place.row:
        where.append(tk._("row %(n)s") % {"n": place.row})
    if place.line:
        where.append(tk._("line %(n)s") % {"n": place.line})
    if place.before:
        where.append(tk._("after “%(words)s”") % {"words": place.before})
    return ", ".join(where)


def personal_kind(kind: str) -> str:
    """Return what people call a kind of personal data (``personal_data.KINDS``)."""
    return {
        "pesel": tk._("PESEL number"),
        "private_email": tk._("private e-mail address"),
        "mobile_phone": tk._("mobile number"),
        "home_address": tk._("home address"),
        "person": tk._("person's name"),
    }[kind]


def _words(finding: Finding, record_type: RecordType) -> dict[str, str]:
    lang = language()
    words = {name: _display_value(value, lang) for name, value in finding.data.items()}
    for name in ("earlier", "larger"):
        if name in finding.data:
            words[name] = record_types.localised(record_type.field(finding.data[name]).label, lang)
    if "places" in finding.data:
        words["places"] = _places(finding.data["places"])
    if "codes" in finding.data:
        vocabulary = vocabularies.get(finding.data["vocabulary"])
        words["names"] = ", ".join(vocabulary.label(c, lang) for c in finding.data["codes"])
    return words


def _display_value(value: Any, lang: str) -> str:
    if isinstance(value, dt.date):
        return polish.format_date(value, lang)
    return polish.format_money(value, lang) if isinstance(value, Decimal) else str(value)
