"""Addresses that people type or sources send: which do harm, and which a link may lead to.

Browsers leave white space and control characters out before they look for an address's scheme
(WHATWG URL Standard, "basic URL parser"): ``java\\tscript:…`` runs, too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

#: The schemes of what a page leads to.
WEB = ("http", "https")

#: Fields of addresses, by the words that their names end with (``image_url``, ``cache_url``).
_OF_ADDRESSES = ("url", "urls", "uri", "uris", "href", "link", "website", "homepage", "webpage")
_RUN = ("javascript", "vbscript", "livescript", "jscript", "mocha", "view-source", "blob")
#: Schemes that run a script, read files of the reader's computer or start a program of it.
_HARMFUL = frozenset(_RUN) | {
    *("about", "chrome", "data", "file", "filesystem", "hcp", "its", "jar", "mhtml", "mk", "res"),
    *("search", "search-ms", "shell", "wscript", "wyciwyg"),
}
#: Of Windows and its office programs: `ms-msdt:`, `ms-word:`, `ms-its:` …
_OF_PROGRAMS = "ms-"
# A sentence may begin with "Data: …"; RFC 2397 has a type there, a parameter or the comma. So may
# one with "File: …".
_DATA = re.compile(
    r"data:(?:(?:text|application|image|audio|video|font|multipart|message|model)/|[;,])"
    r"|file:[/\\]",
    re.IGNORECASE,
)
#: A name and a password before a host (RFC 3986, userinfo), wherever an address stands.
_LOGIN = r"""[^\s/\\?#<>"'@:]{0,200}:[^\s/\\?#<>"']{0,200}@"""
_PASSWORD = re.compile(
    rf"((?:[a-z][a-z0-9+.-]{{0,20}}:|(?<![\w/\\:]))[/\\]{{2}}){_LOGIN}", re.IGNORECASE
)
#: What may be one, found sooner: few texts have two slashes.
_MAYBE_PASSWORD = re.compile(rf"[/\\]{{2}}{_LOGIN}")
#: A login before the host, with a password or without one, at the beginning of an address.
_BEFORE_HOST = re.compile(
    r"\A((?:[a-z][a-z0-9+.-]{0,20}:)?[/\\]{0,9})[^/\\?#]{0,999}@", re.IGNORECASE
)
#: Before a host browsers take any number of slashes of either kind, for schemes of the web.
_SLASHES = re.compile(r"\A((?:https?|ftp|wss?):)[/\\]*", re.IGNORECASE)
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


def is_harmful(address: str) -> bool:
    """Whether an address must not be kept, whoever follows it and by whatever program.

    Names such as ``urn:``, ``doi:`` and ``mailto:`` are harmless, though no page is behind them.

    :param address: any text
    """
    found = scheme(address)
    return found in _HARMFUL or found.startswith(_OF_PROGRAMS)


def parts(address: str) -> SplitResult | None:
    """Take an address apart.

    :param address: any text
    :returns: its parts, of which host and port can be read too; none of what is no address: a port
        that is no number, brackets around no host, letters that only look like ``/`` or ``@``
    """
    try:
        found = urlsplit(address)
        _ = found.hostname, found.port
    except ValueError:
        return None
    return found


def can_be_read(address: str) -> bool:
    """Whether an address can be taken apart at all.

    :param address: any text
    """
    return parts(address) is not None


def has_login(address: str) -> bool:
    """Whether an address has a user's name, or a name and a password, before its host.

    :param address: the text of a field of addresses
    """
    plain = _SLASHES.sub(r"\1//", _LEFT_OUT.sub("", address))
    found = parts(plain.replace("\\", "/"))
    return bool(found and "@" in found.netloc) or has_password(address)


def has_password(text: str) -> bool:
    """Whether an address with a password stands in a text.

    :param text: any text
    """
    return "@" in text and _PASSWORD.search(text) is not None


def without_password(text: str) -> str:
    """Return a text whose addresses have no passwords, and no names beside them.

    :param text: any text
    """
    if "@" not in text or not _MAYBE_PASSWORD.search(text):
        return text
    return _PASSWORD.sub(r"\1", text)


def without_login(address: str) -> str:
    """Return an address without a user's name and a password.

    :param address: the text of a field of addresses
    :returns: empty where no address is left without them
    """
    if "@" not in address or not has_login(address):
        return address
    plain = _BEFORE_HOST.sub(r"\1", without_password(_LEFT_OUT.sub("", address)))
    return "" if has_login(plain) else plain


def is_of_addresses(name: str) -> bool:
    """Whether a field is one of addresses, by its name.

    :param name: such as ``image_url``
    """
    return name.lower().endswith(_OF_ADDRESSES)


def is_script(text: str) -> bool:
    """Whether a text would run a script were it followed as an address.

    :param text: any text. "JavaScript: a course" is none, for there is a space behind the colon
    """
    begin = text.lstrip()[:_LOOKED_AT]
    return _is_script(begin) and not begin.partition(":")[2][:1].isspace()


def has_script_link(text: str) -> bool:
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
