"""Actions that name a thing and what it belongs to: what is stored says where it belongs.

CKAN asks for the right to the file or department that a request names, and changes what it names
besides: whoever may change one department's would change another's by naming both.
"""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Action, ChainedAction, Context, DataDict

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import identity
from ckanext.leszno_ngo.logic import incoming, table_queries

_UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


@tk.chained_action
def resource_view_update(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Update a view of a file; it stays with its file. The parameters are CKAN's.

    :raises ckan.logic.ValidationError: ``resource_id`` is that of another file
    """
    incoming.bring_to_one_line(data_dict)
    incoming.check_texts(data_dict)
    view = model.ResourceView.get(tk.get_or_bust(data_dict, "id"))
    named = data_dict.get("resource_id")
    if view and named and named != view.resource_id:
        tk.check_access("resource_view_update", tk.fresh_context(context), data_dict)
        raise tk.ValidationError({"resource_id": [tk._("A view stays with its file")]})
    return next_action(context, data_dict)


def _in_bulk(name: str, right: str) -> ChainedAction:
    """Make CKAN's action in bulk one that changes what it names, all of it or nothing.

    CKAN leaves records of other departments as they are, and notes the change with them, too.

    :param name: the action
    :param right: what the caller needs on each record
    """

    @tk.chained_action
    def action(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        tk.check_access(name, context, data_dict)
        unit = model.Group.get(data_dict.get("org_id"))
        if unit is None:
            raise tk.ObjectNotFound
        named = data_dict.get("datasets") or []
        records = list(map(model.Package.get, [named] if isinstance(named, str) else named))
        for record in records:
            if record is None or record.owner_org != unit.id:
                raise tk.NotAuthorized(tk._("Choose records of this department alone"))
            tk.check_access(right, tk.fresh_context(context), {"id": record.id})
            if name == "bulk_update_public":
                _check_numbers(record)
        # Those who note the change are given what the caller has given.
        data_dict |= {"org_id": unit.id, "datasets": [record.id for record in records if record]}
        return next_action(context, data_dict)

    action.__name__ = name
    return action


def _check_numbers(record: model.Package) -> None:
    """Refuse to show a record whose number a public one has: CKAN's bulk runs no validators."""
    record_type = record_types.get(record.type)
    known = identity.DatabaseIdentity()
    for field in record_type.identity if record_type else ():
        value = (record.extras or {}).get(field)
        others = known.owners(record.type, field, value) if value else []
        if any(other.is_public and other.id != record.id for other in others):
            said = tk._('"%(title)s" cannot be shown: a public entry has its number already')
            raise tk.ValidationError({"datasets": [said % {"title": record.title}]})


@tk.chained_action
def datastore_create(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Make or change a file's table; an alias stands for no other file.

    The parameters are those of ckanext-datastore, which finds a table by its alias as by the id of
    its file: under another file's id the alias would be that file's data.

    :raises ckan.logic.ValidationError: an alias could be the id of a file, or is a table's name
    """
    for alias in _aliases(data_dict.get("aliases")):
        if _UUID.fullmatch(alias) or model.Resource.get(alias) or _is_table(alias):
            said = tk._('The alias "%(name)s" could stand for another file: choose another one')
            raise tk.ValidationError({"aliases": [said % {"name": alias}]})
    return next_action(context, data_dict)


@tk.chained_action
def datastore_delete(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete rows of a table, or the table. The parameters are those of ckanext-datastore.

    ``datastore_records_delete`` calls it, too.

    :raises ckan.logic.ValidationError: the filters are none, or more than are read
    """
    table_queries.check(data_dict)
    return next_action(context, data_dict)


def _aliases(given: Any) -> list[str]:
    """Read the aliases as ckanext-datastore does: a list, or a text with commas."""
    listed = given.split(",") if isinstance(given, str) else given
    return [str(one).strip().strip('"').strip() for one in listed or ()]


def _is_table(name: str) -> bool:
    """Whether the DataStore has a table (not an alias, which may be given anew) of the name."""
    from ckanext.datastore.backend.postgres import get_write_engine

    asked = sa.text("SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = :name")
    with get_write_engine().connect() as connection:
        return connection.execute(asked, {"name": name}).first() is not None


def actions() -> dict[str, Any]:
    """Return the mended actions."""
    found: dict[str, Any] = {
        "bulk_update_delete": _in_bulk("bulk_update_delete", "package_delete"),
        "bulk_update_private": _in_bulk("bulk_update_private", "package_update"),
        "bulk_update_public": _in_bulk("bulk_update_public", "package_update"),
        "resource_view_update": resource_view_update,
    }
    if p.plugin_loaded("datastore"):
        found |= {"datastore_create": datastore_create, "datastore_delete": datastore_delete}
    return found
