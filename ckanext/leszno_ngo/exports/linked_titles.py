"""The names of the records that exported records point at, looked up for many at once.

Beside each link ``recipient`` a record gets ``recipient_title``; beside a table with a link in
its column ``ngo`` it gets ``parties_ngo`` and ``parties_ngo_title``. What is not public, or is no
longer there, is left out: no file tells of it, and every identifier in a file leads somewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo.catalogue import links
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search import solr

#: Records whose links are looked up by one request to Solr.
CHUNK = 500

Record = Mapping[str, Any]


def title_key(link: Field) -> str:
    """Return the key under which the titles of a link's targets stand."""
    return f"{link.name}_title"


def with_titles(records: Iterable[Record], record_type: RecordType) -> Iterator[Record]:
    """Add the titles of linked records.

    :param records: records as ``package_show`` gives them; they are not changed
    :param record_type: their type
    :returns: the records in the same order, with the keys above: a text, or a list for a field
        that holds several; a field without a public target is ``None`` or an empty list
    :raises ckan.lib.search.SearchError: Solr is away
    """
    if not record_type.links:
        yield from records
        return
    waiting = iter(records)
    while chunk := list(itertools.islice(waiting, CHUNK)):
        wanted = [links.ids(record_type, record) for record in chunk]
        titles = _titles({id_ for of_one in wanted for ids in of_one.values() for id_ in ids})
        for record, ids in zip(chunk, wanted, strict=True):
            yield {**record, **_added(record_type, ids, titles)}


def _titles(ids: set[str]) -> dict[str, str]:
    """Return id → title of the public records among ``ids``, by one request."""
    if not ids:
        return {}
    among = f"{{!terms f=id cache=false}}{','.join(sorted(ids))}"
    answer = solr.ask(
        "*:*", fq=[*solr.public_filters(()), among], fl="id,title", rows=len(ids), facet="false"
    )
    return {document["id"]: document["title"] for document in answer.docs}


def _added(
    record_type: RecordType,
    ids: Mapping[str, list[str]],
    titles: Mapping[str, str],
) -> dict[str, Any]:
    added: dict[str, Any] = {}
    for link in record_type.links:
        known = [id_ for id_ in ids.get(link.name, ()) if id_ in titles]
        names = [titles[id_] for id_ in known]
        if link.index == "keywords":
            added |= {link.name: known, title_key(link): names}
        else:
            one, title = (known[0], names[0]) if known else (None, None)
            added |= {link.name: one, title_key(link): title}
    return added
