"""What the page of a call's results shows: the table's rows, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, record_types
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.cooperation.award_results import made_records
from ckanext.leszno_ngo.cooperation.award_results.kept_tables import Prepared
from ckanext.leszno_ngo.cooperation.award_results.offers import (
    FIELDS,
    MOST_ROWS,
    Offer,
    Problem,
    personal_data_shown,
    total,
)
from ckanext.leszno_ngo.logic import findings
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views.shared.contexts import request_context


@dataclass
class Page:
    """What the page shows.

    :param day: the day of the decision as typed
    :param offers: the rows, ``None`` before a file was given
    :param errors: what is wrong with the file or with the whole
    :param day_error: what is wrong with the day
    :param notes: headings that were not understood or that hold people
    :param seen: ``made_records.version`` of the results that the rows were made on
    :param prepared: the table that was kept for whoever publishes
    :param is_asked: whether it is asked about personal data before it is published
    """

    record_type: RecordType
    call: Mapping[str, Any]
    day: str
    offers: list[Offer] | None = None
    errors: list[str] = field(default_factory=list)
    day_error: str = ""
    notes: list[str] = field(default_factory=list)
    seen: str = ""
    prepared: Prepared | None = None
    is_asked: bool = False

    @property
    def is_too_long(self) -> bool:
        """Whether there are more rows than are looked through."""
        return len(self.offers or []) > MOST_ROWS

    @property
    def is_clean(self) -> bool:
        """Whether nothing keeps the table from being published."""
        rows = self.offers or []
        return not self.errors and not self.day_error and not any(o.errors for o in rows)


def shown(page: Page) -> dict[str, Any]:
    """Return what the template shows of a page."""
    offers = page.offers or []
    granted = total(offers)
    budget = page.call.get(page.record_type.money.get("planned", "")) or 0
    missing = []
    if offers and not page.is_too_long:
        missing = made_records.missing(request_context(), page.record_type, page.call["id"], offers)
    wrong = [(o, p) for o in offers for p in o.problems]
    return {
        "page": page,
        "record_type": page.record_type,
        "dataset_type": page.record_type.name,
        "call": page.call,
        "fields": [(name, label(name)) for name in FIELDS],
        "said": problem_text,
        "wrong": wrong,
        "asked": [(o, p) for o, p in wrong if p.is_personal] if page.is_asked else [],
        "personal_data_shown": personal_data_shown(offers),
        "clean": page.is_clean,
        "publishes": tk.h.leszno_ngo_may_publish(page.call),
        "granted": granted,
        "over_budget": budget and granted > float(budget),
        "missing": missing,
        "made": record_types.get(type_keys.results(page.record_type).type),  # type: ignore[union-attr]
        "publisher": config.publisher_name(),
    }


def label(name: str) -> str:
    """Return the heading of a column of the commission's table."""
    return {
        "organisation": tk._("Organisation"),
        "number": tk._("KRS or NIP"),
        "task": tk._("Task"),
        "points": tk._("Points"),
        "asked_amount": tk._("Amount asked"),
        "granted_amount": tk._("Amount granted"),
        "remarks": tk._("Remarks"),
    }[name]


def problem_text(problem: Problem, record_type: RecordType) -> str:
    """Say what is wrong in a row.

    :param problem: what was found
    :param record_type: type of the records made, for the names of its fields
    """
    if "places" in problem.data:
        return findings.said_personal_data(problem.data["places"])
    if "finding" in problem.data:
        return findings.text(problem.data["finding"], record_type)
    texts = {
        "organisation_unknown": tk._(
            "This organisation is not recognised. Choose one, or say that it is not in the "
            "catalogue"
        ),
        "number_wrong": tk._('"%(value)s" is not a KRS or NIP number'),
        "number_unknown": tk._("The catalogue has no organisation with the number %(value)s"),
        "amount_range": tk._("This number is too small or too large"),
        "amount": tk._('"%(value)s" is not a number. Example of a right one: 10 000,50'),
        "more_than_asked": tk._("More was granted than was asked for"),
        "repeated": tk._("The same organisation and task are in row %(row)s"),
        "empty": tk._("Fill this in"),
        "of_others": tk._(
            'An entry of another department says the same: "%(title)s". It stays as it is. Leave '
            "the row out, unless this is another grant"
        ),
        "may_be_person": tk._(
            "This may be a person's name, which is not published. Leave the row out, or go on if "
            "it is the name of a body"
        ),
    }
    return texts[problem.code] % problem.data if problem.code in texts else problem.code
