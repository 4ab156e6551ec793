"""CSV and XLSX files as raw rows, streaming, whatever program wrote them.

The first row that names fields (``headers.yaml``) among the first twenty is the
header; titles above it are passed over. Columns that hold people are dropped here.
A row that cannot be trusted becomes a refusal; a file that cannot be trusted stops
the run with a :class:`SourceError`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError, display_text

from . import encoding, headers, xlsx
from .headers import FIELD, IGNORED, PEOPLE, UNKNOWN, Column, Headings
from .lines import Limits, Line

_DELIMITERS = ";,\t|"
_LINE_LENGTH = 1_000_000

_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<script", b"<table", b"<div")
_OTHER_FORMATS = (
    (b"%pdf", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "rtf"),
    (b"<?xml", "xml"),
    (b"{", "json"),
    (b"[", "json"),
    (b"rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
)
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table: what was found out about it, and its rows.

    :param path: the file.
    :param format: ``csv`` or ``xlsx``.
    :param encoding: encoding of the text, ``""`` for XLSX.
    :param delimiter: delimiter of the columns, ``""`` for XLSX.
    :param sheet: title of the sheet, ``""`` for CSV.
    :param header_row: number of the header's row, from 1.
    :param columns: the columns, in order.
    :param limits: bounds of what is read.
    :param other_sheets: titles of the other sheets with something in them: they are not read.
    """

    path: Path
    format: str
    encoding: str
    delimiter: str
    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    limits: Limits
    other_sheets: tuple[str, ...] = ()

    @property
    def unknown(self) -> list[str]:
        """Headings that mean no field, for the report (names, never values)."""
        return [display_text(column.heading) for column in self.columns if column.kind == UNKNOWN]

    @property
    def dropped(self) -> list[str]:
        """Headings of the columns dropped because they hold people."""
        return [display_text(column.heading) for column in self.columns if column.kind == PEOPLE]

    @property
    def fields(self) -> set[str]:
        """Names of the fields the table gives."""
        return {column.field for column in self.columns if column.kind == FIELD}

    def rows(self) -> Iterator[RawRow | Refusal]:
        """Yield the rows below the header, in order and in constant memory.

        :returns: a :class:`RawRow` for a good row (every field of the table, ``""``
            where the cell is empty), a :class:`Refusal` for a bad one; empty rows and
            repetitions of the header are passed over.
        :raises SourceError: when the file turns out to be cut off or broken, has no row at
            all, more rows than the bound (``too_many_rows``), or the budget ends. May come
            after rows: take all before using any.
        """
        last: RawRow | Refusal | None = None
        for count, line in enumerate(_lines(self), 1):
            if count > self.limits.max_rows:
                raise SourceError("too_many_rows", limit=self.limits.max_rows)
            self.limits.budget.check()
            if line.number <= self.header_row or _is_empty(line):
                continue
            outcome = _row(line, self.columns, padded=self.format == "xlsx")
            if outcome is not None:
                last = outcome
                yield outcome
        if last is None:
            raise SourceError("no_rows")
        if isinstance(last, Refusal) and self._is_cut(last):
            raise SourceError("truncated", why="row", row=last.row)

    def _is_cut(self, last: Refusal) -> bool:
        """Tell whether the last row is too short in a file that ends without a line's end."""
        if last.code != "ragged" or last.detail["cells"] >= last.detail["expected"]:
            return False
        with self.path.open("rb") as file:
            file.seek(-2, io.SEEK_END)
            return not file.read().rstrip(b"\0").endswith((b"\n", b"\r"))


def open_table(
    path: Path,
    *,
    limits: Limits | None = None,
    needed: Iterable[str] = (),
    columns: Mapping[str, str] | None = None,
    headings: Headings | None = None,
) -> Table:
    """Find out what a file is and where its header stands.

    :param path: a CSV or XLSX file.
    :param limits: bounds of what is read; the defaults are wide for any register.
    :param needed: names of fields without which the table is useless.
    :param columns: heading → field, over the headings that are known.
    :param headings: the headings that are known; those of registers by default.
    :returns: the table, ready to give its rows.
    :raises SourceError: ``empty``, ``too_big``, ``html``, ``xls``, ``format``,
        ``truncated``, ``binary``, ``header`` (no row names fields),
        ``header_duplicate`` (two columns mean one field), ``header_missing``,
        ``bomb``, ``encrypted``, ``broken``, ``columns``.
    """
    known = (headings or headers.load()).with_columns(columns or {})
    limits = limits or Limits()
    size = path.stat().st_size
    if not size:
        raise SourceError("empty")
    if size > limits.max_bytes:
        raise SourceError("too_big", limit=limits.max_bytes)
    with path.open("rb") as file:
        start = file.read(1024)
    if start.startswith(_ZIP):
        table = _open_xlsx(path, limits, known)
    else:
        table = _open_csv(path, start, limits, known)
    _check_columns(table.columns, needed)
    return table


def _check_columns(columns: Sequence[Column], needed: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for column in columns:
        if column.kind != FIELD:
            continue
        if column.field in seen:
            headings = [display_text(seen[column.field]), display_text(column.heading)]
            raise SourceError("header_duplicate", field=column.field, headings=headings)
        seen[column.field] = column.heading
    missing = sorted(set(needed) - set(seen))
    if missing:
        raise SourceError("header_missing", fields=missing)


def _reject_other_formats(start: bytes) -> None:
    if start.startswith(_OLE):
        raise SourceError("xls")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(_HTML) or b"<html" in text:
        raise SourceError("html")
    for sign, name in _OTHER_FORMATS:
        if text.startswith(sign):
            raise SourceError("format", found=name)


def _score(columns: Iterable[Column], identifying: frozenset[str]) -> int:
    """Return how many fields a row names; 0 when it cannot be a header."""
    fields = {column.field for column in columns if column.kind == FIELD}
    return len(fields) if len(fields) > 1 and fields & identifying else 0


def _find_header(
    lines: Iterable[Line], limits: Limits, known: Headings
) -> tuple[int, tuple[Column, ...], int]:
    """Return (row number, columns, score) of the best header among the first rows."""
    best: tuple[int, tuple[Column, ...], int] = (0, (), 0)
    for line in lines:
        if line.number > limits.header_rows:
            break
        columns = tuple(known.column(cell) for cell in line.cells[: limits.max_columns])
        score = _score(columns, known.identifying)
        if score > best[2]:
            best = (line.number, columns, score)
    return best


def _open_csv(path: Path, start: bytes, limits: Limits, known: Headings) -> Table:
    _reject_other_formats(start)
    name = encoding.find(path)
    best = max(
        (
            (
                *_find_header(
                    _csv_lines(path, name, delimiter, limits, lenient=True), limits, known
                ),
                delimiter,
            )
            for delimiter in _DELIMITERS
        ),
        key=lambda found: found[2],
    )
    row, columns, score, delimiter = best
    if not score:
        raise SourceError("header", rows=limits.header_rows)
    return Table(path, "csv", name, delimiter, "", row, columns, limits)


def _open_xlsx(path: Path, limits: Limits, known: Headings) -> Table:
    xlsx.check(path, limits)
    sheets = xlsx.sheets(path, limits)
    for sheet in sheets:
        first = xlsx.lines(path, sheet, limits)
        row, columns, score = _find_header(first, limits, known)
        if score:
            others = tuple(display_text(other) for other in sheets if other != sheet)
            return Table(path, "xlsx", "", "", sheet, row, columns, limits, others)
    raise SourceError("header", rows=limits.header_rows)


def _lines(table: Table) -> Iterator[Line]:
    if table.format == "xlsx":
        return xlsx.lines(table.path, table.sheet, table.limits)
    return _csv_lines(table.path, table.encoding, table.delimiter, table.limits)


def _text_lines(file: io.TextIOBase, limits: Limits) -> Iterator[str]:
    while line := file.readline(_LINE_LENGTH):
        limits.budget.check()
        if len(line) == _LINE_LENGTH and not line.endswith("\n"):
            if not _has_long_cell(line, limits.max_cell):
                raise SourceError("line_too_long", limit=_LINE_LENGTH)
            _skip_line(file, limits)
            # Stands for the line: what reads the cells finds one too long, and no open quotation.
            line = "x" * (limits.max_cell + 1) + "\n"
        # Python 3.10's reader gives up at a NUL; it never means anything in a text.
        yield line.replace("\0", "") if "\0" in line else line


def _has_long_cell(line: str, longest: int) -> bool:
    return any(len(cell) > longest for cell in re.split(r"[;,\t|]", line))


def _skip_line(file: io.TextIOBase, limits: Limits) -> None:
    """Read to the end of a line without keeping it."""
    while (line := file.readline(_LINE_LENGTH)) and not line.endswith("\n"):
        limits.budget.check()


def _csv_lines(
    path: Path, name: str, delimiter: str, limits: Limits, *, lenient: bool = False
) -> Iterator[Line]:
    """Yield the records of a CSV file.

    ``lenient`` is for the search of the header, when the delimiter is only a guess:
    a file that ends inside quotation marks is then no error.
    """
    with path.open(encoding=name, errors="replace", newline="") as file:
        reader = csv.reader(_text_lines(file, limits), delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            first = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                problem = _csv_problem(str(error), number, first, reader.line_num)
                if problem is None:
                    if lenient:
                        return
                    raise SourceError("truncated", why="quotes", row=number, line=first) from None
                yield Line(number, (), problem)
            else:
                yield Line(number, tuple(cells), _long_cell(cells, number, limits))


def _long_cell(cells: list[str], number: int, limits: Limits) -> Refusal | None:
    """Return the refusal of a line with a cell that is too long.

    The reader of CSV refuses it too, but at a bound that any library may raise for the process.
    """
    for column, cell in enumerate(cells, 1):
        if len(cell) > limits.max_cell:
            return Refusal(number, "", "", "cell_too_long", {"column": column})
    return None


def _csv_problem(message: str, number: int, first: int, last: int) -> Refusal | None:
    """Return the refusal for what the CSV reader said; None when the file ended too early."""
    if "unexpected end of data" in message:
        return None
    code = "cell_too_long" if "larger than field limit" in message else "quotes"
    return Refusal(number, "", "", code, {"first_line": first, "last_line": last})


def _is_empty(line: Line) -> bool:
    return line.problem is None and not any(cell.strip() for cell in line.cells)


def _row(line: Line, columns: Sequence[Column], *, padded: bool) -> RawRow | Refusal | None:
    if line.problem is not None:
        return _named(line.problem, columns)
    cells = line.cells
    extra = cells[len(columns) :]
    if any(cell.strip() for cell in extra) or (len(cells) < len(columns) and not padded):
        detail = {"cells": len(cells), "expected": len(columns)}
        return Refusal(line.number, "", "", "ragged", detail)
    values: dict[str, str] = {}
    for index, column in enumerate(columns):
        if column.kind != FIELD:
            continue
        value = cells[index].strip() if index < len(cells) else ""
        if "\ufffd" in value:
            return Refusal(line.number, column.field, display_text(value), "encoding")
        values[column.field] = value
    if _repeats_header(cells, columns):
        return None
    return RawRow(line.number, values) if any(values.values()) else None


def _named(problem: Refusal, columns: Sequence[Column]) -> Refusal | None:
    """Put the field's name in the place of a column's position in a refusal of a cell."""
    position = problem.detail.get("column")
    if position is None:
        return problem
    column = columns[position - 1] if position <= len(columns) else Column("", IGNORED)
    return Refusal(problem.row, column.field, problem.value, problem.code, problem.detail)


def _repeats_header(cells: Sequence[str], columns: Sequence[Column]) -> bool:
    """Tell whether a row is the header again, as on each page of a printed list."""
    return len(cells) >= len(columns) and all(
        headers.fold(cell) == headers.fold(column.heading)
        for cell, column in zip(cells, columns, strict=False)
    )
