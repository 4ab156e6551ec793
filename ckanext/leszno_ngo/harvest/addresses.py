"""Which network addresses a harvest may connect to, and connecting to those alone.

A name is resolved once, every address it has is checked before anything is dialled, and the
checked address itself is dialled: a name that changes its mind in between leads nowhere else.
"""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from collections.abc import Callable, Sequence
from http.client import HTTPResponse
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

from ckanext.leszno_ngo import web_addresses

# IANA's registries of special-purpose addresses (RFC 6890 and its updates). Named here, and not
# asked of `ipaddress`, because what its `is_global` says differs between Python's versions.
_SPECIAL_IPV4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # carriers' own networks (CGNAT)
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local, and clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
# All that is public is in this one block. Forms that carry an IPv4 address outside it (mapped,
# compatible, NAT64), site-local, link-local and multicast addresses are none of it.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # Teredo, benchmarks, ORCHID and other protocols' own
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",
            "3fff::/20",  # documentation
        ),
    )
)

#: ``resolve(host, port)``: the addresses of a name, as ``socket.getaddrinfo`` writes them.
Resolver = Callable[[str, int], Sequence[str]]


def is_web_address(url: str) -> bool:
    """Tell whether a source may have an address at all, by how it is written.

    :param url: any text.
    :returns: False for another scheme than http and https, for what has no host, for white space
        and signs that nobody sees, and for letters of a host that only look like others.
    """
    plain = url.strip(" ")
    if not plain.isprintable() or any(map(str.isspace, plain)):
        return False
    parts = web_addresses.parts(plain)
    if parts is None or parts.scheme not in web_addresses.WEB or parts.port == 0:
        return False
    return bool(parts.hostname) and unicodedata.is_normalized("NFKC", parts.netloc)


class NotPublicError(Exception):
    """A host has no address, or one that is not public: which of the two is not said."""


def is_public(address: str) -> bool:
    """Tell whether an address is one that anybody on the internet may be at.

    :param address: an IPv4 or IPv6 address as the resolver writes it.
    :returns: False too for an address with a zone and for what is no address.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _SPECIAL_IPV4)
    in_block = ip.scope_id is None and ip in _GLOBAL_IPV6
    return in_block and not any(ip in network for network in _SPECIAL_IPV6)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, each once, in the resolver's order.

    :param host: a name, or an address in any of the ways that the system reads.
    :param port: the port, for the resolver.
    :raises OSError, UnicodeError: the name cannot be resolved, or is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for _, _, _, _, address in found))


def _checked(host: str, port: int, resolver: Resolver) -> Sequence[str]:
    try:
        found = resolver(host.strip("[]"), port)
    except (OSError, UnicodeError) as error:
        raise NotPublicError from error
    if not found or not all(map(is_public, found)):
        raise NotPublicError
    return found


def _dial(connection: Any, resolver: Resolver) -> socket.socket:
    """Connect to the first of the checked addresses that answers."""
    failure: HTTPError = NewConnectionError(connection, "no address")
    for address in _checked(connection.host, connection.port, resolver):
        answer = _connected(connection, address)
        if isinstance(answer, socket.socket):
            return answer
        failure = answer
    raise failure


def _connected(connection: Any, address: str) -> socket.socket | HTTPError:
    try:
        return create_connection(
            (address, connection.port),
            connection.timeout,
            source_address=connection.source_address,
            socket_options=connection.socket_options,
        )
    except TimeoutError:
        return ConnectTimeoutError(connection, "the connection timed out")
    except OSError as error:
        return NewConnectionError(connection, f"no connection: {type(error).__name__}")


def pools(answers: type[HTTPResponse], resolver: Resolver | None = None) -> dict[str, Any]:
    """Return connection pools of urllib3.

    :param answers: the class of their answers
    :param resolver: how names are resolved; without one, any address may be connected to
    :returns: ``pool_classes_by_scheme`` of a pool manager. With a resolver their connections raise
        :class:`NotPublicError` before an address is dialled that is not public.
    """

    class Plain(HTTPConnection):
        response_class = answers

        def _new_conn(self) -> socket.socket:
            return _dial(self, resolver) if resolver else super()._new_conn()

    class Secure(HTTPSConnection):
        response_class = answers

        def _new_conn(self) -> socket.socket:
            return _dial(self, resolver) if resolver else super()._new_conn()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls: Any = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls: Any = Secure

    return {"http": PlainPool, "https": SecurePool}
