"""What a request names, and whether the reader may know of it: what they may not read is not there.

A name is made of a title, so it can be guessed: an answer that differs for a private record and for
none tells that there is one. One place says here for pages and actions what they name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context

#: The DataStore's table of its tables, for sysadmins alone: they are not asked here.
_ALL_TABLES = "_table_metadata"


class Named(NamedTuple):
    """A thing that a request names.

    :param kind: one of ``_OWNERS``
    :param id: its id or name, as given
    """

    kind: str
    id: str


#: Parameters that name the same in whatever action has them.
_PARAMETERS = {
    "dataset_id": "record",
    "package_id": "record",
    "resource_id": "file",
    "source_id": "record",
    "job_id": "job",
    "harvest_object_id": "object",
    "match__id": "record",
    "match__name": "record",
}
#: What ``id`` names, by the beginning of the action's name; the first that fits.
_IDS = (
    ("resource_view_list", "file"),
    ("resource_view_reorder", "file"),
    ("resource_view_", "view"),
    ("resource_", "file"),
    ("datastore_", "table"),
    ("harvest_job_", "job"),
    ("harvest_send_job_", "job"),
    ("harvest_object_", "object"),
    ("harvest_source_", "record"),
    ("activity_", "activity"),
    ("organization_", "group"),
    ("group_", "group"),
    ("member_", "group"),
    *((f"{beginning}follow_group", "group") for beginning in ("", "un")),
    ("am_following_group", "group"),
    *((f"{beginning}follow_dataset", "record") for beginning in ("", "un")),
    ("am_following_dataset", "record"),
    ("dataset_follow", "record"),
    ("dataset_purge", "record"),
    ("package_", "record"),
    ("dcat_dataset_show", "record"),
    ("leszno_ngo_publish", "record"),
    ("leszno_ngo_results", "record"),
)
#: Actions that make something: an ``id`` is the one that it is to have.
_MAKE = "_create"
_MAKE_IN = (
    *("member_create", "group_member_create", "organization_member_create"),
    "datastore_create",  # whose rule takes ``id`` for that of the file
)
#: Parameters of single actions, and those that stand inside another one.
_OTHERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "package_relationship": (("subject", "record"), ("object", "record"), ("id2", "record")),
    "bulk_update_": (("datasets", "record"), ("org_id", "group")),
    "package_collaborator_create": (("id", "record"),),
}
#: What ``owner_id`` names, by ``owner_type`` (CKAN's actions of files).
_FILE_OWNERS = {"package": "record", "resource": "file", "organization": "group", "group": "group"}
_INSIDE = {
    "match": (("id", "record"), ("name", "record")),
    "package": (("id", "record"),),
    "resource": (("id", "file"), ("package_id", "record")),
}


def by_action(action: str, given: Mapping[str, Any]) -> Iterator[Named]:
    """Return what an action is asked about.

    :param action: its name
    :param given: its parameters, as CKAN reads them
    """
    tables = {"resource_id": "table"} if action.startswith("datastore_") else {}
    asked = [*{**_PARAMETERS, **tables}.items()]
    if not action.endswith(_MAKE) or action in _MAKE_IN:
        kind = next((kind for beginning, kind in _IDS if action.startswith(beginning)), None)
        asked += [("id", kind)] if kind else []
        if kind == "record" and not given.get("id"):
            asked.append(("name", kind))
    for beginning, more in _OTHERS.items():
        asked += more if action.startswith(beginning) else ()
    if given.get("object_type") == "package":
        asked.append(("object", "record"))
    if isinstance(owner := given.get("owner_type"), str) and owner in _FILE_OWNERS:
        asked.append(("owner_id", _FILE_OWNERS[owner]))
    for name, kind in asked:
        yield from _each(kind, given.get(name))
    for name, parts in _INSIDE.items():
        inside = given.get(name)
        if isinstance(inside, Mapping):
            for part, kind in parts:
                yield from _each(kind, inside.get(part))


def _each(kind: str, value: Any) -> Iterator[Named]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one:
            yield Named(kind, one)


def are_there(context: Context, named: Iterable[Named]) -> bool:
    """Whether all of what a request names is there for the reader.

    :param context: of the reader; everything is for who may read everything
    :param named: what it names
    """
    if authz.is_sysadmin(context.get("user")):
        return True
    return all(_is_there(context, one) for one in dict.fromkeys(named))


def _is_there(context: Context, one: Named) -> bool:
    if one.kind == "record" and _is_public(one.id):
        return True  # for everybody; the rule would ask for the account and the department
    owner = _OWNERS[one.kind](one.id)
    if owner is None:
        return False
    rule, id_ = owner
    try:
        tk.check_access(rule, tk.fresh_context(context), {"id": id_})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def _is_public(id_: str) -> bool:
    found = model.Package.get(id_)
    return found is not None and found.state == model.State.ACTIVE and not found.private


#: The rule that is asked whether something may be read, and the id that it is asked for.
_Owner = tuple[str, str]


def _record(id_: str | None) -> _Owner | None:
    found = model.Package.get(id_) if id_ else None
    return ("package_show", found.id) if found else None


def _group(id_: str | None) -> _Owner | None:
    found = model.Group.get(id_)
    return ("group_show", found.id) if found else None


def _file(id_: str) -> _Owner | None:
    found = model.Resource.get(id_)
    return _record(found.package_id) if found else None


def _view(id_: str) -> _Owner | None:
    found = model.ResourceView.get(id_)
    return _file(found.resource_id) if found else None


def _table(id_: str) -> _Owner | None:
    """Find what belongs to a table of the DataStore, named by its file's id or by an alias."""
    if id_ == _ALL_TABLES:
        return None
    if id_ in tk.config.get("ckan.datastore.public_table_search", ()):
        return "site_read", ""  # such as its table of tables, which has a rule of its own
    if model.Resource.get(id_) or not p.plugin_loaded("datastore"):
        return _file(id_)
    from ckanext.datastore.backend import DatastoreBackend

    known, file = DatastoreBackend.get_active_backend().resource_id_from_alias(id_)
    return _file(file) if known and file else None


def _activity(id_: str) -> _Owner | None:
    if not p.plugin_loaded("activity"):
        return None
    from ckanext.activity.model import Activity

    found = model.Session.get(Activity, id_)
    if found is None:
        return None
    # Who may see an account's is ckanext-activity's to say.
    return _record(found.object_id) or _group(found.object_id) or ("site_read", "")


def _job(id_: str) -> _Owner | None:
    if not p.plugin_loaded("harvest"):
        return None
    from ckanext.harvest.model import HarvestJob

    found = model.Session.get(HarvestJob, id_)
    # Who may see a source need not be one who may see what its jobs say.
    return ("harvest_job_show", id_) if found else None


def _object(id_: str) -> _Owner | None:
    if not p.plugin_loaded("harvest"):
        return None
    from ckanext.harvest.model import HarvestObject

    found = model.Session.get(HarvestObject, id_)
    return ("harvest_object_show", id_) if found else None


_OWNERS: Mapping[str, Callable[[str], _Owner | None]] = {
    "record": _record,
    "group": _group,
    "file": _file,
    "view": _view,
    "table": _table,
    "activity": _activity,
    "job": _job,
    "object": _object,
}
