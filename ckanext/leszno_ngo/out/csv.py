"""CSV (RFC 4180, UTF-8 with a byte order mark, by which spreadsheets know the encoding).

One heading row and one row a record, nothing else: comment lines before the heading would break
every reader. What the file must say about itself stands in the last four columns of each row, so
it stays with the rows when somebody copies or filters them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo import text
from ckanext.leszno_ngo.out import rows
from ckanext.leszno_ngo.out.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "text/csv; charset=utf-8"

#: What may stand between cells. Excel with Polish settings opens a file with semicolons by a
#: double click; everything else expects commas.
SEPARATORS: Mapping[str, str] = {"comma": ",", "semicolon": ";"}

_BOM = "\ufeff"
# Rows are handed on in pieces of about this many characters: fewer, larger writes.
_PIECE = 64 * 1024
_ABOUT_HEADINGS = {
    "pl": ("Strona w katalogu", "Wydawca danych", "Licencja", "Pobrano (UTC)"),
    "en": ("Page in the catalogue", "Data publisher", "Licence", "Retrieved (UTC)"),
}


def stream(
    records: Iterable[Mapping[str, Any]],
    record_type: RecordType,
    lang: str,
    about: About,
    separator: str = "comma",
) -> Iterator[bytes]:
    """Write records as CSV, piece by piece.

    :param records: records as ``package_show`` gives them
    :param record_type: their type; its export map gives the columns
    :param lang: language of headings and labels, ``pl`` or ``en``
    :param about: origin of the file
    :param separator: a key of ``SEPARATORS``
    :returns: pieces of the file; no cell is one that a spreadsheet takes for a formula
    """
    columns = rows.columns(record_type)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=SEPARATORS[separator], lineterminator="\r\n")
    buffer.write(_BOM)
    writer.writerow([*(column.heading(lang) for column in columns), *_ABOUT_HEADINGS[lang]])
    origin = (about.publisher, about.licence, about.time)
    for record in records:
        cells = [column.cell(record, lang) for column in columns]
        page = about.page_of(record["name"], record_type.name)
        writer.writerow(map(text.safe_cell, [*cells, page, *origin]))
        if buffer.tell() >= _PIECE:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece
