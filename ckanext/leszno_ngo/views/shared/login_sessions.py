"""Who is logged in, for how long, and who may send a form in their name.

Sessions are kept by the server (``SESSION_TYPE``), their cookie is a random number. A session holds
from a login for ``PERMANENT_SESSION_LIFETIME`` seconds at most, ends with the account's password
and at logout; a login "remembered" by flask-login's cookie, which nothing could end, is none.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.common import session
from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import Forbidden, TooManyRequests

from ckanext.leszno_ngo import client_address, config, web_addresses
from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.ckan_compat import sessions as ckan_sessions
from ckanext.leszno_ngo.logic import attempts, passwords
from ckanext.leszno_ngo.request_state import Slot

log = logging.getLogger(__name__)

sessions = Blueprint("leszno_ngo_sessions", __name__)

#: Where a session says when its account logged in, and by which password.
_LOGIN = "leszno_ngo_login"
#: The cookie by which a browser is known as one in which an account has logged in.
_DEVICE = "leszno_ngo_device"
_DEVICE_ACCOUNTS = 5

#: Whether the request's session is one that has begun and not ended.
_IS_ALIVE: Slot[bool] = Slot("leszno_ngo_alive", False)
#: The attempt to log in that the request makes.
_ATTEMPT: Slot[attempts.Attempt | None] = Slot("leszno_ngo_attempt", None)
#: Id of the account that the browser is to be known for.
_NEW_DEVICE: Slot[str] = Slot("leszno_ngo_new_device", "")


def identify() -> None:
    """End a session that has lasted its time or whose login is not known (``IAuthenticator``)."""
    tk.g.remote_addr = address()
    if not _is_by_cookie():
        return
    if _is_alive(tk.current_user):
        _IS_ALIVE.set(True)
        return
    tk.logout_user()
    tk.g.user, tk.g.userobj = "", None


def authenticate(identity: dict[str, Any]) -> None:
    """Count an attempt before CKAN looks at its password (``IAuthenticator``).

    :param identity: ``login`` and ``password`` as typed; gets a password that is wrong where the
        account was tried too often by others, or no password can be as it is
    :raises TooManyRequests: there were too many; the text says when to try again
    """
    login, password = identity.get("login"), identity.get("password")
    if not login or not password:
        return
    user = passwords.account_of(login)
    folded = attempts.folded(login)
    account = user.id if user else folded
    attempt = attempts.Attempt(account, folded, address(), _devices().get(account))
    seconds = attempts.wait(attempt)
    if seconds:
        raise TooManyRequests(passwords.too_often(seconds))
    in_vain = attempts.is_in_vain(attempt)
    if in_vain and user:
        log.warning("Too many attempts from unknown addresses to log in to account %s", account)
    if in_vain or passwords.is_too_long(password):
        identity["password"] = secrets.token_urlsafe()
    passwords.spend_time(user, identity["password"])
    _ATTEMPT.set(attempt)


def login() -> None:
    """Leave "remember me" out of the form of the login (``IAuthenticator``).

    A form without a name of an account, which no page sends, is refused: CKAN breaks on it.
    """
    if tk.request.method == "POST" and "login" not in tk.request.form:
        tk.abort(400, f"login: {tk._('Missing value')}")
    if tk.request.method == "POST" and "remember" in tk.request.form:
        kept = [(n, v) for n, v in tk.request.form.items(multi=True) if n != "remember"]
        request_data.send_form(ImmutableMultiDict(kept))


def logged_in(_sender: Any, user: model.User, **_more: Any) -> None:
    """Begin a session: new id, moment and password of the login in it (signal)."""
    ckan_sessions.renew_id()
    ckan_sessions.forget_remembering()
    session[_LOGIN] = [int(time.time()), _password_mark(user)]
    _IS_ALIVE.set(True)
    attempt = _ATTEMPT.get()
    if attempt and attempt.account == user.id:
        attempts.succeeded(attempt)
        _NEW_DEVICE.set(user.id)


def password_was_set(_sender: Any, user: model.User, **_more: Any) -> None:
    """Know a browser in which a password was set by the link of a letter (signal).

    However many guesses others make, the account's owner gets in by it.
    """
    _NEW_DEVICE.set(user.id)


def logout() -> Response | None:
    """Ask before a logout by a link (``IAuthenticator``): any page can have a browser open one.

    :returns: the page that asks; ``None`` where a form with the session's token has been sent
    """
    if tk.request.method == "POST" or tk.current_user.is_anonymous:
        return None
    return Response(tk.render("user/logout_first.html"))


def logged_out(_sender: Any, **_more: Any) -> None:
    """Empty a session, so that it goes from the server and its cookie from the browser (signal)."""
    _IS_ALIVE.set(False)
    ckan_sessions.empty()


def address() -> str:
    """Return the address that the request comes from, by the configured proxies' word."""
    forwarded = tk.request.headers.getlist("X-Forwarded-For")
    proxies = client_address.networks(config.trusted_proxies())
    return client_address.resolve_client(tk.request.environ.get("REMOTE_ADDR"), forwarded, proxies)


@sessions.before_app_request
def refuse_forged() -> ResponseReturnValue | None:
    """Refuse what another site sends in the name of who is logged in.

    CKAN's own check is off for a view that somebody has opened with an API token. So it is made
    here, for every way in.

    A login needs the token of the session in which its page was opened: another site could log a
    browser in to an account of its own, and read what is typed there.

    :returns: the way to the page of the login, where its form has no right token
    :raises ckan.common.CSRFError: the token of the session is missing or wrong (HTTP 400)
    :raises Forbidden: another site's page sent a form of accounts
    """
    settings = current_app.config
    if not settings["WTF_CSRF_ENABLED"] or tk.request.method not in settings["WTF_CSRF_METHODS"]:
        return None
    if _is_by_cookie():
        ckan_sessions.check_token()
    elif tk.request.blueprint == "user" and _is_from_elsewhere():
        raise Forbidden(tk._("This form was sent by another site"))
    elif tk.request.endpoint == "user.login":
        return _look_at_login()
    return None


def _look_at_login() -> ResponseReturnValue | None:
    """Have a login whose page was open for too long, or was none of ours, typed again."""
    try:
        ckan_sessions.check_token()
    except CSRFError:
        tk.h.flash_error(tk._("The page of the login was open for too long. Log in again"))
        return tk.redirect_to("user.login", **tk.request.args)
    return None


@sessions.after_app_request
def keep(response: Response) -> Response:
    """Renew a session that has just changed its account's password, and mark a new device.

    Another one that was asking for something meanwhile ends like all others.
    """
    changed = passwords.PASSWORD_OF.get()
    is_alive = _IS_ALIVE.get() and _is_by_cookie() and _LOGIN in session
    if is_alive and tk.current_user.id == changed:
        session[_LOGIN] = [session[_LOGIN][0], _password_mark(tk.current_user)]
    account = _NEW_DEVICE.get()
    if account:
        _mark_device(response, account)
    return response


def _is_by_cookie() -> bool:
    return tk.current_user.is_authenticated and not tk.g.get("login_via_auth_header")


def _is_alive(user: Any) -> bool:
    since, mark = session.get(_LOGIN) or (0, "")
    lifetime = current_app.permanent_session_lifetime.total_seconds()
    return time.time() < since + lifetime and hmac.compare_digest(mark, _password_mark(user))


def _password_mark(user: Any) -> str:
    """Tell one password of an account from another, without its hash."""
    password = user.password or ""
    secret = tk.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"{user.id}\0{password}".encode(), hashlib.sha256).hexdigest()[:32]


def _is_from_elsewhere() -> bool:
    origin = tk.request.headers.get("Origin")
    if tk.request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    if not origin:
        return False
    ours = {tk.request.host, urlsplit(tk.config["ckan.site_url"]).netloc}
    theirs = web_addresses.parts(origin)
    return theirs is None or theirs.netloc not in ours


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(tk.config["SECRET_KEY"], salt=_DEVICE)


def _devices() -> dict[str, str]:
    """Return the accounts that have logged in by this browser, each with the browser's mark."""
    try:
        said = _signer().loads(tk.request.cookies.get(_DEVICE, ""))
    except BadSignature:
        return {}
    return said if isinstance(said, dict) else {}


def _mark_device(response: Response, account: str) -> None:
    others = [(one, mark) for one, mark in _devices().items() if one != account]
    marks = dict([*others, (account, secrets.token_urlsafe(16))][-_DEVICE_ACCOUNTS:])
    response.set_cookie(
        _DEVICE,
        _signer().dumps(marks),  # type: ignore[arg-type]
        max_age=attempts.KNOWN_FOR,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
        path=tk.config.get("SESSION_COOKIE_PATH") or "/",
    )
