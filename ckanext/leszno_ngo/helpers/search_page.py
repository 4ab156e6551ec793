"""A page of search results: what narrows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import filters
from ckanext.leszno_ngo.views.pages import answer_pages

# How many choices of a facet are seen before "Show all".
_SEEN_AT_ONCE = 8


def leszno_ngo_frequency(item: Mapping[str, Any]) -> str:
    """Return the words of a facet's item that is how often a harvest source is read."""
    names = {choice["value"]: choice["text"] for choice in tk.h.harvest_frequencies()}
    return names.get(item["name"], item["display_name"])


def leszno_ngo_harvester(item: Mapping[str, Any]) -> str:
    """Return the words of a facet's item that is a kind of harvest source."""
    names = {harvester["name"]: harvester["title"] for harvester in tk.h.harvesters_info()}
    return names.get(item["name"], item["display_name"])


def leszno_ngo_has_days(record_type: RecordType) -> bool:
    """Whether searches of a type can be narrowed to days."""
    return filters.FROM in filters.filter_names(record_type)


def leszno_ngo_first_items(facet: Any) -> list[Any]:
    """Return the choices of a facet that are seen at once: the commonest and the chosen ones."""
    commonest = sorted(facet.items, key=lambda item: -item.count)[:_SEEN_AT_ONCE]
    return [item for item in facet.items if item.selected or item in commonest]


def leszno_ngo_shown_facets(facets: Iterable[Any], count: int) -> list[Any]:
    """Return the facets that narrow something.

    :param facets: those of a search
    :param count: how many results there are
    :returns: without those that have nothing, or one choice that every result has anyway
    """
    return [facet for facet in facets if facet.items and not _says_nothing(facet.items, count)]


def _says_nothing(items: Sequence[Any], count: int) -> bool:
    return len(items) == 1 and not items[0].selected and items[0].count >= count


def leszno_ngo_needs() -> list[answer_pages.Answer]:
    """Return situations that people look for help in, each with its search."""
    return answer_pages.needs(tk.h.leszno_ngo_lang())
