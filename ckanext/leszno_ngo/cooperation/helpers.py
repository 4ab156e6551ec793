"""Helpers for the cooperation's templates."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.cooperation import figures, spending


def leszno_ngo_search_url(part: figures.Part | spending.Row) -> str:
    """Return the address of the search that finds the records behind a number."""
    _path, _mark, query = part.search.partition("?")
    url = tk.h.url_for(f"{part.type.name}.search")
    return f"{url}?{query}" if query else url
