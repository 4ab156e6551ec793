"""Indicators against the previous years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import polish, record_types
from ckanext.leszno_ngo.catalogue.computed import CITY, OUTSIDE
from ckanext.leszno_ngo.cooperation import figures, type_keys
from ckanext.leszno_ngo.cooperation.figures import Line
from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table
from ckanext.leszno_ngo.cooperation.report.records import CALL, GRANT, told
from ckanext.leszno_ngo.cooperation.report.writer import Writer

#: Years that the trend shows, the report's own among them.
TREND = 5


def trend(writer: Writer) -> Section:
    """The year beside those before it."""
    by_code = {line.code: line for line in writer.year.figures.years}
    codes = [str(int(writer.code) - back) for back in reversed(range(TREND))]
    years = [by_code.get(code, Line(code, None, ())) for code in codes]
    tables = (_indicators(writer, years), _counts(writer, years))
    return Section("trend", tk._("Indicators against the previous years"), (), tables)


def _indicators(writer: Writer, years: Iterable[Line]) -> Table:
    headings = (
        tk._("Year"),
        tk._("Calls"),
        tk._("Offers"),
        tk._("Share with formal errors"),
        tk._("Grants"),
        tk._("Organisations"),
        tk._("Asked of the City"),
        tk._("Granted by the City"),
        tk._("Returned to the City"),
        tk._("Granted by other funders"),
    )
    rows = tuple(_indicator(writer, line) for line in years)
    return Table(tk._("Calls and grants by year"), headings, rows, bar=7)


def _indicator(writer: Writer, line: Line) -> tuple[Cell, ...]:
    calls, grants = line.part(CALL), line.part(GRANT)
    offers = told(calls.more, "offers") if calls else 0
    wrong = told(calls.more, "formal_errors") if calls else 0
    asked_at = writer.url(calls.search) if calls else ""
    share = Cell("–")
    if offers and wrong is not None:
        share = _percent(writer, 100 * wrong / offers, asked_at)
    url = writer.url(grants.search) if grants else ""
    organisations = grants.more.get("organisations", 0) if grants else 0
    return (
        Cell(line.code),
        writer.part_count(calls),
        writer.told(offers, asked_at),
        share,
        writer.part_count(grants),
        writer.at(url, organisations),
        *(writer.source_amount(grants, CITY, role) for role in ("asked", "amount", "returned")),
        writer.source_amount(grants, OUTSIDE, "amount"),
    )


def _counts(writer: Writer, years: Sequence[Line]) -> Table:
    types = [
        t
        for t in record_types.all_types()
        if type_keys.programme_forms(t) and figures.is_yearly(t) and t.name not in (CALL, GRANT)
    ]
    headings = (
        tk._("Year"),
        *(record_types.localised(t.label_plural, writer.lang) for t in types),
        tk._("People reached"),
    )
    rows = tuple(
        (
            Cell(line.code),
            *(writer.part_count(line.part(t.name)) for t in types),
            _reached(writer, line),
        )
        for line in years
    )
    return Table(tk._("Other cooperation by year"), headings, rows)


def _reached(writer: Writer, line: Line) -> Cell:
    counted = [told(part.more, "reached") for part in line.parts]
    known = [number for number in counted if number is not None]
    address = tk.url_for("leszno_ngo_records.szukaj", year=line.code, _external=True)
    return writer.told(round(sum(known)) if known else None, address)


def _percent(writer: Writer, number: float, url: str) -> Cell:
    return Cell(f"{polish.format_number(number, writer.lang, 1)}%", url, number)
