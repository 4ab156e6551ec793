"""The programme's figures as CSV and JSON: what the action ``leszno_ngo_programme`` gives."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types, text
from ckanext.leszno_ngo.exports import chunks
from ckanext.leszno_ngo.exports.about import About

ROLES = ("planned", "amount", "asked", "settled", "returned")
#: Codes of the vocabulary ``money_source``, and the roles that say as much of a partnership.
SOURCES = ("city", "outside", "passed_on")


def to_json(answer: Mapping[str, Any], about: About) -> str:
    """Write the figures with the origin of the data.

    :param answer: what the action returns
    :param about: origin of the file
    """
    origin = {
        "licence": {"name": about.licence, "url": about.licence_url},
        "source": {"publisher": about.publisher, "url": about.address},
        "generated": about.time,
    }
    return json.dumps({**origin, **answer}, ensure_ascii=False, indent=1) + "\n"


def to_csv(answer: Mapping[str, Any], lang: str, about: About, separator: str = ",") -> str:
    """Write one row a goal or form and record type; one row with 0 where there is no record.

    :param answer: what the action returns
    :param lang: language of headings and labels, ``pl`` or ``en``
    :param about: origin of the file
    :param separator: what stands between cells
    :returns: the file, with a byte order mark; no cell is one that a spreadsheet takes for a
        formula
    """
    return b"".join(chunks.table(_rows(answer, lang, about), separator)).decode()


def _rows(answer: Mapping[str, Any], lang: str, about: About) -> Iterator[list[str]]:
    yield _headings()
    origin = (about.publisher, about.licence, about.time)
    for level, line in _lines(answer):
        for part in line["parts"] or [{}]:
            cells = [
                answer["year"],
                level,
                line["code"],
                record_types.localised(line["label"], lang),
                "; ".join(line.get("goals", ())),
                _type_label(part.get("type"), lang),
                part.get("count", 0),
                *(part.get("money", {}).get(role, {}).get("amount", "") for role in ROLES),
                *(_of_source(part, source) for source in SOURCES),
                part.get("search", ""),
            ]
            yield [text.safe_cell(str(cell)) for cell in (*cells, *origin)]


def _headings() -> list[str]:
    return [
        tk._("Year"),
        tk._("Goal or form"),
        tk._("Code"),
        tk._("Wording"),
        tk._("Goals"),
        tk._("Kind of record"),
        tk._("Records"),
        tk._("Planned"),
        tk._("Granted or value"),
        tk._("Asked"),
        tk._("Settled"),
        tk._("Returned"),
        tk._("Of this the City's money"),
        tk._("Of this other funders' money"),
        tk._("Of this passed on by operators"),
        tk._("Search in the catalogue"),
        tk._("Data publisher"),
        tk._("Licence"),
        tk._("Retrieved (UTC)"),
    ]


def _of_source(part: Mapping[str, Any], source: str) -> float | str:
    """What a source gave or, of a call, is to give; empty where the records do not tell."""
    named = part.get("money", {}).get(source)
    if named:
        return named["amount"]
    if not part.get("sources"):
        return ""
    money = next((one["money"] for one in part["sources"] if one["code"] == source), {})
    return (money.get("amount") or money.get("planned") or {}).get("amount", 0)


def _lines(answer: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ((tk._("goal"), line) for line in answer["goals"])
    yield from ((tk._("form"), line) for line in answer["forms"])


def _type_label(name: str | None, lang: str) -> str:
    record_type = record_types.get(name)
    return record_types.localised(record_type.label_plural, lang) if record_type else ""
