"""What the front page says of the catalogue: how many records, and ways into them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import current_app

from ckanext.leszno_ngo import datetimes, record_types
from ckanext.leszno_ngo.logic.page_parts import FRONT_PARTS, PAGES, FrontPart
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import facets
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.pages import calendar_entries

log = logging.getLogger(__name__)

_DAYS_AHEAD = 30
_DAYS_SHOWN = 5
_NOW_SHOWN = 5


@dataclass(frozen=True)
class Entrance:
    """A record type on the front page: ``count`` of its public records, and its first facet."""

    record_type: RecordType
    count: int
    facet: facets.Facet | None


@dataclass(frozen=True)
class Task:
    """What people can do here: a title, a sentence about it, the address of the page."""

    title: str
    hint: str
    url: str


@dataclass(frozen=True)
class Now:
    """Records of a type in which one can act now: some of ``count``, the soonest end first."""

    record_type: RecordType
    heading: str
    records: list[dict[str, Any]]
    count: int


def tasks() -> list[Task]:
    """Return what people can do here, as types and pages declare it."""
    return [*_tasks_of_types(), *_tasks_of_pages()]


def _tasks_of_types() -> Iterator[Task]:
    for record_type in record_types.all_types():
        front = record_type.front
        if front:
            # A page that some plugin may bring.
            is_there = front.page in current_app.view_functions
            endpoint = front.page if is_there and front.page else f"{record_type.name}.search"
            said = tk.h.leszno_ngo_text
            yield Task(said(front.task), said(front.hint), tk.url_for(endpoint))


def _tasks_of_pages() -> Iterator[Task]:
    for endpoint, page in PAGES.items():
        if page.task:
            yield Task(*page.task(), tk.url_for(endpoint))


def open_now() -> list[Now]:
    """Return the lists of what one can act in now, by a request to Solr each.

    :returns: for each type that declares one, also an empty one; none while Solr is away
    """
    try:
        return [_now(t) for t in record_types.all_types() if t.front and t.front.now]
    except AWAY as error:
        log.warning("The front page has no lists: %s", error)
        return []


def _now(record_type: RecordType) -> Now:
    deadline = record_type.dates["deadline"]
    context: Context = {}
    found = facets.search(
        context,
        record_type,
        record_type.default_filters,
        tk.h.leszno_ngo_lang(),
        rows=_NOW_SHOWN,
        sort=f"{deadline} asc, title_string asc",
    )
    heading = tk.h.leszno_ngo_text(record_type.front.now) if record_type.front else ""
    return Now(record_type, heading, found.results, found.count)


def entrances() -> list[Entrance]:
    """Return what the front page offers: the portal's first record type, by one request to Solr.

    :returns: its entrance; empty while Solr is away, so that the page still opens
    """
    try:
        return [_entrance(record_type) for record_type in record_types.all_types()[:1]]
    except AWAY as error:
        log.warning("The front page has no counts: %s", error)
        return []


def upcoming() -> list[tuple[dt.date, list[calendar_entries.Shown]]]:
    """Return what the calendar has in the next days, by one request to Solr.

    :returns: pairs (day, entries), the soonest first; empty while Solr is away
    """
    today = datetimes.today(dt.datetime.now(dt.timezone.utc))
    try:
        return calendar_entries.coming(today, _DAYS_AHEAD)[:_DAYS_SHOWN]
    except AWAY as error:
        log.warning("The front page has no dates: %s", error)
        return []


def parts() -> list[tuple[FrontPart, Any]]:
    """Return what plugins show on the front page, each with what its template gets.

    :returns: those that have something; none while Solr is away
    """
    try:
        found = [(part, part.find()) for part in FRONT_PARTS.values()]
    except AWAY as error:
        log.warning("The front page lacks what plugins show: %s", error)
        return []
    return [(part, one) for part, one in found if one is not None]


def _entrance(record_type: RecordType) -> Entrance:
    found = facets.search({}, record_type, {}, tk.h.leszno_ngo_lang(), rows=0)
    facet = found.facets[0] if found.facets and found.facets[0].items else None
    return Entrance(record_type, found.count, facet)
