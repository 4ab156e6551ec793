"""CKAN's writing actions, one after another: nobody's change is lost under another's.

Every action that changes a record takes the writers' lock (``catalogue.identity``) first, as the
batch writer does, and reads the record after it: two changes of one record are made one after the
other, each on what the one before has left. Who sends ``metadata_modified`` says on which version
a change was made; a change of an older one is refused (HTTP 409) with the fields that differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import lookup_package_plugin, plugin_validate
from ckan.types import Action, Context, DataDict

from ckanext.leszno_ngo.catalogue import form_keys, identity, merging, versions
from ckanext.leszno_ngo.logic import incoming, kinds, personal_question

_VERSION = "metadata_modified"
# What package_show says beside the fields: worked out, or changed by actions of its own.
_NOT_COMPARED = frozenset(
    {
        _VERSION,
        "computed",
        "creator_user_id",
        "groups",
        "id",
        "metadata_created",
        "num_resources",
        "num_tags",
        "organization",
        "relationships_as_object",
        "relationships_as_subject",
        "resources",
        "save",
        "tags",
        "type",
    }
)


class Conflict(tk.ValidationError):
    """A record was changed since the version that a change was made on; nothing was written.

    :param differing: names of the fields in which the record sent and the one stored differ
    :param changed: those that were changed since that version, ``None`` where it is not known
    """

    def __init__(self, differing: list[str], changed: list[str] | None) -> None:
        said = tk._("Someone has changed this record meanwhile. Nothing was overwritten")
        errors: dict[str, Any] = {_VERSION: [said], "differing_fields": differing}
        if changed is not None:
            errors["changed_fields"] = changed
        super().__init__(errors, error_summary={tk._("Version"): said})


@tk.chained_action
def package_update(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Refuse a change that was made on a version that is stored no more.

    :raises Conflict: ``metadata_modified`` is not that of the stored record
    :raises ckan.logic.ValidationError: a value is of another kind than its field takes
    """
    identity.turn()
    personal_question.hear(data_dict)
    incoming.bring_to_one_line(data_dict)
    named = data_dict.get("id") or data_dict.get("name")
    package = model.Package.get(named) if isinstance(named, str) else None
    stored_type = package.type if package else None
    kinds.drop_empty_state(data_dict)
    # The version is what was seen, not what is wanted: for a sysadmin CKAN would keep it.
    wanted = {name: value for name, value in data_dict.items() if name != _VERSION}
    kinds.check_record(wanted, stored_type)
    stored = cache(lambda: stored_record(package.id)) if package else None
    incoming.check_record(wanted, stored_type, stored)
    if stored:
        personal_question.check_dataset(wanted, stored)
    seen = data_dict.get(_VERSION)
    if not seen:
        return next_action(context, data_dict)
    if package and not _is_stored(package, seen):
        tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
        raise _conflict(context, package, wanted, seen)
    return next_action(context, wanted)


@tk.chained_action
def resource_update(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Refuse a change of a file's description that was made on a version stored no more.

    :raises Conflict: ``metadata_modified`` is not that of the stored file
    """
    identity.turn()
    personal_question.hear(data_dict)
    incoming.bring_to_one_line(data_dict)
    kinds.check_file(data_dict)
    seen, file = data_dict.get(_VERSION), model.Resource.get(str(data_dict.get("id")))
    incoming.check_texts(data_dict, (lambda: _stored_file(file)) if file else None)
    personal_question.check_file(data_dict, file.package_id if file else None)
    if seen and file and file.metadata_modified and not _is_stored(file, seen):
        tk.check_access("resource_update", tk.fresh_context(context), {"id": file.id})
        stored = _stored_file(file)
        names = [name for name in data_dict if name not in {_VERSION, "package_id", "upload"}]
        found = merging.differences(names, data_dict, stored)
        raise Conflict([one.field for one in found], None)
    return next_action(context, data_dict)


def _stored_file(file: model.Resource) -> dict[str, Any]:
    files = stored_record(str(file.package_id))["resources"]
    return next((one for one in files if one["id"] == file.id), {})


def _is_stored(stored: model.Package | model.Resource, seen: Any) -> bool:
    try:
        return versions.is_stored(stored.metadata_modified, seen)
    except versions.VersionError as error:
        said = tk._("Give metadata_modified as package_show gives it, or leave it out")
        raise tk.ValidationError({_VERSION: [said]}) from error


def _conflict(
    context: Context, package: model.Package, wanted: Mapping[str, Any], seen: str
) -> Conflict:
    stored = stored_record(package.id)
    sent = as_read(context, package, wanted)
    names = [name for name in wanted if name not in _NOT_COMPARED and "__" not in name]
    differing = [found.field for found in merging.differences(names, sent, stored)]
    base = versions.version_seen(package.id, seen)
    if base is None:
        return Conflict(differing, None)
    fields = [name for name in stored if name not in _NOT_COMPARED]
    return Conflict(differing, [d.field for d in merging.differences(fields, base, stored)])


def stored_record(record_id: str) -> dict[str, Any]:
    """Return a record as the database has it now; the index may be a moment behind."""
    context: Any = {"ignore_auth": True, "user": "", "use_cache": False}
    return tk.get_action("package_show")(context, {"id": record_id})


def as_read(context: Context, package: model.Package, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what somebody sends of a stored record as it would be kept.

    :param context: who sends it
    :param sent: what ``package_update`` takes
    :returns: field → value; what its validators refuse is as it was sent
    """
    plugin = lookup_package_plugin(package.type)
    asked = tk.fresh_context(context)
    asked |= {"package": package, "session": model.Session}  # type: ignore[typeddict-item]
    whole = {**sent, "id": package.id, "type": package.type}
    whole.pop("resources", None)
    found, errors = plugin_validate(
        plugin, asked, whole, plugin.update_package_schema(), "package_update"
    )
    kept = {extra["key"]: extra["value"] for extra in found.get("extras") or ()}
    good = {name: value for name, value in {**found, **kept}.items() if name not in errors}
    return {**sent, **good}


@tk.chained_action
def package_create(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Make a record, once for each opened form.

    :raises form_keys.AlreadyMade: the form has made its record before
    """
    identity.turn()
    personal_question.hear(data_dict)
    incoming.bring_to_one_line(data_dict)
    kinds.drop_empty_state(data_dict)
    kinds.check_record(data_dict)
    incoming.check_record(data_dict)
    personal_question.check_dataset(data_dict)
    form_keys.refuse_again(context)
    return next_action(context, data_dict)


@tk.chained_action
def package_delete(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete a record; it is a version of its own, so that no form of before brings it back."""
    identity.turn()
    package = model.Package.get(data_dict.get("id"))
    if package:
        tk.check_access("package_delete", tk.fresh_context(context), {"id": package.id})
        package.metadata_modified = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)
    return next_action(context, data_dict)


@tk.chained_action
def _in_turn(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a record, a department or an account as the change before has left it."""
    identity.turn()
    return next_action(context, data_dict)


@tk.chained_action
def resource_create(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Add a file to a record as the change before has left it.

    :raises ckan.logic.ValidationError: a value is of another kind than its field takes, or there is
        a file with the id: CKAN would have one file twice, and break on it ever after
    """
    identity.turn()
    personal_question.hear(data_dict)
    incoming.bring_to_one_line(data_dict)
    kinds.check_file(data_dict)
    incoming.check_texts(data_dict)
    named, record = data_dict.get("id"), data_dict.get("package_id")
    if named and record and model.Resource.get(named):
        # Who may add no file to the record does not learn of this one.
        tk.check_access("resource_create", tk.fresh_context(context), {"package_id": record})
        raise tk.ValidationError({"id": [tk._("There is a file with this id")]})
    personal_question.check_file(data_dict, record)
    return next_action(context, data_dict)


#: Name of an action of CKAN → what is done around it.
ACTIONS = {
    **dict.fromkeys(
        (
            "group_patch",
            "organization_patch",
            "package_owner_org_update",
            "package_patch",
            "package_resource_reorder",
            "package_revise",
            "resource_delete",
            "resource_patch",
            "user_patch",
        ),
        _in_turn,
    ),
    "package_create": package_create,
    "package_delete": package_delete,
    "package_update": package_update,
    "resource_create": resource_create,
    "resource_update": resource_update,
}
