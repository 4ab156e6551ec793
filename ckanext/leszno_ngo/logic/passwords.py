"""An account's password: its owner says the old one, and a new one ends what the old one opened.

CKAN's form asks for the old password, its API does not; API tokens and links from letters for a new
password outlive one, also where ``ckan user setpass`` sets it. Sessions end by themselves
(``views.shared.login_sessions``).
"""

from __future__ import annotations

import functools
import hmac
import math
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import logic, model
from ckan.model import user as ckan_user
from ckan.types import Action, Context, DataDict
from flask import has_request_context
from passlib.utils import MAX_PASSWORD_SIZE
from sqlalchemy import event, orm

from ckanext.leszno_ngo.catalogue import identity
from ckanext.leszno_ngo.logic import attempts, incoming, kinds
from ckanext.leszno_ngo.request_state import Slot

#: What sets a password: CKAN's form has the second one, the first is the API's.
_SET_BY = ("password", "password1", "password_hash")
_OLD = "old_password"
#: Id of the account whose password the request has set: the session that asks for it goes on.
PASSWORD_OF: Slot[str] = Slot("leszno_ngo_password_of", "")


@tk.chained_action
def user_update(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Update an account in turn; who sets their own password or address says the old password.

    A new password revokes the account's API tokens and the link of a letter for a new password.
    The parameters are CKAN's, and:

    :param old_password: the present password, needed where the caller's own account gets a new
        password or another e-mail address (which letters for a new password are sent to)
    :type old_password: string

    :returns: the account
    :rtype: dictionary

    :raises ckan.logic.ValidationError: ``old_password`` is missing or wrong, or was wrong too often
    """
    identity.turn()
    kinds.check_account(data_dict)
    incoming.bring_to_one_line(data_dict)
    incoming.check_pictured(data_dict)
    account = model.User.get(data_dict.get("id"))
    if account is None:
        return next_action(context, data_dict)
    if _is_own(context, account) and _changes_login(account, data_dict):
        _check_old(account, data_dict.get(_OLD))
    before = account.password
    with _committed_together(context, data_dict):
        updated = next_action(context, data_dict)
        if account.password != before:
            _end(account)
    return updated


def _is_own(context: Context, account: model.User) -> bool:
    return not context.get("ignore_auth") and context.get("user") == account.name


def _changes_login(account: model.User, given: Mapping[str, Any]) -> bool:
    """Whether a change is of what somebody logs in with, and not by the link of a letter."""
    key = given.get("reset_key")
    if account.reset_key and key and hmac.compare_digest(str(key), account.reset_key):
        return False
    address = given.get("email")
    return any(given.get(name) for name in _SET_BY) or bool(address and address != account.email)


def _check_old(account: model.User, given: Any) -> None:
    attempt = attempts.confirmation(account.id)
    seconds = attempts.wait(attempt)
    if seconds:
        raise tk.ValidationError({_OLD: [too_often(seconds)]})
    if not isinstance(given, str) or is_too_long(given) or not account.validate_password(given):
        said = tk._("Give your present password to change your password or your e-mail address")
        raise tk.ValidationError({_OLD: [said]})
    attempts.forget(attempt)


def account_of(login: str) -> model.User | None:
    """Return the account that a login means, as CKAN looks for it.

    :param login: name or e-mail address as typed
    """
    return model.User.by_name(login) or model.User.by_email(login)


def is_too_long(given: str) -> bool:
    """Whether a password is longer than any can be; CKAN breaks on it where there is an account."""
    return len(given) > MAX_PASSWORD_SIZE


def spend_time(account: model.User | None, given: str) -> None:
    """Look at a password for nothing where CKAN would look at none.

    So the time of an answer does not tell who has an account.

    :param account: the account that somebody logs in to, if there is one
    :param given: the password as typed
    """
    kept = account.password if account and account.is_active else None
    if not kept or not ckan_user.pbkdf2_sha512.identify(kept):
        ckan_user.pbkdf2_sha512.verify(given, _nobodys())


@functools.cache
def _nobodys() -> str:
    """Return the hash of a password that nobody knows, as costly as CKAN's are."""
    return ckan_user.pbkdf2_sha512.hash(secrets.token_urlsafe())


def too_often(seconds: int) -> str:
    """Say when a password may be tried again.

    :param seconds: how long to wait
    """
    minutes = math.ceil(seconds / 60)
    text = tk.ungettext("Try again in %(num)d minute.", "Try again in %(num)d minutes.", minutes)
    return text % {"num": minutes}


@contextmanager
def _committed_together(context: Context, given: Mapping[str, Any]) -> Iterator[None]:
    """Have CKAN's action leave the end of the transaction to what is done besides."""
    if context.get("defer_commit"):
        yield
        return
    context["defer_commit"] = True
    try:
        yield
    finally:
        context.pop("defer_commit", None)
    with logic.guard_against_duplicated_email(given.get("email", "")):
        model.repo.commit()


def _end(account: model.User) -> None:
    """End what the old password has opened for others than sessions."""
    account.reset_key = ""
    PASSWORD_OF.set(account.id)
    tokens = model.Session.query(model.ApiToken).filter_by(user_id=account.id)
    tokens.delete(synchronize_session="fetch")


def install() -> None:
    """Have a password that is set at the server, by no action, end what the old one opened."""
    if not event.contains(model.Session, "before_flush", _look_at_accounts):
        event.listen(model.Session, "before_flush", _look_at_accounts)


def _look_at_accounts(session: orm.Session, *_: Any) -> None:
    """End what passwords have opened that are about to be stored (SQLAlchemy's event).

    A login may store a password in a better form: what requests change is the actions' matter.
    """
    if has_request_context():
        return
    for account in session.dirty:
        if (
            isinstance(account, model.User)
            and orm.attributes.get_history(account, "_password").deleted
        ):
            _end(account)


ACTIONS = {"user_update": user_update}
