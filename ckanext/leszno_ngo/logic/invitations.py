"""Invitations: who is invited gets a letter, or nothing is made.

CKAN makes the account and its membership first, writes the letter then, and leaves both behind
where that fails; the account of a failed invitation would be an administrator whom nobody knows of.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.lib import mailer
from ckan.types import Action, Context, DataDict

from ckanext.leszno_ngo.logic import attempts, incoming, kinds

log = logging.getLogger(__name__)

#: The plugin that has CKAN send letters, and sends none itself.
_OURS = "leszno_ngo"
#: What a letter fails of: the server, its settings, what stands in the letter.
_NOT_SENT = (mailer.MailerException, smtplib.SMTPException, OSError, AttributeError, TypeError)


@tk.chained_action
def user_invite(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Invite somebody into a department or group by a letter; the parameters are CKAN's.

    :returns: the account
    :rtype: dictionary

    :raises ckan.logic.ValidationError: a value is none, the portal sends no letters, or this one
        could not be sent; nothing remains of the invitation then
    """
    tk.check_access("user_invite", context, data_dict)
    incoming.bring_to_one_line(data_dict)
    kinds.check_invitation(data_dict)
    incoming.check_texts(data_dict)
    role = data_dict.get("role")
    if role and role not in {one["value"] for one in authz.roles_list()}:
        raise tk.ValidationError({"role": [tk._("There is no such role")]})
    if not _sends_letters():
        said = tk._("The portal sends no e-mail yet, so nobody can be invited. Tell its operator")
        raise tk.ValidationError({"email": [said]})
    address = str(data_dict.get("email") or "")
    with attempts.inviting(str(context.get("user")), address) as is_too_often:
        if is_too_often:
            said = tk._("This address has got letters already. Invite it again tomorrow")
            raise tk.ValidationError({"email": [said]})
        with _all_or_nothing(address):
            return next_action(context, data_dict)


def _sends_letters() -> bool:
    """Whether CKAN's mail is set up, or a plugin sends letters in its own way."""
    is_set_up = all(map(tk.config.get, ("smtp.server", "smtp.mail_from")))
    return bool(is_set_up) or any(
        plugin.name != _OURS for plugin in p.PluginImplementations(p.INotifier)
    )


@contextmanager
def _all_or_nothing(address: str) -> Iterator[None]:
    """Take back what an invitation has made where it fails.

    :raises ckan.logic.ValidationError: it had made an account, so it failed of its letter
    """
    before = _accounts(address)
    try:
        yield
    except (*_NOT_SENT, tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound, ValueError):
        model.Session.rollback()
        made = _accounts(address) - before
        if not made:
            raise
        log.exception("An invitation was not sent: check the mail's settings")
        for id_ in made:
            _purge(id_)
        model.Session.commit()
        said = tk._("The letter could not be sent, so nobody was invited. Try again later")
        raise tk.ValidationError({"email": [said]}) from None


def _accounts(address: str) -> set[str]:
    query = sa.select(model.User.id).where(
        sa.func.lower(model.User.email) == address.strip().lower()
    )
    return set(model.Session.scalars(query))


def _purge(id_: str) -> None:
    """Delete an account that nobody has used, with its memberships and what noted it."""
    model.Session.execute(sa.delete(model.Member).where(model.Member.table_id == id_))
    if p.plugin_loaded("activity"):
        from ckanext.activity.model import Activity

        model.Session.execute(sa.delete(Activity).where(Activity.object_id == id_))
    model.Session.execute(sa.delete(model.Dashboard).where(model.Dashboard.user_id == id_))
    model.Session.execute(sa.delete(model.User).where(model.User.id == id_))


ACTIONS = {"user_invite": user_invite}
