"""JSON Lines (jsonlines.org): a record a line, for tools that read line by line.

There is no place for a heading, so each line says where it comes from, as the rows of CSV do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo.out import linked, rows
from ckanext.leszno_ngo.out.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/jsonl; charset=utf-8"

_PIECE = 64 * 1024


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
    columns = rows.columns(record_type)
    origin = {
        "publisher": about.publisher,
        "licence": about.licence,
        "retrieved": about.time,
    }
    pieces, size = [], 0
    for record in linked.with_titles(records, record_type):
        row = {column.name: column.value(record) for column in columns}
        page = about.page_of(record["name"], record_type.name)
        pieces.append(json.dumps({**row, "url": page, **origin}, ensure_ascii=False) + "\n")
        size += len(pieces[-1])
        if size >= _PIECE:
            yield "".join(pieces).encode()
            pieces, size = [], 0
    yield "".join(pieces).encode()
