"""Partnerships that ran in the year."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table, listing
from ckanext.leszno_ngo.cooperation.report.records import PARTNERSHIP
from ckanext.leszno_ngo.cooperation.report.writer import Writer


def partnerships(writer: Writer) -> Section:
    """The year's partnerships."""
    vocabulary = vocabularies.get("partnership_kind")
    rows = [
        (
            Cell(record["title"], writer.page(record)),
            Cell(vocabulary.label(record["kind"], writer.lang)),
            writer.at(writer.page(record), len(record.get("parties") or ())),
            _optional_amount(writer, record.get("total_amount"), writer.page(record)),
        )
        for record in writer.year.records[PARTNERSHIP]
    ]
    headings = (tk._("Partnership"), tk._("Kind"), tk._("Partners"), tk._("Value"))
    table = Table(tk._("Partnerships that ran in the year"), headings, tuple(rows))
    return listing("partnerships", tk._("Partnerships"), table)


def _optional_amount(writer: Writer, amount: Any, url: str) -> Cell:
    return writer.money_at(url, float(amount)) if amount else Cell("–")
