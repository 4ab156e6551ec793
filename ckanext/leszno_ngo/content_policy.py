"""What pages may load and from where: the Content-Security-Policy (CSP Level 3) as text.

There are no nonces in it: a page that a cache keeps would hand the same one to everybody. Scripts
and styles come from files alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ckanext.leszno_ngo import web_addresses

Sources = Mapping[str, tuple[str, ...]]

_SELF = ("'self'",)
#: Directive → what a portal without further sources allows.
_DIRECTIVES: Sources = {
    "default-src": _SELF,
    "script-src": _SELF,
    "style-src": _SELF,
    # Bootstrap's and Swagger UI's stylesheets have small pictures in themselves.
    "img-src": ("'self'", "data:"),
    "font-src": _SELF,
    "media-src": _SELF,
    "connect-src": _SELF,
    "frame-src": _SELF,
    "worker-src": _SELF,
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": _SELF,
    "frame-ancestors": _SELF,
}
#: What no portal has a reason to open.
_CLOSED = {"default-src", "object-src", "base-uri"}
_HASHED = {"script-src", "style-src"}
_PICTURES = {"img-src", "media-src"}
_HOST = re.compile(
    r"(?:https?|wss)://(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?(?:/[\w.~/-]*)?",
    re.ASCII,
)
_HASH = re.compile(r"'sha(?:256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}'")


def parse(text: str) -> dict[str, tuple[str, ...]]:
    """Read further sources, written as in the header itself.

    :param text: ``directive source source; directive source``
    :returns: directive → its sources
    :raises ValueError: a directive that cannot be widened, or a source that would undo the policy;
        the text names both and says what may stand there
    """
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        directive, *sources = part.split()
        if directive not in _DIRECTIVES or directive in _CLOSED:
            known = ", ".join(sorted(set(_DIRECTIVES) - _CLOSED))
            raise ValueError(f"{directive} is none of the directives that may be widened: {known}")
        for source in sources:
            if not _may_stand(directive, source):
                raise ValueError(
                    f"{source} may not stand in {directive}: name a host, such as "
                    "https://stats.example.org, or the hash of a script or style ('sha256-…')"
                )
        found[directive] = (*found.get(directive, ()), *sources)
    return found


def header(*further: Sources) -> str:
    """Write the policy.

    :param further: sources beside the portal's own
    """
    parts = []
    for directive, own in _DIRECTIVES.items():
        added = [source for sources in further for source in sources.get(directive, ())]
        parts.append(f"{directive} {' '.join(dict.fromkeys([*own, *added]))}")
    return "; ".join(parts)


def origins(addresses: Iterable[str]) -> tuple[str, ...]:
    """Give the hosts of addresses or of templates of them, for a list of sources.

    :param addresses: a first label in braces (``{s}``, mirrors of a tiles' server) stands for any;
        addresses on the portal itself have no host and are left out
    """
    hosts = []
    for address in addresses:
        split = web_addresses.parts(address)
        if split is None or not split.netloc or split.scheme not in {"", "http", "https"}:
            continue
        first, dot, rest = split.netloc.rpartition("@")[2].partition(".")
        host = f"*{dot}{rest}" if "{" in first else f"{first}{dot}{rest}"
        source = f"{split.scheme}://{host}" if split.scheme else host
        if "{" not in source and not re.search(r"[\s;,']", source):
            hosts.append(source)
    return tuple(hosts)


def _may_stand(directive: str, source: str) -> bool:
    if _HASH.fullmatch(source):
        return directive in _HASHED
    if source in {"data:", "blob:"}:
        return directive in _PICTURES
    return _HOST.fullmatch(source) is not None
