"""Helpers for templates and scheming's fields."""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, identifiers, polish, record_types, vocabularies
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.views import front, profile

# How many choices of a facet are seen before "Show all".
_SEEN_AT_ONCE = 8


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


def leszno_ngo_record_type(name: str | None) -> RecordType | None:
    """Return the record type called ``name``, ``None`` for any other dataset type."""
    return record_types.get(name)


def leszno_ngo_record_types() -> list[RecordType]:
    """Return every record type of the catalogue."""
    return record_types.all_types()


def leszno_ngo_text(text: Any) -> str:
    """Return a ``{"pl": …, "en": …}`` text in the language of the page."""
    return record_types.localised(text, leszno_ngo_lang())


def leszno_ngo_lang() -> str:
    """Return the language of the page, ``pl`` or ``en``; others read English."""
    return "pl" if tk.h.lang() == "pl" else "en"


def leszno_ngo_label(field: Field, code: Any) -> str:
    """Return the label of a code of a field's vocabulary; yes or no of a flag; else the value."""
    if field.index == "flag":
        return tk._("yes") if str(code).lower() == "true" else tk._("no")
    if not field.vocabulary:
        return str(code)
    return vocabularies.get(field.vocabulary).label(str(code), leszno_ngo_lang())


def leszno_ngo_said(field: Field, value: Any) -> str:
    """Return a value as one line of text, codes by their labels."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(leszno_ngo_label(field, one) for one in values)


def leszno_ngo_counted(record_type: RecordType, number: int) -> str:
    """Say how many records there are, the noun in the right form."""
    return record_type.counted(number, leszno_ngo_lang())


def leszno_ngo_number(number: float) -> str:
    """Return a number as people of the page's language write it."""
    return polish.format_number(number, leszno_ngo_lang())


def leszno_ngo_date(value: str | None) -> str:
    """Return a date for people.

    :param value: ``yyyy-mm-dd``, or a time that begins so
    :returns: "24 listopada 2026" or "24 November 2026"; what was given when it is no date
    """
    if not value:
        return ""
    try:
        date = datetime.date.fromisoformat(value[:10])
    except ValueError:
        return value
    return polish.format_date(date, leszno_ngo_lang())


@tk.chained_helper
def render_datetime(
    next_helper: Callable[..., str],
    datetime_: datetime.datetime | str | None,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """Return a time for people, in Polish in the order of Polish: "25 listopada 2026, 00:44 (CET)".

    CKAN writes every language's hours after a date in the order of English. The parameters are
    those of CKAN's own helper.
    """
    if date_format or with_seconds or not with_hours or leszno_ngo_lang() != "pl":
        return next_helper(datetime_, date_format, with_hours, with_seconds)
    date, _, hours = next_helper(datetime_, "%Y-%m-%d %H:%M (%Z)").partition(" ")
    return f"{leszno_ngo_date(date)}, {hours}" if date else ""


def leszno_ngo_frequency(item: Mapping[str, Any]) -> str:
    """Return the words of a facet's item that is how often a harvest source is read."""
    names = {choice["value"]: choice["text"] for choice in tk.h.harvest_frequencies()}
    return names.get(item["name"], item["display_name"])


def leszno_ngo_harvester(item: Mapping[str, Any]) -> str:
    """Return the words of a facet's item that is a kind of harvest source."""
    names = {harvester["name"]: harvester["title"] for harvester in tk.h.harvesters_info()}
    return names.get(item["name"], item["display_name"])


def leszno_ngo_sections(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[profile.ShownSection]:
    """Return the sections of a record's page that have something to say."""
    return profile.sections(record_type, record)


def leszno_ngo_badges(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[tuple[Field, str]]:
    """Return pairs (field, text) that must be seen at the first glance (``record_type.badges``)."""
    return [
        (field, leszno_ngo_text(field.label) if code is None else leszno_ngo_label(field, code))
        for field, code in profile.badges(record_type, record)
    ]


def leszno_ngo_address(record: Mapping[str, Any]) -> list[str]:
    """Return the lines of a record's postal address."""
    return profile.address(record)


def leszno_ngo_identifier(name: str, value: str) -> str:
    """Return an identifier spaced the way people read it (``697-002-07-56``)."""
    formats = {
        ("nip", 10): identifiers.format_nip,
        ("regon", 9): identifiers.format_regon,
        ("regon", 14): identifiers.format_regon,
    }
    return formats.get((name, len(value)), str)(value)


def leszno_ngo_register_links(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return pairs (text, address) of the official registers' pages about a record."""
    texts = {
        "krs_search": tk._("Search the National Court Register (KRS)"),
        "krs_api": tk._("Current KRS extract as data (JSON)"),
        "regon_search": tk._("Search the REGON register"),
        "opp_reports": tk._("Reports of public-benefit organisations"),
    }
    return [(texts[key], url) for key, url in identifiers.register_links(record)]


def leszno_ngo_place(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a map of a record needs, ``None`` for a record without coordinates.

    :returns: ``latitude``, ``longitude`` (degrees), ``tiles`` (address template, empty when maps
        are off), ``attribution`` and ``url`` (the place on openstreetmap.org)
    """
    place = profile.coordinates(record_type, record)
    if place is None:
        return None
    latitude, longitude = place
    return {
        "latitude": latitude,
        "longitude": longitude,
        "tiles": config.map_tile_url(),
        "attribution": config.map_attribution(),
        "url": (
            f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"
            f"#map=17/{latitude}/{longitude}"
        ),
    }


def leszno_ngo_tax_year(record: Mapping[str, Any]) -> str | None:
    """Return the tax year for which people may give 1.5% of their tax, ``None`` for none."""
    return profile.tax_year(record, datetime.date.today())  # noqa: DTZ011


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
    if isinstance(value, str) and value.startswith("["):
        value = json.loads(value)
    return "\n".join(map(str, value)) if isinstance(value, list) else value or ""


def leszno_ngo_chosen(value: Any) -> list[str]:
    """Return the codes ticked in a form, from what the record or the browser sent."""
    if isinstance(value, str):
        return [value] if value else []
    return [str(code) for code in value or []]


def leszno_ngo_is_true(value: Any) -> bool:
    """Whether a flag is set, in a record (``True``) or as a form sends it (``"true"``)."""
    return str(value).lower() == "true"


def leszno_ngo_first_items(facet: Any) -> list[Any]:
    """Return the choices of a facet that are seen at once: the commonest and the chosen ones."""
    commonest = sorted(facet.items, key=lambda item: -item.count)[:_SEEN_AT_ONCE]
    return [item for item in facet.items if item.selected or item in commonest]


def leszno_ngo_download(record_type: RecordType, extension: str, query: str) -> str:
    """Return the address of a search's results as a file.

    :param extension: ``csv`` or ``json``
    :param query: the search's own address after the question mark
    """
    url = tk.h.url_for(f"/{record_type.name}.{extension}")
    return f"{url}?{query}" if query else url


def leszno_ngo_may_create(record_type: RecordType) -> bool:
    """Whether the reader may add a record: signed in, and member of a department that lets them."""
    if tk.current_user.is_anonymous:
        return False
    return tk.h.check_access("package_create", {"type": record_type.name})


def leszno_ngo_is_web_address(value: Any) -> bool:
    """Whether a value may stand in a link: a harvested one may be ``javascript:…``."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def leszno_ngo_licence(code: str) -> str:
    """Return the name of a licence of the vocabulary ``licences``."""
    return vocabularies.get("licences").label(code, leszno_ngo_lang())


def leszno_ngo_field_labels(record_type: RecordType, names: list[str]) -> list[str]:
    """Return the labels of a type's fields, in the schema's order; unknown names are left out."""
    return [leszno_ngo_text(field.label) for field in record_type.fields if field.name in names]


def leszno_ngo_front() -> list[front.Entrance]:
    """Return the ways into the catalogue that the front page offers."""
    return front.entrances()


def leszno_ngo_own_licence() -> str:
    """Return the code of the licence of the catalogue's own data."""
    return config.licence()


def leszno_ngo_publisher() -> str:
    """Return the name of the body that publishes the catalogue."""
    return config.publisher_name()
