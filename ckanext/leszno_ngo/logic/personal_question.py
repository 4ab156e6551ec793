"""Before a form of CKAN makes a text public in which personal data may stand, it asks once.

So do the forms of datasets, of their files, of departments and groups; a record's own form asks by
its schema (``views.personal_data_asked``). Only forms ask: who writes by the API has no page to
look at. A text that is stored as it is was decided about before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import has_request_context

from ckanext.leszno_ngo import bounds, record_types, text
from ckanext.leszno_ngo.catalogue import personal_places
from ckanext.leszno_ngo.catalogue.personal_places import Place
from ckanext.leszno_ngo.logic import findings

#: The control by which a form says that its sender has seen what was found.
CONTROL = "personal_data_seen"

#: Fields that are no texts of anybody: addresses of pages, codes, what CKAN's forms work by.
_NO_TEXTS = frozenset(
    {
        *("config", "format", "frequency", "groups", "id", "image_url", "license_id", "mimetype"),
        *("owner_org", "package_id", "private", "resources", "save", "source_type", "state"),
        *("tags", "type", "upload", "image_upload", "url", "url_type", "users", "visibility"),
    }
)
# Names of pages: of the fields of groups and datasets, not of files.
_NAME = "name"
# A text of a line (a name, an address) tells of no home.
_LINE = 80


def seen(texts: Mapping[str, Any]) -> str:
    """Return what a form carries that has been shown what was found in these texts."""
    told = json.dumps(texts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def begin(answer: str | None) -> None:
    """Have the request ask about what its actions are given.

    :param answer: what its form says by :data:`CONTROL`
    """
    tk.g.leszno_ngo_question = answer or ""


def mark() -> str:
    """Return what the form carries that is shown again with a question; empty for another one."""
    return tk.g.get("leszno_ngo_question_seen", "")


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
    if not _asks() or _is_private(given):
        return
    kept = stored() if stored else {}
    if not record_types.get(given.get("type") or kept.get("type") or ""):
        _check({name: given[name] for name in given if name != _NAME}, kept)


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
    return has_request_context() and "leszno_ngo_question" in tk.g


def _is_private(given: Mapping[str, Any]) -> bool:
    return str(given.get("private") or "").lower() == "true"


def _check(given: Mapping[str, Any], stored: Any) -> None:
    known = set(_texts(stored))
    fields = {n: list(_texts(value)) for n, value in given.items() if n not in _NO_TEXTS}
    found = {name: list(_places(set(texts) - known)) for name, texts in fields.items()}
    found = {name: places for name, places in found.items() if places}
    answer = seen({name: fields[name] for name in found})
    if not found or answer == tk.g.leszno_ngo_question:
        return
    tk.g.leszno_ngo_question_seen = answer
    said = {name: [findings.said_personal_data(places)] for name, places in found.items()}
    if "extras" in said:  # CKAN looks for errors of free fields by row
        said["extras"] = [{"key": said["extras"]}]  # type: ignore[list-item]
    raise tk.ValidationError(said)  # type: ignore[arg-type]


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
