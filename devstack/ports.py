"""Which ports the services get: a person's wish, else the one used before, else a free one."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping


def is_free(port: int) -> bool:
    """Tell whether nothing listens on a port of the loopback address.

    :param port: TCP port, 1 to 65535
    :returns: True when a server could be started there now
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """Ask the system for a port that nobody uses.

    :returns: TCP port
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def choose(
    names: Mapping[str, int | None],
    wishes: Mapping[str, str],
    remembered: Mapping[str, int],
    *,
    free: Callable[[int], bool] = is_free,
    fresh: Callable[[], int] = any_free,
) -> dict[str, int]:
    """Choose a port for every service.

    A wish is taken as it is: a port wished for and taken is an error of the person, which the
    service itself reports. A remembered or preferred port is used only while it is free.

    :param names: service name to the port preferred at first, or None
    :param wishes: environment variables; ``POSTGRES_PORT`` is the wish for ``postgres``,
        ``PORT`` that for ``web``
    :param remembered: the ports used last time
    :param free: tells whether a port is free
    :param fresh: gives a free port
    :returns: service name to port, each port once
    :raises ValueError: a wish that is no port number
    """
    chosen: dict[str, int] = {}
    for name, preferred in names.items():
        wish = wishes.get(variable(name), "")
        if wish:
            chosen[name] = _number(variable(name), wish)
            continue
        candidates = [remembered.get(name), preferred]
        port = next((p for p in candidates if p and p not in chosen.values() and free(p)), None)
        while port is None or port in [p for n, p in chosen.items() if n != name]:
            port = fresh()
        chosen[name] = port
    return chosen


def variable(name: str) -> str:
    """Name the environment variable that sets a service's port.

    :param name: service name
    :returns: variable name
    """
    return "PORT" if name == "web" else f"{name.upper()}_PORT"


def _number(name: str, text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 65536:
        raise ValueError(f"{name}={text} is not a port number (1 to 65535)")
    return port
