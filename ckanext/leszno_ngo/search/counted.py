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

from ckan.lib.search.query import PackageSearchQuery

from ckanext.leszno_ngo.ckan_compat import searching
from ckanext.leszno_ngo.search import connections, ranking, relaxing
from ckanext.leszno_ngo.search.query import SearchText


@dataclass
class Counts:
    """What a search is to be counted by, and Solr's answer.

    :param facets: JSON facets of Solr, name → facet
    :param tags: filter query → the tag by which a facet may leave it out (``excludeTags``)
    :param found: Solr's answer to ``facets``; empty until the search has been sent
    :param strict: the same of all the words, where the search was relaxed afterwards
    """

    facets: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)
    strict: Mapping[str, Any] = field(default_factory=dict)


class Connection:
    """A connection to Solr that adds what ``package_search`` cannot name: counts and ranking."""

    def __init__(self, counts: Counts | None = None) -> None:
        self.counts = counts
        self.answer: Any = None

    def search(self, **query: Any) -> Any:
        """Send a query of CKAN's with what is added, and keep the answer."""
        filters = query.get("fq", ())
        asked = {**query, **(ranking.parameters(filters) if _is_ours(query) else {})}
        counts = self.counts
        if counts is not None:
            asked["fq"] = [self._tagged(one, counts) for one in filters]
            asked["json.facet"] = json.dumps(counts.facets)
        self.answer = connections.connect().search(**asked)
        if counts is not None:
            counts.found = self.answer.raw_response.get("facets", {})
        return self.answer

    @staticmethod
    def _tagged(query: str, counts: Counts) -> str:
        tag = counts.tags.get(query)
        return f"{{!tag={tag}}}{query}" if tag else query


def _is_ours(query: Mapping[str, Any]) -> bool:
    return isinstance(query.get("q"), SearchText)


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
    """CKAN's search, with the counts that :func:`counting` asks for, relaxed where it must be."""

    def run(self, query: dict[str, Any], *arguments: Any, **options: Any) -> dict[str, Any]:
        """Send the search (``ckan.lib.search.query.PackageSearchQuery.run``)."""
        counts = _wanted.get()
        if counts is not None and not set(counts.tags) <= set(query.get("fq_list", ())):
            counts = None
        if counts is None and not _is_ours(query):
            return super().run(query, *arguments, **options)
        return send(self, Connection(counts), query, *arguments, **options)


def send(
    search: PackageSearchQuery,
    connection: Connection,
    query: dict[str, Any],
    *arguments: Any,
    **options: Any,
) -> dict[str, Any]:
    """Send a search, and a relaxed one where nothing has all the words.

    :param search: CKAN's search
    :param connection: what sends it, and keeps the last answer
    :param query: parameters of the search; afterwards those that were sent last. Its ``q`` then
        has ``answered``, where the words were not all found
    """
    run = searching.run_with(connection)
    typed = dict(query)
    answer = run(search, query, *arguments, **options)
    text = typed.get("q")
    if search.count or not isinstance(text, SearchText):
        return answer
    relaxed = relaxing.relax(text, query["fq"])
    if relaxed.answered is None or relaxed.answered.step == "none":
        query["q"] = relaxed
        return answer
    counts = connection.counts
    if counts is not None:
        counts.strict = counts.found
    query.clear()
    query.update({**typed, "q": relaxed})
    return run(search, query, *arguments, **options)


def install() -> None:
    """Let ``package_search`` search by :class:`CountedPackageSearchQuery`."""
    searching.replace_package_query(CountedPackageSearchQuery)
