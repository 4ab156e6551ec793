"""Cooperation without money, by kind."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.cooperation.figures import Part
from ckanext.leszno_ngo.cooperation.report.model import Cell, Section, Table, listing
from ckanext.leszno_ngo.cooperation.report.records import told
from ckanext.leszno_ngo.cooperation.report.writer import Writer
from ckanext.leszno_ngo.record_types import RecordType


def without_money(writer: Writer) -> Section:
    """Types of records that have no money, by kind."""
    rows = [
        row
        for part in writer.year.figures.total.parts
        if not part.type.money
        for row in _kinds(writer, part)
    ]
    headings = (
        tk._("Kind of record"),
        tk._("Kind"),
        tk._("Records"),
        tk._("People reached"),
    )
    table = Table(tk._("Cooperation without money, by kind"), headings, tuple(rows))
    return listing("without-money", tk._("Cooperation without money"), table)


def _kinds(writer: Writer, part: Part) -> list[tuple[Cell, ...]]:
    label = Cell(record_types.localised(part.type.label_plural, writer.lang))
    buckets = {b["val"]: b for b in (part.more.get("kinds") or {}).get("buckets", ())}
    vocabulary = _vocabulary(part.type, "kind")
    if not buckets or vocabulary is None:
        return [(label, Cell("–"), writer.part_count(part), Cell("–"))]
    return [
        (
            label,
            Cell(vocabulary.label(code, writer.lang)),
            writer.number(buckets[code]["count"], part.type.name, {"kind": [code]}),
            writer.told(
                told(buckets[code], "reached"), writer.search(part.type.name, {"kind": [code]})
            ),
        )
        for code in vocabulary.codes
        if code in buckets
    ]


def _vocabulary(record_type: RecordType, name: str) -> vocabularies.Vocabulary | None:
    found = next((f.vocabulary for f in record_type.fields if f.name == name), None)
    return vocabularies.get(found) if found else None
