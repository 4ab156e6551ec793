"""Addresses in what is about to be kept, however deep: which may be, and which a page links to.

Kept is any address that does no harm, `urn:`, `doi:` and `mailto:` among them; a link leads to the
schemes of ``ckan.valid_url_schemes`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import web_addresses

#: Options of harvest sources, in which something stands for secrets that are kept apart.
_OPTIONS = "config"
#: Tables whose errors CKAN reads row by row; of others it shows the first.
_BY_ROW = ("resources",)


def fault(address: str) -> str:
    """Say why a record, a file, a department or anything else may not have an address.

    :param address: the text of a field of addresses; it may have no scheme, as the name of a file
    :returns: a sentence; empty for an address that may be kept
    """
    if web_addresses.is_harmful(address):
        return not_followable()
    if not web_addresses.can_be_read(address):
        return tk._(
            "This address cannot be read: look at its host, its port (a number) and its brackets"
        )
    return with_login() if web_addresses.has_login(address) else ""


def is_followable(address: str) -> bool:
    """Whether a page may link to an address: it has no scheme, or an allowed one.

    Allowed are those of ``ckan.valid_url_schemes``.
    """
    return web_addresses.is_followable(address, tk.config["ckan.valid_url_schemes"])


def not_followable() -> str:
    """Say that an address would not lead to a page."""
    return tk._("This address cannot be followed. Give one that begins with https:// or http://")


def with_login() -> str:
    """Say that an address has a name or a password in it."""
    return tk._(
        "There is a user's name or a password in this address. Take it out: everybody can read it"
    )


def faults(given: Mapping[str, Any]) -> dict[str, Any]:
    """Find the fields of a record, a file, an account or anything else whose address is not kept.

    A field is one of addresses by its name (:func:`fault`); other texts, such as extras, count
    where they would run a script were they followed, or have a link in Markdown that would, or an
    address with a password in them.

    :param given: as an action takes it
    :returns: field → messages, as ``ValidationError.error_dict``; empty when nothing is wrong
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        message = _message(name, value)
        if not message:
            continue
        if name in _BY_ROW and isinstance(value, list):
            found[name] = [faults(row) if isinstance(row, dict) else {} for row in value]
        else:
            found[name] = [{"key": [message]}] if name == "extras" else [message]
    return found


def _message(name: str, value: Any) -> str:
    """Say what is wrong with the first address that is not kept; empty where there is none."""
    if isinstance(value, dict):
        named = str(value["key"]) if {"key", "value"} <= set(value) else None
        said = (_message(named or key, inner) for key, inner in value.items())
        return next(filter(None, said), "")
    if isinstance(value, (list, tuple)):
        return next(filter(None, (_message(name, one) for one in value)), "")
    if not isinstance(value, str):
        return ""
    if web_addresses.is_script(value) or web_addresses.has_script_link(value):
        return not_followable()
    if web_addresses.is_of_addresses(name):
        return fault(value)
    return with_login() if web_addresses.has_password(value) else ""


def hide_logins(shown: dict[str, Any]) -> None:
    """Take names and passwords out of the addresses of what is shown, however deep they stand.

    They were kept before they were refused; what is stored stays as it is.

    :param shown: a record, or anything else as an action gives it; it is changed
    """
    for name, value in shown.items():
        # Asked of each value of each record found: most are texts without an address.
        if name != _OPTIONS and (type(value) is not str or "@" in value):
            shown[name] = _hidden(name, value)


def _hidden(name: str, value: Any) -> Any:
    if isinstance(value, str):
        if "@" not in value:
            return value
        is_address = web_addresses.is_of_addresses(name)
        return (web_addresses.without_login if is_address else web_addresses.without_password)(
            value
        )
    if isinstance(value, dict):
        named = value.get("key")
        for key, inner in value.items():
            value[key] = _hidden(named if key == "value" and isinstance(named, str) else key, inner)
    elif isinstance(value, list):
        value[:] = [_hidden(name, one) for one in value]
    return value
