"""Who may call the cooperation's actions, and use its pages."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.leszno_ngo.logic.other_rules import answer_of

__all__ = ["leszno_ngo_programme", "leszno_ngo_results"]


@tk.auth_allow_anonymous_access
def leszno_ngo_programme(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone may read the figures of the programme of cooperation."""
    return {"success": True}


def leszno_ngo_results(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may change a call and add entries in its department may prepare its results.

    :param data_dict: ``id`` of the call
    """
    call = model.Package.get(data_dict["id"])
    if call is None:
        raise tk.ObjectNotFound
    found = answer_of("package_update", context, {"id": call.id})
    if not found.get("success"):
        return found
    return answer_of("package_create", context, {"owner_org": call.owner_org})
