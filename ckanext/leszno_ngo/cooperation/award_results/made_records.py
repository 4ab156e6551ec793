"""Records that the results of a call have made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.leszno_ngo import polish, record_types
from ckanext.leszno_ngo.catalogue import stored
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.cooperation.award_results.kept_tables import prepared
from ckanext.leszno_ngo.cooperation.award_results.offers import Offer
from ckanext.leszno_ngo.cooperation.type_keys.results import Results
from ckanext.leszno_ngo.logic import readable
from ckanext.leszno_ngo.record_types import RecordType

Known = Mapping[tuple[str, str], Sequence[dict[str, Any]]]


def version(context: Context, record_type: RecordType, call_id: str) -> str:
    """Return what tells the results of a call from what they were: two SQL statements.

    It is another one when the call, a record made of its results or the table prepared for whoever
    publishes has changed; what the reader may not read tells them nothing.

    :param context: of the reader
    :param record_type: the call's type
    :param call_id: id of the call
    """
    results = results_of(record_type)
    table = model.package_table
    query = (
        sa.select(table.c.id, table.c.metadata_modified, table.c.state)
        .where(sa.or_(table.c.id == call_id, _made_of(context, results, call_id)))
        .order_by(table.c.id)
    )
    waiting = prepared(call_id)
    told = [
        [row.id, row.metadata_modified.isoformat(), row.state]
        for row in model.Session.execute(query)
    ]
    return hashlib.sha256(json.dumps([told, waiting and waiting.since]).encode()).hexdigest()[:32]


def made_before(context: Context, record_type: RecordType, call_id: str) -> list[dict[str, Any]]:
    """Return the records of a call's results that the reader may read, as ``package_show`` does.

    :param context: of the reader
    :param record_type: the call's type
    :param call_id: id of the call
    """
    table = model.package_table
    query = sa.select(table.c.id).where(
        table.c.state == model.State.ACTIVE, _made_of(context, results_of(record_type), call_id)
    )
    return [shown.custom for shown in stored.load_many(list(model.Session.scalars(query)))]


def _made_of(context: Context, results: Results, call_id: str) -> sa.ColumnElement[bool]:
    """Say in SQL what a call's results have made, as far as the reader may read it."""
    table = model.package_table
    is_operator = context.get("ignore_auth")
    return sa.and_(
        table.c.type == results.type,
        table.c.extras[results.link].astext == call_id,
        sa.true() if is_operator else readable.condition(context, table.c),
    )


def missing(
    context: Context, record_type: RecordType, call_id: str, offers: Iterable[Offer]
) -> list[dict[str, Any]]:
    """Return the records made before that the table does not speak of: publishing keeps them.

    :param context: of the reader, who is told of none that they may not read
    :param record_type: the call's type
    :param call_id: id of the call
    :param offers: the rows
    """
    records = made_before(context, record_type, call_id)
    known = by_key(results_of(record_type), records)
    spoken = {record["id"] for offer in offers for record in spoken_of(known, offer)}
    return [record for record in records if record["id"] not in spoken]


def by_key(results: Results, records: Iterable[dict[str, Any]]) -> Known:
    """Return records that results have made by :attr:`Offer.key`, with and without the link."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in records:
        for name in (results.recipient_name, results.recipient):
            if record.get(name):
                key = polish.fold(record[name]), polish.fold(record["title"])
                found.setdefault(key, []).append(record)
    return found


def spoken_of(known: Known, offer: Offer) -> list[dict[str, Any]]:
    """Return the records that a row may speak of: of its organisation, then of the name alone.

    :param known: as :func:`by_key` gives it
    :param offer: the row
    """
    named = polish.fold(offer.values["organisation"]), polish.fold(offer.values["task"])
    return [*known.get(offer.key, ()), *(() if named == offer.key else known.get(named, ()))]


def results_of(record_type: RecordType) -> Results:
    """Return how the results of a type's records become records.

    :raises ValueError: the type does not say it
    """
    results = type_keys.results(record_type)
    if results is None:
        raise ValueError(f"{record_type.name} declares no results")
    return results


def made_type(results: Results) -> RecordType:
    """Return the type of the records that results make.

    :raises ValueError: the portal does not have it
    """
    made = record_types.get(results.type)
    if made is None:
        raise ValueError(f"there is no record type {results.type}")
    return made
