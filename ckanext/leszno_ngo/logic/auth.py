"""Who may call this extension's actions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context


@tk.auth_allow_anonymous_access
def leszno_ngo_lookup(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may look a public record up by its identifier."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def leszno_ngo_statistics(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may read counts of public records."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def leszno_ngo_suggest(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may be suggested public records while typing."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def leszno_ngo_programme(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may read the figures of the programme of cooperation."""
    return {"success": True}
