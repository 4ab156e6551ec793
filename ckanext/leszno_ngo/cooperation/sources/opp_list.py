"""The national list of public-benefit organisations entitled to 1.5 % of tax.

Kept by the Director of NIW under art. 27a of the act of 24.04.2003: name, seat, KRS
and NIP of each. The file's columns changed over the years, so they are found by their
headings, Polish or English.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ckanext.leszno_ngo.harvest.model import RawRow, Refusal
from ckanext.leszno_ngo.harvest.sources.lines import Limits
from ckanext.leszno_ngo.harvest.sources.place import Municipality
from ckanext.leszno_ngo.harvest.sources.table import Table, open_table

#: What every version of the list has had.
NEEDED = ("krs", "legal_name")
_FILTERED = ("voivodeship",)


def open_list(
    path: Path, municipality: Municipality | None, *, limits: Limits | None = None
) -> Table:
    """Find out what a file of the list holds.

    :param path: CSV or XLSX file.
    :param municipality: the municipality wanted; None for the whole country.
    :param limits: bounds of what is read.
    :returns: the table; its rows are read by :func:`rows`.
    :raises SourceError: as :func:`.table.open_table`; ``header_missing`` also when
        rows are to be chosen by municipality and the columns for that are not there.
    """
    needed = NEEDED + (_FILTERED if municipality else ())
    return open_table(path, limits=limits, needed=needed)


def rows(table: Table, municipality: Municipality | None) -> Iterator[RawRow | Refusal]:
    """Yield the rows of the list, those of one municipality or all.

    :param table: the opened list.
    :param municipality: the municipality wanted; None for the whole country.
    :returns: rows, and refusals of rows that could not be read (of the whole country:
        where a row cannot be read, its seat is not known).
    :raises SourceError: as :meth:`.table.Table.rows`.
    """
    for row in table.rows():
        if isinstance(row, Refusal) or municipality is None or municipality.holds(row.values):
            yield row
