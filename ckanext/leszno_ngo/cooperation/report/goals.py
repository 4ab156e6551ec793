"""Goals of the programme and its forms of cooperation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.cooperation.figures import Line, Part
from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table, words
from ckanext.leszno_ngo.cooperation.report.records import GRANT
from ckanext.leszno_ngo.cooperation.report.writer import Writer, sources


def goals(writer: Writer) -> Section:
    """How many records serve each goal, and then each form of it."""
    rows = [
        (
            Cell(_named(writer, goal)),
            writer.at(f"#{goal.code}", goal.count),
            *_line_granted(writer, goal),
        )
        for goal in writer.year.figures.goals
    ]
    headings = (tk._("Goal"), tk._("Records"), *writer.granted_headings())
    summary = Table(tk._("Records by goal of the programme"), headings, tuple(rows), bar=1)
    return Section(
        "goals",
        tk._("Goals and forms of cooperation"),
        words(
            tk._(
                "A record that serves several forms counts in each of them, and one that runs "
                "for several years in each of them. The register of organisations, premises "
                "and guides are counted as they stand today."
            )
        ),
        (summary, *(_forms_of(writer, goal) for goal in writer.year.figures.goals)),
    )


def _forms_of(writer: Writer, goal: Line) -> Table:
    rows = [
        row
        for form in writer.year.figures.forms
        if goal.code in form.goals
        for row in _form(writer, form)
    ]
    headings = (tk._("Form"), tk._("Kind of record"), tk._("Records"), tk._("Money"))
    return Table(_named(writer, goal), headings, tuple(rows), name=goal.code)


def _form(writer: Writer, form: Line) -> list[tuple[Cell, ...]]:
    title = Cell(_named(writer, form))
    if not form.parts:
        return [(title, Cell("–"), Cell("0", value=0), Cell("–"))]
    return [
        (
            title,
            Cell(label),
            writer.part_count(part),
            _part_money(writer, part),
        )
        for label, part in _split(writer, form.parts)
    ]


def _named(writer: Writer, line: Line) -> str:
    return f"{line.code} {line.term.label(writer.lang)}" if line.term else line.code


def _split(writer: Writer, parts: Iterable[Part]) -> Iterator[tuple[str, Part]]:
    """The parts, those that tell whose money it is divided by it."""
    for part in parts:
        label = record_types.localised(part.type.label_plural, writer.lang)
        if not part.sources:
            yield label, part
        for code, source in part.sources.items():
            yield f"{label}: {writer.source_label(code)}", source


def _part_money(writer: Writer, part: Part) -> Cell:
    role = next((r for r in ("amount", "planned") if r in part.money), None)
    if role is None:
        return Cell("–")
    return writer.sum_at(writer.url(part.search), part.sums[role], part.type)


def _line_granted(writer: Writer, line: Line) -> tuple[Cell, ...]:
    part = line.part(GRANT)
    return tuple(writer.source_amount(part, code, "amount") for code in sources())
