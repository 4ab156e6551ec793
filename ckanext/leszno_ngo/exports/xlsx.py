"""XLSX (ISO/IEC 29500): numbers and dates as such, and no cell that is a formula.

The file is written row by row to the disk and sent from there: memory does not grow with it.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.leszno_ngo.exports import sheet
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a sheet may hold, without its headings.
LARGEST = 1_048_575

_PIECE = 64 * 1024
# How a text begins that a library or a person's keystroke could turn into something else.
_RISKY = ("=", "+", "-", "@", "#")
_WIDTH = 22
_FIRST_YEAR = 1901


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as a workbook with a sheet of data and one about the file.

    :param records: records as ``package_show`` gives them, ``LARGEST`` at most
    :param record_type: their type; its export map gives the columns
    :param lang: language of headings and labels, ``pl`` or ``en``
    :param about: origin of the file
    :returns: pieces of the file, the first one when all of it has been made
    """
    workbook = Workbook(write_only=True)
    data, origin = (workbook.create_sheet(name) for name in sheet.NAMES[lang])
    headings = sheet.headings(record_type, lang)
    data.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        data.column_dimensions[get_column_letter(number)].width = _WIDTH
    data.append([_bold(data, heading) for heading in headings])
    for row in sheet.table(records, record_type, lang, about):
        data.append([_safe(data, value) for value in row])
    for line in sheet.about_rows(about, lang):
        origin.append([_safe(origin, value) for value in line])
    with tempfile.TemporaryFile() as file:
        workbook.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _bold(page: Worksheet, value: str) -> Cell:
    cell = WriteOnlyCell(page, value)
    cell.font = Font(bold=True)
    return cell


def _safe(page: Worksheet, value: sheet.Value) -> Any:
    """Keep a text a text: neither openpyxl nor whoever edits the cell makes a formula of it.

    A day before those that Excel counts is a text, too: it shows a row of ### in its place.
    """
    if isinstance(value, dt.date) and value.year < _FIRST_YEAR:
        return value.isoformat()
    if not isinstance(value, str) or not value.lstrip().startswith(_RISKY):
        return value
    cell = WriteOnlyCell(page, value)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
