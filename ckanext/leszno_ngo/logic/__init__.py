"""Actions, authorisation, validators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def actions() -> dict[str, Any]:
    """Return what the plugin registers: this extension's actions, and CKAN's with more around."""
    # They import this package.
    from ckanext.leszno_ngo.logic import (
        action,
        activities,
        belonging,
        incoming,
        invitations,
        lists,
        passwords,
        shown,
        units,
        writing,
    )

    own = {name: getattr(action, name) for name in action.__all__}
    around = (
        activities.actions(),
        belonging.actions(),
        incoming.ACTIONS,
        invitations.ACTIONS,
        lists.actions(),
        passwords.ACTIONS,
        shown.ACTIONS,
        units.ACTIONS,
        writing.ACTIONS,
    )
    return together(own, *around)


def together(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put parts together, each name of which one part has alone: a plugin has one action of a name.

    :param parts: name → action
    :raises ValueError: two parts have a name; one would be lost, and its checks with it
    """
    found: dict[str, Any] = {}
    for part in parts:
        if twice := sorted(found.keys() & part.keys()):
            raise ValueError(f"actions of more than one part: {', '.join(twice)}")
        found |= part
    return found
