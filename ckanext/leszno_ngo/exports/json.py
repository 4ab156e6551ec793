"""JSON (RFC 8259): one object with the origin of the data and the list of records.

Keys are machine names and values are codes, numbers and lists as the API gives them, the same in
every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo.exports import chunks, rows
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/json; charset=utf-8"


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
    head = {"type": record_type.name, **about.members}
    coded = (row for _record, row in rows.coded(records, record_type, about))
    return chunks.json_list(head, "records", coded)
