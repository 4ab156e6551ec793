"""What the reader may do with records, and whether they follow one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import bin as deleted
from ckanext.leszno_ngo.logic import publishing
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.request_state import once_a_request
from ckanext.leszno_ngo.views.shared.contexts import request_context


def leszno_ngo_may_create(record_type: RecordType) -> bool:
    """Whether the reader may add a record: signed in, and member of a department that lets them.

    The right is the same for all types, so it is asked for once a request.
    """
    if tk.current_user.is_anonymous:
        return False
    return _may_create()


@once_a_request
def _may_create() -> bool:
    return tk.h.check_access("package_create")


def leszno_ngo_may_publish(record: Mapping[str, Any] | None = None) -> bool:
    """Whether the reader may show a record to everyone.

    :param record: a stored one; ``None`` for a new one: in some department then
    """
    if record:
        return tk.h.check_access("leszno_ngo_publish", {"id": record["id"]})
    return bool(publishing.departments(request_context()))


def leszno_ngo_audiences(id_: str | None) -> list[str]:
    """Return the values of ``private`` that the reader may give a record in its form.

    :param id_: the record's id, ``None`` for a new one
    :returns: both, or the one it has where it is published and the reader may not publish
    """
    return publishing.audiences(tk.current_user.name, id_)


def leszno_ngo_is_public(record: Mapping[str, Any]) -> bool:
    """Whether everyone sees a record."""
    return publishing.is_public(record)


def leszno_ngo_addable() -> list[RecordType]:
    """Return the types that the reader may add records of."""
    return [t for t in record_types.all_types() if leszno_ngo_may_create(t)]


def leszno_ngo_versions_address(record: Mapping[str, Any]) -> str:
    """Return the address of a record's versions; empty for those who may not change it."""
    has_versions = p.plugin_loaded("activity") and record["type"] in deleted.types()
    if not has_versions or not tk.h.check_access("package_update", {"id": record["id"]}):
        return ""
    return tk.h.url_for(f"leszno_ngo_versions.versions_{record['type']}", id=record["id"])


def leszno_ngo_follows(record: Mapping[str, Any]) -> bool:
    """Whether the reader follows a record."""
    return tk.get_action("am_following_dataset")(request_context(), {"id": record["id"]})
