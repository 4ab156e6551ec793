"""Addresses in what is about to be kept, however deep: none may run a script when followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import web_addresses

#: Tables whose errors CKAN reads row by row; of others it shows the first.
_BY_ROW = ("resources",)


def is_followable(address: str) -> bool:
    """Whether an address has no scheme, or one that is allowed (``ckan.valid_url_schemes``)."""
    return web_addresses.is_followable(address, tk.config["ckan.valid_url_schemes"])


def not_followable() -> str:
    """Say that an address would not lead to a page."""
    return tk._("This address cannot be followed. Give one that begins with https:// or http://")


def faults(given: Mapping[str, Any]) -> dict[str, Any]:
    """Find the fields of a record, a file, an account or anything else that run a script.

    A field is one of addresses by its name; other texts, such as extras, count where they would
    run a script were they followed, or have a link in Markdown that would.

    :param given: as an action takes it
    :returns: field → messages, as ``ValidationError.error_dict``; empty when nothing is wrong
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if not _runs(name, value):
            continue
        if name in _BY_ROW and isinstance(value, list):
            found[name] = [faults(row) if isinstance(row, dict) else {} for row in value]
        else:
            said = [not_followable()]
            found[name] = [{"key": said}] if name == "extras" else said
    return found


def _runs(name: str, value: Any) -> bool:
    if isinstance(value, dict):
        named = str(value["key"]) if {"key", "value"} <= set(value) else None
        return any(_runs(named or key, inner) for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return any(_runs(name, one) for one in value)
    if not isinstance(value, str):
        return False
    if web_addresses.is_of_addresses(name) and not is_followable(value):
        return True
    return web_addresses.runs(value) or web_addresses.has_link_that_runs(value)
