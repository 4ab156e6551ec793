"""What the front page says of the catalogue: how many records, and ways into them."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import datetimes, record_types
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import facets
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views import calendar_page

log = logging.getLogger(__name__)

_DAYS_AHEAD = 30
_DAYS_SHOWN = 6


@dataclass(frozen=True)
class Entrance:
    """A record type on the front page: ``count`` of its public records, and its first facet."""

    record_type: RecordType
    count: int
    facet: facets.Facet | None


def entrances() -> list[Entrance]:
    """Return what the front page offers: the portal's first record type, by one request to Solr.

    :returns: its entrance; empty while Solr is away, so that the page still opens
    """
    try:
        return [_entrance(record_type) for record_type in record_types.all_types()[:1]]
    except AWAY as error:
        log.warning("The front page has no counts: %s", error)
        return []


def upcoming() -> list[tuple[dt.date, list[calendar_page.Shown]]]:
    """Return what the calendar has in the next days, by one request to Solr.

    :returns: pairs (day, entries), the soonest first; empty while Solr is away
    """
    today = datetimes.today(dt.datetime.now(dt.timezone.utc))
    try:
        return calendar_page.coming(today, _DAYS_AHEAD)[:_DAYS_SHOWN]
    except AWAY as error:
        log.warning("The front page has no dates: %s", error)
        return []


def _entrance(record_type: RecordType) -> Entrance:
    found = facets.search({}, record_type, {}, tk.h.leszno_ngo_lang(), rows=0)
    facet = found.facets[0] if found.facets and found.facets[0].items else None
    return Entrance(record_type, found.count, facet)
