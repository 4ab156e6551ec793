"""Actions, authorisation, validators."""

from __future__ import annotations

from typing import Any


def actions() -> dict[str, Any]:
    """Return what the plugin registers: this extension's actions, and CKAN's with more around."""
    # They import this package.
    from ckanext.leszno_ngo.logic import action, activities, incoming, lists, writing

    own = {name: getattr(action, name) for name in action.__all__}
    around = (activities.actions(), incoming.ACTIONS, lists.actions(), writing.ACTIONS)
    return {name: made for part in (own, *around) for name, made in part.items()}
