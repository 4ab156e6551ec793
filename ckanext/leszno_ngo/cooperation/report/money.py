"""Money planned and granted: by its source, mode, sphere and stage."""

from __future__ import annotations

from collections.abc import Sequence

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import polish, vocabularies
from ckanext.leszno_ngo.catalogue.money import NOTHING, Sum, of_one
from ckanext.leszno_ngo.cooperation.figures import SOURCE, Filters
from ckanext.leszno_ngo.cooperation.report import records as report
from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table
from ckanext.leszno_ngo.cooperation.report.records import CALL, GRANT, Record
from ckanext.leszno_ngo.cooperation.report.writer import Writer, amounts, sources, sum_headings


def money(writer: Writer) -> Section:
    """What was planned beside what was granted, divided four ways."""
    granted, planned = (
        writer.year.own.granted.amount,
        (writer.year.plan or {}).get("planned_amount"),
    )
    paragraphs = []
    if planned and granted is not None:
        percent = polish.format_number(100 * float(granted) / planned, writer.lang, 1)
        said = tk._("Planned: %(planned)s. Granted: %(percent)s%% of the plan.") % {
            "planned": writer.zloty(planned),
            "percent": percent,
        }
        paragraphs.append(Cell(said, writer.plan_page()))
    said = tk._(
        "The plan is compared with the City's own money. Money of other funders, and grants "
        "that an operator passed on from a grant of its own, stand beside it and are not "
        "added to it."
    )
    paragraphs.append(Cell(said))
    tables = (_by_source(writer), _by_mode(writer), _by_sphere(writer), _by_status(writer))
    return Section("money", tk._("Money planned and granted"), tuple(paragraphs), tables)


def _by_source(writer: Writer) -> Table:
    headings = (tk._("Whose money"), *sum_headings())
    return Table(tk._("Grants by whose money it is"), headings, _source_rows(writer))


def _source_rows(writer: Writer) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            Cell(writer.source_label(code)),
            *_sum_cells(writer, report.of_source(writer.year.grants, code), {SOURCE: [code]}),
        )
        for code in sources()
    )


def _by_mode(writer: Writer) -> Table:
    rows = [
        (
            Cell(vocabularies.get("call_mode").label(code, writer.lang)),
            writer.number(_calls_in(writer, code), CALL, {"mode": [code]}),
            *_sum_cells(writer, writer.grants_with("mode", code), {"mode": [code]}),
        )
        for code in vocabularies.get("call_mode").codes
    ]
    totals = [
        (
            row[0],
            writer.number(_calls_of(writer, code), CALL, {SOURCE: [code]}),
            *row[1:],
        )
        for code, row in zip(sources(), _source_rows(writer), strict=True)
    ]
    headings = (tk._("Mode"), tk._("Calls"), *sum_headings())
    rows += totals
    return Table(tk._("Grants by mode"), headings, tuple(rows), bar=5, total=len(totals))


def _calls_of(writer: Writer, source: str) -> int:
    return len(report.of_source(writer.year.records[CALL], source))


def _calls_in(writer: Writer, mode: str) -> int:
    return sum(call.get("mode") == mode for call in writer.year.records[CALL])


def _by_sphere(writer: Writer) -> Table:
    planned = _planned_by_sphere(writer)
    rows = []
    for code in vocabularies.get("spheres").codes:
        grants = [g for g in writer.year.grants if code in (g.get("spheres") or ())]
        if not grants and code not in planned:
            continue
        filters = {"spheres": [code]}
        rows.append(
            (
                Cell(vocabularies.get("spheres").label(code, writer.lang)),
                writer.sum_at(writer.plan_page(), planned.get(code, _NOT_PLANNED)),
                writer.number(len(grants), GRANT, filters),
                *writer.granted_by_source(grants, filters),
            )
        )
    headings = (
        tk._("Sphere"),
        tk._("Planned"),
        tk._("Grants"),
        *writer.granted_headings(),
    )
    caption = tk._("Grants by sphere of public tasks (a grant in two spheres counts in both)")
    return Table(caption, headings, tuple(rows), bar=3)


#: What the plan says of a sphere that it does not name.
_NOT_PLANNED = Sum(None, 0, 0)


def _planned_by_sphere(writer: Writer) -> dict[str, Sum]:
    planned: dict[str, Sum] = {}
    for row in (writer.year.plan or {}).get("planned_by_sphere") or ():
        sphere = row.get("sphere") or ""
        planned[sphere] = planned.get(sphere, NOTHING) + of_one(row.get("amount"))
    return planned


def _by_status(writer: Writer) -> Table:
    vocabulary = vocabularies.get("grant_status")
    rows = []
    for code in vocabulary.codes:
        grants, filters = writer.grants_with("status", code), {"status": [code]}
        cells = (
            writer.number(len(grants), GRANT, filters),
            *writer.granted_by_source(grants, filters),
        )
        rows.append((Cell(vocabulary.label(code, writer.lang)), *cells))
    headings = (tk._("Stage"), tk._("Grants"), *writer.granted_headings())
    return Table(tk._("Grants by stage"), headings, tuple(rows))


def _sum_cells(writer: Writer, grants: Sequence[Record], filters: Filters) -> tuple[Cell, ...]:
    added = report.sums(grants)
    return (
        writer.number(added.grants, GRANT, filters),
        writer.number(added.contracts, GRANT, {**filters, "status": report.signed_stages()}),
        *(writer.amount(amount, GRANT, filters) for amount in amounts(added)),
    )
