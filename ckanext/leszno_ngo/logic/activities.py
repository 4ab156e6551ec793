"""Activities tell no more than their records tell today.

ckanext-activity keeps with each activity who could read its record *then*, and a copy of the whole
record. Here its lists are narrowed to what the reader may read *now* (a record that has been made
private, deleted or purged is gone from them at once), and the copies go only to those who may
change the record, as ckanext-activity's own rule of ``include_data`` has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.types import Context, DataDict
from sqlalchemy import event, orm

from ckanext.leszno_ngo.logic import readable

Activities = list[dict[str, Any]]
_Action = Callable[[Context, DataDict], Any]

_LISTS = (
    "dashboard_activity_list",
    "group_activity_list",
    "organization_activity_list",
    "package_activity_list",
    "recently_changed_packages_activity_list",
    "user_activity_list",
)
#: What is told of a record to those who may read it and not change it.
_TOLD = ("id", "name", "title", "type")

#: What the reader of the list that is being made may read; unset outside of one.
_narrowed: ContextVar[sa.ColumnElement[bool] | None] = ContextVar("narrowed", default=None)


def actions() -> dict[str, Any]:
    """Return the mended actions of ckanext-activity, none where it is not on."""
    if not p.plugin_loaded("activity"):
        return {}
    if not event.contains(model.Session, "do_orm_execute", _narrow):
        event.listen(model.Session, "do_orm_execute", _narrow)
    return {**{name: _list(name) for name in _LISTS}, "activity_show": activity_show}


def _list(name: str) -> _Action:
    def listed(original: _Action, context: Context, data_dict: DataDict) -> Activities:
        token = _narrowed.set(_may_be_read(readable.labels(context)))
        try:
            found = original(context, data_dict)
        finally:
            _narrowed.reset(token)
        return _without_copies(context, found)

    listed.__name__ = name
    listed.__doc__ = f"See ckanext-activity's {name}; only of what the reader may read today."
    return tk.side_effect_free(tk.chained_action(listed))  # type: ignore[arg-type]


@tk.chained_action
@tk.side_effect_free
def activity_show(original: _Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show an activity.

    :param id: the activity's id
    :type id: string
    :param include_data: also the copy of the record, for those who may change it (default: no)
    :type include_data: bool
    """
    with_copy = tk.asbool(data_dict.get("include_data") or False)
    found = original(context, {**data_dict, "include_data": with_copy})
    return found if with_copy else {**found, "data": _visible_data(found.get("data") or {})}


def _narrow(state: orm.ORMExecuteState) -> None:
    """Narrow every reading of activities while a list is made (SQLAlchemy's event)."""
    condition = _narrowed.get()
    if condition is not None and state.is_select:
        from ckanext.activity.model import Activity

        only = orm.with_loader_criteria(Activity, condition, include_aliases=True)
        state.statement = state.statement.options(only)


def _may_be_read(labels: Sequence[str] | None) -> sa.ColumnElement[bool]:
    """Say of an activity that what it is about is there and may be read.

    What has been purged is nowhere, so nobody is told of it.
    """
    from ckanext.activity.model import Activity

    about = Activity.object_id
    # Aliases: the lists join these tables themselves.
    packages = model.package_table.alias("now_package")
    groups = model.group_table.alias("now_group")
    users = model.user_table.alias("now_user")
    of_package = sa.exists().where(packages.c.id == about)
    of_group = sa.exists().where(groups.c.id == about)
    of_user = sa.exists().where(users.c.id == about)
    if labels is not None:
        of_package = of_package.where(readable.labelled(packages.c, labels))
        of_group = of_group.where(groups.c.state == model.State.ACTIVE)
        of_user = of_user.where(users.c.state == model.State.ACTIVE)
    return sa.or_(of_package, of_group, of_user)


def _without_copies(context: Context, found: Activities) -> Activities:
    """Leave the copies of records to those who may change them."""
    user = context.get("user")
    if authz.is_sysadmin(user) or tk.config["ckan.auth.public_activity_stream_detail"]:
        return found
    kept = _changeable(user, {activity["object_id"] for activity in found})
    return [
        activity
        if activity["object_id"] in kept
        else {**activity, "data": _visible_data(activity.get("data") or {})}
        for activity in found
    ]


def _changeable(user: str | None, ids: set[str]) -> set[str]:
    """Return which of some records a person may change, by two questions to the database."""
    if not user or not ids:
        return set()
    ask = tk.get_action("organization_list_for_user")
    departments = [d["id"] for d in ask({"user": user}, {"permission": "update_dataset"})]
    table = model.package_table
    query = sa.select(table.c.id).where(table.c.id.in_(ids), table.c.owner_org.in_(departments))
    return set(model.Session.scalars(query))


def _visible_data(data: dict[str, Any]) -> dict[str, Any]:
    package = data.get("package")
    if not isinstance(package, dict):
        return {name: value for name, value in data.items() if name != "actor"}
    return {"package": {name: package[name] for name in _TOLD if name in package}}
