"""XLSX files as lines of cells: checked for bombs first, then read as a stream."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from xml.etree.ElementTree import ParseError  # noqa: S405  only the error's class
from xml.parsers.expat import ExpatError

from ckanext.leszno_ngo.harvest.model import Refusal, SourceError

from .lines import Limits, Line
from .workbook import CellError, Formula, Row, TooLong, Workbook, open_workbook

_PIECE = 1 << 20
_RATIO_FROM = 1 << 20
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ExpatError,
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
            limits.budget.check()
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


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[Workbook]:
    with _broken_is_an_error(), zipfile.ZipFile(path) as archive:
        yield open_workbook(archive, limits)


def sheets(path: Path, limits: Limits) -> list[str]:
    """Return the titles of a file's visible sheets that have something in them, in order.

    :param path: a checked XLSX file.
    :param limits: bounds.
    :returns: titles.
    :raises SourceError: ``broken``, ``truncated``, or a bound was passed.
    """
    with _opened(path, limits) as book:
        return [title for title in book.sheets if next(book.rows(title), None)]


def lines(path: Path, sheet: str, limits: Limits) -> Iterator[Line]:
    """Yield the lines of a sheet that have cells.

    :param path: a checked XLSX file.
    :param sheet: title of the sheet.
    :param limits: bounds.
    :returns: lines; whole numbers without a decimal part, dates as ISO. A cell with an
        Excel error (``cell_error``), with a formula that has no saved result (``formula``)
        or longer than a cell may be (``cell_too_long``) makes its line a problem.
    :raises SourceError: ``broken``, ``truncated``, ``bomb``, ``too_many_rows`` or an end of the
        budget, possibly after some lines.
    """
    with _opened(path, limits) as book:
        for row in book.rows(sheet):
            yield _line(row)


_PROBLEMS = {CellError: "cell_error", Formula: "formula", TooLong: "cell_too_long"}


def _line(row: Row) -> Line:
    cells = [""] * max(row.cells)
    for position, value in sorted(row.cells.items()):
        code = _PROBLEMS.get(type(value))
        if code:
            said = value if code == "cell_error" else ""
            return Line(row.number, (), Refusal(row.number, "", said, code, {"column": position}))
        cells[position - 1] = _text(value)
    return Line(row.number, tuple(cells))


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
