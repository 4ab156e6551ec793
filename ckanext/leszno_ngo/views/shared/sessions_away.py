"""Redis is away, which keeps the sessions: who has one is answered 503, nobody is logged out.

Flask opens a session before anything that handles errors, so its interface is wrapped. Visitors
without a session need no Redis: pages and files are there for them.
"""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import CKANApp
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from redis.exceptions import RedisError

from ckanext.leszno_ngo.ckan_compat import sessions
from ckanext.leszno_ngo.views.shared.unavailable import sessions_are_away

log = logging.getLogger(__name__)

_AWAY = "leszno_ngo.sessions_away"


class PatientSessions(SessionInterface):
    """CKAN's sessions; where they cannot be read, an empty one that is never kept.

    :param inner: the interface that does the work
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        """Read the session of a request."""
        try:
            return self._inner.open_session(app, request)
        except RedisError as error:
            log.error("Redis is away: %s", error)
            request.environ[_AWAY] = True
            return self._inner.session_class(sid="")

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session; one that could not be read stays as it is."""
        if tk.request.environ.get(_AWAY):
            return
        try:
            self._inner.save_session(app, session, response)
        except RedisError as error:  # the answer is made: it is worth more than a flash message
            log.error("Redis is away: %s", error)


def put_on(app: CKANApp) -> None:
    """Wrap the sessions, and answer before anything asks for who is logged in."""
    sessions.wrap(app, PatientSessions)
    sessions.answer_first(app, _refuse)


def _refuse() -> Response | None:
    is_away = tk.request.environ.get(_AWAY)
    return sessions_are_away() if is_away else None
