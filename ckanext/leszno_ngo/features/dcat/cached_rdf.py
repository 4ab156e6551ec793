"""RDF of the catalogue, kept for as long as it would say the same.

Writing it takes seconds of CPU and anybody may ask for it; what it is made of is found by one
search. An answer is kept in Redis by a digest of that, in one of a few places: whoever asks for
ever other parts of the catalogue fills no memory.
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

#: How many answers are kept, how long each (seconds), and the longest (characters).
PLACES, KEPT_FOR, LONGEST = 64, 60 * 60, 4_000_000


def cached_rdf(made_of: Any, write: Callable[[], str]) -> str:
    """Return an answer that is kept, or write it and keep it.

    :param made_of: all that the answer depends on, as JSON or what has a text of its own
    :param write: writes it
    """
    digest = hashlib.sha256(json.dumps(made_of, sort_keys=True, default=str).encode()).hexdigest()
    place = f"ckan:{tk.config['ckan.site_id']}:leszno_ngo:rdf:{int(digest[:8], 16) % PLACES}"
    with contextlib.suppress(RedisError):
        found: Any = connect_to_redis().hmget(place, "digest", "text")
        known, text = found
        if known == digest.encode() and text:
            return text.decode()
    written = write()
    if len(written) <= LONGEST:
        with contextlib.suppress(RedisError), connect_to_redis().pipeline() as pipeline:
            pipeline.hset(place, mapping={"digest": digest, "text": written})
            pipeline.expire(place, KEPT_FOR)
            pipeline.execute()
    return written
