"""A register kept by the city itself, as a CSV or XLSX file.

The registers of ordinary associations (art. 40-43 of the law on associations) and of
sports clubs (art. 4 of the sport act) are kept by the mayor of a city with powiat
rights; no central register of them exists. Their columns are found by headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError
from ckanext.leszno_ngo.harvest.sources.lines import Limits
from ckanext.leszno_ngo.harvest.sources.table import Table, open_table

_IDENTIFIERS = frozenset({"krs", "regon", "nip", "register_number"})


def open_register(
    path: Path, *, limits: Limits | None = None, columns: Mapping[str, str] | None = None
) -> Table:
    """Find out what a register's file holds.

    :param path: CSV or XLSX file.
    :param limits: bounds of what is read.
    :param columns: heading → field, over the headings that are known.
    :returns: the table; its rows are read by :func:`rows`.
    :raises SourceError: as :func:`.table.open_table`; ``header_missing`` also when no
        column identifies an organisation.
    """
    table = open_table(path, limits=limits, needed=("legal_name",), columns=columns)
    if not table.fields & _IDENTIFIERS:
        raise SourceError("header_missing", fields=sorted(_IDENTIFIERS))
    return table


def rows(table: Table) -> Iterator[RawRow | Refusal]:
    """Yield the rows of the register.

    :param table: the opened register.
    :returns: rows, and refusals of rows that could not be read.
    :raises SourceError: as :meth:`.table.Table.rows`.
    """
    return table.rows()
