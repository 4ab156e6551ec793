"""Everything a search finds, one record after another, in constant memory.

The road is that of ``package_search`` (the same plugins, filters and permission labels), but
results come by Solr's cursor: no page is repeated or left out while records change, and the
thousandth page costs what the first does. Only public records, whoever asks.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ckan.plugins as p
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.query import PackageSearchQuery

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import addresses, after_show
from ckanext.leszno_ngo.exports import freshness
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search import counted, facets, solr

#: Records fetched by one request.
CHUNK = 1_000

Record = dict[str, Any]


@dataclass(frozen=True)
class Search:
    """What to look for: words, chosen facets (name → codes) and an order in Solr's syntax.

    With ``behind``, a link of the type: not the records found, but those that they point at.
    ``counts`` are JSON facets of the records found, by names that no field has.
    """

    record_type: RecordType
    q: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = "title_string asc"
    behind: Field | None = None
    counts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """How many records there are, and the records, to be read once."""

    count: int
    records: Iterator[Record]


@dataclass(frozen=True)
class SearchAnswer:
    """How many records a search finds and when the last of them was changed; none is read yet.

    ``seen`` is what :func:`freshness.freshness_of` wants to know of the index, ``counts`` Solr's
    answer to the facets of the search.
    """

    count: int
    changed: str
    record_type: RecordType
    parameters: Mapping[str, Any]
    seen: Mapping[str, Any]
    counts: Mapping[str, Any] = field(default_factory=dict)

    def only(self, query: str) -> SearchAnswer:
        """Return the same search, of which only what fits a query is read; ``count`` stays.

        :param query: in Solr's syntax
        """
        parameters = {**self.parameters, "fq": [*self.parameters["fq"], query]}
        return replace(self, parameters=parameters)

    def read(self) -> Iterator[Record]:
        """Start reading; the first records are fetched before this returns.

        :raises ckan.lib.search.SearchError: Solr is away
        """
        chunks = _chunks(self.parameters)
        return _records(self.record_type, next(chunks), chunks)


def find(search: Search) -> Found:
    """Start reading everything a search finds.

    The query is tried and the first records are fetched before this returns: what can go wrong
    with a query goes wrong here, not when half of a file has been sent.

    :param search: what to look for
    :returns: the number of records and an iterator over them, as ``package_show`` gives them
    :raises ckan.lib.search.SearchError: Solr is away or refuses the query
    """
    looked = run_search(search)
    return Found(looked.count, looked.read())


def run_search(search: Search) -> SearchAnswer:
    """Ask what a search finds without reading it.

    :param search: what to look for
    :raises ckan.lib.search.SearchError: Solr is away or refuses the query
    :raises KeyError: ``search.behind`` is a link to several types, which have no columns in common
    """
    parameters = _prepared(search)
    order = parameters["sort"]
    parameters.update(_LAST_CHANGED)
    asked = {**freshness.facets(search.record_type), **search.counts}
    connection = counted.Connection(counted.Counts(asked))
    # `send` checks the parameters, adds the site, state and labels, relaxes what finds nothing,
    # and leaves in the dictionary what it sent to Solr: the cursor then asks for exactly the same.
    counted.send(
        PackageSearchQuery(),
        connection,
        parameters,
        permission_labels=get_permission_labels().get_user_dataset_labels(None),
    )
    if search.behind is None:
        looked = _search_answer(search.record_type, parameters, order, connection.answer)
        return replace(looked, **_apart(looked.seen, search.counts))
    target = link_target_type(search.behind)
    parameters = _pointed_at(parameters, search.behind, target)
    answer = _ask(
        {**parameters, **_LAST_CHANGED, "json.facet": json.dumps(freshness.facets(target))}
    )
    return _search_answer(target, parameters, _ORDER_BEHIND, answer)


def links_behind(record_type: RecordType) -> list[Field]:
    """Return the links of a type whose targets come as a file of their own.

    :returns: those that lead to one type: several types have no columns in common
    """
    return [link for link in record_type.links if link.link and len(link.link.types) == 1]


def link_target_type(link: Field) -> RecordType:
    """Return the type that a link points at.

    :raises KeyError: it points at none, or at several
    """
    types = link.link.types if link.link else ()
    record_type = record_types.get(types[0]) if len(types) == 1 else None
    if record_type is None:
        raise KeyError(link.name)
    return record_type


# A cursor needs the index's key at the end, so that no two records are equal.
_KEY = "index_id asc"
_ORDER_BEHIND = f"title_string asc, {_KEY}"
_LAST_CHANGED = {"rows": 1, "fl": "metadata_modified", "sort": "metadata_modified desc"}


def _search_answer(
    record_type: RecordType, parameters: Mapping[str, Any], order: str, answer: Any
) -> SearchAnswer:
    changed = answer.docs[0].get("metadata_modified", "") if answer.docs else ""
    read = {"rows": CHUNK, "fl": "validated_data_dict", "timeAllowed": -1, "sort": order}
    seen = answer.raw_response.get("facets", {})
    return SearchAnswer(answer.hits, changed, record_type, {**parameters, **read}, seen)


def _apart(answered: Mapping[str, Any], further: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what the caller counts from what :mod:`freshness` does."""
    seen = {name: one for name, one in answered.items() if name not in further}
    return {"seen": seen, "counts": {name: answered.get(name, {}) for name in further}}


def _pointed_at(parameters: Mapping[str, Any], link: Field, target: RecordType) -> dict[str, Any]:
    """Turn a search into one for the records that what it finds points at (Solr's join)."""
    inner = {f"inner{n}": text for n, text in enumerate(parameters["fq"])}
    filters = "".join(f" filter=${name}" for name in inner)
    parser = parameters.get("defType", "lucene")
    kept = {k: v for k, v in parameters.items() if k not in ("q", "fq", "defType")}
    return {
        **kept,
        **inner,
        "q": "*:*",
        "inner": parameters["q"],
        "words": f"{{!{parser} v=$inner}}",
        "found": f"{{!bool must=$words{filters}}}",
        "fq": [
            *solr.public_filters([target.name]),
            f"{{!join from={link.solr_field} to=id v=$found}}",
        ],
    }


def _prepared(search: Search) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "q": search.q,
        "fq": "+capacity:public",
        "fq_list": facets.filter_queries(search.record_type, search.chosen),
        "sort": f"{search.sort}, {_KEY}",
        "facet": "false",
        "df": "text",
        "extras": {},
    }
    for plugin in p.PluginImplementations(p.IPackageController):
        parameters = plugin.before_dataset_search(parameters)
    parameters.pop("extras", None)
    return parameters


def _chunks(parameters: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the records' JSON texts, a list a request; the first list may be empty."""
    mark = "*"
    while True:
        answer = _ask({**parameters, "cursorMark": mark})
        yield [document["validated_data_dict"] for document in answer.docs]
        if len(answer.docs) < CHUNK:
            return
        mark = answer.nextCursorMark


def _ask(parameters: Mapping[str, Any]) -> Any:
    query = {key: value for key, value in parameters.items() if key != "q"}
    return solr.ask(parameters["q"], **query)


def _records(
    record_type: RecordType, first: list[str], rest: Iterator[list[str]]
) -> Iterator[Record]:
    for chunk in itertools.chain([first], rest):
        for stored in chunk:
            record = json.loads(stored)
            # The index has what the dates said when the record was indexed.
            if record_type.states or record_type.composite_of:
                after_show.after_dataset_show(record)
            else:
                addresses.hide_logins(record)
            yield record
