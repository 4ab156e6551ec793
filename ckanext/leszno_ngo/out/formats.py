"""The one list of file formats: read by the addresses of exports, the register datasets, the API.

A new format is a module with ``CONTENT_TYPE`` and ``stream``, and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ckanext.leszno_ngo.out import atom, csv, ical, json, jsonld
from ckanext.leszno_ngo.record_types import RecordType, Text


def _every_type(_record_type: RecordType) -> bool:
    return True


@dataclass(frozen=True)
class Format:
    """One format.

    ``stream(records, record_type, *, lang, about, **choices) -> Iterator[bytes]`` writes records
    as ``package_show`` gives them; it works outside a request, too. ``choices`` are the
    parameters that it has beside these, each with its allowed values, the usual one first.

    ``label`` says what the format is for. ``is_feed``: programs come back for it; it has the
    page's usual filters and opens in the browser. ``sort`` and ``limit`` stand in the place of
    the search's order and of everything. ``fits`` says for which types it is there; ``of_one``
    whether a single record comes in it.
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


#: Suffix → format, in the order in which people are offered them.
FORMATS: Mapping[str, Format] = {
    "csv": Format(
        csv.CONTENT_TYPE,
        csv.stream,
        {"pl": "Tabela (CSV)", "en": "Table (CSV)"},
        {"separator": tuple(csv.SEPARATORS), "values": csv.VALUES},
    ),
    "json": Format(
        json.CONTENT_TYPE,
        json.stream,
        {"pl": "Dla programistów (JSON)", "en": "For programmers (JSON)"},
        of_one=True,
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
    ),
}


def of(record_type: RecordType, *, of_one: bool = False) -> dict[str, Format]:
    """Return the formats of a type.

    :param record_type: a type, or one that covers others: across types there are only feeds, as
        types have no columns in common
    :param of_one: only those in which a single record comes
    :returns: suffix → format, in the order of ``FORMATS``
    """
    return {
        suffix: wanted
        for suffix, wanted in FORMATS.items()
        if wanted.fits(record_type)
        and (wanted.is_feed or not record_type.covers)
        and (wanted.of_one or not of_one)
    }
