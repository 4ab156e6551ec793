"""Which scripts a page needs."""

from __future__ import annotations

import re

# Modules that only embellish what is there without them.
_EMBELLISHING = "media-grid|table-toggle-more"
_ASKS = re.compile(
    rf'\sdata-module="(?!(?:{_EMBELLISHING})")'
    r'|\sdata-bs-toggle="(?:collapse|dropdown|modal|pill|tab)"'
)


def leszno_ngo_asks_for_ckan_scripts(content: str) -> bool:
    """Return whether a page has something that works by scripts of CKAN or of its plugins alone.

    Links and forms that htmx would only make quicker are none.

    :param content: the page's HTML
    """
    return _ASKS.search(content) is not None
