"""The record of a year's programme: planned money, priorities, resolution."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue.contexts import anonymous_context
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.search.solr import literal


def of_year(year: str) -> dict[str, Any] | None:
    """Return the public record of a year's programme.

    :param year: four digits
    :returns: the record as ``package_show`` gives it, the last changed of several; ``None``
        where there is none
    :raises ckan.lib.search.SearchError: Solr is away
    """
    keepers = [t.name for t in record_types.all_types() if type_keys.ledger(t) == "plans"]
    found = tk.get_action("package_search")(
        anonymous_context(),
        {
            "fq_list": [
                f"+dataset_type:({' OR '.join(map(literal, keepers))})",
                f"+year:{literal(year)}",
            ],
            "rows": 1,
            "sort": "metadata_modified desc",
        },
    )
    return next(iter(found["results"]), None)
