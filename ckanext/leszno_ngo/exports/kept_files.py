"""Files that cost seconds of CPU to write, kept for as long as they would say the same.

Anybody may ask for RDF of the catalogue or for a report; what they are made of is found by few
searches. An answer is kept in Redis by a digest of that, and only the newest few of a kind are
kept: whoever asks for ever other ones fills no memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

#: How many answers are kept, how long each (seconds), and the longest (bytes).
KEPT, KEPT_FOR, LONGEST = 64, 60 * 60, 4_000_000


def kept(kind: str, made_of: Any, write: Callable[[], bytes]) -> bytes:
    """Return an answer that is kept, or write it and keep it.

    :param kind: what it is, in the key
    :param made_of: all that the answer depends on, as JSON or what has a text of its own
    :param write: writes it
    """
    digest = hashlib.sha256(json.dumps(made_of, sort_keys=True, default=str).encode()).hexdigest()
    prefix = f"ckan:{tk.config['ckan.site_id']}:leszno_ngo:written:{kind}"
    with contextlib.suppress(RedisError):
        found: Any = connect_to_redis().get(f"{prefix}:{digest}")
        if found:
            return found
    written = write()
    if len(written) <= LONGEST:
        with contextlib.suppress(RedisError):
            _keep(prefix, digest, written)
    return written


def _keep(prefix: str, digest: str, written: bytes) -> None:
    """Keep an answer, and drop those that ``KEPT`` newer ones have followed."""
    redis = connect_to_redis()
    redis.set(f"{prefix}:{digest}", written, ex=KEPT_FOR)
    order = f"{prefix}:order"
    with redis.pipeline() as pipeline:
        pipeline.lrem(order, 0, digest)
        pipeline.lpush(order, digest)
        pipeline.lrange(order, KEPT, -1)
        pipeline.ltrim(order, 0, KEPT - 1)
        old: Any = pipeline.execute()[2]
    if old:
        redis.delete(*(f"{prefix}:{one.decode()}" for one in old))
