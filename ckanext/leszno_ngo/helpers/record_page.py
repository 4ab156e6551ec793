"""The page of a record: its sections, badges, steps and what the checks find."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import identifiers, vocabularies
from ckanext.leszno_ngo.catalogue import checks
from ckanext.leszno_ngo.helpers.addresses import leszno_ngo_is_web_address
from ckanext.leszno_ngo.helpers.texts import leszno_ngo_lang, leszno_ngo_text
from ckanext.leszno_ngo.helpers.values import leszno_ngo_label
from ckanext.leszno_ngo.logic import findings
from ckanext.leszno_ngo.logic.page_parts import RECORD_PARTS, RecordPart
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search.backlinks import BackLinks
from ckanext.leszno_ngo.views.pages import in_short, key_facts, profile


def leszno_ngo_timeline(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[profile.Milestone]:
    """Return the steps of a record's procedure that have a date, the earliest first."""
    return profile.timeline(record_type, record, datetime.datetime.now(datetime.timezone.utc))


def leszno_ngo_sections(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[profile.ShownSection]:
    """Return the sections of a record's page that have something to say."""
    return profile.sections(record_type, record)


def leszno_ngo_key_facts(
    record_type: RecordType, record: Mapping[str, Any], groups: Sequence[BackLinks]
) -> list[key_facts.Fact]:
    """Return what the panel at the top of a record's page says.

    :param groups: what points at the record (``leszno_ngo_back_links``)
    """
    return key_facts.facts(record_type, record, groups)


def leszno_ngo_in_short(record_type: RecordType, record: Mapping[str, Any]) -> list[str]:
    """Return plain sentences about a record, for people who do not read forms and tables."""
    return in_short.sentences(record_type, record, leszno_ngo_lang())


def leszno_ngo_action(record_type: RecordType, record: Mapping[str, Any]) -> str:
    """Return the address of the button of a record's page; empty where it has none now."""
    url = key_facts.button(record_type, record)
    return url if leszno_ngo_is_web_address(url) else ""


def leszno_ngo_badges(record_type: RecordType, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what must be seen at the first glance (``record_type.badges``).

    :returns: pairs (tone, text): ``flag`` for a flag, ``state`` for a term that its vocabulary
        marks with ``alarm``, ``plain`` for another
    """
    return [
        ("flag", leszno_ngo_text(field.label))
        if code is None
        else (_tone(field, code), leszno_ngo_label(field, code))
        for field, code in profile.badges(record_type, record)
    ]


def _tone(field: Field, code: str) -> str:
    term = vocabularies.get(field.vocabulary).get(code) if field.vocabulary else None
    return "state" if term and term.extra.get("alarm") else "plain"


def leszno_ngo_register_links(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return pairs (text, address) of the official registers' pages about a record."""
    texts = {
        "krs_search": tk._("Search the National Court Register (KRS)"),
        "krs_api": tk._("Current KRS extract as data (JSON)"),
        "regon_search": tk._("Search the REGON register"),
        "opp_reports": tk._("Reports of public-benefit organisations"),
    }
    return [(texts[key], url) for key, url in identifiers.register_links(record)]


def leszno_ngo_record_parts(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[tuple[RecordPart, Any]]:
    """Return the boxes that plugins show beside a record, each with what its template gets."""
    found = [(part, part.find(record_type, record)) for part in RECORD_PARTS.values()]
    return [(part, one) for part, one in found if one is not None]


def leszno_ngo_found(record_type: RecordType, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the checks find in a stored record, for those who may edit it.

    :returns: pairs (label of the field, what was found and which article says so)
    """
    return [
        (leszno_ngo_text(record_type.field(f.field).label), findings.text(f, record_type))
        for f in checks.run(record_type, record)
    ]
