"""CKAN's actions that list ids and names follow the right of the reader, record by record.

They ask for the right to the group, the account or nothing at all, and list what belongs to it:
private records, accounts, tags that nothing public has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.types import Context, DataDict
from sqlalchemy import exc

from ckanext.leszno_ngo.logic import readable, table_queries

_Action = Callable[[Context, DataDict], Any]
#: The DataStore's table of its tables: names are ids of files, whoever may see them.
_ALL_TABLES = "_table_metadata"
#: What accounts are listed by: what is shown of each (ckan.logic.action.get.user_list).
_SHOWN_OF_ACCOUNTS = frozenset(
    ["about", "created", "display_name", "fullname", "id", "name", "number_created_packages"]
    + ["sysadmin"]
)

#: What SQLAlchemy says of values that no column takes, and the driver, which dumps ask by itself.
_NO_VALUES = (exc.CompileError, exc.DataError, exc.ProgrammingError)
_OF_DRIVER = frozenset({"DataError", "ProgrammingError"})


def actions() -> dict[str, Any]:
    """Return the mended actions."""
    found = {
        "member_list": member_list,
        "organization_list_for_user": organization_list_for_user,
        "package_relationships_list": package_relationships_list,
        "tag_autocomplete": tag_autocomplete,
        "tag_list": tag_list,
        "tag_search": tag_search,
        "tag_show": tag_show,
        "user_list": user_list,
    }
    return (
        {**found, "datastore_search": datastore_search} if p.plugin_loaded("datastore") else found
    )


@tk.chained_action
@tk.side_effect_free
def member_list(
    original: _Action, context: Context, data_dict: DataDict
) -> list[tuple[str, str, str]]:
    """List the members of a group: records that the caller may read, people for its own people.

    :param id: id or name of the group
    :type id: string
    :param object_type: ``user``, ``package`` … (default: all)
    :type object_type: string
    :param capacity: only members in this capacity (default: all)
    :type capacity: string

    :returns: id, type and capacity of each
    :rtype: list of tuples
    """
    found = original(context, data_dict)
    if context.get("ignore_auth"):
        return found
    records = readable.records(context, (id_ for id_, kind, *_ in found if kind == "package"))
    sees_people = _sees_people(context, data_dict["id"])
    seen = {"package": records.__contains__, "user": lambda _id: sees_people}
    return [one for one in found if seen.get(one[1], bool)(one[0])]


@tk.chained_action
@tk.side_effect_free
def organization_list_for_user(
    original: _Action, context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """List the departments of an account; of another's those whose people the caller may see.

    The parameters are CKAN's.

    :returns: the departments, each with the account's ``capacity`` in it
    :rtype: list of dictionaries
    """
    found = original(context, data_dict)
    named, caller = data_dict.get("id"), context.get("user")
    account = model.User.get(named) if named else None
    if account is None or account.name == caller or context.get("ignore_auth"):
        return found
    return [unit for unit in found if _sees_people(context, unit["id"])]


def _sees_people(context: Context, group: str) -> bool:
    """Whether somebody may see who belongs to a department or group: its own people may."""
    return _may("group_show", context, {"id": group, "include_users": True})


@tk.chained_action
@tk.side_effect_free
def package_relationships_list(
    original: _Action, context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """List the relationships of a record with records that the caller may read.

    :param id: id or name of the record
    :type id: string
    :param id2: id or name of the other record (optional)
    :type id2: string
    :param rel: type of the relationship (optional)
    :type rel: string

    :returns: the relationships
    :rtype: list of dictionaries
    """
    found = original(context, data_dict)
    if context.get("ignore_auth"):
        return found
    named = {name for one in found for name in (one["subject"], one["object"])}
    packages = model.Session.query(model.Package).filter(
        sa.or_(model.Package.id.in_(named), model.Package.name.in_(named))
    )
    by_name = {key: package.id for package in packages for key in (package.id, package.name)}
    seen = readable.records(context, by_name.values())
    return [
        one for one in found if {by_name.get(one["subject"]), by_name.get(one["object"])} <= seen
    ]


@tk.chained_action
@tk.side_effect_free
def tag_list(original: _Action, context: Context, data_dict: DataDict) -> list[Any]:
    """List the tags of records that the caller may read; the parameters are CKAN's.

    :returns: names, or dictionaries with ``all_fields``
    :rtype: list
    """
    listed = _of_readable(context, data_dict, original(context, _without_page(data_dict)))
    # Only what is searched for has pages in CKAN.
    is_search = data_dict.get("query") or data_dict.get("q")
    return _page(data_dict, listed) if is_search else listed


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(original: _Action, context: Context, data_dict: DataDict) -> list[str]:
    """List names of tags of records that the caller may read; the parameters are CKAN's.

    :returns: the names
    :rtype: list of strings
    """
    listed = _of_readable(context, data_dict, original(context, _without_page(data_dict)))
    return _page(data_dict, listed)


@tk.chained_action
@tk.side_effect_free
def tag_search(original: _Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Find tags of records that the caller may read; the parameters are CKAN's.

    :returns: ``count`` and ``results``
    :rtype: dictionary
    """
    found = original(context, _without_page(data_dict))
    results = _of_readable(context, data_dict, found["results"])
    return {**found, "count": len(results), "results": _page(data_dict, results)}


@tk.chained_action
@tk.side_effect_free
def tag_show(original: _Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a tag that a record has which the caller may read; the parameters are CKAN's.

    :returns: the tag
    :rtype: dictionary
    """
    found = original(context, data_dict)
    # A term of a vocabulary is found by its id alone, too.
    if not found["vocabulary_id"] and not _of_readable(context, data_dict, [found]):
        raise tk.ObjectNotFound
    return found


def _without_page(data_dict: DataDict) -> DataDict:
    """Have CKAN list everything: a page or a count of its own would tell what is hidden."""
    return {name: value for name, value in data_dict.items() if name not in ("offset", "limit")}


def _page(data_dict: DataDict, listed: list[Any]) -> list[Any]:
    """Cut the page that is asked for out of what the reader may see."""
    first, length = data_dict.get("offset") or 0, data_dict.get("limit")
    try:
        return listed[int(first) :] if length is None else listed[int(first) :][: int(length)]
    except (TypeError, ValueError) as error:
        said = tk._("Give a whole number")
        raise tk.ValidationError({"limit": [said], "offset": [said]}) from error


def _of_readable(context: Context, data_dict: DataDict, tags: Iterable[Any]) -> list[Any]:
    """Leave those of some tags (names or dictionaries) that stand on a record in sight.

    Terms of a vocabulary are nobody's.
    """
    listed = list(tags)
    given = readable.labels(context)
    if data_dict.get("vocabulary_id") or context.get("ignore_auth") or given is None:
        return listed
    on, packages = model.package_tag_table, model.package_table
    names = [tag["name"] if isinstance(tag, dict) else tag for tag in listed]
    query = (
        sa.select(model.tag_table.c.name)
        .join(on, on.c.tag_id == model.tag_table.c.id)
        .join(packages, packages.c.id == on.c.package_id)
        .where(
            model.tag_table.c.name.in_(names),
            model.tag_table.c.vocabulary_id.is_(None),
            on.c.state == model.State.ACTIVE,
            readable.labelled(packages.c, given),
        )
    )
    seen = set(model.Session.scalars(query))
    return [tag for tag, name in zip(listed, names, strict=True) if name in seen]


@tk.chained_action
@tk.side_effect_free
def datastore_search(original: _Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Search a table of the DataStore; the table of its tables is for sysadmins.

    The parameters are those of ckanext-datastore.

    :returns: the rows
    :rtype: dictionary
    """
    asked = data_dict.get("resource_id") or data_dict.get("id")
    is_allowed = context.get("ignore_auth") or authz.is_sysadmin(context.get("user"))
    if asked == _ALL_TABLES and not is_allowed:
        raise tk.NotAuthorized(tk._("Only a system administrator lists the tables"))
    table_queries.check(data_dict)
    try:
        return original(context, data_dict)
    except Exception as error:
        if not _is_of_values(error):
            raise
        said = tk._("A value does not fit: it is too long, too large or of another kind")
        raise tk.ValidationError({"filters": [said]}) from error


def _is_of_values(error: Exception) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, _NO_VALUES) or bool(names & _OF_DRIVER)


@tk.chained_action
@tk.side_effect_free
def user_list(original: _Action, context: Context, data_dict: DataDict) -> Any:
    """List the accounts, in the order of something that is shown of each.

    CKAN takes any column: an order by e-mail address or by hash of password tells of both.

    :param order_by: ``id``, ``name``, ``fullname``, ``display_name``, ``about``, ``created``,
        ``sysadmin`` or ``number_created_packages`` (default: ``display_name``)
    :type order_by: string

    :returns: the accounts
    :rtype: list of dictionaries
    """
    asked = data_dict.get("order_by")
    if asked and str(asked) not in _SHOWN_OF_ACCOUNTS:
        tk.check_access("user_list", context, data_dict)
        said = tk._("Choose one of: %(names)s") % {"names": ", ".join(sorted(_SHOWN_OF_ACCOUNTS))}
        raise tk.ValidationError({"order_by": [said]})
    return original(context, data_dict)


def _may(rule: str, context: Context, asked: DataDict) -> bool:
    try:
        tk.check_access(rule, Context(user=context.get("user", "")), asked)
    except tk.NotAuthorized:
        return False
    return True
