"""CSV (RFC 4180, UTF-8 with a byte order mark, by which spreadsheets know the encoding).

One heading row and one row a record, nothing else: comment lines before the heading would break
every reader. What the file must say about itself stands in the last four columns of each row, so
it stays with the rows when somebody copies or filters them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo import text
from ckanext.leszno_ngo.exports import chunks, linked_titles, rows
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "text/csv; charset=utf-8"

#: What may stand between cells. Excel with Polish settings opens a file with semicolons by a
#: double click; everything else expects commas.
SEPARATORS: Mapping[str, str] = {"comma": ",", "semicolon": ";"}
#: How values are written: for people (headings and labels in a language) or for programs (machine
#: names and codes, the same in every language; ``exports/datapackage.py`` describes both).
VALUES = ("labels", "codes")

_ABOUT_NAMES = ("url", "publisher", "licence", "retrieved")
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
    values: str = "labels",
) -> Iterator[bytes]:
    """Write records as CSV, piece by piece.

    :param records: records as ``package_show`` gives them
    :param record_type: their type; its export map gives the columns
    :param lang: language of headings and labels, ``pl`` or ``en``
    :param about: origin of the file
    :param separator: a key of ``SEPARATORS``
    :param values: one of ``VALUES``
    :returns: pieces of the file; no cell is one that a spreadsheet takes for a formula
    """
    return chunks.table(
        _rows(records, record_type, lang, about, values), delimiter=SEPARATORS[separator]
    )


def _rows(
    records: Iterable[Mapping[str, Any]],
    record_type: RecordType,
    lang: str,
    about: About,
    values: str,
) -> Iterator[list[str]]:
    yield headings(record_type, lang, values)
    columns = rows.columns(record_type)
    cells = [c.code() if values == "codes" else c.cell(lang) for c in columns]
    origin = [text.safe_cell(part) for part in (about.publisher, about.licence, about.time)]
    for record in linked_titles.with_titles(records, record_type):
        page = about.page_of(record["name"], record_type.name)
        # Half of the cells of a usual record are empty: they need no second look.
        row = [shown and text.safe_cell(shown) for shown in (cell(record) for cell in cells)]
        yield [*row, text.safe_cell(page), *origin]


def headings(record_type: RecordType, lang: str, values: str = "labels") -> list[str]:
    """Return the first row of a file.

    :param lang: language, ``pl`` or ``en``
    :param values: one of ``VALUES``
    """
    columns = rows.columns(record_type)
    if values == "codes":
        return [*(column.name for column in columns), *_ABOUT_NAMES]
    return [*(column.heading(lang) for column in columns), *_ABOUT_HEADINGS[lang]]
