"""Who may call this extension's actions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthFunction, AuthResult, Context

from ckanext.leszno_ngo.logic import other_rules, publishing


@tk.auth_allow_anonymous_access
def leszno_ngo_lookup(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may look a public record up by its identifier."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def leszno_ngo_statistics(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may read counts of public records."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def leszno_ngo_suggest(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may be suggested public records while typing."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def leszno_ngo_changes(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may read what has changed in the public catalogue."""
    return {"success": True}


def leszno_ngo_publish(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may change a record and has the role that publishes may show it to everyone.

    :param data_dict: ``id`` of the record
    """
    record = model.Package.get(data_dict["id"])
    if record is None:
        raise tk.ObjectNotFound
    found = other_rules.answer_of("package_update", context, {"id": record.id})
    return _published_by(context, record) if found.get("success") else found


@tk.chained_auth_function  # type: ignore[arg-type]
def package_delete(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    """Deleting a public record takes it back: that asks for the role that publishes.

    :param data_dict: ``id`` of the record
    """
    found = next_auth(context, data_dict)
    record = model.Package.get(data_dict["id"])
    if not found.get("success") or record is None or not publishing.is_asked_for(record.type):
        return found
    return _published_by(context, record) if publishing.is_public(record) else found


@tk.chained_auth_function  # type: ignore[arg-type]
def resource_delete(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    """Taking a file off a record is a correction of it; CKAN asks whether the record may go.

    :param data_dict: ``id`` of the file
    """
    file = model.Resource.get(data_dict["id"])
    if file is None or not publishing.is_asked_for(file.package.type):
        return next_auth(context, data_dict)
    return other_rules.answer_of("package_update", context, {"id": file.package_id})


@tk.chained_auth_function  # type: ignore[arg-type]
def resource_view_update(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    """Whoever may change the file that a view belongs to may change the view.

    CKAN asks for the right to the file that is named beside the view.

    :param data_dict: ``id`` of the view
    """
    view = model.ResourceView.get(data_dict["id"])
    of_view = {"resource_id": view.resource_id} if view else {}
    return next_auth(context, {**data_dict, **of_view})


@tk.chained_auth_function  # type: ignore[arg-type]
def member_create(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    """Putting a record into a group, or taking it out (CKAN asks here, too), changes the record.

    :param data_dict: as of ``member_create``
    """
    found = next_auth(context, data_dict)
    if data_dict.get("object_type") != "package" or not found.get("success"):
        return found
    record = model.Package.get(data_dict.get("object"))
    if record is None:
        return {"success": False}
    allowed = other_rules.answer_of("package_update", context, {"id": record.id})
    return found if allowed.get("success") else allowed


def _published_by(context: Context, record: model.Package) -> AuthResult:
    if publishing.may(context.get("user"), record.owner_org):
        return {"success": True}
    return {"success": False, "msg": publishing.refusal()}
