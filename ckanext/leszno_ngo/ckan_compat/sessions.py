"""CKAN's sessions: their interface, their ids, what Flask-Login keeps in them, their tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.common import session
from ckan.config.middleware import flask_app
from ckan.types import CKANApp
from flask import Response, current_app

from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse

#: Where Flask-Login says whether a login is remembered beyond its session.
_REMEMBER = "_remember"

USES = (
    InternalUse(
        title="Sessions that can do without Redis",
        package="ckan",
        version="2.12.0",
        reason="Flask opens the session before anything that handles errors: while Redis is away, "
        "every page is an error of the server, those without a session included",
        upstream="upstream.md#ckan-every-page-is-an-error-while-redis-is-away",
        names={"ckan.config.middleware.flask_app:ckan_before_request": ""},
    ),
    InternalUse(
        title="The sessions' Redis client taken out of the options",
        package="ckan",
        version="2.12.0",
        reason="CKAN leaves the client in app.config, which its tests copy",
        upstream="https://github.com/ckan/ckan/issues/8696",
        names={"ckan.config.middleware.common_middleware:CKANRedisSessionInterface": None},
    ),
    InternalUse(
        title="A login's mark of being remembered",
        package="Flask-Login",
        version="0.6.3",
        reason="A remembered login cannot be ended from the server, and Flask-Login keeps its mark "
        "in the session under a name of its own",
        upstream="upstream.md#ckan-remembered-logins-cannot-be-ended",
        names={"flask_login:logout_user": "", "flask_login:login_user": None},
    ),
    InternalUse(
        title="Tokens of forms checked for every request with a session",
        package="ckan",
        version="2.12.0",
        reason="CKAN exempts a view from the check for everybody, as long as the process lives, "
        "once somebody has opened it with an API token",
        upstream="upstream.md#ckan-an-api-token-takes-the-check-of-forms-off-a-view",
        names={
            "ckan.config.middleware.flask_app:csrf": None,
            "flask_wtf.csrf:CSRFProtect.protect": None,
        },
    ),
)


def wrap(app: CKANApp, wrapper: Callable[[Any], Any]) -> None:
    """Put a wrapper around the interface of the application's sessions.

    :param app: CKAN's application
    :param wrapper: is given the interface and returns another
    """
    app.session_interface = wrapper(app.session_interface)


def answer_first(app: CKANApp, answer: Callable[[], Response | None]) -> None:
    """Have a function look at each request before anything asks who is logged in.

    :param app: CKAN's application
    :param answer: gives the response, ``None`` for going on
    """
    before = app.before_request_funcs[None]
    # Behind CKAN's own first function, which its last one relies on, and before all others.
    before.insert(before.index(flask_app.ckan_before_request) + 1, answer)


def keep_client_apart(app: CKANApp) -> None:
    """Take the sessions' Redis client out of the options, where CKAN leaves it.

    CKAN's options are copied (its tests do), which a client cannot be; the sessions have it anyway.

    :param app: CKAN's application
    """
    app.config.pop("SESSION_REDIS", None)


def renew_id() -> None:
    """Give the session a new id, where sessions are kept by the server."""
    regenerate = getattr(current_app.session_interface, "regenerate", None)
    if regenerate:
        regenerate(session)


def forget_remembering() -> None:
    """Let Flask-Login set no cookie that would outlast the session."""
    session.pop(_REMEMBER, None)


def empty() -> None:
    """Empty the session, so that it goes from the server; Flask-Login's cookie is to go, too."""
    clears_remembered = session.get(_REMEMBER)
    for key in list(session):
        session.pop(key)
    if clears_remembered:
        session[_REMEMBER] = clears_remembered


def check_token() -> None:
    """Check the token of the form of the request, exempt view or not.

    :raises ckan.common.CSRFError: it is missing or wrong (HTTP 400)
    """
    current_app.extensions["csrf"].protect()
