"""Authorization functions that answer as another one does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context


def answer_of(rule: str, context: Context, data_dict: Mapping[str, Any]) -> AuthResult:
    """Return what another authorization function answers.

    :param rule: its name, such as ``package_update``
    :param context: of whoever asks
    :param data_dict: what it is asked about
    """
    try:
        tk.check_access(rule, tk.fresh_context(context), dict(data_dict))
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}
