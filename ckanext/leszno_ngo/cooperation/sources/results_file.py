"""The table in which a commission gives the results of a call (art. 15 ust. 2h of the act of
24.04.2003), as a CSV or XLSX file: the one that officials upload, and those of past years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ckanext.leszno_ngo.harvest.budget import Budget
from ckanext.leszno_ngo.harvest.model import RawRow, Refusal
from ckanext.leszno_ngo.harvest.sources import headers
from ckanext.leszno_ngo.harvest.sources.lines import Limits
from ckanext.leszno_ngo.harvest.sources.table import Table, open_table

#: Columns without which the table says nothing.
NEEDED = ("organisation", "task", "granted_amount")

_HEADINGS = Path(__file__).parent / "results.yaml"
_NUMBERS = ("number", "krs", "nip")
_LONGEST_CELL = 1_000
_SUMS = frozenset({"", "razem", "suma", "ogółem", "łącznie"})


def uploaded() -> Limits:
    """Return the bounds of a table that an official uploads: a page waits for its reading."""
    return Limits(
        max_bytes=2_000_000,
        max_unpacked=40_000_000,
        max_part=2_000_000,
        max_columns=100,
        max_rows=5_000,
        max_strings=50_000,
        max_cell=20_000,
        budget=Budget(seconds=15, megabytes=300),
    )


def open_results(
    path: Path,
    *,
    limits: Limits | None = None,
    columns: Mapping[str, str] | None = None,
    needed: tuple[str, ...] = NEEDED,
) -> Table:
    """Find out what a commission's file holds.

    :param path: CSV or XLSX file.
    :param limits: bounds of what is read.
    :param columns: heading → field, over the headings that are known.
    :param needed: fields without which the file is refused.
    :returns: the table; its rows are read by :func:`rows`.
    :raises SourceError: as :func:`.table.open_table`.
    """
    return open_table(
        path,
        limits=limits,
        needed=needed,
        columns=columns,
        headings=headers.load(_HEADINGS),
    )


def rows(table: Table) -> Iterator[RawRow | Refusal]:
    """Yield the rows of the table but for its last line, the sums.

    :param table: the opened table.
    :returns: rows with the fields of ``results.yaml`` that the table has (a KRS or NIP in a column
        of its own is the ``number``), and refusals of rows that could not be read.
    :raises SourceError: as :meth:`.table.Table.rows`.
    """
    for row in table.rows():
        if isinstance(row, Refusal):
            yield row
        elif not _is_sum(row):
            yield RawRow(row.number, _values(row))


def _values(row: RawRow) -> dict[str, str]:
    said = {n: value[:_LONGEST_CELL] for n, value in row.values.items() if n not in _NUMBERS}
    numbers = (row.values.get(name, "") for name in _NUMBERS)
    return {**said, "number": next(filter(None, numbers), "")}


def _is_sum(row: RawRow) -> bool:
    """Tell whether amounts are added up here: no organisation and no task."""
    said = row.values
    names = " ".join((said.get("organisation", ""), said.get("task", ""))).strip(" :.").casefold()
    return names in _SUMS
