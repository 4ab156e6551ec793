"""Helpers for templates and scheming's fields."""

from __future__ import annotations

import datetime
import functools
import json
import logging
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError
from ckan.types import Context
from markupsafe import Markup

from ckanext.leszno_ngo import (
    config,
    identifiers,
    moments,
    polish,
    record_types,
    vocabularies,
)
from ckanext.leszno_ngo.catalogue import checks, dates, departments, figures, links, places
from ckanext.leszno_ngo.logic import cooperation, findings, publishing
from ckanext.leszno_ngo.out import about, formats, graph, structured
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search import narrowing
from ckanext.leszno_ngo.views import across, form_fields, front, map_page, profile

log = logging.getLogger(__name__)

# How many choices of a facet are seen before "Show all".
_SEEN_AT_ONCE = 8
# Of what the results point at, a page offers the first formats: a spreadsheet, a table.
_OFFERED_BEHIND = 3
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


def leszno_ngo_record_type(name: str | None) -> RecordType | None:
    """Return the record type called ``name``, ``None`` for any other dataset type."""
    return record_types.get(name)


def leszno_ngo_everything() -> RecordType:
    """Return the type that covers all the others: the search across them (``/szukaj``)."""
    return across.everything()


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
    if field.display == "organisation":
        return departments.title(str(code))
    if not field.vocabulary:
        return str(code)
    return vocabularies.get(field.vocabulary).label(str(code), leszno_ngo_lang())


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


def leszno_ngo_money(amount: float) -> str:
    """Return an amount of złoty for people."""
    return polish.format_money(amount, leszno_ngo_lang())


def leszno_ngo_datetime(value: str | None) -> str:
    """Return a day and hour for people: "15 grudnia 2026, godz. 15:30".

    :param value: ISO 8601; what is none is given back
    """
    try:
        local = moments.of(value or "").astimezone(moments.WARSAW)
    except ValueError:
        return value or ""
    return tk._("%(day)s, %(hour)s") % {
        "day": polish.format_date(local.date(), leszno_ngo_lang()),
        "hour": local.strftime("%H:%M"),
    }


def leszno_ngo_state(record_type: RecordType, record: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the state that dates put a record in, as (code, label), ``None`` for none."""
    code = (record.get("computed") or {}).get("state")
    if not code or not record_type.states_vocabulary:
        return None
    vocabulary = vocabularies.get(record_type.states_vocabulary)
    return code, vocabulary.label(code, leszno_ngo_lang())


def leszno_ngo_days_left(record: Mapping[str, Any]) -> str:
    """Say how many days are left until a record's deadline; empty when none are ahead."""
    left = (record.get("computed") or {}).get("days_left")
    if left is None:
        return ""
    if left == 0:
        return tk._("last day")
    return tk.ungettext("%(num)d day left", "%(num)d days left", left) % {"num": left}


def leszno_ngo_calendar_entries(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[dates.Entry]:
    """Return what a calendar would show of a record; nothing for a type without dates."""
    return list(dates.entries(record_type, record)) if record_type.dates else []


def leszno_ngo_hour(value: str) -> str:
    """Return the hour of a moment in Poland; empty for a whole day and for midnight."""
    if "T" not in value:
        return ""
    hour = moments.of(value).astimezone(moments.WARSAW).strftime("%H:%M")
    return "" if hour == "00:00" else hour


def leszno_ngo_month(day: datetime.date) -> str:
    """Return the month of a day for people."""
    return polish.format_month(day, leszno_ngo_lang())


def leszno_ngo_weekdays() -> list[str]:
    """Return the days of the week for people, from Monday."""
    return [
        tk._("Monday"),
        tk._("Tuesday"),
        tk._("Wednesday"),
        tk._("Thursday"),
        tk._("Friday"),
        tk._("Saturday"),
        tk._("Sunday"),
    ]


def leszno_ngo_typed_number(value: Any) -> str:
    """Return a number as a form shows it; a text typed by a person stays."""
    if not isinstance(value, (int, float)):
        return value or ""
    return polish.format_number(value, "pl", 0 if value == int(value) else 2)


def leszno_ngo_typed_moment(value: Any) -> str:
    """Return a stored day and hour as a form shows it; a text typed by a person stays."""
    if not isinstance(value, str) or "T" not in value:
        return value or ""
    try:
        return moments.of(value).astimezone(moments.WARSAW).strftime("%d.%m.%Y %H:%M")
    except ValueError:
        return value


def leszno_ngo_shown_links(value: Any) -> list[form_fields.ShownLink]:
    """Return the links of a field as its form shows them: titles to read, addresses to send.

    :param value: an id or a list of ids from the record, or what was typed
    """
    return form_fields.shown_links(_reader(), value)


def leszno_ngo_read_links(schema: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Look up all links of a form at once, before its fields are written; returns nothing."""
    form_fields.read_links(_reader(), schema, data)
    return ""


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


def leszno_ngo_target(record: Mapping[str, Any], id_: str) -> links.Target:
    """Return what a record's link points at; all links of the record are asked for at once.

    :param record: the record that holds the link
    :param id_: the link's value
    """
    known = getattr(tk.g, "leszno_ngo_targets", None)
    if known is None:
        known = tk.g.leszno_ngo_targets = {}
    if id_ not in known:
        record_type = record_types.get(record.get("type"))
        ids = links.ids(record_type, record).values() if record_type else ()
        known.update(links.targets(_reader(), [id_, *(one for many in ids for one in many)]))
    return known[id_]


def leszno_ngo_back_links(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[links.BackLinks]:
    """Return the groups of records that point at a record; none while Solr is away."""
    try:
        return links.back(_reader(), record_type, record["id"])
    except SearchError as error:
        log.warning("What points at %s is not shown: %s", record["id"], error)
        return []


def leszno_ngo_back_columns(group: links.BackLinks) -> list[Field]:
    """Return what a table of a group says beside the title: the card's facts, not the target."""
    fill = group.link.link.fill if group.link.link else None
    return [group.type.field(name) for name in group.type.summary if name != fill]


def leszno_ngo_group_url(group: links.BackLinks, record: Mapping[str, Any]) -> str:
    """Return the address of the search that finds a whole group."""
    filters = {group.link.name: record["id"], **narrowing.everything(group.type)}
    return leszno_ngo_type_url(group.type, **filters)


def leszno_ngo_money_by_year(
    record_type: RecordType, groups: list[links.BackLinks]
) -> list[dict[str, Any]]:
    """Return what a record was granted, year by year, for a chart and its table.

    :returns: ``year``, ``amount``, ``count`` and ``share`` (per cent of the best year), the years
        between the first and the last without gaps; nothing for a record that has a year itself
    """
    if record_type.year:
        return []
    sums: dict[int, tuple[Decimal, int]] = {}
    for one in (year for group in groups for year in group.years if year.year.isdigit()):
        amount, count = sums.get(int(one.year), (Decimal(0), 0))
        sums[int(one.year)] = (amount + one.amount, count + one.count)
    if not sums:
        return []
    most = max(amount for amount, _count in sums.values()) or Decimal(1)
    years = range(min(sums), max(sums) + 1)
    rows = [(year, *sums.get(year, (Decimal(0), 0))) for year in years]
    return [
        {"year": year, "amount": amount, "count": count, "share": round(100 * amount / most, 1)}
        for year, amount, count in rows
    ]


def leszno_ngo_timeline(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[profile.Milestone]:
    """Return the steps of a record's procedure that have a date, the earliest first."""
    return profile.timeline(record_type, record, datetime.datetime.now(datetime.timezone.utc))


def leszno_ngo_moment(value: str) -> str:
    """Return a day, or a day and hour, for people, whichever the record has."""
    return leszno_ngo_datetime(value) if "T" in value else leszno_ngo_date(value)


def leszno_ngo_columns(field: Field, rows: list[Mapping[str, Any]]) -> list[Field]:
    """Return the columns of a table in which some row has a value."""
    return [
        column
        for column in field.subfields
        if any(row.get(column.name) not in (None, "", []) for row in rows)
    ]


def _reader() -> Context:
    user = tk.current_user
    return {"user": user.name if user.is_authenticated else "", "auth_user_obj": None}


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


def leszno_ngo_deadline_label(record_type: RecordType) -> str:
    """Return what the days left of a type are left for; empty where its states say it."""
    deadline = record_type.dates.get("deadline")
    if record_type.states or not deadline:
        return ""
    return leszno_ngo_text(record_type.field(deadline).label)


def leszno_ngo_address(record: Mapping[str, Any]) -> list[str]:
    """Return the lines of a record's postal address."""
    return profile.address(record)


def leszno_ngo_identifier(name: str, value: str) -> str:
    """Return an identifier spaced the way people read it (``697-002-07-56``)."""
    shown_as = {
        ("nip", 10): identifiers.format_nip,
        ("regon", 9): identifiers.format_regon,
        ("regon", 14): identifiers.format_regon,
    }
    return shown_as.get((name, len(value)), str)(value)


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
    """Return where a record is, ``None`` for a record without coordinates.

    :returns: ``latitude``, ``longitude`` (degrees) and ``url`` (the place on openstreetmap.org)
    """
    place = places.coordinates(record_type, record)
    if place is None:
        return None
    latitude, longitude = place
    return {
        "latitude": latitude,
        "longitude": longitude,
        "url": (
            f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"
            f"#map=17/{latitude}/{longitude}"
        ),
    }


def leszno_ngo_tiles() -> config.Tiles:
    """Return where the pictures of maps come from."""
    return config.map_tiles()


def leszno_ngo_leaflet() -> str:
    """Return the address of Leaflet's folder on this portal."""
    return map_page.leaflet_address()


def leszno_ngo_map_url(record_type: RecordType | None, query: str = "") -> str:
    """Return the address of the map of a search; empty for a type without a place.

    :param record_type: the type searched; the one that covers others has the map of all
    :param query: the search's own address after the question mark
    """
    if record_type is not None and not record_type.covers and not record_type.place:
        return ""
    one = record_type is not None and not record_type.covers
    named = {"package_type": record_type.name} if one and record_type else {}
    url = tk.h.url_for("leszno_ngo_map.show", **named)
    return f"{url}?{query}" if query else url


def leszno_ngo_has_days(record_type: RecordType) -> bool:
    """Whether searches of a type can be narrowed to days."""
    return narrowing.FROM in narrowing.names(record_type)


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

    :param extension: ``csv``, ``json``, ``atom`` or ``ics``
    :param query: the search's own address after the question mark
    """
    url = tk.h.url_for(f"/{record_type.name}.{extension}")
    return f"{url}?{query}" if query else url


def leszno_ngo_downloads(record_type: RecordType, query: str) -> list[dict[str, str]]:
    """Return the files of a search's results, in the order in which people are offered them.

    :param query: the search's own address after the question mark
    :returns: ``{"label", "url"}`` each
    """
    return [
        {
            "label": leszno_ngo_text(wanted.label),
            "url": leszno_ngo_download(record_type, suffix, query),
        }
        for suffix, wanted in formats.of(record_type).items()
        if not wanted.is_feed
    ]


def leszno_ngo_downloads_behind(record_type: RecordType, query: str) -> list[dict[str, Any]]:
    """Return the files of what a search's results point at, for the links that say so.

    :param query: the search's own address after the question mark
    :returns: ``{"label", "files"}`` each, ``files`` as :func:`leszno_ngo_downloads` gives them
    """
    offered = []
    for link in record_type.links:
        if link.link and link.link.export_label:
            address = f"{query}&of={link.name}" if query else f"of={link.name}"
            files = leszno_ngo_downloads(record_type, address)
            label = leszno_ngo_text(link.link.export_label)
            offered.append({"label": label, "files": files[:_OFFERED_BEHIND]})
    return offered


def leszno_ngo_warnings(name: str) -> list[str]:
    """Return what the checks warn of beside a field of the form that is being shown."""
    left = getattr(tk.g, "leszno_ngo_findings", None)
    if not left:
        return []
    record_type, found = left
    return [findings.text(f, record_type) for f in found if (f.field, f.level) == (name, _WARNING)]


def leszno_ngo_found(record_type: RecordType, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the checks find in a stored record, for those who may edit it.

    :returns: pairs (label of the field, what was found and which article says so)
    """
    return [
        (leszno_ngo_text(record_type.field(f.field).label), findings.text(f, record_type))
        for f in cooperation.look_through(record_type, record)
    ]


def leszno_ngo_subscription(record_type: RecordType, query: str) -> str:
    """Return the address by which a calendar program subscribes to a search (``webcal:``)."""
    url = tk.url_for(f"/{record_type.name}.ics", qualified=True)
    address = "webcal:" + url.partition(":")[2]
    return f"{address}?{query}" if query else address


def leszno_ngo_type_url(record_type: RecordType, **filters: Any) -> str:
    """Return the address of a type's search page."""
    return tk.h.url_for(across.endpoint(record_type), **filters)


def leszno_ngo_may_create(record_type: RecordType) -> bool:
    """Whether the reader may add a record: signed in, and member of a department that lets them."""
    if tk.current_user.is_anonymous:
        return False
    return tk.h.check_access("package_create", {"type": record_type.name})


def leszno_ngo_may_publish(record: Mapping[str, Any] | None = None) -> bool:
    """Whether the reader may show a record to everyone.

    :param record: a stored one; ``None`` for a new one: in some department then
    """
    if record:
        return tk.h.check_access("leszno_ngo_publish", {"id": record["id"]})
    return bool(publishing.departments(_reader()))


def leszno_ngo_audiences(id_: str | None) -> list[str]:
    """Return the values of ``private`` that the reader may give a record in its form.

    :param id_: the record's id, ``None`` for a new one
    :returns: both, or the one it has where it is published and the reader may not publish
    """
    return publishing.audiences(tk.current_user.name, id_)


def leszno_ngo_is_public(record: Mapping[str, Any]) -> bool:
    """Whether everyone sees a record."""
    return publishing.is_public(record)


def leszno_ngo_addable() -> list[RecordType]:
    """Return the types that the reader may add records of, worked out once a request."""
    if "leszno_ngo_addable" not in tk.g:
        tk.g.leszno_ngo_addable = [t for t in record_types.all_types() if leszno_ngo_may_create(t)]
    return tk.g.leszno_ngo_addable


def leszno_ngo_follows(record: Mapping[str, Any]) -> bool:
    """Whether the reader follows a record."""
    return tk.get_action("am_following_dataset")(_reader(), {"id": record["id"]})


def leszno_ngo_is_web_address(value: Any) -> bool:
    """Whether a value may stand in a link: a harvested one may be ``javascript:…``."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def leszno_ngo_largest_file() -> int:
    """Return how large a document may be, in MB."""
    return int(tk.config["ckan.max_resource_size"])


def leszno_ngo_licence(code: str) -> str:
    """Return the name of a licence of the vocabulary ``licences``."""
    return vocabularies.get("licences").label(code, leszno_ngo_lang())


def leszno_ngo_field_labels(record_type: RecordType, names: list[str]) -> list[str]:
    """Return the labels of a type's fields, in the schema's order; unknown names are left out."""
    return [leszno_ngo_text(field.label) for field in record_type.fields if field.name in names]


def leszno_ngo_front() -> list[front.Entrance]:
    """Return the ways into the catalogue that the front page offers."""
    return front.entrances()


def leszno_ngo_upcoming() -> list[tuple[datetime.date, list[Any]]]:
    """Return the calendar's entries of the next days, for the front page."""
    return front.upcoming()


def leszno_ngo_own_licence() -> str:
    """Return the code of the licence of the catalogue's own data."""
    return config.licence()


def leszno_ngo_publisher() -> str:
    """Return the name of the body that publishes the catalogue."""
    return config.publisher_name()


def leszno_ngo_search_url(part: figures.Part) -> str:
    """Return the address of the search that finds the records behind a number."""
    _path, _mark, query = part.search.partition("?")
    url = tk.h.url_for(f"{part.type.name}.search")
    return f"{url}?{query}" if query else url


def leszno_ngo_site_data() -> Markup:
    """Return what a page says of the site, for its ``application/ld+json`` script."""
    search = tk.url_for(across.endpoint(across.everything()), qualified=True)
    return structured.website(
        _addresses(),
        tk.config["ckan.site_title"],
        tk.url_for("home.index", qualified=True),
        f"{search}?q={structured.WORDS}",
        leszno_ngo_lang(),
    )


def leszno_ngo_record_data(record_type: RecordType, record: Mapping[str, Any]) -> Markup:
    """Return what the page of a record says of it, for its ``application/ld+json`` script."""
    page = tk.url_for(f"{record_type.name}.read", id=record["name"], qualified=True)
    crumbs = [*_crumbs(record_type), (record["title"] or record["name"], page)]
    return structured.record(record_type, record, _addresses(), crumbs, leszno_ngo_lang())


def leszno_ngo_dataset_data(dataset: Mapping[str, Any]) -> Markup:
    """Return what the page of an ordinary dataset says of it, for its script."""
    page = tk.url_for("dataset.read", id=dataset["name"], qualified=True)
    licence = vocabularies.get("licences").get(str(dataset.get("license_id")))
    url = licence.extra.get("url", "") if licence else str(dataset.get("license_url") or "")
    crumbs = [
        (tk.config["ckan.site_title"], tk.url_for("home.index", qualified=True)),
        (tk._("Datasets"), tk.url_for("dataset.search", qualified=True)),
        (dataset["title"] or dataset["name"], page),
    ]
    return structured.dataset(dataset, _addresses(), page, url, crumbs)


def leszno_ngo_search_data(record_type: RecordType, found: Any) -> Markup:
    """Return what a page of search results says of itself, for its script.

    :param found: the results shown (``facets.Found``)
    """
    crumbs = _crumbs(record_type)
    listed = [
        (
            record["title"] or record["name"],
            tk.url_for(f"{record['type']}.read", id=record["name"], qualified=True),
        )
        for record in found.results
    ]
    name, address = crumbs[-1]
    description = leszno_ngo_text(record_type.description)
    return structured.search(name, description, address, crumbs, listed, found.count)


def leszno_ngo_notations() -> dict[str, str]:
    """Return the notations of RDF in which a record comes: suffix → media type."""
    return {suffix: notation.media_type for suffix, notation in graph.NOTATIONS.items()}


def _crumbs(record_type: RecordType) -> list[tuple[str, str]]:
    listing = tk.url_for(across.endpoint(record_type), qualified=True)
    return [
        (tk.config["ckan.site_title"], tk.url_for("home.index", qualified=True)),
        (leszno_ngo_text(record_type.label_plural), listing),
    ]


def _addresses() -> graph.Addresses:
    return graph.Addresses(about.page_address())
