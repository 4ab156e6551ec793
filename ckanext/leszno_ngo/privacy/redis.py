"""Texts in Redis: queued jobs, sessions, caches, what is kept of forms."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Iterator
from typing import Any

from ckan.lib.redis import connect_to_redis

from ckanext.leszno_ngo.privacy import storage


def keys_with(pattern: re.Pattern[str]) -> list[bytes]:
    """Return the keys of the portal's Redis whose name or value has a text."""
    server: Any = connect_to_redis()
    return [
        key
        for key in server.scan_iter(count=500)
        if any(_has(pattern, part) for part in (key, *_values(server, key)))
    ]


def take_out(pattern: re.Pattern[str]) -> list[bytes]:
    """Take a text out: a job that has it is not done, a session that has it ends.

    What only lists it among others (the forms of an account) loses that line and keeps the rest.

    :returns: the keys that had it
    """
    server: Any = connect_to_redis()
    keys = keys_with(pattern)
    for key in keys:
        remove = _REMOVALS.get(server.type(key))
        if remove is None or _has(pattern, key):
            server.delete(key)
            continue
        for member in filter(lambda one: _has(pattern, one), _values(server, key)):
            remove(server, key, member)
    return keys


_REMOVALS: dict[bytes, Any] = {
    b"list": lambda server, key, member: server.lrem(key, 0, member),
    b"set": lambda server, key, member: server.srem(key, member),
    b"zset": lambda server, key, member: server.zrem(key, member),
}


def _has(pattern: re.Pattern[str], value: bytes) -> bool:
    if value.startswith(b"PK"):  # a document that is kept for the next who asks
        return storage.has(value, storage.masking(pattern))
    return any(pattern.search(text) for text in _texts(value))


def _values(server: Any, key: bytes) -> Iterator[bytes]:
    kind = server.type(key)
    if kind == b"string":
        yield server.get(key) or b""
    elif kind == b"hash":
        for name, value in server.hgetall(key).items():
            yield from (name, value)
    elif kind == b"list":
        yield from server.lrange(key, 0, -1)
    elif kind == b"set":
        yield from server.smembers(key)
    elif kind == b"zset":
        yield from server.zrange(key, 0, -1)
    elif kind == b"stream":
        for _, entry in server.xrange(key):
            yield from entry.values()


def _texts(value: bytes) -> Iterator[str]:
    yield value.decode("utf-8", "replace")
    # RQ packs what a job is given.
    with contextlib.suppress(zlib.error):
        yield zlib.decompress(value).decode("utf-8", "replace")
