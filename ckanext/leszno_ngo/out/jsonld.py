"""JSON-LD (JSON-LD 1.1): the records of a search as linked data, with the context inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.out import graph, pieces
from ckanext.leszno_ngo.out.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/ld+json"


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as one JSON-LD document, piece by piece.

    :param records: records as ``package_show`` gives them
    :param record_type: their type; its map of linked data gives classes and properties
    :param lang: language of the document's title; terms have their labels in both languages
    :param about: origin of the file
    :returns: pieces of the file. The first object of ``@graph`` is about the file itself. A file
        that was cut off on its way is not JSON
    """
    return pieces.joined(_parts(records, record_type, lang, about))


def _parts(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[str]:
    addresses = graph.Addresses(about.page.replace(f"/{record_type.name}/", "/{type}/"))
    write = graph.writer(record_type, addresses)
    title = record_types.localised(record_type.label_plural, lang)
    yield f'{{"@context": {pieces.dumped(write.context())}, "@graph": [\n'
    yield pieces.dumped(graph.about_node(about, addresses, title, lang))
    for record in records:
        yield ",\n" + pieces.dumped(write.node(record))
    yield "\n]}\n"
