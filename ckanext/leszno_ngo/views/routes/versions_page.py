"""Versions of a record, for those who may change it: compared, and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import bin as deleted
from ckanext.leszno_ngo.catalogue import merging, versions
from ckanext.leszno_ngo.catalogue.versions import Version
from ckanext.leszno_ngo.logic import restoring, writing
from ckanext.leszno_ngo.views.pages import comparing
from ckanext.leszno_ngo.views.routes.forms import Edit
from ckanext.leszno_ngo.views.shared.contexts import record_for, request_context
from ckanext.leszno_ngo.views.shared.per_type import add_routes

versions_page = Blueprint("leszno_ngo_versions", __name__)

#: The most versions of the list.
ROWS = 100


@dataclass(frozen=True)
class Listed:
    """A version in the list.

    :param changed: labels of the fields that the change before it changed; ``None`` for the first
        that the history has
    """

    version: Version
    changed: list[Any] | None


@versions_page.record
def _add_routes(state: BlueprintSetupState) -> None:
    types, one = deleted.types(), "versions/<id>/<version>"
    add_routes(state, "versions", "versions/<id>", show, types)
    add_routes(state, "version", one, compare, types)
    add_routes(state, "restore", f"{one}/restore", restore, types, methods=["POST"])


def show(package_type: str, id: str) -> ResponseReturnValue:
    """List the versions of a record, the newest first, with the fields that each has changed.

    :param package_type: name of the type
    :param id: the record's id or name
    """
    record = _record(package_type, id)
    known = versions.history(record["id"], ROWS + 1)
    listed = [
        Listed(version, _changed(package_type, version, older))
        for version, older in zip(known, [*known[1:], None], strict=True)
    ]
    return tk.render(
        "leszno_ngo/versions.html", {**_page(record), "listed": listed[:ROWS], "rows": ROWS}
    )


def _changed(package_type: str, version: Version, older: Version | None) -> list[Any] | None:
    if older is None:
        return None
    was, now = restoring.as_form(older.record), restoring.as_form(version.record)
    found = comparing.rows(package_type, now, was)
    labels = [row.label for row in found]
    if _documents(version.record) != _documents(older.record):
        labels.append(tk._("Documents"))
    return labels


def _documents(record: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    return [(one.get("id"), one.get("name")) for one in record.get("resources") or ()]


def compare(package_type: str, id: str, version: str) -> ResponseReturnValue:
    """Show a version of a record beside what the record says today.

    :param package_type: name of the type
    :param id: the record's id or name
    :param version: id of the version
    """
    record = _record(package_type, id)
    old = _version(record, version)
    fields = restoring.fields_of_version(package_type, old.record)
    was, now = restoring.as_form(old.record), restoring.as_form(record)
    rows = comparing.rows(package_type, was, now, names=list(fields))
    documents = _documents(old.record) != _documents(record)
    return tk.render(
        "leszno_ngo/version.html",
        {**_page(record), "version": old, "rows": rows, "documents": documents},
    )


def restore(package_type: str, id: str, version: str) -> ResponseReturnValue:
    """Put a version's values in the place of today's; a form where something keeps it from that.

    Whose the record is, who sees it and its documents stay as they are today.

    :param package_type: name of the type
    :param id: the record's id or name
    :param version: id of the version
    """
    record = _record(package_type, id)
    old = _version(record, version)
    fields = restoring.fields_of_version(package_type, old.record)
    if record["state"] == model.State.DELETED:
        tk.h.flash_error(tk._("The entry is in the bin: restore it first"))
        return tk.redirect_to("leszno_ngo_bin.show")
    now = restoring.as_form(record)
    changed = {n: v for n, v in fields.items() if merging.plain(v) != merging.plain(now.get(n))}
    seen = tk.request.form.get("metadata_modified") or record["metadata_modified"]
    try:
        tk.get_action("package_patch")(
            request_context(),
            {"id": record["id"], "metadata_modified": seen, **restoring.as_sent(changed)},
        )
    except writing.Conflict:
        tk.h.flash_error(tk._("Somebody has changed the entry meanwhile. Look at it again"))
        return tk.redirect_to(
            f"leszno_ngo_versions.version_{package_type}", id=record["id"], version=version
        )
    except tk.ValidationError as error:
        whole = {**record, **changed, "metadata_modified": seen}
        return Edit().get(package_type, record["id"], whole, error.error_dict, error.error_summary)
    when = tk.h.leszno_ngo_datetime(f"{old.when.isoformat()}+00:00")
    tk.h.flash_success(tk._("The entry is as it was on %(when)s") % {"when": when})
    return tk.redirect_to(f"{package_type}.read", id=record["name"])


def _record(package_type: str, id_: str) -> dict[str, Any]:
    refusal = tk._("Only those who may change the entry see its versions")
    return record_for(id_, "package_update", refusal, package_type)


def _version(record: Mapping[str, Any], version_id: str) -> Version:
    found = versions.get_version(record["id"], version_id)
    return found or tk.abort(404)


def _page(record: Mapping[str, Any]) -> dict[str, Any]:
    record_type = record_types.get(record["type"])
    return {
        "record": record,
        "record_type": record_type,
        "dataset_type": record["type"],
        "label": record_type.label_plural if record_type else tk._("Datasets"),
    }
