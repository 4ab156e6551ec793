"""Whoever opens a page, as actions and searches want to know it, and the record of the page."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.leszno_ngo.logic import writing


def request_context() -> Context:
    """Return the context of whoever opens the page."""
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}  # type: ignore[typeddict-item]


def record_for(
    id_: str, rule: str, refusal: str, package_type: str | None = None
) -> dict[str, Any]:
    """Return a record that the reader has a right to, as the database has it, deleted ones too.

    :param id_: its id or name
    :param rule: the authorization function that is asked, such as ``package_update``
    :param refusal: what a reader without the right is told
    :param package_type: the record type that it must be of
    :returns: the record; the page is 404 where there is none, 403 without the right
    """
    package = model.Package.get(id_)
    if package is None or (package_type and package.type != package_type):
        return tk.abort(404)
    try:
        tk.check_access(rule, request_context(), {"id": package.id})
    except tk.NotAuthorized:
        return tk.abort(403, refusal)
    return writing.stored_record(package.id)
