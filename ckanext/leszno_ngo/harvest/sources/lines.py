"""What the readers of single table formats give to the table: lines of cells."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as member

from ckanext.leszno_ngo.harvest.budget import Budget
from ckanext.leszno_ngo.harvest.model import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what is read from one file.

    :param max_bytes: size of the file, bytes.
    :param max_unpacked: size of an XLSX file unpacked, bytes.
    :param max_part: size of a part of an XLSX file that is read at once (styles, the list of
        sheets), bytes.
    :param max_entries: files inside an XLSX file.
    :param max_ratio: unpacked to packed size of one file inside.
    :param header_rows: rows among which the header is looked for.
    :param max_columns: columns looked at; a line with something beyond them is refused.
    :param max_rows: rows read, and the greatest number of one (a spreadsheet has no more).
    :param max_strings: texts in an XLSX file's table of texts.
    :param max_cell: characters of a cell; a line with a longer one is refused.
    :param budget: the time and the memory that the source may take.
    """

    max_bytes: int = 100_000_000
    max_unpacked: int = 400_000_000
    max_part: int = 8_000_000
    max_entries: int = 2_000
    max_ratio: int = 250
    header_rows: int = 20
    max_columns: int = 300
    max_rows: int = 1_048_576
    max_strings: int = 2_000_000
    max_cell: int = 131_072
    budget: Budget = member(default_factory=Budget)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table.

    :param number: its number in the file, from 1, as a spreadsheet shows it.
    :param cells: texts of its cells.
    :param problem: why the line cannot be used, if it cannot. A problem of one cell
        has the cell's position, from 1, in ``detail["column"]``.
    """

    number: int
    cells: tuple[str, ...]
    problem: Refusal | None = None
