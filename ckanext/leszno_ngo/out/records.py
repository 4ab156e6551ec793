"""Everything a search finds, one record after another, in constant memory.

The road is that of ``package_search`` (the same plugins, filters and permission labels), but
results come by Solr's cursor: no page is repeated or left out while records change, and the
thousandth page costs what the first does. Only public records, whoever asks.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins as p
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.query import PackageSearchQuery

from ckanext.leszno_ngo.catalogue import shown
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import facets, solr

#: Records fetched by one request.
CHUNK = 500

Record = dict[str, Any]


@dataclass(frozen=True)
class Search:
    """What to look for: words, chosen facets (name → codes) and an order in Solr's syntax."""

    record_type: RecordType
    q: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = "title_string asc"


@dataclass(frozen=True)
class Found:
    """How many records there are, and the records, to be read once."""

    count: int
    records: Iterator[Record]


def find(search: Search) -> Found:
    """Start reading everything a search finds.

    The query is tried and the first records are fetched before this returns: what can go wrong
    with a query goes wrong here, not when half of a file has been sent.

    :param search: what to look for
    :returns: the number of records and an iterator over them, as ``package_show`` gives them
    :raises ckan.lib.search.SearchError: Solr is away or refuses the query
    """
    parameters = _prepared(search)
    query = PackageSearchQuery()
    # `run` checks the parameters, adds the site, state and labels, and leaves in the
    # dictionary what it sent to Solr: the cursor then asks for exactly the same.
    query.run(parameters, permission_labels=get_permission_labels().get_user_dataset_labels(None))
    parameters.update({"rows": CHUNK, "fl": "validated_data_dict", "timeAllowed": -1})
    chunks = _chunks(parameters)
    first = next(chunks)
    return Found(query.count, _records(search.record_type, first, chunks))


def _prepared(search: Search) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "q": search.q,
        "fq": "+capacity:public",
        "fq_list": facets.filters(search.record_type, search.chosen),
        # A cursor needs the index's key at the end, so that no two records are equal.
        "sort": f"{search.sort}, index_id asc",
        "rows": 0,
        "fl": "id",
        "facet": "false",
        "df": "text",
        "extras": {},
    }
    for plugin in p.PluginImplementations(p.IPackageController):
        parameters = plugin.before_dataset_search(parameters)
    parameters.pop("extras", None)
    return parameters


def _chunks(parameters: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the records' JSON texts, a list a request; the first list may be empty."""
    query = {key: value for key, value in parameters.items() if key != "q"}
    mark = "*"
    while True:
        answer = solr.ask(parameters["q"], **query, cursorMark=mark)
        yield [document["validated_data_dict"] for document in answer.docs]
        if len(answer.docs) < CHUNK:
            return
        mark = answer.nextCursorMark


def _records(
    record_type: RecordType, first: list[str], rest: Iterator[list[str]]
) -> Iterator[Record]:
    for chunk in itertools.chain([first], rest):
        for stored in chunk:
            record = json.loads(stored)
            # The index has what the dates said when the record was indexed.
            if record_type.states or record_type.covers:
                shown.after_dataset_show(record)
            yield record
