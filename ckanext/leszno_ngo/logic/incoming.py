"""What comes in through CKAN's own actions, looked at before CKAN keeps it.

First the lengths of texts, then what is in them: pictures, addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, ChainedAction, Context, DataDict
from ckanext.scheming import helpers as scheming

from ckanext.leszno_ngo import text, web_addresses
from ckanext.leszno_ngo.catalogue import addresses
from ckanext.leszno_ngo.logic import kinds, lengths, stored_values, uploads

#: Dataset type of harvest sources, and the fields whose addresses the harvest checks: the source's
#: may be the name of a file that was loaded by hand, passwords in the options are kept apart.
_SOURCE, _OF_SOURCES = "harvest", ("url", "config")

_FILES = "resources"

Check = Callable[[Mapping[str, Any]], None]


def check_texts(
    data_dict: Mapping[str, Any], stored: Callable[[], Mapping[str, Any]] | None = None
) -> None:
    """Check the length of every text in what an action takes, and every address in it.

    :param data_dict: as the action takes it
    :param stored: gives what is stored of it; texts that are stored as they are stay
    :raises ckan.logic.ValidationError: a text is too long, or an address may not be kept
        (``catalogue.addresses``)
    """
    _refuse(data_dict, [lengths.faults, addresses.faults], stored)


#: Fields of accounts, departments, groups, sources, tokens, files and settings that are one line:
#: they stand in headers of letters and files, where a second line would be a header of its own.
_ONE_LINE = (
    *("author", "author_email", "ckan.site_title", "display_name", "email", "format", "fullname"),
    *("maintainer", "maintainer_email", "name", "title", "version"),
)


def bring_to_one_line(data_dict: DataDict) -> None:
    """Take line breaks and control characters out of names and titles.

    :param data_dict: as an action takes it
    """
    for name in _ONE_LINE:
        if isinstance(data_dict.get(name), str):
            data_dict[name] = text.one_line(data_dict[name])


def name_of_another() -> str:
    """Say that a name is the number (id) of something else."""
    return tk._("This is the number of another entry: choose another page address")


def _check_name(data_dict: Mapping[str, Any], own: str | None) -> None:
    """Refuse the name of a page that is the number of another record: that would be found by it."""
    named = data_dict.get("name")
    other = model.Session.get(model.Package, named) if isinstance(named, str) else None
    if other is not None and own not in (other.id, other.name):
        raise tk.ValidationError({"name": [name_of_another()]})


def _refuse(
    given: Mapping[str, Any],
    looks: Iterable[Callable[[Mapping[str, Any]], dict[str, Any]]],
    stored: Callable[[], Mapping[str, Any]] | None,
) -> None:
    """Refuse what is wrong, unless it is stored as it is: it was kept before there was the rule."""
    for look in looks:
        errors = look(given)
        refused = _new(errors, given, stored()) if errors and stored else errors
        if refused:
            raise tk.ValidationError(refused)
        given = _without(errors, given)  # what is too long is not searched


def _without(errors: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in given.items() if name not in errors}
    if _FILES in errors:
        rows = zip(errors[_FILES], given[_FILES], strict=False)
        kept[_FILES] = [_without(row, one) for row, one in rows]
    return kept


def _new(
    errors: Mapping[str, Any], given: Mapping[str, Any], stored: Mapping[str, Any]
) -> dict[str, Any]:
    """Leave of errors those of values that are not the stored ones; files are told by their ids."""
    found: dict[str, Any] = {}
    for name, said in errors.items():
        if name != _FILES:
            if given[name] != stored.get(name):
                found[name] = said
            continue
        known = {one.get("id"): one for one in stored.get(_FILES) or ()}
        pairs = zip(said, given[name], strict=False)
        rows = [_new(row, one, known.get(one.get("id"), {})) for row, one in pairs]
        if any(rows):
            found[name] = rows
    stored_values.leave(
        [({"label": name}, _messages(errors[name])) for name in errors if name not in found]
    )
    return found


def _messages(said: Any) -> list[str]:
    """Flatten messages that nest lists and dictionaries of texts."""
    if isinstance(said, str):
        return [said]
    inside = said.values() if isinstance(said, Mapping) else said
    return [found for one in inside for found in _messages(one)]


def check_record(
    data_dict: Mapping[str, Any],
    type_name: str | None = None,
    stored: Callable[[], Mapping[str, Any]] | None = None,
) -> None:
    """Check the length of every text in a record or a harvest source, and every address in it.

    :param data_dict: what ``package_create`` or ``package_update`` takes
    :param type_name: the dataset type of the stored record, where it is not among the fields
    :param stored: gives the stored record, whose values stay as they are
    :raises ckan.logic.ValidationError: as :func:`check_texts`, and where its name is the number of
        another record
    """
    named = data_dict.get("type") or type_name
    schema = scheming.scheming_get_dataset_schema(named) if isinstance(named, str) else None
    _check_name(data_dict, data_dict.get("id"))
    limits = lengths.of_schema(schema or {})
    own = _OF_SOURCES if named == _SOURCE else ()
    # ckanext-harvest's own validator breaks on what is no address at all.
    if own and not web_addresses.can_be_read(str(data_dict.get("url") or "")):
        raise tk.ValidationError({"url": [addresses.not_followable()]})
    looks = (
        lambda given: lengths.faults(given, limits),
        lambda given: addresses.faults({n: v for n, v in given.items() if n not in own}),
    )
    _refuse(data_dict, looks, stored)


def without_script(resource: dict[str, Any]) -> dict[str, Any]:
    """Take out addresses that were kept before they were checked, and would run a script."""
    for name, value in resource.items():
        is_address = isinstance(value, str) and web_addresses.is_of_addresses(name)
        if is_address and web_addresses.is_harmful(value):
            resource[name] = ""
    return resource


@tk.chained_action
def file_create(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Check a file that is sent without a record.

    :raises ckan.logic.NotAuthorized: the caller may not send files
    :raises ckan.logic.ValidationError: the file is refused
    """
    bring_to_one_line(data_dict)
    # Before the content, for looking into a file takes time.
    tk.check_access("file_create", tk.fresh_context(context), data_dict)
    uploads.check_file(data_dict)
    return next_action(context, data_dict)


@tk.chained_action
def package_relationship_create(_next: Action, _context: Context, _data_dict: DataDict) -> Any:
    """Refuse CKAN's relationships, which the next change of a record would take away.

    :raises ckan.logic.ValidationError: always
    """
    raise tk.ValidationError(
        {"type": [tk._("Link entries by their fields: relationships are not kept")]}
    )


def _checked(name: str, check: Check) -> ChainedAction:
    @tk.chained_action
    def action(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        bring_to_one_line(data_dict)
        check(data_dict)
        return next_action(context, data_dict)

    action.__name__ = name
    return action


def check_pictured(data_dict: Mapping[str, Any]) -> None:
    """Check what a department, a group, an account or the portal is given.

    :param data_dict: as the action takes it
    :raises ckan.logic.ValidationError: its picture is refused, or as :func:`check_texts`
    """
    check_texts(data_dict)
    uploads.check_picture(data_dict)


def _check_settings(data_dict: Mapping[str, Any]) -> None:
    lengths.check(data_dict, dict.fromkeys(data_dict, lengths.OF_SETTINGS))
    uploads.check_picture(data_dict)
    _refuse(data_dict, [addresses.faults], None)


def check_new_account(data_dict: Mapping[str, Any]) -> None:
    """Check the kinds of an account's fields, and its picture and addresses.

    :param data_dict: what ``user_create`` takes
    :raises ckan.logic.ValidationError: a value is of another kind; as :func:`check_pictured`
    """
    kinds.check_account(data_dict)
    check_pictured(data_dict)


_CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(
        (
            "api_token_create",
            "resource_view_create",
            "tag_create",
            "vocabulary_create",
            "vocabulary_update",
        ),
        check_texts,
    ),
    "config_option_update": _check_settings,
    "user_create": check_new_account,
}
#: CKAN's actions with the checks around them; those of updates are in ``logic.writing``.
ACTIONS = {
    **{name: _checked(name, check) for name, check in _CHECKS.items()},
    "file_create": file_create,
    "package_relationship_create": package_relationship_create,
    "package_relationship_update": package_relationship_create,
}
