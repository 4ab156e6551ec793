"""Schema files of ckanext-scheming, expanded before it sees them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ckanext.scheming import plugins

from ckanext.leszno_ngo.ckan_compat import guard
from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse

_LOADER = InternalUse(
    title="Field groups put into schemas when they are loaded",
    package="ckanext-scheming",
    version="3.1.0",
    reason="A preset is one field: there is no way to declare several fields once, and no "
    "interface between the reading of a file and its use",
    upstream="upstream.md#ckanext-scheming-groups-of-fields",
    names={"ckanext.scheming.plugins:_load_schema": "url"},
)
USES = (_LOADER,)


def expand_by(expand: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """Have ckanext-scheming take what a function makes of each schema; once a process.

    To be called while plugins are imported, before any of them reads its configuration.

    :param expand: is given what a file of schemas or presets says
    """
    load = plugins._load_schema
    if getattr(load, "leszno_ngo", False):
        return
    guard.require(_LOADER)

    @functools.wraps(load)
    def loaded(url: str) -> Any:
        said = load(url)
        return expand(said) if isinstance(said, Mapping) else said

    loaded.leszno_ngo = True  # type: ignore[attr-defined]
    plugins._load_schema = loaded
