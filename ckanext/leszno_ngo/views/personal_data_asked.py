"""Before a form makes a text public in which personal data may stand, it asks once.

Nothing is refused: who sends the form again with the same text has looked, and it is saved. A text
that is public as it is was decided about before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.leszno_ngo import bounds, record_types, text
from ckanext.leszno_ngo.catalogue import checks, merging, personal_places
from ckanext.leszno_ngo.catalogue.personal_places import Place
from ckanext.leszno_ngo.logic import record_validators
from ckanext.leszno_ngo.logic.personal_question import CONTROL, seen
from ckanext.leszno_ngo.record_types import RecordType

_CELL = re.compile(r"(.+)-(\d{1,6})-(.+)")


def asks(
    package_type: str, sent: Mapping[str, Any], answer: str | None, stored: Any = None
) -> bool:
    """Whether a form that is sent is to be shown again, with what was found in it.

    What was found is left for the form that is shown.

    :param package_type: name of its type
    :param sent: control → value; cells of tables by the names of their controls
    :param answer: what the form says by :data:`CONTROL`
    :param stored: the record as it is stored; ``None`` for a new one
    """
    record_type = record_types.get(package_type)
    if record_type is None or not _will_be_public(sent, stored):
        return False
    record = _typed(record_type, sent)
    found = _not_refused(record_type, personal_places.of_record(record_type, record))
    if stored and _is_public(stored):
        found = {
            name: places
            for name, places in found.items()
            if merging.plain(record.get(name)) != merging.plain(stored.get(name))
        }
    if not found or _is_seen(answer, {name: record[name] for name in found}):
        return False
    _leave(record_type, found, {name: record[name] for name in found})
    return True


def answer() -> str | None:
    """Return what the form that the request sends says by :data:`CONTROL`."""
    return tk.request.form.get(CONTROL)


def of_stored(record: Mapping[str, Any]) -> str:
    """Return what says that what was found in a stored record has been seen; nothing if none was.

    :param record: as ``package_show`` gives it
    """
    record_type = record_types.get(record["type"])
    found = personal_places.of_record(record_type, record) if record_type else {}
    return seen({name: record[name] for name in found}) if found else ""


def in_texts(texts: Mapping[str, str], answer: str | None) -> dict[str, list[Place]]:
    """Return what is found in texts of a form of no record, unless its sender has seen it.

    :param texts: control → text
    :param answer: what the form says by :data:`CONTROL`
    """
    places = {name: personal_places.in_text(_kept(given)) for name, given in texts.items()}
    found = {name: one for name, one in places.items() if _without_pesel(one)}
    return {} if _is_seen(answer, {name: texts[name] for name in found}) else found


def _not_refused(
    record_type: RecordType, found: Mapping[str, list[Place]]
) -> dict[str, list[Place]]:
    """Leave out what the validators of texts refuse anyway: lists alone take any number."""
    lists = {field.name for field in record_type.fields if field.is_list}
    asked = {n: places if n in lists else _without_pesel(places) for n, places in found.items()}
    return {name: places for name, places in asked.items() if places}


def _without_pesel(places: list[Place]) -> list[Place]:
    return [place for place in places if place.kind != "pesel"]


def _is_seen(answer: str | None, texts: Mapping[str, Any]) -> bool:
    return bool(answer) and answer == seen(texts)


def _will_be_public(sent: Mapping[str, Any], stored: Any) -> bool:
    """Whether the form makes, or leaves, a public record: CKAN publishes where no state is sent."""
    kept = stored["state"] if stored else model.State.ACTIVE
    return _is_public({**sent, "state": sent.get("state") or kept})


def _is_public(record: Mapping[str, Any]) -> bool:
    is_private = str(record.get("private") or "").lower() == "true"
    return record.get("state") == model.State.ACTIVE and not is_private


def _typed(record_type: RecordType, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Compose what was typed from a form's controls: texts, and rows of tables."""
    tables = {field.name for field in record_type.fields if field.subfields}
    record = {name: _kept(value) for name, value in sent.items() if name not in tables}
    cells: dict[str, dict[int, dict[str, Any]]] = {}
    for name, value in sent.items():
        cell = _CELL.fullmatch(name)
        if cell and cell[1] in tables:
            cells.setdefault(cell[1], {}).setdefault(int(cell[2]), {})[cell[3]] = _kept(value)
    for table, rows in cells.items():
        record[table] = [rows[number] for number in sorted(rows)]
    return record


def _kept(value: Any) -> Any:
    """Return a value as it will be kept: entities (``&#49;``) are characters then."""
    if isinstance(value, list):
        return list(map(_kept, value))
    return text.clean(value, bounds.TEXT, lines=True) if isinstance(value, str) else value


def _leave(
    record_type: RecordType, found: Mapping[str, list[Place]], texts: Mapping[str, Any]
) -> None:
    warnings = [
        checks.Finding(name, checks.WARNING, checks.PERSONAL_DATA, data={"places": tuple(places)})
        for name, places in found.items()
    ]
    record_validators.leave(record_type, warnings)
    tk.g.leszno_ngo_personal_data = seen(texts)
