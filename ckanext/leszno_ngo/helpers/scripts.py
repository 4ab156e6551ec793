"""Which scripts a page needs."""

from __future__ import annotations

import re

from flask import g

_FOUND = "leszno_ngo_asks_for_ckan_scripts"
# Modules that only embellish what is there without them.
_EMBELLISHING = "media-grid|table-toggle-more"
_ASKS = re.compile(
    rf'\sdata-module="(?!(?:{_EMBELLISHING})")'
    r'|\sdata-bs-toggle="(?:collapse|dropdown|modal|pill|tab)"'
)


def leszno_ngo_asks_for_ckan_scripts(content: str | None = None) -> bool:
    """Return whether a page has something that works by scripts of CKAN or of its plugins alone.

    Links and forms that htmx would only make quicker are none.

    :param content: the page's HTML; without it, what was found of the page of this request
    """
    if content is not None:
        setattr(g, _FOUND, _ASKS.search(content) is not None)
    return bool(g.get(_FOUND))
