"""CKAN's pages of accounts: they tell no visitor whether there is an account, and break on nothing.

The answer to who has lost a password is the same in words, status and time, whoever is meant.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from http import HTTPStatus

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import captcha, mailer
from ckan.lib.redis import connect_to_redis
from flask import Blueprint, Response, after_this_request
from werkzeug.datastructures import ImmutableMultiDict

from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.logic import attempts, lost_passwords
from ckanext.leszno_ngo.views.shared import login_sessions
from ckanext.leszno_ngo.views.shared.contexts import request_context

accounts = Blueprint("leszno_ngo_accounts", __name__)

#: Seconds after which a request that sets a password has ended.
_LONGEST_RESET = 600

#: Pages that list a department's or a group's people and ask for no right → the right to see them.
_OF_PEOPLE = {"group.admins": "group_show", "organization.admins": "organization_show"}

#: Fields that CKAN's views read without asking whether the form has them: an empty one is refused
#: by its name.
_READ_UNSEEN: Mapping[str, tuple[str, ...]] = {
    "group.member_new": ("role",),
    "organization.member_new": ("role",),
    "user.edit": ("email", "old_password"),
    "user.api_tokens": ("name",),
}


@accounts.before_app_request
def check_account_pages() -> Response | None:
    """Look at what is asked of a page of accounts before CKAN does.

    :raises NotAuthorized: the page lists people of a department that the reader is not of (403)
    """
    endpoint = tk.request.endpoint or ""
    if endpoint in _OF_PEOPLE:
        asked = {**(tk.request.view_args or {}), "include_users": True}
        tk.check_access(_OF_PEOPLE[endpoint], request_context(), asked)
    check = _CHECKS.get(endpoint)
    if tk.request.method == "POST":
        _fill(_READ_UNSEEN.get(endpoint, ()))
    return check() if check else None


def _fill(names: tuple[str, ...]) -> None:
    missing = [(name, "") for name in names if name not in tk.request.form]
    if missing:
        request_data.send_form(ImmutableMultiDict([*tk.request.form.items(multi=True), *missing]))


def _lost() -> Response | None:
    typed = tk.request.form.get("user", "").strip()
    if tk.request.method != "POST" or not typed:
        return None
    tk.check_access("request_reset", {"user": tk.current_user.name})
    try:
        captcha.check_recaptcha(tk.request)
    except captcha.CaptchaError:
        return None  # CKAN says so itself
    if not attempts.asks_too_often(login_sessions.address()):
        tk.enqueue_job(lost_passwords.send, [typed], title="Letter for a new password")
    tk.h.flash_success(
        tk._("A reset link has been emailed to you (unless the account specified does not exist)")
    )
    return tk.redirect_to(tk.config["ckan.user_reset_landing_page"])


def _by_key() -> None:
    """Refuse a wrong key in the same words whether the account is there or not."""
    given = str((tk.request.view_args or {}).get("id"))
    # The database takes no NUL, and no account has one.
    user = None if "\x00" in given else model.User.get(given)
    if user is None or not _holds(user):
        tk.abort(403, tk._("This link does not hold any more. Ask for a new one"))


def _holds(user: model.User) -> bool:
    is_right = mailer.verify_reset_link(user, tk.request.args.get("key"))
    return is_right and (tk.request.method != "POST" or _is_first(user))


def _is_first(user: model.User) -> bool:
    """Whether no other request is setting a password by the same link at this moment.

    CKAN takes the link away after the password is stored: of several at once, all would be told
    that theirs is.
    """
    redis, link = connect_to_redis(), hashlib.sha256(str(user.reset_key).encode()).hexdigest()
    key = f"ckan:{tk.config['ckan.site_id']}:leszno_ngo:reset:{link}"
    if not redis.set(key, 1, ex=_LONGEST_RESET, nx=True):
        return False

    @after_this_request
    def give_back(response: Response) -> Response:
        if response.status_code != HTTPStatus.FOUND:  # the password was refused
            redis.delete(key)
        return response

    return True


def _flag(name: str, default: str | None = None) -> None:
    try:
        tk.asbool(tk.request.form.get(name, default) or "?")
    except ValueError:
        tk.abort(400, f"{name}: {tk._('Missing value')}")


def _for_accounts() -> None:
    if tk.current_user.is_anonymous:
        tk.abort(403, tk._("Log in to do this"))


def _of_sysadmins() -> None:
    """Refuse whoever is no sysadmin: CKAN says "Promoted" to whoever names their own account."""
    if not getattr(tk.current_user, "sysadmin", False):
        tk.abort(403, tk._("You may not do this"))
    _flag("status")


def _tokens() -> None:
    if not all(tk.request.form.getlist("token")):
        tk.abort(400, f"token: {tk._('Missing value')}")


_CHECKS: Mapping[str, Callable[[], Response | None]] = {
    "user.request_reset": _lost,
    "user.perform_reset": _by_key,
    "user.edit": lambda: _flag("activate_user", "false"),
    "user.sysadmin": _of_sysadmins,
    "user.api_tokens": _for_accounts,
    "user.api_tokens_revoke": _tokens,
}
