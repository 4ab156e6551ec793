"""Which address a request comes from, when proxies stand in front of the portal.

``X-Forwarded-For`` is a list to which every proxy adds the address that it was asked from; whoever
asks can begin it with anything. Only what a known proxy has added is believed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Whoever has an IPv6 address has at least the 2^64 of its network.
_OWN_IPV6 = 64


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read the configured proxies.

    :param texts: addresses or networks (``10.0.0.5``, ``10.0.0.0/8``, ``fd00::/8``)
    :returns: the networks
    :raises ValueError: one of them is no address and no network
    """
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def resolve_client(remote: str | None, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """Find the address of the client.

    :param remote: the address at the other end of the connection
    :param forwarded: the values of all ``X-Forwarded-For`` headers, in their order
    :param proxies: who is believed
    :returns: the nearest address that is no proxy; where a proxy says nothing that is an address,
        the proxy itself; ``unknown`` where even the connection has none
    """
    nearest = _read(remote)
    if nearest is None:
        return "unknown"
    said = [part for value in forwarded for part in value.split(",")]
    while said and any(nearest in network for network in proxies):
        before = _read(said.pop())
        if before is None:
            break
        nearest = before
    return str(nearest)


def counted(address: str) -> str:
    """Give what attempts from an address are counted under: of IPv6 its network.

    :param address: as :func:`resolve_client` gives it
    """
    read = _read(address)
    if isinstance(read, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((read, _OWN_IPV6), strict=False))
    return address


def _read(text: str | None) -> _Address | None:
    try:
        address = ipaddress.ip_address((text or "").strip())
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
