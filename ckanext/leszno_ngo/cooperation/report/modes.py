"""Grants without a call, a section a mode."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, polish
from ckanext.leszno_ngo.catalogue.computed import CITY
from ckanext.leszno_ngo.cooperation import law
from ckanext.leszno_ngo.cooperation.figures import SOURCE
from ckanext.leszno_ngo.cooperation.report import records as report
from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table, words
from ckanext.leszno_ngo.cooperation.report.records import GRANT, Record
from ckanext.leszno_ngo.cooperation.report.writer import Writer


def mode(writer: Writer, code: str, title: str) -> Section:
    """The grants of a mode, and what they sum up to."""
    grants = writer.grants_with("mode", code)
    if not grants:
        return Section(code, title, words(tk._("There were none.")))
    rows = [
        (
            writer.recipient(grant),
            Cell(grant["title"], writer.page(grant)),
            writer.stage(grant),
            writer.granted(grant),
        )
        for grant in grants
    ]
    added, filters = report.sums(grants), {"mode": [code]}
    rows.append(
        (
            Cell(tk._("Together")),
            writer.number(added.grants, GRANT, filters),
            Cell(""),
            writer.amount(added.granted, GRANT, filters),
        )
    )
    headings = (tk._("Organisation"), tk._("Task"), tk._("Stage"), tk._("Granted"))
    table = Table(title, headings, tuple(rows), total=1)
    return Section(code, title, _share(writer, code, grants), (table,))


def single_modes() -> tuple[tuple[str, str], ...]:
    """Modes that have a section of their own, with its title."""
    return (
        ("small_grant", tk._("Small grants without a call (art. 19a)")),
        ("local_initiative", tk._("Local initiatives (art. 19b)")),
        ("regranting", tk._("Regranting (art. 16a)")),
    )


def _share(writer: Writer, mode: str, grants: Sequence[Record]) -> tuple[Cell, ...]:
    """Art. 19a ust. 7: small grants and the part of the year's money that they may take."""
    planned = (writer.year.plan or {}).get("planned_amount")
    limits = law.limits(config.law_limits_path())
    limit = limits.on("small_grant_max_year_share", dt.date(int(writer.code), 12, 31))
    if mode != "small_grant" or not (planned and limit):
        return ()
    text = tk._(
        "Small grants took %(percent)s%% of the planned money; the law allows %(most)s%% "
        "(%(article)s)."
    )
    granted = report.sums(report.of_source(grants, CITY)).granted.amount
    if granted is None:
        return ()
    said = text % {
        "percent": polish.format_number(100 * float(granted) / planned, writer.lang, 1),
        "most": polish.format_number(limit.value, writer.lang),
        "article": limit.article,
    }
    return (Cell(said, writer.search(GRANT, {"mode": [mode], SOURCE: [CITY]})),)
