"""What is typed into a form is kept for its account until it is saved, discarded or days old.

It is kept in Redis: it is no record yet, nobody else sees it and it makes no activity. A form says
whose it is by a signed mark in it (``Opening``), which holds beyond the session that it was opened
in: what is sent after the session's end is kept for the account that typed it, and for no other.
An opening that goes on (with what was kept, or after an error) keeps its number, so that two tabs
with the same form do not take each other's text away.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from itsdangerous import BadData, URLSafeTimedSerializer

from ckanext.leszno_ngo import config

_DAY = 24 * 60 * 60
#: The most that is kept of one form, in bytes of JSON.
MOST_BYTES = 400_000
#: The most forms that are kept for one account; the oldest go.
MOST_FORMS = 20
#: What a form is about that makes something new, where others have an id.
NEW = "new"
#: The control of a form that says whose it is.
CONTROL = "form_opening"
# What the page of a saved form had sent before, and arrives late, would come back as unsaved.
_SAVED_FOR = 2 * 60
# Behind what a form says of itself stands when its page has sent it (assets/js/kept.js).
_AT = "~"
_LONGEST_AT = 15
# How long browsers are told of it; the next page does it.
_TOLD_FOR = 60 * 60
_KEEP = """
local saved = redis.call('GET', KEYS[3])
if redis.call('EXISTS', KEYS[4]) == 1 or (saved and tonumber(ARGV[5]) <= tonumber(saved)) then
    return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], KEYS[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])
local old = redis.call('ZRANGE', KEYS[2], 0, -1 - ARGV[4])
for _, key in ipairs(old) do
    redis.call('DEL', key)
    redis.call('ZREM', KEYS[2], key)
end
return 1
"""

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Opening:
    """A form that an account has opened.

    :param account: the account's id
    :param form: which form: a record type's name, or another name of ``views.shared.kept_forms``
    :param subject: id of what it is about, or ``NEW``
    :param number: tells openings of one form apart
    :param at: when its page has sent it, in milliseconds of the browser's clock; 0 where it did
        not say
    """

    account: str
    form: str
    subject: str
    number: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    at: int = field(default=0, compare=False)

    @property
    def signed(self) -> str:
        """What the form has in it, and nobody can make who does not know the portal's secret."""
        said = [self.account, self.form, self.subject, self.number]
        text = _signer().dumps(said)
        return text.decode() if isinstance(text, bytes) else text


@dataclass(frozen=True)
class Kept:
    """What was typed, as the browser would send it, and when (with a time zone)."""

    opening: Opening
    at: dt.datetime
    fields: Fields

    def value(self, name: str) -> str:
        """Return what was typed into a control, empty for none."""
        return dict(self.fields).get(name, "")


def kept_for() -> int:
    """Return for how many seconds a text is kept, and a form that was opened may send one."""
    return config.retention().kept_forms * _DAY


def opening(signed: str | None) -> Opening | None:
    """Read what a form says of itself; ``None`` where the portal has not said it, or long ago."""
    text, _, at = (signed or "").partition(_AT)
    try:
        said = _signer().loads(text, max_age=kept_for())
    except BadData:
        return None
    is_moment = at.isascii() and at.isdigit() and len(at) <= _LONGEST_AT
    return Opening(*said, at=int(at) if is_moment else 0)


def keep(form: Opening, fields: Iterable[tuple[str, str]]) -> bool:
    """Keep what was typed, in place of what was kept of this form before.

    :param form: as read from the form itself
    :param fields: names and values of its controls, without those of the form's own workings
    :returns: whether it is kept; not where it is too large, sent before the form was saved, or the
        account is erased
    """
    now = dt.datetime.now(dt.timezone.utc)
    # Texts stay readable: an erasure looks for a person's data here, too.
    text = json.dumps({"at": now.isoformat(), "fields": list(fields)}, ensure_ascii=False)
    if len(text.encode()) > MOST_BYTES:
        return False
    keys = [_key(form), _index(form.account), f"{_key(form)}:saved", _erased(form.account)]
    values = [text, kept_for(), now.timestamp(), MOST_FORMS, form.at]
    return bool(connect_to_redis().eval(_KEEP, len(keys), *keys, *values))


def find_kept_form(form: Opening) -> Kept | None:
    """Return what is kept of an opening."""
    return _read(form, connect_to_redis().get(_key(form)))


def kept_of(account: str, form: str, subject: str) -> list[Kept]:
    """Return what is kept of all openings of a form, the latest first.

    :param account: its id
    :param form: as of :class:`Opening`
    :param subject: as of :class:`Opening`
    """
    redis = connect_to_redis()
    beginning = _key(Opening(account, form, subject, ""))
    keys: list[Any] = redis.zrevrange(_index(account), 0, -1)
    names = [key.decode() for key in keys]
    numbers = [name[len(beginning) :] for name in names if name.startswith(beginning)]
    openings = [Opening(account, form, subject, number) for number in numbers]
    if not openings:
        return []
    texts: list[Any] = redis.mget([_key(one) for one in openings])
    found = [_read(one, text) for one, text in zip(openings, texts, strict=True)]
    return [one for one in found if one]


def _read(form: Opening, text: Any) -> Kept | None:
    if not text:
        return None
    said = json.loads(text)
    fields = tuple((name, value) for name, value in said["fields"])
    return Kept(form, dt.datetime.fromisoformat(said["at"]), fields)


def discard(form: Opening) -> None:
    """Forget what is kept of an opening; it may still keep what is typed from now on."""
    pipe = connect_to_redis().pipeline()
    pipe.delete(_key(form))
    pipe.zrem(_index(form.account), _key(form))
    pipe.execute()


def saved(form: Opening) -> None:
    """Forget what is kept of a form that was saved, and what its page had sent before.

    What is typed into it later, when somebody has gone back to it, is kept again.
    """
    numbers = _saved(form.account)
    at = form.at or int(dt.datetime.now(dt.timezone.utc).timestamp() * 1000)
    pipe = connect_to_redis().pipeline()
    pipe.set(f"{_key(form)}:saved", at, ex=_SAVED_FOR)
    pipe.lpush(numbers, f"{form.number}{_AT}{at}")
    pipe.ltrim(numbers, 0, MOST_FORMS - 1)
    pipe.expire(numbers, _TOLD_FOR)
    pipe.execute()
    discard(form)


def just_saved(account: str) -> list[str]:
    """Return which forms an account has saved of late, for browsers to forget.

    They are not in its session: a request of a script at the same time would write an older one.

    :param account: its id
    :returns: ``number~moment``: what was typed into the form up to that moment (as
        ``Opening.at``) is saved
    """
    numbers: list[Any] = connect_to_redis().lrange(_saved(account), 0, -1)
    return [number.decode() for number in numbers]


def erase(account: str) -> None:
    """Forget everything of an account, and keep nothing that its open forms may send.

    :param account: its id
    """
    redis = connect_to_redis()
    redis.set(_erased(account), 1, ex=kept_for())
    keys: list[Any] = redis.zrange(_index(account), 0, -1)
    redis.delete(_index(account), _saved(account), *keys)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(tk.config["SECRET_KEY"], salt="leszno_ngo_form_opening")


def _index(account: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:leszno_ngo:kept_forms:{account}"


def _key(form: Opening) -> str:
    return f"{_index(form.account)}:{form.form}:{form.subject}:{form.number}"


def _saved(account: str) -> str:
    return f"{_index(account)}:numbers_saved"


def _erased(account: str) -> str:
    return f"{_index(account)}:erased"
