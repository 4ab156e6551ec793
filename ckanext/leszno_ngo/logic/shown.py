"""What CKAN's actions show beside records: addresses in it have no passwords.

They were kept before they were refused. Of records, ``catalogue.after_show`` takes them out.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, ChainedAction, Context, DataDict

from ckanext.leszno_ngo.catalogue import addresses

_NAMES = (
    *("group_list", "group_show", "organization_list", "organization_show", "user_show"),
    *("resource_search", "resource_view_list", "resource_view_show"),
)


def _without_logins(name: str) -> ChainedAction:
    @tk.chained_action
    @tk.side_effect_free
    def action(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        found = next_action(context, data_dict)
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, dict):
                addresses.hide_logins(one)
        return found

    action.__name__ = name
    return action


ACTIONS = {name: _without_logins(name) for name in _NAMES}
