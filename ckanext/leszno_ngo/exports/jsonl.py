"""JSON Lines (jsonlines.org): a record a line, for tools that read line by line.

There is no place for a heading, so each line says where it comes from, as the rows of CSV do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo.exports import chunks, rows
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/jsonl; charset=utf-8"


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as JSON Lines, piece by piece.

    :param records: records as ``package_show`` gives them
    :param record_type: their type; its export map gives the keys
    :param lang: taken because every format takes it; JSON holds codes, not labels
    :param about: origin of the file
    :returns: pieces of the file
    """
    origin = {"publisher": about.publisher, "licence": about.licence, "retrieved": about.time}
    coded = rows.coded(records, record_type, about)
    return chunks.encode_chunks(
        chunks.dump_json({**row, **origin}) + "\n" for _record, row in coded
    )
