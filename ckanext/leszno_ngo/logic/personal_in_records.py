"""Where personal data may stand in a record of the catalogue that somebody is about to make public.

A text that is public as it is was decided about before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckan import model

from ckanext.leszno_ngo import bounds, text
from ckanext.leszno_ngo.catalogue import merging, personal_places
from ckanext.leszno_ngo.catalogue.personal_places import Place
from ckanext.leszno_ngo.record_types import RecordType

_CELL = re.compile(r"(.+)-(\d{1,6})-(.+)")


def asked_about(
    record_type: RecordType, sent: Mapping[str, Any], stored: Any = None
) -> tuple[dict[str, list[Place]], dict[str, Any]]:
    """Return what is to be asked about before a record is saved.

    :param record_type: its type
    :param sent: field → value, tables as lists of rows or by cells (``offices-0-phone``)
    :param stored: the record as it is stored; ``None`` for a new one
    :returns: field → places, and field → value of the same fields
    """
    if not will_be_public(sent, stored):
        return {}, {}
    record = _typed(record_type, sent)
    found = _not_refused(record_type, personal_places.of_record(record_type, record))
    if stored and _is_public(stored):
        found = {
            name: places
            for name, places in found.items()
            if merging.plain(record.get(name)) != merging.plain(stored.get(name))
        }
    return found, {name: record[name] for name in found}


def kept(value: Any) -> Any:
    """Return a value as it will be kept: entities (``&#49;``) are characters then."""
    if isinstance(value, list):
        return list(map(kept, value))
    if isinstance(value, dict):
        return {name: kept(one) for name, one in value.items()}
    return text.clean(value, bounds.TEXT, lines=True) if isinstance(value, str) else value


def without_pesel(places: list[Place]) -> list[Place]:
    """Leave out what the validators of texts refuse anyway."""
    return [place for place in places if place.kind != "pesel"]


def _not_refused(
    record_type: RecordType, found: Mapping[str, list[Place]]
) -> dict[str, list[Place]]:
    """Leave out what the validators of texts refuse anyway: lists alone take any number."""
    lists = {field.name for field in record_type.fields if field.is_list}
    asked = {n: places if n in lists else without_pesel(places) for n, places in found.items()}
    return {name: places for name, places in asked.items() if places}


def will_be_public(sent: Mapping[str, Any], stored: Any = None) -> bool:
    """Whether what is sent makes, or leaves, a public record: CKAN publishes without a state.

    :param sent: as :func:`asked_about`
    :param stored: as :func:`asked_about`
    """
    state = stored["state"] if stored else model.State.ACTIVE
    return _is_public({**sent, "state": sent.get("state") or state})


def _is_public(record: Mapping[str, Any]) -> bool:
    is_private = str(record.get("private") or "").lower() == "true"
    return record.get("state") == model.State.ACTIVE and not is_private


def _typed(record_type: RecordType, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Compose what is sent: texts, and rows of tables."""
    tables = {field.name for field in record_type.fields if field.subfields}
    record = {
        name: kept(value)
        for name, value in sent.items()
        if name not in tables or isinstance(value, list)
    }
    cells: dict[str, dict[int, dict[str, Any]]] = {}
    for name, value in sent.items():
        cell = _CELL.fullmatch(name)
        if cell and cell[1] in tables:
            cells.setdefault(cell[1], {}).setdefault(int(cell[2]), {})[cell[3]] = kept(value)
    for table, rows in cells.items():
        record[table] = [rows[number] for number in sorted(rows)]
    return record
