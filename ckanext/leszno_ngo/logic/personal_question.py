"""Before a text goes public in which personal data may stand, somebody is asked once.

The forms of datasets, of their files, of departments and groups ask, and the API does: who writes
by it sends the same again with what the answer gives under :data:`CONTROL`. A record's own form
asks by its schema (``views.shared.personal_data_asked``). Harvests and commands are not asked. A
text that is stored as it is was decided about before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import has_request_context

from ckanext.leszno_ngo import bounds, record_types, text
from ckanext.leszno_ngo.catalogue import personal_places
from ckanext.leszno_ngo.catalogue.personal_places import Place
from ckanext.leszno_ngo.logic import findings, personal_in_records
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.request_state import Slot

#: The control or parameter by which a sender says that what was found has been seen.
CONTROL = "personal_data_seen"

#: Fields that are no texts of anybody: addresses of pages, codes, what CKAN's forms work by.
_NO_TEXTS = frozenset(
    {
        *("config", "format", "frequency", "groups", "id", "image_url", "license_id", "mimetype"),
        *("owner_org", "package_id", "private", "resources", "save", "source_type", "state"),
        *("tags", "type", "upload", "image_upload", "url", "url_type", "users", "visibility"),
    }
)
_FILES = "resources"
#: Actions of the API that ask; what others change, a person or a source has decided about before.
_ASKING = frozenset(
    f"{kind}_{what}"
    for kind in ("package", "resource", "organization", "group", "harvest_source")
    for what in ("create", "update", "patch", "revise")
)
# Names of pages: of the fields of groups and datasets, not of files.
_NAME = "name"
# A text of a line (a name, an address) tells of no home.
_LINE = 80


@dataclass
class Question:
    """What the request has been asked: its sender's answer, and what they have to have seen."""

    answer: str
    is_answered: bool = False
    seen: str = ""


_QUESTION: Slot[Question | None] = Slot("leszno_ngo_question", None)


def seen(texts: Mapping[str, Any]) -> str:
    """Return what a form carries that has been shown what was found in these texts."""
    told = json.dumps(texts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def begin(answer: str | None) -> None:
    """Have the request ask about what its actions are given.

    :param answer: what its form says by :data:`CONTROL`
    """
    _QUESTION.set(Question(answer or ""))


def hear(given: dict[str, Any]) -> None:
    """Have an action ask that is called by the API; the parameter is no field of what it changes.

    :param given: as the action takes it; what it says by :data:`CONTROL` is taken out
    """
    answer = given.pop(CONTROL, None)
    if _is_by_api() and _QUESTION.get() is None:
        begin(str(answer or ""))


def _is_by_api() -> bool:
    if not has_request_context() or tk.request.endpoint != "api.action":
        return False
    return (tk.request.view_args or {}).get("logic_function") in _ASKING


def mark() -> str:
    """Return what the form carries that is shown again with a question; empty for another one."""
    question = _QUESTION.get()
    return question.seen if question else ""


def check_group(given: Mapping[str, Any], stored: model.Group | None = None) -> None:
    """Ask about the texts of a department or a group.

    :param given: as its action takes it
    :param stored: what is there, where it is changed
    :raises ckan.logic.ValidationError: personal data may stand in them, and nobody has said so
    """
    if _asks():
        free = stored.extras if stored else None  # type: ignore[attr-defined]
        kept = [stored.title, stored.description, dict(free or {})] if stored else []
        _check({name: given[name] for name in given if name != _NAME}, kept)


def check_dataset(
    given: Mapping[str, Any], stored: Callable[[], Mapping[str, Any]] | None = None
) -> None:
    """Ask about the texts of a dataset that is none of the catalogue's records.

    :param given: as its action takes it
    :param stored: gives what is there, where it is changed
    :raises ckan.logic.ValidationError: as :func:`check_group`
    """
    if not _asks():
        return
    kept = stored() if stored else {}
    record_type = record_types.get(given.get("type") or kept.get("type") or "")
    if record_type is not None:
        if _is_by_api():  # the form of its type asks by itself
            _check_record(record_type, given, kept)
    elif not _is_private(given):
        texts = {name: given[name] for name in given if name not in (_NAME, _FILES)}
        _ask(*_found({**_fields(texts), **_of_files(given)}, kept))


def _check_record(
    record_type: RecordType, given: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    found, texts = personal_in_records.asked_about(record_type, given, kept or None)
    if personal_in_records.will_be_public(given, kept or None):
        places, described = _found(_of_files(given), kept)
        found, texts = {**found, **places}, {**texts, **described}
    _ask(found, texts)


def _of_files(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the texts of the files that the API is given with a record: forms send one alone."""
    files = given.get(_FILES) if _is_by_api() else None
    rows = [one for one in files if isinstance(one, Mapping)] if isinstance(files, list) else []
    found = [text for row in rows for texts in _fields(row).values() for text in texts]
    return {_FILES: found} if found else {}


def check_file(given: Mapping[str, Any], package_id: str | None) -> None:
    """Ask about the texts of a file, unless its record is nobody's but officials'.

    :param given: as its action takes it
    :param package_id: the record's
    :raises ckan.logic.ValidationError: as :func:`check_group`
    """
    package = model.Package.get(package_id) if _asks() else None
    if package is None or package.private or package.state == model.State.DELETED:
        return
    file = model.Resource.get(given["id"]) if isinstance(given.get("id"), str) else None
    _check(given, [file.name, file.description, dict(file.extras or {})] if file else [])


def _asks() -> bool:
    question = _QUESTION.get()
    return question is not None and not question.is_answered


def _is_private(given: Mapping[str, Any]) -> bool:
    return str(given.get("private") or "").lower() == "true"


def _check(given: Mapping[str, Any], stored: Any) -> None:
    _ask(*_found(_fields(given), stored))


def _fields(given: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: list(_texts(value)) for name, value in given.items() if name not in _NO_TEXTS}


def _found(
    fields: Mapping[str, list[str]], stored: Any
) -> tuple[dict[str, list[Place]], dict[str, list[str]]]:
    """Return the places in texts that are not stored, and the texts of the same fields."""
    known = set(_texts(stored))
    found = {name: list(_places(set(texts) - known)) for name, texts in fields.items()}
    found = {name: places for name, places in found.items() if places}
    return found, {name: fields[name] for name in found}


def _ask(found: Mapping[str, list[Place]], texts: Mapping[str, Any]) -> None:
    question = _QUESTION.get()
    if not found or question is None:
        return
    answer = seen(texts)
    if answer == question.answer:
        # An action that calls others hands them the same texts in another shape.
        question.is_answered = True
        return
    question.seen = answer
    said = {name: [findings.said_personal_data(places)] for name, places in found.items()}
    if "extras" in said:  # CKAN looks for errors of free fields by row
        said["extras"] = [{"key": said["extras"]}]  # type: ignore[list-item]
    if _is_by_api():
        said[CONTROL] = [_how_to_answer() % {"parameter": CONTROL, "value": answer}]
    raise tk.ValidationError(said)  # type: ignore[arg-type]


def _how_to_answer() -> str:
    return tk._(
        "If a person has looked and it may be published, send the same again with %(parameter)s: "
        "%(value)s"
    )


def _places(texts: Iterable[str]) -> Iterator[Place]:
    for one in sorted(texts):
        yield from personal_places.in_text(one, is_long=len(one) > _LINE)


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, as it will be kept."""
    if isinstance(value, str):
        yield text.clean(value, bounds.TEXT, lines=True)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
