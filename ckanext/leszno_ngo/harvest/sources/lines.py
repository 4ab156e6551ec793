"""What the readers of single table formats give to the table: lines of cells."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.leszno_ngo.harvest.model import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what is read from one file.

    :param max_bytes: size of the file, bytes.
    :param max_unpacked: size of an XLSX file unpacked, bytes.
    :param max_entries: files inside an XLSX file.
    :param max_ratio: unpacked to packed size of one file inside.
    :param header_rows: rows among which the header is looked for.
    :param max_columns: columns looked at.
    """

    max_bytes: int = 100_000_000
    max_unpacked: int = 400_000_000
    max_entries: int = 2_000
    max_ratio: int = 250
    header_rows: int = 20
    max_columns: int = 300


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
