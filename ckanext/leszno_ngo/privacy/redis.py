"""Texts in Redis: queued jobs, sessions, caches, what is kept of forms."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Iterator
from typing import Any

from ckan.lib.redis import connect_to_redis


def keys_with(pattern: re.Pattern[str]) -> list[bytes]:
    """Return the keys of the portal's Redis whose name or value has a text."""
    server = connect_to_redis()
    return [
        key
        for key in server.scan_iter(count=500)
        if any(
            pattern.search(text) for part in (key, *_values(server, key)) for text in _texts(part)
        )
    ]


def delete(keys: list[bytes]) -> None:
    """Delete keys: a job that has a person's data in it is not done, a session ends."""
    if keys:
        connect_to_redis().delete(*keys)


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
