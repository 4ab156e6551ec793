"""Letters with which people set a new password, sent where nobody waits for them.

Whether there is an account, whether it has an address and whether the mail server answers would
else be told by the answer, and by the time it takes.
"""

from __future__ import annotations

import logging
import smtplib

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import mailer, signals
from ckan.lib.redis import connect_to_redis

from ckanext.leszno_ngo.ckan_compat import lookups

log = logging.getLogger(__name__)

#: How long the link of a letter holds at least, seconds: no other letter is sent meanwhile.
_BETWEEN = 10 * 60


def send(typed: str) -> None:
    """Send the letter to each account that is meant (a background job).

    :param typed: the name or the address that somebody typed
    """
    # A job has no request; addresses in the letter are those of the portal.
    with lookups.request_context():
        for id_ in _accounts(typed):
            _send(id_)


def _send(id_: str) -> None:
    # Each account is loaded anew: the mailer ends the session, and saves no key of those before.
    user = model.User.get(id_)
    if user is None:
        return
    name = user.name
    if not _is_time(id_):
        return
    try:
        if not _is_told(user):
            mailer.send_reset_link(user)
    except (mailer.MailerException, OSError, smtplib.SMTPException, AttributeError):
        log.exception("The letter for a new password was not sent: check the mail's settings")
        connect_to_redis().delete(_sent(id_))
    else:
        signals.request_password_reset.send(name, user=user)


def _is_time(id_: str) -> bool:
    """Whether the letter before is so old that another one may take its link away.

    Else whoever asks for letters all the time would keep their owner from using any.
    """
    return bool(connect_to_redis().set(_sent(id_), 1, ex=_BETWEEN, nx=True))


def _sent(id_: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:leszno_ngo:letter:{id_}"


def _is_told(user: model.User) -> bool:
    """Have plugins tell the account in their own way, as CKAN's page does."""
    is_told = False
    for plugin in p.PluginImplementations(p.INotifier):
        is_told = plugin.notify_about_topic(is_told, "request_password_reset", {"user": user})
    return is_told


def _accounts(typed: str) -> list[str]:
    is_meant = (
        sa.func.lower(model.User.email) == typed.lower()
        if "@" in typed
        else model.User.name == typed
    )
    kept = model.User.state != model.State.DELETED
    found = model.Session.query(model.User).filter(is_meant, kept, model.User.email.is_not(None))
    return [user.id for user in found if user.email]
