"""Addresses that people type or sources send: which may be followed, and which would run a script.

Browsers leave white space and control characters out before they look for an address's scheme
(WHATWG URL Standard, "basic URL parser"): ``java\\tscript:…`` runs, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection

#: The schemes of what a page leads to.
WEB = ("http", "https")

_LEFT_OUT = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def scheme(address: str) -> str:
    """Return the scheme by which a browser would follow an address.

    :param address: any text
    :returns: in small letters, without the colon; empty where there is none
    """
    found = _SCHEME.match(_LEFT_OUT.sub("", address))
    return found[1].lower() if found else ""


def is_followable(address: str, schemes: Collection[str] = WEB) -> bool:
    """Whether a browser that follows an address goes to a page and runs nothing.

    :param address: any text; one without a scheme leads to the same site
    :param schemes: those that may be there, in small letters
    """
    found = scheme(address)
    return not found or found in schemes
