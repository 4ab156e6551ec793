"""The figures of the page of money as CSV and JSON: a row of the page is a row of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import text
from ckanext.leszno_ngo.catalogue.money import MEASURES, Money
from ckanext.leszno_ngo.cooperation.spending import EVERY, Row, Spending, source_label
from ckanext.leszno_ngo.exports import chunks, display_values
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

#: Tables that are no division: all together, by whose money it is, by year.
TOTAL, SOURCES, YEARS = "total", "sources", "years"


def names(record_type: RecordType) -> tuple[str, ...]:
    """Return the names of the tables that a file may have alone."""
    return (TOTAL, SOURCES, YEARS, *(one.field for one in record_type.breakdowns))


def to_csv(found: Spending, name: str, lang: str, about: About, separator: str = ",") -> str:
    """Write one row a row of the page.

    :param found: the figures, all rows of them
    :param name: the table wanted (:func:`names`); empty for all
    :param lang: language of headings and labels, ``pl`` or ``en``
    :param about: origin of the file
    :param separator: what stands between cells
    :returns: the file, with a byte order mark; an amount that is not known is an empty cell, and
        no cell is one that a spreadsheet takes for a formula
    """
    return b"".join(chunks.table(_rows(found, name, lang, about), separator)).decode()


def _rows(found: Spending, name: str, lang: str, about: About) -> Iterator[list[str]]:
    yield _headings()
    year = tk._("all years") if found.year == EVERY else found.year
    origin = (about.publisher, about.licence, about.time)
    for table, label, source, rows in _tables(found, lang):
        for row in rows if name in ("", table) else ():
            own_year = row.code if table == YEARS else year
            cells = (label, row.label, row.code, own_year, source or row.label)
            written = (*cells, *_amounts(row.money), row.search, *origin)
            yield [text.safe_cell(str(cell)) for cell in written]


def to_json(found: Spending, name: str, lang: str, about: About) -> str:
    """Write a list of tables with their rows.

    :param found: the figures, all rows of them
    :param name: the table wanted (:func:`names`); empty for all
    :param lang: language of labels, ``pl`` or ``en``
    :param about: origin of the file
    :returns: the file; amounts are numbers of złoty, and null where they are not known
    """
    tables = [
        {"name": table, "label": label, "rows": [_row(row) for row in rows]}
        for table, label, _source, rows in _tables(found, lang)
        if name in ("", table)
    ]
    file = {**about.members, "currency": "PLN", "tables": tables}
    return json.dumps(file, ensure_ascii=False)


def _row(row: Row) -> dict[str, Any]:
    measured = {measure: row.money[measure] for measure in MEASURES}
    amounts = {
        measure: {
            "amount": None if one.amount is None else float(one.amount),
            "known": one.known,
            "of": one.of,
        }
        for measure, one in measured.items()
    }
    said = {"label": row.label, "code": row.code, "search": row.search}
    return {**said, "entries": row.money.count, "amounts": amounts}


def _tables(found: Spending, lang: str) -> Iterator[tuple[str, str, str, Sequence[Row]]]:
    """Each table with its name, its heading, whose money it is (empty: the row says), its rows."""
    source = source_label(found.source, lang)
    yield TOTAL, tk._("Together"), source, (found.total,)
    yield SOURCES, tk._("Whose money"), "", found.by_source
    yield YEARS, tk._("By year"), source, found.by_year
    for division in found.divisions:
        yield division.name, division.label, source, division.rows


def _headings() -> list[str]:
    amounts = []
    for label in display_values.measures().values():
        said = {"measure": label}
        amounts += [
            label,
            tk._("%(measure)s: entries that say it") % said,
            tk._("%(measure)s: entries that it concerns") % said,
        ]
    return [
        tk._("Table"),
        tk._("What is summed up"),
        tk._("Code"),
        tk._("Year"),
        tk._("Whose money"),
        tk._("Entries"),
        *amounts,
        tk._("Search in the catalogue"),
        tk._("Data publisher"),
        tk._("Licence"),
        tk._("Retrieved (UTC)"),
    ]


def _amounts(money: Money) -> list[str]:
    cells = [str(money.count)]
    for measure in MEASURES:
        one = money[measure]
        amount = "" if one.amount is None else str(one.amount)
        cells += [amount, str(one.known), str(one.of)]
    return cells
