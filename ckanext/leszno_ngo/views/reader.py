"""Whoever opens a page, as actions and searches want to know it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Context


def reader() -> Context:
    """Return the context of whoever opens the page."""
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}  # type: ignore[typeddict-item]
