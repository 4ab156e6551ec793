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

# Data that count days or years; other numbers are złoty.
_COUNTS = frozenset({"days", "least", "year", "percent"})
_DAY_CODES = frozenset({"task_too_long", "published_late"})


def text(finding: Finding, record_type: RecordType) -> str:
    """Say what was found and which article says so.

    :param finding: what a check found
    :param record_type: the record's type, for the names of fields
    :returns: a sentence or two
    """
    said = _templates()[finding.code] % _words(finding, record_type)
    return f"{said} ({finding.article})" if finding.article else said


def language() -> str:
    """Return the language of whoever reads: the page's, else the portal's; ``pl`` or ``en``."""
    return config.language(tk.h.lang()) if has_request_context() else config.language()


def _templates() -> Mapping[str, str]:
    return {
        "required_by_law": tk._("An announcement under this legal basis must say this"),
        "too_few_days": tk._(
            "There are %(days)s days between the last announcement (%(last)s) and the deadline, "
            "the law wants at least %(least)s. The earliest deadline is %(earliest)s"
        ),
        "channels_missing": tk._("The announcement must also appear here: %(names)s"),
        "annulled_without_reason": tk._("Say why the call was annulled"),
        "too_much_money": tk._("A small grant may have at most %(most)s, here it is %(amount)s"),
        "task_too_long": tk._(
            "A task of a small grant may last at most %(most)s days, here it is %(days)s. "
            "It may end on %(latest)s at the latest"
        ),
        "published_late": tk._(
            "The offer should have been published within %(most)s working days, by %(latest)s"
        ),
        "published_briefly": tk._(
            "The offer must be published for %(least)s days: until %(earliest)s at the earliest"
        ),
        "too_much_in_year": tk._(
            "One organisation may get at most %(most)s of small grants in a calendar year; "
            "in %(year)s it would be %(sum)s, %(before)s of it granted already"
        ),
        "planned_money_unknown": tk._(
            "The share of small grants cannot be checked: the catalogue does not know the money "
            "planned for %(year)s. Enter the programme of that year"
        ),
        "too_much_of_year": tk._(
            "Small grants may take at most %(percent)s%% of the grants planned for %(year)s, "
            "that is %(most)s; with this one it would be %(sum)s"
        ),
        "dates_out_of_order": tk._("This date is before: %(earlier)s"),
        "amounts_out_of_order": tk._("This amount is larger than: %(larger)s"),
        "own_share_of_entrusted": tk._(
            "An entrusted task is paid for in whole, so an own share is unusual"
        ),
        "recipient_missing": tk._("Say who got the grant"),
        "call_missing": tk._("Choose the call, or mark the grant as made outside a call"),
        "adopted_late": tk._("The programme should have been adopted by %(latest)s"),
        "reported_late": tk._("The report should have been presented by %(latest)s"),
        checks.PERSONAL_DATA: _personal_data(),
    }


def said_personal_data(places: Iterable[Place]) -> str:
    """Say where a text may hold personal data, and what is to be done."""
    return _personal_data() % {"places": _places(places)}


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
    words = {name: _said(name, value, finding.code, lang) for name, value in finding.data.items()}
    for name in ("earlier", "larger"):
        if name in finding.data:
            words[name] = record_types.localised(record_type.field(finding.data[name]).label, lang)
    if "places" in finding.data:
        words["places"] = _places(finding.data["places"])
    if "codes" in finding.data:
        vocabulary = vocabularies.get(finding.data["vocabulary"])
        words["names"] = ", ".join(vocabulary.label(c, lang) for c in finding.data["codes"])
    return words


def _said(name: str, value: Any, code: str, lang: str) -> str:
    if isinstance(value, dt.date):
        return polish.format_date(value, lang)
    if name in _COUNTS or code in _DAY_CODES or not isinstance(value, (int, Decimal)):
        return str(value)
    return polish.format_money(value, lang)
