"""In which order a file writes day and month: found out of the whole file, not of one date. Pure.

``12/31/2024`` can only be American; beside it, ``03/04/2025`` is the 4th of March. Dates written
with the same sign in one column are judged together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from ckanext.leszno_ngo.harvest import values
from ckanext.leszno_ngo.harvest.model import RawRow, SourceError

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
ORDERS = (DAY_FIRST, MONTH_FIRST)

_NUMBERS = re.compile(r"\s*(\d{1,2})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{4})\b", re.ASCII)
# Dates that could be either: below this many, nothing is concluded from there being no other.
_FEWEST = 3
# Share of American dates among day-first ones from which they are no slips of the pen.
_SLIPS = 0.2


@dataclass
class _Column:
    day_first: int = 0
    month_first: int = 0
    either: int = 0
    row: int = 0


class DateOrder:
    """Collects the dates of a file."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, str], _Column] = defaultdict(_Column)
        self._fields = [name for name, convert in values.FIELDS.items() if convert is values.day]

    def see(self, row: RawRow) -> None:
        """Look at the dates of a row."""
        for field in self._fields:
            match = _NUMBERS.match(row.values.get(field, ""))
            if match is None:
                continue
            first, sign, second = int(match[1]), match[2], int(match[3])
            column = self._columns[field, sign]
            if first > 12 >= second:
                column.day_first += 1
            elif second > 12 >= first:
                column.month_first += 1
                column.row = column.row or row.number
            elif first != second:
                column.either += 1

    def check(self) -> None:
        """Say when the dates cannot be trusted to have the day first.

        :raises SourceError: ``american_dates`` when a column has dates that only an American
            reading makes possible; ``either_dates`` when all its dates with slashes could be
            either
        """
        for (field, sign), column in self._columns.items():
            if column.month_first > _SLIPS * column.day_first:
                raise SourceError(
                    "american_dates",
                    field=field,
                    sure=column.month_first,
                    unsure=column.either,
                    row=column.row,
                )
            if sign == "/" and not column.day_first and column.either >= _FEWEST:
                raise SourceError("either_dates", field=field, unsure=column.either)
