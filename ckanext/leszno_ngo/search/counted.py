"""Counts of a search's own in the one request that ``package_search`` sends to Solr.

``package_search`` takes neither JSON facets nor the tags by which a facet leaves its own selection
out of its counts. Its permission labels, the words as plugins read them and its other filters are
what the counts have to be of: so its own request carries them, and no second one repeats them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from ckan.lib.search.common import make_connection
from ckan.lib.search.query import PackageSearchQuery

from ckanext.leszno_ngo.ckan_compat import searching


@dataclass
class Counts:
    """What a search is to be counted by, and Solr's answer.

    :param facets: JSON facets of Solr, name → facet
    :param tags: filter query → the tag by which a facet may leave it out (``excludeTags``)
    :param found: Solr's answer to ``facets``; empty until the search has been sent
    """

    facets: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)


class Connection:
    """A connection to Solr whose searches ask for counts that ``package_search`` cannot name."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self.answer: Any = None

    def search(self, **query: Any) -> Any:
        """Send a query of CKAN's with the counts, and keep the answer."""
        filters = [self._tagged(one) for one in query.get("fq", ())]
        asked = {**query, "fq": filters, "json.facet": json.dumps(self._counts.facets)}
        self.answer = make_connection(decode_dates=False).search(**asked)
        self._counts.found = self.answer.raw_response.get("facets", {})
        return self.answer

    def _tagged(self, query: str) -> str:
        tag = self._counts.tags.get(query)
        return f"{{!tag={tag}}}{query}" if tag else query


_wanted: ContextVar[Counts | None] = ContextVar("leszno_ngo_counts", default=None)


@contextmanager
def counting(counts: Counts) -> Iterator[Counts]:
    """Have the search with these filters, of all that are made in the block, answer the counts.

    :param counts: ``tags`` are filters (``fq_list``) of that search alone; another one made in the
        block, by a plugin say, is left as it is
    """
    token = _wanted.set(counts)
    try:
        yield counts
    finally:
        _wanted.reset(token)


class CountedPackageSearchQuery(PackageSearchQuery):
    """CKAN's search, with the counts that :func:`counting` asks for."""

    def run(self, query: dict[str, Any], *arguments: Any, **options: Any) -> dict[str, Any]:
        """Send the search (``ckan.lib.search.query.PackageSearchQuery.run``)."""
        counts = _wanted.get()
        if counts is None or not set(counts.tags) <= set(query.get("fq_list", ())):
            return super().run(query, *arguments, **options)
        return searching.run_with(Connection(counts))(self, query, *arguments, **options)


def install() -> None:
    """Let ``package_search`` search by :class:`CountedPackageSearchQuery`."""
    searching.replace_package_query(CountedPackageSearchQuery)
