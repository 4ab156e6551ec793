"""Addresses that people type or sources send: which may be followed, and which would run a script.

Browsers leave white space and control characters out before they look for an address's scheme
(WHATWG URL Standard, "basic URL parser"): ``java\\tscript:…`` runs, too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from urllib.parse import urlsplit

#: The schemes of what a page leads to.
WEB = ("http", "https")

#: Fields of addresses, by the words that their names end with (``image_url``, ``cache_url``).
_OF_ADDRESSES = ("url", "urls", "uri", "uris", "href", "link", "website", "homepage", "webpage")
_RUN = ("javascript", "vbscript", "livescript", "jscript", "mocha", "view-source", "blob")
# A sentence may begin with "Data: …"; RFC 2397 has a type there, a parameter or the comma.
_DATA = re.compile(
    r"data:(?:(?:text|application|image|audio|video|font|multipart|message|model)/|[;,])",
    re.IGNORECASE,
)
#: Links in Markdown and in HTML: what stands behind these signs.
_LINKS = re.compile(
    r"""\]\(\s*<?|^ {0,3}\[[^\]\n]{1,200}\]:\s*<?|<|(?:href|src|action)\s*=\s*["']?""",
    re.IGNORECASE | re.MULTILINE,
)
#: What is looked at of a link: a scheme with all that may be hidden in it.
_LOOKED_AT = 200

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


def can_be_read(address: str) -> bool:
    """Whether an address can be taken apart at all.

    :param address: any text
    """
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


def is_of_addresses(name: str) -> bool:
    """Whether a field is one of addresses, by its name.

    :param name: such as ``image_url``
    """
    return name.lower().endswith(_OF_ADDRESSES)


def runs(text: str) -> bool:
    """Whether a text would run a script were it followed as an address.

    :param text: any text. "JavaScript: a course" is none, for there is a space behind the colon
    """
    begin = text.lstrip()[:_LOOKED_AT]
    return _is_script(begin) and not begin.partition(":")[2][:1].isspace()


def has_link_that_runs(text: str) -> bool:
    """Whether a link in a text of Markdown or HTML would run a script.

    :param text: what is shown as Markdown
    """
    if not {":", "&"} & set(text):
        return False
    return any(
        _is_script(html.unescape(text[found.end() : found.end() + _LOOKED_AT]))
        for found in _LINKS.finditer(text)
    )


def _is_script(address: str) -> bool:
    return scheme(address) in _RUN or _DATA.match(_LEFT_OUT.sub("", address)) is not None
