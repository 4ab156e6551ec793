"""Guessing of passwords is slowed, and nobody can lock another out by it.

Attempts are counted in Redis before the password is looked at, so that many at once are counted,
too. A count begins with its first attempt, holds for a while, and is taken back by a right
password. What an attempt is counted under:

- the browser's own device mark, where a browser has one for the account: it is given to whoever has
  logged in there (OWASP, *Slow Down Online Guessing Attacks with Device Cookies*). Such attempts
  are counted apart from everyone else's, so guesses of others do not touch their owner;
- else the login as it was typed (letters folded) at that address, and the address with all logins:
  the same for an account that is there and one that is not, however its name is written, so that
  being told to wait says nothing of who has an account;
- else, from an address where the account's owner has not logged in before, the account itself with
  all such addresses. When this count is full, the right password is answered as a wrong one: only
  accounts that are there could be told by anything else.

Whoever guesses from many addresses can use the last count up, so there is a way in that no guess
closes: who sets a password by the link of a letter has shown that the mailbox is theirs, and their
browser gets the mark (``views.shared.login_sessions``). Letters are few, so that none takes the one
before it away (``logic.lost_passwords``); questions for them are counted here by address, too.

Redis keeps neither names nor addresses: its keys are keyed digests.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ckanext.leszno_ngo import client_address

#: How long an address is known as the owner's after a login, seconds.
KNOWN_FOR = 90 * 24 * 60 * 60


@dataclass(frozen=True)
class Limit:
    """The most attempts in a while (seconds)."""

    attempts: int
    seconds: int


DEVICE = Limit(10, 15 * 60)
ACCOUNT_AT_ADDRESS = Limit(10, 15 * 60)
ADDRESS = Limit(50, 15 * 60)
ACCOUNT = Limit(100, 60 * 60)
#: Questions for letters from an address, perhaps of a whole office: each is a job.
LETTERS = Limit(20, 10 * 60)
#: Invitations that one person sends to one mailbox.
INVITATIONS = Limit(3, 24 * 60 * 60)


@dataclass(frozen=True)
class Attempt:
    """A try to log in.

    ``account`` is the account's id, or the login where there is no such account; ``login`` what was
    typed, folded; ``address`` is the client's; ``device`` the mark of the browser for this account,
    if it has one.
    """

    account: str
    login: str
    address: str
    device: str | None = None


def folded(login: str) -> str:
    """Give what attempts are counted under, whether there is such an account or not.

    :param login: name or e-mail address as typed
    """
    return unicodedata.normalize("NFKC", login).casefold().strip()


def wait(attempt: Attempt) -> int:
    """Count an attempt and say how long to wait before it.

    :returns: seconds; 0 when the password may be looked at now
    """
    return max(map(_wait, _counts(attempt)))


def is_in_vain(attempt: Attempt) -> bool:
    """Count an attempt on its account, and say whether it fails whatever the password is.

    :param attempt: one that need not wait
    """
    return any(map(_wait, _unseen(attempt)))


def asks_too_often(address: str) -> bool:
    """Count somebody who asks for a letter for a lost password.

    :param address: the client's
    :returns: whether there were too many from there
    """
    return bool(_wait(_Count(_key("letters", client_address.counted(address)), LETTERS)))


@contextmanager
def inviting(account: str, mailbox: str) -> Iterator[bool]:
    """Count an invitation that is sent in the block, unless the block fails.

    :param account: name of who sends it
    :param mailbox: the address that it goes to
    :returns: a context manager that gives whether there were too many to it
    """
    count = _Count(_key("invitations", account, folded(mailbox)), INVITATIONS)
    try:
        yield bool(_wait(count))
    except BaseException:
        connect_to_redis().decr(count.key)
        raise


def _wait(count: _Count) -> int:
    pipe = connect_to_redis().pipeline()
    pipe.set(count.key, 0, ex=count.limit.seconds, nx=True)
    pipe.incr(count.key)
    pipe.ttl(count.key)
    _, number, left = pipe.execute()
    return max(left, 1) if number > count.limit.attempts else 0


def succeeded(attempt: Attempt) -> None:
    """Take the counts of an account back after a right password, and know the address from now on.

    Others' attempts at the same address stay counted.
    """
    forget(attempt)
    connect_to_redis().set(_known(attempt), 1, ex=KNOWN_FOR)


def forget(attempt: Attempt) -> None:
    """Take the counts of an attempt back after a right password."""
    redis = connect_to_redis()
    for count in [*_counts(attempt), *_unseen(attempt)]:
        if count.is_own or redis.decr(count.key) <= 0:
            redis.delete(count.key)


def confirmation(account: str) -> Attempt:
    """Give the attempt of somebody who is logged in and is asked for their password again.

    :param account: the account's id; nobody else can make its attempts
    """
    return Attempt(account, account, "", "confirmation")


@dataclass(frozen=True)
class _Count:
    """A count in Redis; an own one is of one account's attempts from one place."""

    key: str
    limit: Limit
    is_own: bool = False


def _counts(attempt: Attempt) -> Iterator[_Count]:
    if attempt.device:
        yield _Count(_key("device", attempt.account, attempt.device), DEVICE, is_own=True)
        return
    address = client_address.counted(attempt.address)
    yield _Count(_key("pair", attempt.login, address), ACCOUNT_AT_ADDRESS, is_own=True)
    yield _Count(_key("address", address), ADDRESS)


def _unseen(attempt: Attempt) -> Iterator[_Count]:
    if not attempt.device and not connect_to_redis().exists(_known(attempt)):
        yield _Count(_key("account", attempt.account), ACCOUNT)


def _known(attempt: Attempt) -> str:
    return _key("known", attempt.account, client_address.counted(attempt.address))


def _key(kind: str, *parts: str) -> str:
    secret = tk.config["SECRET_KEY"].encode()
    digest = hmac.new(secret, "\0".join((kind, *parts)).encode(), hashlib.sha256).hexdigest()
    return f"ckan:{tk.config['ckan.site_id']}:leszno_ngo:login:{kind}:{digest}"
