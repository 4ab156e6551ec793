"""Departments and groups: each stays what it is, and a group takes and loses no record of others.

CKAN keeps both in one table, and its actions write whatever kind a request names: a department that
has become a group is on no list, with all its records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.lib import plugins as lib_plugins
from ckan.types import Action, ChainedAction, Context, DataDict

from ckanext.leszno_ngo.catalogue import identity
from ckanext.leszno_ngo.logic import incoming, kinds, personal_question

_KIND = "is_organization"
_ADMIN = "admin"
#: How much of a wrong name is said (characters).
_SHOWN = 100


def _creating(name: str, is_unit: bool) -> ChainedAction:
    @tk.chained_action
    def action(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        personal_question.hear(data_dict)
        kinds.drop_empty_state(data_dict)
        kinds.check_group(data_dict)
        incoming.bring_to_one_line(data_dict)
        _check_type(data_dict.get("type"), is_unit)
        _check_name(data_dict)
        incoming.check_pictured(data_dict)
        personal_question.check_group(data_dict)
        return next_action(context, data_dict)

    action.__name__ = name
    return action


def _updating(name: str, is_unit: bool) -> ChainedAction:
    """Make CKAN's action one that changes its own kind alone, in turn."""

    @tk.chained_action
    def action(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        identity.turn()
        personal_question.hear(data_dict)
        kinds.drop_empty_state(data_dict)
        kinds.check_group(data_dict)
        incoming.bring_to_one_line(data_dict)
        stored = model.Group.get(data_dict.get("id"))
        if stored is None:
            return next_action(context, data_dict)  # CKAN says so itself
        if bool(stored.is_organization) != is_unit:
            raise tk.ObjectNotFound
        tk.check_access(name, context, data_dict)
        _check_kind(data_dict, is_unit)
        _check_state(context, stored, data_dict)
        _check_name(data_dict, stored)
        _check_people(data_dict)
        _check_keeps_admin(stored, data_dict)
        if not is_unit and "packages" in data_dict:
            _check_members(context, stored, data_dict["packages"] or [])
        incoming.check_pictured(data_dict)
        personal_question.check_group(data_dict, stored)
        return next_action(context, data_dict)

    action.__name__ = name
    return action


def _check_type(named: Any, is_unit: bool) -> None:
    """Refuse a type of the other kind, and one that nothing declares: it would have no pages."""
    usual = "organization" if is_unit else "group"
    if named in (None, "", usual):
        return
    plugin = lib_plugins.lookup_group_plugin(named)
    is_declared = plugin is not lib_plugins.lookup_group_plugin("group")
    if not is_declared or bool(getattr(plugin, _KIND, named == "organization")) != is_unit:
        raise tk.ValidationError({"type": [tk._("There is no such type of departments or groups")]})


def _check_kind(given: DataDict, is_unit: bool) -> None:
    """Refuse another kind; the same one in another spelling is what the column takes."""
    if _KIND not in given:
        return
    try:
        is_same = tk.asbool(given[_KIND]) == is_unit
    except ValueError:
        is_same = False
    if not is_same:
        said = tk._("A department stays a department, and a group stays a group")
        raise tk.ValidationError({_KIND: [said]})
    given[_KIND] = is_unit


def _check_state(context: Context, stored: model.Group, given: DataDict) -> None:
    """Leave deletion to its own action and right; a sysadmin brings back what is deleted."""
    named = given.get("state")
    if named in (None, stored.state):
        return
    user = context.get("user")
    if named == model.State.ACTIVE and (context.get("ignore_auth") or authz.is_sysadmin(user)):
        return
    said = tk._("A change of a department or a group does not delete it. Use the button for that")
    raise tk.ValidationError({"state": [said]})


def _check_people(given: DataDict) -> None:
    """Refuse accounts that are none, and roles that nobody has."""
    roles = {role["value"] for role in authz.roles_list()}
    for one in given.get("users") or ():
        if one.get("capacity") and one["capacity"] not in roles:
            said = tk._('There is no role "%(name)s"') % {"name": str(one["capacity"])[:_SHOWN]}
            raise tk.ValidationError({"users": [said]})
        name = one.get("id") or one.get("name")
        if name and model.User.get(name) is None:
            said = tk._('There is no account "%(name)s"') % {"name": str(name)[:_SHOWN]}
            raise tk.ValidationError({"users": [said]})


def _check_keeps_admin(stored: model.Group, given: DataDict) -> None:
    """Refuse a list of people that leaves a department without an administrator.

    CKAN takes out whoever is not on the list; who wants that does it person by person.
    """
    named = given.get("users")
    if not isinstance(named, list) or any(one.get("capacity") == _ADMIN for one in named):
        return
    members = model.Session.query(model.Member).filter_by(
        group_id=stored.id, table_name="user", capacity=_ADMIN, state=model.State.ACTIVE
    )
    if members.first() is not None:
        said = tk._("Somebody has to stay an administrator: name one, or leave the list out")
        raise tk.ValidationError({"users": [said]})


def _check_name(given: DataDict, stored: model.Group | None = None) -> None:
    """Refuse the name of a page that is the number of another department or group."""
    named = given.get("name")
    other = model.Session.get(model.Group, named) if isinstance(named, str) else None
    if other is not None and (stored is None or other.id != stored.id):
        raise tk.ValidationError({"name": [incoming.name_of_another()]})


def _check_members(context: Context, group: model.Group, given: list[Mapping[str, Any]]) -> None:
    """Ask for the right to each record that would come into a group or leave it."""
    if context.get("ignore_auth"):
        return
    members = model.member_table
    query = sa.select(members.c.table_id).where(
        members.c.group_id == group.id,
        members.c.table_name == "package",
        members.c.state == model.State.ACTIVE,
    )
    before = set(model.Session.scalars(query))
    named = [model.Package.get(one.get("id") or one.get("name")) for one in given]
    after = {record.id for record in named if record}  # CKAN names those that are not there
    for id_ in before ^ after:
        tk.check_access("package_update", tk.fresh_context(context), {"id": id_})


ACTIONS = {
    "group_create": _creating("group_create", is_unit=False),
    "group_update": _updating("group_update", is_unit=False),
    "organization_create": _creating("organization_create", is_unit=True),
    "organization_update": _updating("organization_update", is_unit=True),
}
