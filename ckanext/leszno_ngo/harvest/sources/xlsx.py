"""XLSX files as lines of cells: checked for bombs first, then read as a stream."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from itertools import repeat
from pathlib import Path
from xml.etree.ElementTree import ParseError  # noqa: S405  only the error's class

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from ckanext.leszno_ngo.harvest.model import Refusal, SourceError

from .lines import Limits, Line

_PIECE = 1 << 20
_RATIO_FROM = 1 << 20
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
)


@contextmanager
def _broken_is_an_error() -> Iterator[None]:
    """Turn what the libraries throw at a damaged file into one error."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError("truncated", why=type(error).__name__) from error
    except _BROKEN as error:
        raise SourceError("broken", why=type(error).__name__) from error


def check(path: Path, limits: Limits) -> None:
    """Look through a file before anything in it is parsed.

    :param path: a zip file that should be XLSX.
    :param limits: bounds.
    :raises SourceError: ``format`` (a zip of something else), ``bomb`` (too many
        entries, too big unpacked, packed too well, or a document type declaration,
        by which XML grows), ``encrypted``, ``truncated``.
    """
    with _broken_is_an_error(), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _check_entries(entries, limits)
        if "xl/workbook.xml" not in archive.namelist():
            raise SourceError("format", found="zip")
        for entry in entries:
            _check_content(archive, entry)


def _check_entries(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.max_entries:
        raise SourceError("bomb", why="entries", limit=limits.max_entries)
    if sum(entry.file_size for entry in entries) > limits.max_unpacked:
        raise SourceError("bomb", why="size", limit=limits.max_unpacked)
    for entry in entries:
        if entry.flag_bits & 1:
            raise SourceError("encrypted")
        packed = max(entry.compress_size, 1)
        if entry.file_size > _RATIO_FROM and entry.file_size > packed * limits.max_ratio:
            raise SourceError("bomb", why="ratio", limit=limits.max_ratio)


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry in pieces that overlap, so that a sign on the border is seen."""
    # zipfile never gives more bytes than the directory says, and checks the sum at the end.
    tail = b""
    with archive.open(entry) as content:
        while piece := content.read(_PIECE):
            yield tail + piece
            tail = piece[-16:]


def _check_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    for piece in _pieces(archive, entry):
        # A document type hidden in UTF-16 shows when the zeros are taken away.
        if is_xml and _DECLARATION.search(piece.replace(b"\0", b"")):
            raise SourceError("bomb", why="doctype")


def _has_formulas(path: Path) -> bool:
    with _broken_is_an_error(), zipfile.ZipFile(path) as archive:
        return any(
            _FORMULA.search(piece)
            for entry in archive.infolist()
            if entry.filename.startswith("xl/worksheets/")
            for piece in _pieces(archive, entry)
        )


@contextmanager
def _workbook(path: Path, *, values: bool) -> Iterator[openpyxl.Workbook]:
    # An opened file: of a path openpyxl wants the ending that a fetched file does not have.
    with _broken_is_an_error(), path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
        with closing(book):
            yield book


def sheets(path: Path) -> list[str]:
    """Return the titles of a file's visible sheets, in order.

    :param path: a checked XLSX file.
    :returns: titles.
    :raises SourceError: ``broken`` or ``truncated``.
    """
    with _workbook(path, values=True) as book:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _raw_rows(book: openpyxl.Workbook, sheet: str, last: int | None) -> Iterator[tuple]:
    worksheet = book[sheet]
    # Programs write wrong dimensions; without this the rows outside them are lost.
    worksheet.reset_dimensions()
    return worksheet.iter_rows(values_only=True, max_row=last)


def lines(path: Path, sheet: str, last: int | None = None) -> Iterator[Line]:
    """Yield the lines of a sheet.

    :param path: a checked XLSX file.
    :param sheet: title of the sheet.
    :param last: number of the last line wanted; None for all.
    :returns: lines; whole numbers without a decimal part, dates as ISO. A cell with an
        Excel error (``cell_error``) or with a formula that has no saved result
        (``formula``) makes its line a problem.
    :raises SourceError: ``broken`` or ``truncated``, possibly after some lines.
    """
    with _workbook(path, values=True) as book:
        rows = _raw_rows(book, sheet, last)
        if not _has_formulas(path):
            yield from (_line(number, row, ()) for number, row in enumerate(rows, 1))
            return
        with _workbook(path, values=False) as formulas:
            pairs = zip(rows, _raw_rows(formulas, sheet, last), strict=False)
            yield from (_line(number, row, other) for number, (row, other) in enumerate(pairs, 1))


def _line(number: int, values: Sequence, formulas: Sequence) -> Line:
    for position, (value, formula) in enumerate(
        zip(values, formulas or repeat(None), strict=False), 1
    ):
        code = _problem(value, formula)
        if code:
            shown = value if isinstance(value, str) else ""
            return Line(number, (), Refusal(number, "", shown, code, {"column": position}))
    return Line(number, tuple(_text(value) for value in values))


def _problem(value: object, formula: object) -> str:
    if isinstance(value, str) and value in _ERRORS:
        return "cell_error"
    if value is None and formula is not None:
        return "formula"
    return ""


def _text(value: object) -> str:
    """Return a cell's value as text: 31247.0 is "31247", a date is ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
