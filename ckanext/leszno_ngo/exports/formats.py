"""The one list of file formats: read by the addresses of exports, the register datasets, the API.

A format is a module with ``CONTENT_TYPE`` and ``stream``; plugins bring formats
(``interfaces.IRecordTypes.get_formats``), and those that are here are there for every catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ckanext.leszno_ngo.exports import (
    atom,
    csv,
    geojson,
    ical,
    json,
    jsonl,
    jsonld,
    xlsx,
)
from ckanext.leszno_ngo.record_types import RecordType, Text
from ckanext.leszno_ngo.registry import Registry


class NothingFitsError(ValueError):
    """No record fits a format that has no files without records."""


def _every_type(_record_type: RecordType) -> bool:
    return True


def _has_place(record_type: RecordType) -> bool:
    return bool(record_type.place)


def _has_dates(record_type: RecordType) -> bool:
    return bool(record_type.dates or record_type.calendar or record_type.composite_of)


@dataclass(frozen=True)
class Format:
    """One format.

    ``stream(records, record_type, *, lang, about, **choices) -> Iterator[bytes]`` writes records
    as ``package_show`` gives them; it works outside a request, too. ``choices`` are the
    parameters that it has beside these, each with its allowed values, the usual one first.

    ``label`` says what the format is for. ``is_feed``: programs come back for it; it has the
    page's usual filters and opens in the browser. ``sort`` and ``limit`` stand in the place of
    the search's order and of everything. ``fits`` says for which types it is there; ``of_one``
    whether a single record comes in it; ``largest`` is how many records a file may hold, where
    there is a limit; ``is_packed`` whether it is compressed already; ``in_register``
    whether a register's dataset has a file of it; ``leaves_out`` whether records may be left out
    of it, so that the search's count is not the file's and a file of nothing is refused;
    ``after`` is the suffix of the format behind which people are offered it, empty for none.
    """

    content_type: str
    stream: Callable[..., Iterator[bytes]]
    label: Text
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_feed: bool = False
    sort: str | None = None
    limit: int | None = None
    fits: Callable[[RecordType], bool] = _every_type
    of_one: bool = False
    in_register: bool = True
    largest: int | None = None
    is_packed: bool = False
    leaves_out: bool = False
    after: str = ""


#: Suffix → format, in the order of ``ckan.plugins``.
FORMATS: Registry[Format] = Registry("format")

#: The formats of every catalogue.
COMMON: Mapping[str, Format] = {
    "xlsx": Format(
        xlsx.CONTENT_TYPE,
        xlsx.stream,
        {"pl": "Arkusz Excel (XLSX)", "en": "Excel spreadsheet (XLSX)"},
        largest=xlsx.LARGEST,
        is_packed=True,
    ),
    "csv": Format(
        csv.CONTENT_TYPE,
        csv.stream,
        {"pl": "Tabela do dowolnego programu (CSV)", "en": "Table for any program (CSV)"},
        {"separator": tuple(csv.SEPARATORS), "values": csv.VALUES},
    ),
    "geojson": Format(
        geojson.CONTENT_TYPE,
        geojson.stream,
        {"pl": "Punkty na mapę (GeoJSON)", "en": "Points for a map (GeoJSON)"},
        fits=_has_place,
        of_one=True,
    ),
    "json": Format(
        json.CONTENT_TYPE,
        json.stream,
        {"pl": "Dane dla programów (JSON)", "en": "Data for programs (JSON)"},
        of_one=True,
    ),
    "jsonl": Format(
        jsonl.CONTENT_TYPE,
        jsonl.stream,
        {"pl": "Wpis w każdym wierszu (JSON Lines)", "en": "An entry a line (JSON Lines)"},
    ),
    "jsonld": Format(
        jsonld.CONTENT_TYPE,
        jsonld.stream,
        {"pl": "Dane połączone (JSON-LD)", "en": "Linked data (JSON-LD)"},
    ),
    "atom": Format(
        atom.CONTENT_TYPE,
        atom.stream,
        {"pl": "Kanał zmian (Atom)", "en": "Feed of changes (Atom)"},
        is_feed=True,
        sort="metadata_modified desc",
        limit=100,
    ),
    "ics": Format(
        ical.CONTENT_TYPE,
        ical.stream,
        {"pl": "Kalendarz (iCalendar)", "en": "Calendar (iCalendar)"},
        is_feed=True,
        fits=_has_dates,
        of_one=True,
    ),
}


def formats_for(record_type: RecordType, *, of_one: bool = False) -> dict[str, Format]:
    """Return the formats of a type.

    :param record_type: a type, or one that covers others: across types there are only feeds, as
        types have no columns in common
    :param of_one: only those in which a single record comes
    :returns: suffix → format, in the order in which people are offered them
    """
    return {
        suffix: wanted
        for suffix, wanted in _in_order()
        if wanted.fits(record_type)
        and (wanted.is_feed or not record_type.composite_of)
        and (wanted.of_one or not of_one)
    }


def _in_order() -> list[tuple[str, Format]]:
    order = [suffix for suffix, one in FORMATS.items() if one.after not in FORMATS]
    for suffix, one in FORMATS.items():
        if one.after in order:
            order.insert(order.index(one.after) + 1, suffix)
    return [(suffix, FORMATS[suffix]) for suffix in order]
