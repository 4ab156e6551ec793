"""What comes in through CKAN's own actions, looked at before CKAN keeps it: pictures, addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, ChainedAction, Context, DataDict

from ckanext.leszno_ngo import web_addresses
from ckanext.leszno_ngo.logic import uploads

Check = Callable[[Mapping[str, Any]], None]


def check_addresses(data_dict: Mapping[str, Any]) -> None:
    """Check every address, by the names of the fields (``image_url``, ``page_url``).

    :raises ckan.logic.ValidationError: following one would run a script
    """
    errors: dict[str, Any] = {
        name: [not_followable()]
        for name, value in data_dict.items()
        if name.endswith("url") and isinstance(value, str) and not is_followable(value)
    }
    if errors:
        raise tk.ValidationError(errors)


def is_followable(address: str) -> bool:
    """Whether an address has no scheme, or one that is allowed (``ckan.valid_url_schemes``)."""
    return web_addresses.is_followable(address, tk.config["ckan.valid_url_schemes"])


def not_followable() -> str:
    """Say that an address would not lead to a page."""
    return tk._("This address cannot be followed. Give one that begins with https:// or http://")


def without_script(resource: dict[str, Any]) -> dict[str, Any]:
    """Take out an address that was kept before addresses were checked, and would run a script."""
    if isinstance(resource.get("url"), str) and not is_followable(resource["url"]):
        resource["url"] = ""
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
    **_around(("resource_view",), check_addresses),
    "config_option_update": _checked(
        "config_option_update", uploads.check_picture, check_addresses
    ),
    "file_create": _checked("file_create", uploads.check_file),
}
