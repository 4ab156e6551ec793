"""Letters with which people set a new password, sent where nobody waits for them.

Whether there is an account, whether it has an address and whether the mail server answers would
else be told by the answer, and by the time it takes.
"""

from __future__ import annotations

import logging
import smtplib
from contextlib import nullcontext

import sqlalchemy as sa
from ckan import model
from ckan.lib import helpers, mailer, signals

log = logging.getLogger(__name__)


def send(typed: str) -> None:
    """Send the letter to each account that is meant (a background job).

    :param typed: the name or the address that somebody typed
    """
    # A job has no request; addresses in the letter are those of the portal.
    with helpers._get_auto_flask_context() or nullcontext():
        for user in _accounts(typed):
            _send(user)


def _send(user: model.User) -> None:
    name = user.name
    try:
        mailer.send_reset_link(user)
    except (mailer.MailerException, OSError, smtplib.SMTPException, AttributeError):
        log.exception("The letter for a new password was not sent: check the mail's settings")
    else:
        signals.request_password_reset.send(name, user=user)


def _accounts(typed: str) -> list[model.User]:
    is_meant = (
        sa.func.lower(model.User.email) == typed.lower()
        if "@" in typed
        else model.User.name == typed
    )
    kept = model.User.state != model.State.DELETED
    found = model.Session.query(model.User).filter(is_meant, kept, model.User.email.is_not(None))
    return [user for user in found if user.email]
