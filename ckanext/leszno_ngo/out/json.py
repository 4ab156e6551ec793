"""JSON (RFC 8259): one object with the origin of the data and the list of records.

Keys are machine names and values are codes, numbers and lists as the API gives them, the same in
every language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo.out import linked, rows
from ckanext.leszno_ngo.out.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/json; charset=utf-8"

_PIECE = 64 * 1024


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as JSON, piece by piece.

    :param records: records as ``package_show`` gives them
    :param record_type: their type; its export map gives the keys
    :param lang: taken because every format takes it; JSON holds codes, not labels
    :param about: origin of the file
    :returns: pieces of the file. ``count``, after the records, is how many there are: a file
        without it was cut off on its way, and is not JSON either
    """
    columns = rows.columns(record_type)
    head = _dumped(
        {
            "type": record_type.name,
            "query": dict(about.query),
            "licence": {"name": about.licence, "url": about.licence_url},
            "source": {"publisher": about.publisher, "url": about.address},
            "generated": about.time,
        }
    )
    pieces = [head[:-1], ', "records": [']
    size, count = 0, 0
    for record in linked.with_titles(records, record_type):
        row = {column.name: column.value(record) for column in columns}
        pieces.append(
            ("," if count else "")
            + "\n"
            + _dumped({**row, "url": about.page_of(record["name"], record_type.name)})
        )
        count += 1
        size += len(pieces[-1])
        if size >= _PIECE:
            yield "".join(pieces).encode()
            pieces, size = [], 0
    pieces.append(f'\n], "count": {count}}}\n')
    yield "".join(pieces).encode()


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
