"""Before a form makes a text public in which personal data may stand, it asks once.

Nothing is refused: who sends the form again with the same text has looked, and it is saved. A text
that is public as it is was decided about before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import checks, personal_places
from ckanext.leszno_ngo.catalogue.personal_places import Place
from ckanext.leszno_ngo.logic import personal_in_records, record_validators
from ckanext.leszno_ngo.logic.personal_question import CONTROL, seen
from ckanext.leszno_ngo.record_types import RecordType


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
    if record_type is None:
        return False
    found, texts = personal_in_records.asked_about(record_type, sent, stored)
    if not found or _is_seen(answer, texts):
        return False
    _leave(record_type, found, texts)
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
    places = {
        name: personal_places.in_text(personal_in_records.kept(given))
        for name, given in texts.items()
    }
    found = {name: one for name, one in places.items() if personal_in_records.without_pesel(one)}
    return {} if _is_seen(answer, {name: texts[name] for name in found}) else found


def _is_seen(answer: str | None, texts: Mapping[str, Any]) -> bool:
    return bool(answer) and answer == seen(texts)


def _leave(
    record_type: RecordType, found: Mapping[str, list[Place]], texts: Mapping[str, Any]
) -> None:
    warnings = [
        checks.Finding(name, checks.WARNING, checks.PERSONAL_DATA, data={"places": tuple(places)})
        for name, places in found.items()
    ]
    record_validators.leave(record_type, warnings, seen(texts))
