"""What a record points at and what points at it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import links
from ckanext.leszno_ngo.catalogue.money import Money
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.request_state import once_a_request
from ckanext.leszno_ngo.search import backlinks
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.shared.contexts import request_context

log = logging.getLogger(__name__)


def leszno_ngo_target(record: Mapping[str, Any], id_: str) -> links.Target:
    """Return what a record's link points at; all links of the record are asked for at once.

    :param record: the record that holds the link
    :param id_: the link's value
    """
    known = _targets()
    if id_ not in known:
        record_type = record_types.get(record.get("type"))
        ids = links.ids(record_type, record).values() if record_type else ()
        known.update(
            links.targets(request_context(), [id_, *(one for many in ids for one in many)])
        )
    return known[id_]


@once_a_request
def _targets() -> dict[str, links.Target]:
    """The targets that the page has asked for."""
    return {}


def leszno_ngo_back_links(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[backlinks.BackLinks]:
    """Return the groups of records that point at a record; none while Solr is away."""
    try:
        return backlinks.find(request_context(), record_type, record["id"])
    except AWAY as error:
        log.warning("What points at %s is not shown: %s", record["id"], error)
        return []


def leszno_ngo_pointing(number: int) -> str:
    """Say how many entries point at the one that is about to be deleted."""
    said = tk.ungettext(
        "%(num)d entry points at this one", "%(num)d entries point at this one", number
    )
    return said % {"num": number}


def leszno_ngo_back_columns(group: backlinks.BackLinks) -> list[Field]:
    """Return what a table of a group says beside the title: the card's facts, not the target.

    Where money is added up, the stage of each record stands among them.
    """
    fill = group.link.link.fill if group.link.link else None
    stage = [group.type.stages.field] if group.type.stages else []
    names = [name for name in group.type.summary if name not in (fill, *stage)]
    return [group.type.field(name) for name in (*names, *stage)]


def leszno_ngo_money_of(
    record_type: RecordType, groups: list[backlinks.BackLinks]
) -> list[backlinks.BackLinks]:
    """Return the groups whose money a record's page sums up by year; none for a record of a year.

    :param record_type: the record's type
    :param groups: what points at it
    """
    return [] if record_type.year else [group for group in groups if group.total is not None]


def leszno_ngo_years_of(group: backlinks.BackLinks) -> list[backlinks.YearSum]:
    """Return the money of a group, the years between the first and the last without gaps."""
    known = {int(one.year): one for one in group.years if one.year.isdigit()}
    if not known:
        return []
    years = range(min(known), max(known) + 1)
    return [known.get(year, backlinks.YearSum(str(year), Money(0))) for year in years]
