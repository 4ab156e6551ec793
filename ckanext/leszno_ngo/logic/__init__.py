"""Actions, authorisation, validators."""

from __future__ import annotations

from typing import Any


def actions() -> dict[str, Any]:
    """Return what the plugin registers: this extension's actions, and CKAN's with more around."""
    # They import this package.
    from ckanext.leszno_ngo.logic import action, activities, incoming, writing

    own = {name: getattr(action, name) for name in action.__all__}
    return {**own, **activities.actions(), **incoming.ACTIONS, **writing.ACTIONS}
