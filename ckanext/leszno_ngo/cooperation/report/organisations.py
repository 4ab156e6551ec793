"""Organisations, their tasks and grants."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import polish, vocabularies
from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table
from ckanext.leszno_ngo.cooperation.report.records import GRANT
from ckanext.leszno_ngo.cooperation.report.writer import Writer


def organisations(writer: Writer) -> Section:
    """Every grant, by the organisation that got it."""
    grants = sorted(
        writer.year.grants,
        key=lambda g: (polish.sort_key(g.get("recipient_name") or ""), g["title"]),
    )
    rows = [
        (
            writer.recipient(grant),
            Cell(grant["title"], writer.page(grant)),
            Cell(vocabularies.get("call_mode").label(grant["mode"], writer.lang)),
            writer.stage(grant),
            writer.granted(grant),
        )
        for grant in grants
    ]
    headings = (
        tk._("Organisation"),
        tk._("Task"),
        tk._("Mode"),
        tk._("Stage"),
        tk._("Granted"),
    )
    caption = tk._("Organisations, their tasks and grants")
    number = len({grant.get("recipient_name") for grant in grants})
    said = tk._("Organisations with a grant: %(count)s.") % {"count": writer.digits(number)}
    tables = (Table(caption, headings, tuple(rows)),) if rows else ()
    words = (Cell(said, writer.search(GRANT, {})),)
    return Section("organisations", tk._("Organisations and tasks"), words, tables)
