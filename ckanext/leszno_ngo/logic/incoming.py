"""What comes in through CKAN's own actions, looked at before CKAN keeps it: pictures, addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, ChainedAction, Context, DataDict

from ckanext.leszno_ngo import web_addresses
from ckanext.leszno_ngo.catalogue import addresses
from ckanext.leszno_ngo.logic import uploads

#: Dataset type of harvest sources, and the field whose address the harvest checks: it may be the
#: name of a file that was loaded by hand.
_SOURCE, _OF_SOURCES = "harvest", ("url",)

Check = Callable[[Mapping[str, Any]], None]


def check_addresses(data_dict: Mapping[str, Any]) -> None:
    """Check every address in what an action takes (``catalogue.addresses``).

    :raises ckan.logic.ValidationError: following one would run a script
    """
    errors = addresses.faults(data_dict)
    if errors:
        raise tk.ValidationError(errors)


def check_record(data_dict: Mapping[str, Any], type_name: str | None = None) -> None:
    """Check every address in a record or a harvest source.

    :param data_dict: what ``package_create`` or ``package_update`` takes
    :param type_name: the dataset type of the stored record, where it is not among the fields
    :raises ckan.logic.ValidationError: following one would run a script
    """
    own = _OF_SOURCES if (data_dict.get("type") or type_name) == _SOURCE else ()
    for name in own:  # ckanext-harvest's own validator breaks on what is none at all
        if not web_addresses.can_be_read(str(data_dict.get(name) or "")):
            raise tk.ValidationError({name: [addresses.not_followable()]})
    check_addresses({name: value for name, value in data_dict.items() if name not in own})


def without_script(resource: dict[str, Any]) -> dict[str, Any]:
    """Take out addresses that were kept before they were checked, and would run a script."""
    for name, value in resource.items():
        is_address = isinstance(value, str) and web_addresses.is_of_addresses(name)
        if is_address and not addresses.is_followable(value):
            resource[name] = ""
    return resource


def _checked(name: str, *checks: Check) -> ChainedAction:
    @tk.chained_action
    def action(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        for check in checks:
            check(data_dict)
        return next_action(context, data_dict)

    action.__name__ = name
    return action


def _around(kinds: tuple[str, ...], *checks: Check) -> dict[str, ChainedAction]:
    names = [f"{kind}_{verb}" for kind in kinds for verb in ("create", "update")]
    return {name: _checked(name, *checks) for name in names}


#: CKAN's actions with the checks around them.
ACTIONS = {
    **_around(("organization", "group", "user"), uploads.check_picture, check_addresses),
    **_around(("resource_view", "vocabulary"), check_addresses),
    "config_option_update": _checked(
        "config_option_update", uploads.check_picture, check_addresses
    ),
    "file_create": _checked("file_create", uploads.check_file),
}
