"""Addresses of searches, and of what may stand in a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import web_addresses
from ckanext.leszno_ngo.catalogue import addresses as stored
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import backlinks, filters
from ckanext.leszno_ngo.views.shared import global_search


def leszno_ngo_group_url(group: backlinks.BackLinks, record: Mapping[str, Any]) -> str:
    """Return the address of the search that finds a whole group."""
    chosen = {group.link.name: record["id"], **filters.everything(group.type)}
    return leszno_ngo_type_url(group.type, **chosen)


def leszno_ngo_type_url(record_type: RecordType, **chosen: Any) -> str:
    """Return the address of a type's search page."""
    return tk.h.url_for(global_search.endpoint(record_type), **chosen)


def leszno_ngo_is_web_address(value: Any) -> bool:
    """Whether a value may stand in a link: a harvested one may be ``javascript:…``."""
    return isinstance(value, str) and web_addresses.scheme(value) in web_addresses.WEB


def leszno_ngo_followed(*values: Any) -> str:
    """Return the first of some addresses; nothing where following it would run a script."""
    first = next(filter(None, values), "")
    return first if isinstance(first, str) and stored.is_followable(first) else ""
