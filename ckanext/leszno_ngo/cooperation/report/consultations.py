"""Consultations and their results."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table, listing
from ckanext.leszno_ngo.cooperation.report.records import CONSULTATION
from ckanext.leszno_ngo.cooperation.report.writer import Writer


def consultations(writer: Writer) -> Section:
    """The year's consultations."""
    rows = [
        (
            Cell(record["title"], writer.page(record)),
            writer.told(record.get("comments_number"), writer.page(record)),
            writer.told(record.get("comments_accepted_number"), writer.page(record)),
        )
        for record in writer.year.records[CONSULTATION]
    ]
    headings = (tk._("Consultation"), tk._("Comments"), tk._("Accepted"))
    table = Table(tk._("Consultations and their results"), headings, tuple(rows))
    return listing("consultations", tk._("Consultations"), table)
