"""Records brought back: from the bin, or to an earlier version. By the rights of who asks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import uploader
from ckan.types import Context

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import bin as deleted
from ckanext.leszno_ngo.catalogue import versions
from ckanext.leszno_ngo.logic import publishing
from ckanext.leszno_ngo.logic.validators import free_address

# What a version does not bring back: whose the record is and who sees it are today's.
_TODAYS = frozenset({"name", "owner_org", "private", "state"})
_TAGS = "tag_string"
# Versions that are looked through for removed documents, and the most of these that are offered.
_VERSIONS, _DOCUMENTS = 100, 20


def restore(context: Context, id_: str, state: str | None = None) -> dict[str, Any]:
    """Bring a record back from the bin.

    :param context: who asks
    :param id_: the record's id
    :param state: ``active`` or ``draft``; as it was before where none is given: a draft for those
        who may not publish it
    :returns: the record
    :raises ckan.logic.ValidationError: what the record has is taken by now (a register's number),
        the person may not publish it, or its department is deleted
    """
    package = model.Package.get(id_)
    if package is None:
        raise tk.ObjectNotFound
    _require_department(package)
    fields: dict[str, Any] = {"id": package.id, "state": state or _before(context, package)}
    name = deleted.name_before(package)
    if name:
        fields["name"] = free_address(name)
    return tk.get_action("package_patch")(tk.fresh_context(context), fields)


def _require_department(package: model.Package) -> None:
    """Refuse what would belong to nobody: CKAN publishes a record of a deleted department."""
    unit = model.Group.get(package.owner_org) if package.owner_org else None
    if unit is not None and unit.state == model.State.DELETED:
        said = tk._("The department is deleted. Restore it first, or choose another one")
        raise tk.ValidationError({"owner_org": [said]})


def _before(context: Context, package: model.Package) -> str:
    state = deleted.state_before(package)
    public = state == model.State.ACTIVE and not package.private
    if not public or not record_types.get(package.type):
        return state
    return state if publishing.may(context.get("user"), package.owner_org) else "draft"


def fields_of_version(package_type: str, version: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a version brings back of a record: the fields of its form, without documents.

    :param package_type: name of the type
    :param version: the record as it was
    """
    schema = tk.h.scheming_get_dataset_schema(package_type) or {"dataset_fields": []}
    fields = {
        field["field_name"]: [] if "repeating_subfields" in field else ""
        for field in schema["dataset_fields"]
        if field.get("form_snippet", "") is not None and field["field_name"] not in _TODAYS
    }
    was = as_form(version)
    return {name: empty if was.get(name) is None else was[name] for name, empty in fields.items()}


def as_form(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its tags as a form has them: in one text."""
    tags = sorted(tag["name"] for tag in record.get("tags") or ())
    return {**record, _TAGS: ", ".join(tags)}


def as_sent(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields of :func:`fields_of_version` as ``package_patch`` takes them.

    CKAN adds a text of tags to those that a record has.
    """
    sent = dict(fields)
    if _TAGS in sent:
        sent["tags"] = [{"name": name} for name in sent.pop(_TAGS).split(", ") if name]
    return sent


def removed_documents(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return documents that earlier versions of a record had, the last removed first.

    :param record: as ``package_show`` gives it
    :returns: resources as they were; none whose uploaded file is gone
    """
    present = {document["id"] for document in record["resources"]}
    found: dict[str, dict[str, Any]] = {}
    for version in versions.history(record["id"], _VERSIONS):
        for document in version.record.get("resources") or ():
            if document["id"] not in present:
                found.setdefault(document["id"], document)
    return [one for one in found.values() if _has_its_file(one)][:_DOCUMENTS]


def _has_its_file(document: dict[str, Any]) -> bool:
    if document.get("url_type") != "upload":
        return True
    return Path(uploader.get_resource_uploader(document).get_path(document["id"])).exists()


def restore_document(context: Context, record: Mapping[str, Any], id_: str) -> bool:
    """Bring a removed document back to its record, behind the others.

    :param context: who asks
    :param record: as ``package_show`` gives it
    :param id_: the document's id
    :returns: whether there is such a document
    :raises ckan.logic.ValidationError: the record cannot be saved with it
    """
    document = next((one for one in removed_documents(record) if one["id"] == id_), None)
    if document is None:
        return False
    resources = [*record["resources"], document]
    asked = {"id": record["id"], "resources": resources}
    tk.get_action("package_patch")(tk.fresh_context(context), asked)
    return True
