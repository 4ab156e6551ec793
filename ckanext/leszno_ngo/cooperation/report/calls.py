"""Calls for offers and their results."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.catalogue import money
from ckanext.leszno_ngo.cooperation.report import records as report
from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table, listing
from ckanext.leszno_ngo.cooperation.report.records import CALL, Record
from ckanext.leszno_ngo.cooperation.report.writer import Writer, amounts, sum_headings


def calls(writer: Writer) -> Section:
    """The year's calls, what came and what was granted."""
    rows = [_call(writer, call) for call in writer.year.records[CALL]]
    headings = (
        tk._("Call"),
        tk._("Offers"),
        tk._("With formal errors"),
        *sum_headings(),
    )
    table = Table(tk._("Calls and their results"), headings, tuple(rows))
    return listing("calls", tk._("Calls for offers"), table, tk._("There were no calls."))


def _call(writer: Writer, call: Record) -> tuple[Cell, ...]:
    grants = writer.year.of_calls.get(call["id"], ())
    added, refused = report.sums(grants), call.get("refused_offers") or ()
    asked = added.money[money.ASKED]
    for offer in refused:
        asked += money.of_one(offer.get("asked_amount"))
    page = writer.page(call)
    return (
        Cell(call["title"], page),
        writer.told(call.get("offers_number"), page),
        writer.told(call.get("formal_errors_number"), page),
        writer.at(page, added.grants),
        writer.at(page, added.contracts),
        writer.sum_at(page, asked),
        *(writer.sum_at(page, one) for one in amounts(added)[1:]),
    )
