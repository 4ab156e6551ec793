"""The parts of an XLSX file (ECMA-376, SpreadsheetML) as streams that keep to their bounds.

openpyxl fills up every gap, between rows and between columns, and makes objects of every text: a
file of 2 kB with one cell in the row 3 000 000 takes it 25 seconds. Here a cell is read where it
stands, a text only as far as a cell may be long, and the budget is asked on the way. What numbers
mean as dates is openpyxl's word.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as member
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree  # noqa: S405  files with a document type were refused before
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from ckanext.leszno_ngo.harvest.model import SourceError

from .lines import Limits

_PIECE = 1 << 16
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


class TooLong(str):  # noqa: SLOT000  (a text is a text)
    """The beginning of a text that is longer than a cell may be."""


class CellError(str):  # noqa: SLOT000
    """What a cell shows that the spreadsheet could not work out: ``#REF!``."""


class Formula(str):  # noqa: SLOT000
    """A formula without a saved result."""


@dataclass(frozen=True)
class Row:
    """A row of a sheet.

    :param number: its number, from 1.
    :param cells: position of the column, from 1 → value; empty cells are not there.
    """

    number: int
    cells: dict[int, Any]


@dataclass
class Workbook:
    """An opened file.

    :param archive: the file.
    :param limits: bounds of what is read.
    :param sheets: titles of the visible sheets, in order → the part that holds one.
    :param epoch: the day from which its dates are counted.
    :param dates: number of a style that makes a number a date → whether it is a duration.
    :param strings_part: the part with the table of texts; ``""`` where there is none.
    """

    archive: zipfile.ZipFile
    limits: Limits
    sheets: dict[str, str] = member(default_factory=dict)
    epoch: Any = WINDOWS_EPOCH
    dates: dict[int, bool] = member(default_factory=dict)
    strings_part: str = ""
    _strings: list[str] | None = None

    def rows(self, sheet: str) -> Iterator[Row]:
        """Yield the rows of a sheet that have cells, as they stand.

        :raises SourceError: a bound of :class:`Limits` was passed.
        """
        reader = _Sheet(self)
        for _ in _fed(self, self.sheets[sheet], reader.start, reader.end, reader.text):
            yield from reader.taken()

    def string(self, number: int) -> str:
        """Return a text of the file's table of texts."""
        if self._strings is None:
            self._strings = _texts(self)
        return self._strings[number]

    def value(self, kind: str, style: int, text: str) -> Any:
        """Return what a cell's text means.

        :param kind: the cell's type (``s``, ``str``, ``b``, ``e``, ``d``, ``inlineStr``, ``n``).
        :param style: number of its style.
        """
        if kind == "s":
            return self.string(int(text))
        if kind == "e":
            return CellError(text)
        if kind == "b":
            return bool(int(text))
        if kind == "d":
            return from_ISO8601(text)
        if kind != "n" or isinstance(text, TooLong):
            return text
        try:
            number = float(text) if set(text) & set(".eE") else int(text)
            if style not in self.dates:
                return number
            return from_excel(number, self.epoch, timedelta=self.dates[style])
        except (OverflowError, ValueError):
            return CellError("#VALUE!")


def open_workbook(archive: zipfile.ZipFile, limits: Limits) -> Workbook:
    """Read what a file says of its sheets and of dates.

    :param archive: a checked file.
    :param limits: bounds.
    """
    targets = {one.get("Id"): one for one in _part(archive, _RELATIONS, limits)}
    of_kind = {one.get("Type", "").rpartition("/")[2]: one for one in targets.values()}
    book = Workbook(archive, limits)
    for element in _part(archive, _BOOK, limits).iter():
        name = _local(element.tag)
        if name == "workbookPr" and element.get("date1904") in ("1", "true"):
            book.epoch = MAC_EPOCH
        elif name == "sheet" and element.get("state", "visible") == "visible":
            id_ = next((value for key, value in element.items() if key.endswith("}id")), "")
            if part := _target(archive, targets.get(id_)):
                book.sheets[element.get("name", "")] = part
    book.strings_part = _target(archive, of_kind.get("sharedStrings"))
    styles = _target(archive, of_kind.get("styles"))
    if styles:
        book.dates = _date_styles(_part(archive, styles, limits))
    return book


def _target(archive: zipfile.ZipFile, relation: ElementTree.Element | None) -> str:
    """Return the part that a relation leads to; ``""`` where it is not in the file."""
    target = relation.get("Target", "") if relation is not None else ""
    part = target[1:] if target.startswith("/") else normpath(join("xl", target))
    return part if part in archive.namelist() else ""


def _part(archive: zipfile.ZipFile, name: str, limits: Limits) -> ElementTree.Element:
    if archive.getinfo(name).file_size > limits.max_part:
        raise SourceError("bomb", why="part", limit=limits.max_part)
    return ElementTree.fromstring(archive.read(name))  # noqa: S314


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _date_styles(styles: ElementTree.Element) -> dict[int, bool]:
    """Return the styles that make a number a date: number of the style → is it a duration."""
    formats = dict(BUILTIN_FORMATS)
    used: list[int] = []
    for group in styles:
        if _local(group.tag) == "numFmts":
            formats |= {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in group}
        elif _local(group.tag) == "cellXfs":
            used = [int(xf.get("numFmtId", 0)) for xf in group]
    codes = {number: formats.get(number, "") for number in set(used)}
    dates = {n: is_timedelta_format(c) for n, c in codes.items() if is_date_format(c)}
    return {style: dates[number] for style, number in enumerate(used) if number in dates}


# ---------------------------------------------------------------- streams of a part


def _fed(
    book: Workbook,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Read a part piece by piece; yield after each, so that what it gave can be taken."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda tag, attributes: start(_local(tag), attributes)
    parser.EndElementHandler = lambda tag: end(_local(tag))
    parser.CharacterDataHandler = text
    with book.archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            book.limits.budget.check()
            parser.Parse(piece)
            yield
        parser.Parse(b"", True)
    yield


class _Text:
    """A text that comes in pieces, kept as far as a cell may be long."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._pieces: list[str] = []
        self._length = 0

    def add(self, piece: str) -> None:
        if self._length <= self._longest:
            self._pieces.append(piece)
        self._length += len(piece)

    def take(self) -> str:
        whole = "".join(self._pieces)
        too_long = self._length > self._longest
        self._pieces, self._length = [], 0
        return TooLong(whole[: self._longest]) if too_long else whole


def _texts(book: Workbook) -> list[str]:
    """Read the table of texts that cells refer to."""
    if not book.strings_part:
        return []
    found: list[str] = []
    inside: list[str] = []
    kept = _Text(book.limits.max_cell)

    def start(tag: str, _attributes: dict[str, str]) -> None:
        inside.append(tag)

    def end(tag: str) -> None:
        inside.pop()
        if tag == "si":
            found.append(kept.take())
            if len(found) > book.limits.max_strings:
                raise SourceError("bomb", why="strings", limit=book.limits.max_strings)

    def text(piece: str) -> None:
        # How a word is read aloud ("rPh") is no part of the text.
        if inside and inside[-1] == "t" and "rPh" not in inside:
            kept.add(piece)

    for _ in _fed(book, book.strings_part, start, end, text):
        pass
    return found


class _Sheet:
    """The rows of a sheet as its elements come."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._limits = book.limits
        self._ready: list[Row] = []
        self._row = self._rows = self._column = self._style = 0
        self._cells: dict[int, Any] = {}
        self._kind = "n"
        self._formula = False
        self._inside: list[str] = []
        self._kept = _Text(book.limits.max_cell)

    def taken(self) -> list[Row]:
        """Return the rows that are ready, once."""
        rows, self._ready = self._ready, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._inside.append(tag)
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._start_row(attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(float(attributes["r"])) if "r" in attributes else self._row + 1
        self._rows += 1
        if max(self._row, self._rows) > self._limits.max_rows:
            raise SourceError("too_many_rows", limit=self._limits.max_rows)
        self._column, self._cells = 0, {}

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        self._column = _column(place) if place else self._column + 1
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._formula = False

    def text(self, piece: str) -> None:
        tag = self._inside[-1] if self._inside else ""
        if tag == "v" or (tag == "t" and "is" in self._inside and "rPh" not in self._inside):
            self._kept.add(piece)

    def end(self, tag: str) -> None:
        self._inside.pop()
        if tag == "c":
            self._end_cell()
        elif tag == "row":
            self._limits.budget.check()
            if self._cells:
                self._ready.append(Row(self._row, self._cells))

    def _end_cell(self) -> None:
        text = self._kept.take()
        if text:
            value = self._book.value(self._kind, self._style, text)
        elif self._formula:
            value = Formula()
        else:
            return
        # One cell beyond the bound says that there is something; more would only take room.
        self._cells[min(self._column, self._limits.max_columns + 1)] = value


def _column(place: str) -> int:
    """Return the position of a cell's column: 28 of ``AB7``."""
    number = 0
    for sign in place[:4]:
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign.upper()) - 64
    return number
