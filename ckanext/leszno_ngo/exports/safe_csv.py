"""CSV that somebody else wrote, with no cell left that a spreadsheet takes for a formula."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from ckanext.leszno_ngo import text

_BOM = "\ufeff"
#: Delimiter → one cell, with quotes around it or without.
_CELLS = {
    ",": re.compile(r'"([^"]*(?:""[^"]*)*)"?|([^",\r\n]+)'),
    "\t": re.compile(r'"([^"]*(?:""[^"]*)*)"?|([^"\t\r\n]+)'),
}


def stream(pieces: Iterable[bytes], delimiter: str = ",") -> Iterator[bytes]:
    """Write CSV again; cells that no spreadsheet would work out stay as they are.

    :param pieces: a file in UTF-8, cells quoted as RFC 4180 has it, cut anywhere
    :param delimiter: what stands between cells, a comma or a tab
    :returns: the same file with an apostrophe before each formula (``text.safe_cell``), and before
        each part of a cell that another delimiter would make one
    """
    cell = _CELLS[delimiter]
    waiting = ""
    for piece in codecs.iterdecode(pieces, "utf-8"):
        waiting += piece
        whole = _rows(waiting)
        if whole:
            yield _safe(cell, waiting[:whole]).encode()
            waiting = waiting[whole:]
    yield _safe(cell, waiting).encode()


def _rows(written: str) -> int:
    """Return the length of the part that has whole rows: to the last line break outside quotes."""
    parts = written.split('"')
    for number in range((len(parts) - 1) // 2 * 2, -1, -2):  # every other part is outside quotes
        if "\n" in parts[number]:
            before = sum(map(len, parts[:number])) + number
            return before + parts[number].rindex("\n") + 1
    return 0


def _safe(cell: re.Pattern[str], rows: str) -> str:
    mark = _BOM if rows.startswith(_BOM) else ""
    return mark + cell.sub(_cell, rows[len(mark) :])


def _cell(found: re.Match[str]) -> str:
    quoted, plain = found.groups()
    value = plain if quoted is None else quoted.replace('""', '"')
    # Line breaks and the like inside a cell are the data's own: only apostrophes are put in.
    safe = text.without_formulas_inside(value)
    if text.safe_cell(value).startswith("'") and not value.startswith("'"):
        safe = f"'{safe}"
    if safe == value:
        return found[0]
    escaped = safe.replace('"', '""')
    return f'"{escaped}"'
