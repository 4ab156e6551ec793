"""Every component of the pages in each of its states, for those who change them.

The snippets are those of the pages, with records that the catalogue has or, where it has none,
with nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.catalogue.money import MEASURES, NOTHING, Money, Sum, made
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import facets
from ckanext.leszno_ngo.search.understood import Understood
from ckanext.leszno_ngo.views.pages import form_fields
from ckanext.leszno_ngo.views.pages.address import Address
from ckanext.leszno_ngo.views.pages.answer_pages import Answer
from ckanext.leszno_ngo.views.pages.search_results import Chip, Results

#: Address of the page.
PATH = "/leszno_ngo/components"
_PAGE_SIZE = 10
# Types whose key facts are shown: an entry that stays, and one with a deadline.
_SHOWN = 2
# The day of made-up entries.
_DAY = "2026-12-10"


@dataclass(frozen=True)
class Shown:
    """A record type, a record of it (empty where there is none), and its search."""

    record_type: RecordType
    record: Mapping[str, Any]
    found: facets.Found


def states() -> dict[str, Any]:
    """Return what the page shows."""
    shown = [_shown(one) for one in record_types.all_types() if one.key_facts][:_SHOWN]
    return {
        "shown": shown,
        "cards": [card for one in shown for card in _cards(one)],
        "money": _money(),
        "summed": next((one for one in record_types.all_types() if one.stages), None),
        "fields": _fields(),
        "table": _table(),
        "searches": list(_searches(shown)),
    }


def _shown(record_type: RecordType) -> Shown:
    found = facets.search({}, record_type, {}, tk.h.leszno_ngo_lang(), rows=1)
    return Shown(record_type, found.results[0] if found.results else {}, found)


def _cards(one: Shown) -> Iterator[tuple[RecordType, Mapping[str, Any]]]:
    """Give a record in each state of its type, and in those of a draft."""
    dates = dict.fromkeys(one.record_type.dates.values(), _DAY)
    record = {"title": tk._("An entry"), "name": "x", **dates, **one.record}
    left = {"days_left": 3} if "deadline" in one.record_type.dates else {}
    vocabulary = one.record_type.states_vocabulary
    for code in vocabularies.get(vocabulary).codes if vocabulary else [""]:
        computed = {**(record.get("computed") or {}), "state": code, **left}
        yield one.record_type, {**record, "computed": computed}
    for state in ({"private": True}, {"state": "draft"}, {"state": "deleted"}):
        yield one.record_type, {**record, **state}


def _money() -> dict[str, Money]:
    """Sums of which all, some and none are known, and of nothing."""
    sums: dict[str, Sum] = {
        tk._("all is known"): made(489200, 3, 3, 3),
        tk._("some is known"): made(43300.5, 2, 3, 3),
        tk._("nothing is known"): made(0, 0, 3, 3),
        tk._("it concerns nothing"): NOTHING,
    }
    return {said: Money(one.of, dict.fromkeys(MEASURES, one)) for said, one in sums.items()}


def _fields() -> list[tuple[dict[str, Any], dict[str, Any], dict[str, list[str]]]]:
    """A field of a form: as it is at first, with help, filled in, and wrong."""
    made_up: list[tuple[dict[str, Any], dict[str, Any], dict[str, list[str]]]] = []
    for number, (more, value, wrong) in enumerate(
        (
            ({}, "", []),
            ({"required": True, "help_text": tk._("What to write here.")}, "", []),
            ({}, tk._("What was typed"), []),
            ({"help_text": tk._("What to write here.")}, "x", [tk._("What is wrong with it.")]),
        )
    ):
        name = f"component_{number}"
        field = {
            "field_name": name,
            "label": tk._("A field"),
            "form_snippet": "leszno_ngo_text.html",
            **more,
        }
        made_up.append((field, {name: value}, {name: wrong} if wrong else {}))
    return made_up


def _table() -> tuple[str, Mapping[str, Any], list[form_fields.Row]] | None:
    """The first table of a form, with an empty row and a wrong one."""
    for record_type in record_types.all_types():
        for field in tk.h.scheming_get_dataset_schema(record_type.name)["dataset_fields"]:
            if field.get("repeating_subfields"):
                wrong = f"{field['field_name']}-1-{field['repeating_subfields'][0]['field_name']}"
                said = {wrong: [tk._("What is wrong with it.")]}
                rows = [form_fields.Row("0", 1, {}, {}), form_fields.Row("1", 2, {}, said)]
                return record_type.name, field, rows
    return None


def _searches(shown: list[Shown]) -> Iterator[tuple[str, RecordType, Results, list[Chip]]]:
    """Give searches by what their page says: relaxed in each way, with nothing found, of pages."""
    if not shown:
        return
    one = shown[0]
    chips = [Chip(tk._("Filters"), tk._("chosen"), PATH)]
    address = Address(PATH, q=tk._("words"), page=5)
    listed = [dict(one.record)] if one.record else [{}]
    for step in ("beginnings", "most", "any"):
        relaxed = {"step": step, "left_out": [tk._("words")]}
        yield step, one.record_type, Results(_found(1, listed, relaxed=relaxed), address, 1), []
    meant = (Understood((tk._("words"),), (tk._("a topic"),)),)
    yield (
        "understood",
        one.record_type,
        Results(_found(1, listed, understood=meant), address, 1),
        [],
    )
    offered = Results(_found(1, listed), address, 1, offer=tk._("other words"))
    yield "offer", one.record_type, offered, []
    elsewhere = [Answer(tk._("a topic"), PATH, tk._("Where it is to be found instead."))]
    nothing = Results(_found(0, [], any_state=3), address, 1, elsewhere=elsewhere)
    yield "nothing", one.record_type, nothing, chips
    yield "no such page", one.record_type, Results(_found(3, []), address, 1), []
    pages = Results(_found(200, listed), address, _PAGE_SIZE)
    yield "pages", one.record_type, pages, chips


def _found(count: int, results: list[dict[str, Any]], **more: Any) -> facets.Found:
    return facets.Found(count, results, (), **more)
