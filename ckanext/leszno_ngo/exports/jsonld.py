"""JSON-LD (JSON-LD 1.1): the records of a search as linked data, with the context inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import chunks, jsonld_mapping
from ckanext.leszno_ngo.exports.about import About
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
    return chunks.encode_chunks(_parts(records, record_type, lang, about))


def _parts(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[str]:
    addresses = jsonld_mapping.Addresses(about.page.replace(f"/{record_type.name}/", "/{type}/"))
    write = jsonld_mapping.writer(record_type, addresses)
    title = record_types.localised(record_type.label_plural, lang)
    yield f'{{"@context": {chunks.dump_json(write.context())}, "@graph": [\n'
    yield chunks.dump_json(jsonld_mapping.about_node(about, addresses, title, lang))
    for record in records:
        yield ",\n" + chunks.dump_json(write.node(record))
    yield "\n]}\n"
