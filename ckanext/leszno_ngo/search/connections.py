"""Connections to Solr that stay open from one search to the next: CKAN opens one for each."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field

import pysolr
import requests
from ckan.lib.search.common import make_connection

# Less than Solr leaves a connection open that nobody uses (Jetty's idle timeout, 120 seconds).
_LONGEST_REST = 20.0


@dataclass
class _Kept:
    """The session of a thread: which Solr it is of, in which process, and when it was last used."""

    session: requests.Session
    key: tuple[str, int]
    used: float = field(default_factory=time.monotonic)

    def is_good_for(self, key: tuple[str, int]) -> bool:
        return self.key == key and time.monotonic() - self.used < _LONGEST_REST


_threads = threading.local()


def connect() -> pysolr.Solr:
    """Return CKAN's connection to Solr, with a session that this thread has used before.

    :returns: as ``ckan.lib.search.common.make_connection(decode_dates=False)`` makes it
    """
    solr = make_connection(decode_dates=False)
    solr.session = _session(solr)
    return solr


def _session(solr: pysolr.Solr) -> requests.Session:
    key = (solr.url, os.getpid())
    kept: _Kept | None = getattr(_threads, "kept", None)
    if kept is None or not kept.is_good_for(key):
        if kept is not None:
            kept.session.close()
        kept = _threads.kept = _Kept(_new_session(solr), key)
    kept.used = time.monotonic()
    return kept.session


def _new_session(solr: pysolr.Solr) -> requests.Session:
    """Make a session that has read proxies and certificates of the environment once."""
    session = requests.Session()
    read = session.merge_environment_settings(solr.url, {}, None, solr.verify, None)
    session.proxies, session.verify = dict(read["proxies"]), read["verify"]
    session.trust_env = False
    return session
