"""What makes a register be published again: its records have changed.

Each transaction that changed records leaves, when it is committed, one mark in Redis for each of
their types, and sees to it that one job is waiting; a batch of five hundred records does so once.
The job begins when nothing has changed for a while (``registers.delay``), or when changes have
gone on for ten times as long.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError
from sqlalchemy import event

from ckanext.leszno_ngo import config, record_types

log = logging.getLogger(__name__)

# By its name: it reads what this module keeps.
_JOB = f"{__package__}.job.run"
_CHANGED = "leszno_ngo_changed_types"
#: Changes may go on for so many delays before a register is published all the same.
_PATIENCE = 10
# A job that was lost (a worker was killed, Redis emptied) is not waited for longer than this.
_FORGOTTEN = 3600
# A mark goes when nothing has changed since the register was read; else it begins at that change.
_SETTLE = """
local last = redis.call('HGET', KEYS[2], ARGV[1])
if last and tonumber(last) >= tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], ARGV[1], last)
else
    redis.call('HDEL', KEYS[1], ARGV[1])
    redis.call('HDEL', KEYS[2], ARGV[1])
end
"""


def notice(entity: Any) -> None:
    """Remember that a record is changed by the current transaction.

    :param entity: what ``IDomainObjectModification`` tells of
    """
    if isinstance(entity, model.Package) and record_types.get(entity.type):
        model.Session().info.setdefault(_CHANGED, set()).add(entity.type)


@event.listens_for(model.Session, "after_commit")
def _committed(session: Any) -> None:
    if session.in_nested_transaction():
        return
    changed = session.info.pop(_CHANGED, None)
    if changed and config.registers().auto:
        request(_with_those_that_name(changed))


def _with_those_that_name(types: set[str]) -> set[str]:
    """Add the types whose files have the names of these types' records in them."""
    return types | {one.name for one in record_types.all_types() if types & set(one.named_types)}


@event.listens_for(model.Session, "after_rollback")
def _undone(session: Any) -> None:
    session.info.pop(_CHANGED, None)


def now() -> float:
    """Return the time of the marks: seconds since 1970."""
    return time.time()


def request(types: Iterable[str]) -> None:
    """See to it that registers are published soon, by one job.

    A record is saved though Redis is away: the log says that nobody was told.

    :param types: names of record types
    """
    try:
        redis = connect_to_redis()
        moment = now()
        redis.hset(_key("last"), mapping=dict.fromkeys(types, moment))
        for name in types:
            redis.hsetnx(_key("first"), name, moment)
        if redis.set(_key("waiting"), moment, nx=True, ex=_FORGOTTEN + config.registers().delay):
            _enqueue(config.registers().delay)
    except RedisError as error:
        log.warning("Registers of %s were not asked for: %s", ", ".join(types), error)


def due() -> tuple[dict[str, float], float | None]:
    """Return the types whose registers are to be published now.

    Their marks stay until :func:`settled`: a run that dies has published nothing.

    :returns: names of record types with the moment of this reading, and the seconds until the
        next ones are due, ``None`` when none are waiting
    """
    redis: Any = connect_to_redis()
    delay, moment = config.registers().delay, now()
    redis.delete(_key("waiting"))
    first = {name.decode(): float(value) for name, value in redis.hgetall(_key("first")).items()}
    last = {name.decode(): float(value) for name, value in redis.hgetall(_key("last")).items()}
    taken, waits = {}, []
    for name, began in first.items():
        wait = min(last.get(name, began) + delay, began + _PATIENCE * delay) - moment
        if wait <= 0:
            taken[name] = moment
        else:
            waits.append(wait)
    return taken, min(waits, default=None)


def settled(name: str, moment: float) -> None:
    """Forget the changes of a type that its register has now.

    :param name: the record type
    :param moment: when the register was found due; changes since then ask anew
    """
    redis: Any = connect_to_redis()
    redis.eval(_SETTLE, 2, _key("first"), _key("last"), name, repr(moment))


def look_again(seconds: float) -> None:
    """Have the job run once more after some seconds, whether one is waiting or not.

    Asked for before the work begins, it takes up what a killed run has left.
    """
    _enqueue(seconds)


def wait(seconds: float) -> None:
    """Have the job run again after some seconds, unless one is waiting already."""
    redis = connect_to_redis()
    if redis.set(_key("waiting"), now(), nx=True, ex=_FORGOTTEN + int(seconds)):
        _enqueue(seconds)


def _enqueue(seconds: float) -> None:
    queue = jobs.get_queue()
    queue.enqueue_in(
        dt.timedelta(seconds=max(1, seconds)),
        _JOB,
        job_timeout=max(tk.config["ckan.jobs.timeout"], _FORGOTTEN),
        meta={"title": "Registers as datasets"},
    )


def _key(name: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:leszno_ngo:registers:{name}"
