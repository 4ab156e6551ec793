"""Which servers the address and the options of a source lead to. Pure.

Options of harvesters of other extensions are any JSON: a server is told by an address
(``https://…``), by what looks like a host (``example.org:8443/api``), or by the option's name
(``host``, ``server``, ``port`` …), whatever its value is then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ckanext.leszno_ngo import web_addresses

Path = tuple[Any, ...]

#: Parts of names of options that say a server, and words that do alone.
_PARTS = ("host", "server", "serwer", "domain", "domena", "endpoint", "proxy", "gateway")
_WORDS = frozenset(
    {"address", "adres", "addr", "ip", "ips", "node", "port", "protocol", "scheme", "site"}
    | {"uri", "uris", "url", "urls", "machine"}
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_BETWEEN = re.compile(r"[\s,;|\"'<>()]+")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}:)?//", re.IGNORECASE)
_AFTER_HOST = re.compile(r"[/\\?#]")
#: A name with a dot, an address of IPv4 or IPv6, any name with a port.
_HOST = re.compile(
    r"""
    (?: (?:[\w-]{1,63}\.){1,20}[^\W\d_][\w-]{1,62}\.?
      | \d{1,3}(?:\.\d{1,3}){3}
      | \[[0-9a-f:.]{2,45}\]
      | localhost
      | [\w-]{1,63}(?=:\d) )
    (?::\d{1,5})?
    | [0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}
    """,
    re.IGNORECASE | re.VERBOSE,
)


def servers_of_url(url: str, leaves: Iterable[tuple[Path, Any]]) -> set[str]:
    """Return the servers that a source leads to, each with the place where it stands.

    A server is another one where it stands elsewhere: two of a source may change places, and each
    would get the other's secret.

    :param url: the source's address
    :param leaves: where a value stands in its options → the value, without secrets
    """
    found = {f"/ {server}" for server in _in_text(url)}
    for path, value in leaves:
        place = "/".join(map(str, path))
        found.update(f"{place} {server}" for server in _of_value(path, value))
    return found


def _of_value(path: Path, value: Any) -> Iterator[str]:
    if value is None or isinstance(value, bool) or value == "":
        return
    if any(isinstance(step, str) and _says_a_server(step) for step in path):
        yield str(value).strip().lower()
    elif isinstance(value, str):
        yield from _in_text(value)


def _says_a_server(name: str) -> bool:
    words = {word.lower() for word in _WORD.findall(name)}
    return bool(words & _WORDS) or any(part in name.lower() for part in _PARTS)


def _in_text(text: str) -> Iterator[str]:
    for piece in _BETWEEN.split(text):
        if found := _ADDRESS.search(piece):
            yield _server(piece[found.start() :])
        else:
            host = _AFTER_HOST.split(piece, maxsplit=1)[0].rpartition("@")[2].lower()
            if _HOST.fullmatch(host):
                yield host


def _server(address: str) -> str:
    parts = web_addresses.parts(address)
    if parts is None:
        return address
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"
