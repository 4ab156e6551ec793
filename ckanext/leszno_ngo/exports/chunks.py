"""Files of text in pieces: few large writes, and never a whole file in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

#: Texts are handed on when there are about this many characters of them.
SIZE = 64 * 1024
_BOM = "\ufeff"


def encode_chunks(texts: Iterable[str]) -> Iterator[bytes]:
    """Hand texts on in pieces.

    :param texts: the file's text, in any parts
    :returns: the same in UTF-8; one piece at least
    """
    waiting, size = [], 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= SIZE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def table(rows: Iterable[Iterable[Any]], delimiter: str = ",") -> Iterator[bytes]:
    """Write a table as CSV, with the mark by which spreadsheets know UTF-8.

    :param rows: the headings, then the rows; their cells are safe already (``text.safe_cell``)
    :param delimiter: what stands between cells
    :returns: pieces of the file, one at least
    """
    buffer = io.StringIO()
    buffer.write(_BOM)
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        if buffer.tell() >= SIZE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def dump_json(value: Any) -> str:
    """Return a value as JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False)


def json_list(
    head: Mapping[str, Any],
    name: str,
    items: Iterable[Any],
    end: Callable[[], Mapping[str, Any]] = dict,
) -> Iterator[bytes]:
    """Write a JSON object whose last members are a list and ``count``, how many it holds.

    A file without the count was cut off on its way, and is not JSON either.

    :param head: the members before the list, one at least
    :param name: name of the list
    :param end: members that are known when the list is written
    :returns: pieces of the file
    """
    return encode_chunks(_json_list(head, name, items, end))


def _json_list(
    head: Mapping[str, Any],
    name: str,
    items: Iterable[Any],
    end: Callable[[], Mapping[str, Any]],
) -> Iterator[str]:
    yield f"{dump_json(head)[:-1]}, {dump_json(name)}: ["
    count = 0
    for item in items:
        yield f"{',' if count else ''}\n{dump_json(item)}"
        count += 1
    yield f"\n], {dump_json({'count': count, **end()})[1:]}\n"
