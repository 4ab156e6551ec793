"""ODS (OASIS OpenDocument 1.3, ISO/IEC 26300): the same sheets as XLSX, for LibreOffice.

The library keeps the whole document in memory, so there is a limit to what it may hold.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from odfdo import Document, Element

from ckanext.leszno_ngo.exports import sheet
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
#: Records in one file: some 100 MB of memory while it is made.
LARGEST = 5_000

# XML takes several spaces for one, and the first one for none.
_SPACES = re.compile(r"^ | {2,}|\t")


class TooManyError(ValueError):
    """More records than one file may hold."""


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as a spreadsheet with a sheet of data and one about the file.

    :param records: records as ``package_show`` gives them
    :param record_type: their type; its export map gives the columns
    :param lang: language of headings and labels, ``pl`` or ``en``
    :param about: origin of the file
    :returns: the whole file, in one piece
    :raises TooManyError: there are more than ``LARGEST`` records
    """
    data, origin = sheet.NAMES[lang]
    heading = _row(sheet.headings(record_type, lang))
    head = f"<table:table-header-rows>{heading}</table:table-header-rows>"
    lines = sheet.table(_bounded(records), record_type, lang, about)
    document = Document("spreadsheet")
    document.body.clear()
    document.body.append(_table(data, itertools.chain([head], map(_row, lines))))
    document.body.append(_table(origin, map(_row, sheet.about_rows(about, lang))))
    whole = io.BytesIO()
    document.save(whole)
    yield whole.getvalue()


def _bounded(records: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for number, record in enumerate(records):
        if number >= LARGEST:
            raise TooManyError(LARGEST)
        yield record


def _table(name: str, lines: Iterable[str]) -> Element:
    body = "".join(lines)
    return Element.from_tag(f"<table:table table:name={quoteattr(name)}>{body}</table:table>")


def _row(values: Sequence[sheet.Value]) -> str:
    """Write a row; empty cells beside each other are one element."""
    cells = []
    for empty, run in itertools.groupby(values, key=lambda value: value is None):
        if empty:
            repeated = len(list(run))
            cells.append(f'<table:table-cell table:number-columns-repeated="{repeated}"/>')
        else:
            cells += map(_cell, run)
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(value: sheet.Value) -> str:
    if isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        kind = 'office:value-type="string"'
    lines = "".join(f"<text:p>{_text(line)}</text:p>" for line in str(value).split("\n"))
    return f"<table:table-cell {kind}>{lines}</table:table-cell>"


def _text(line: str) -> str:
    return _SPACES.sub(_space, escape(line.replace("\r", "")))


def _space(found: re.Match[str]) -> str:
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'
