"""What the front page says of the catalogue: how many records, and ways into them."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import facets

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entrance:
    """A record type on the front page: ``count`` of its public records, and its first facet."""

    record_type: RecordType
    count: int
    facet: facets.Facet | None


def entrances() -> list[Entrance]:
    """Return what the front page offers, one request to Solr a record type.

    :returns: an entrance for each type; empty while Solr is away, so that the page still opens
    """
    try:
        return [_entrance(record_type) for record_type in record_types.all_types()]
    except SearchError as error:
        log.warning("The front page has no counts: %s", error)
        return []


def _entrance(record_type: RecordType) -> Entrance:
    found = facets.search({}, record_type, {}, tk.h.leszno_ngo_lang(), rows=0)
    facet = found.facets[0] if found.facets and found.facets[0].items else None
    return Entrance(record_type, found.count, facet)
