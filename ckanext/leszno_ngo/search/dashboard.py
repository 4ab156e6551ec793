"""What waits for an official: drafts and deadlines.

A list is one request to Solr; none of them has more than :data:`ROWS` records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import computed
from ckanext.leszno_ngo.record_types import Due, RecordType, Text
from ckanext.leszno_ngo.search import solr
from ckanext.leszno_ngo.search.facets import literal

#: The most records of one list.
ROWS = 20
_SHOWN = "id name title dataset_type metadata_modified capacity"


@dataclass(frozen=True)
class Waiting:
    """A list of records: ``count`` of all, ``records`` as Solr has them, ``date`` the field that
    says when.
    """

    label: Text | str
    date: str
    count: int
    records: list[dict[str, Any]]


def drafts(units: Sequence[str]) -> Waiting:
    """Return the drafts of departments, the last changed first.

    :param units: ids of organisations
    :raises ckan.lib.search.SearchError: Solr is away
    """
    filters = ["+state:draft", _types(), _kept_by(units)]
    return _waiting("", "metadata_modified", filters, "metadata_modified desc")


def due(units: Sequence[str]) -> list[Waiting]:
    """Return the lists that the record types declare (``record_type.due``).

    :param units: ids of organisations
    :raises ckan.lib.search.SearchError: Solr is away
    """
    return [
        _waiting(
            declared.label,
            declared.date,
            ["+state:active", _kept_by(units), *_filters(record_type, declared)],
            f"{declared.date} asc",
        )
        for record_type in record_types.all_types()
        for declared in record_type.due
    ]


def _filters(record_type: RecordType, declared: Due) -> list[str]:
    until = f"NOW/MINUTE+{declared.within}DAYS" if declared.within else "NOW/MINUTE"
    filters = [
        f"+dataset_type:{literal(record_type.name)}",
        f"+{declared.date}:[* TO {until}]",
    ]
    if declared.state:
        filters.append(computed.state_filter(record_type, [declared.state]))
    if declared.without:
        filters.append(f"-{declared.without}:[* TO *]")
    for name, values in declared.but.items():
        filters.append(f"-{name}:({' OR '.join(map(literal, values))})")
    return filters


def _waiting(label: Text | str, date: str, filters: list[str], sort: str) -> Waiting:
    here = f"+site_id:{literal(tk.config['ckan.site_id'])}"
    answer = solr.ask(
        "*:*", fq=[here, *filters], fl=f"{_SHOWN} {date}", rows=ROWS, sort=sort, facet="false"
    )
    return Waiting(label, date, answer.hits, list(answer.docs))


def _types() -> str:
    names = (literal(record_type.name) for record_type in record_types.all_types())
    return f"+dataset_type:({' OR '.join(names)})"


def _kept_by(units: Sequence[str]) -> str:
    return f"+owner_org:({' OR '.join(map(literal, units))})" if units else solr.NO_DOCUMENT
