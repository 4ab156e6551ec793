"""The report as a document: sections, paragraphs and tables, before any format."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk


@dataclass(frozen=True)
class Cell:
    """A cell of a table; ``value`` is its number where it has one, ``url`` is where it leads."""

    text: str
    url: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Table:
    """A table.

    ``bar`` is the column that a chart shows, ``total`` is how many rows at the end sum the others,
    ``name`` is where an address on the same page leads.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bar: int | None = None
    total: int = 0
    name: str = ""

    @property
    def bars(self) -> list[tuple[str, str, float]]:
        """What the chart shows: label, number as text, length from 0 to 1."""
        if self.bar is None:
            return []
        shown = self.rows[: len(self.rows) - self.total]
        most = max((row[self.bar].value or 0 for row in shown), default=0)
        return [
            (row[0].text, row[self.bar].text, (row[self.bar].value or 0) / most)
            for row in shown
            if most
        ]

    @property
    def chart_text(self) -> str:
        """What a chart says to those who do not see it; its figures are the table's."""
        return tk._("Chart: %(caption)s. The table below has the same figures.") % {
            "caption": self.caption
        }


@dataclass(frozen=True)
class Section:
    """A part of the report; ``to_write`` is what an official may add to it.

    A paragraph is a cell too: its figures are those of the address it leads to.
    """

    name: str
    title: str
    paragraphs: tuple[Cell, ...] = ()
    tables: tuple[Table, ...] = ()
    to_write: str = ""


@dataclass(frozen=True)
class Report:
    """The yearly report: title, introduction and sections."""

    year: str
    title: str
    publisher: str
    sections: tuple[Section, ...]


def listing(name: str, title: str, table: Table, none: str = "") -> Section:
    """Return a section that is one table.

    :param none: what it says instead where the table has no rows
    """
    if table.rows:
        return Section(name, title, tables=(table,))
    return Section(name, title, words(none or tk._("There were none.")))


def words(*texts: str) -> tuple[Cell, ...]:
    """Return paragraphs whose words lead nowhere."""
    return tuple(map(Cell, texts))
