"""Jobs whose worker is gone: they are ended with a reason, and the next one may start.

Whether a run lives is told by PostgreSQL's lock of its source (``store.source_lock``): it goes with
the worker's connection, however the worker ended. A job that waits for a worker has no lock yet: it
lives while its message is in the queue.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Collection

import redis
from ckanext.harvest import queue

from ckanext.leszno_ngo.harvest import messages, store
from ckanext.leszno_ngo.harvest.model import SourceError
from ckanext.leszno_ngo.harvest.store import OpenJob

log = logging.getLogger(__name__)

# A job is stored first and sent to the queue after that.
_ON_ITS_WAY = dt.timedelta(minutes=1)


def end(source_id: str | None = None, *, unsent: bool = False) -> list[str]:
    """End the jobs that no worker has, and none will get.

    :param source_id: jobs of this source only
    :param unsent: end jobs that were never sent to the queue as well
    :returns: ids of the sources whose jobs were ended
    """
    sources: set[str] = set()
    for job in store.open_jobs(source_id):
        try:
            with store.source_lock(job.source_id):
                ended = _end(job.id, unsent=unsent)
        except SourceError:
            continue  # at work, this job or another one of its source
        if ended:
            sources.add(job.source_id)
    return sorted(sources)


def finish(job_id: str, code: str) -> None:
    """End a job, as aborted where it has no figures; only for who has the source's lock.

    :param job_id: the job
    :param code: why its run ended where nothing has been said yet, a code of ``messages.STOPS``
    """
    if not store.has_outcome(job_id):
        with messages.portal_language():
            store.add_errors(job_id, [messages.stop(SourceError(code))])
    store.release(job_id)
    store.finish_job(job_id)


def correct(job_ids: Collection[str], code: str) -> None:
    """Call jobs aborted that ckanext-harvest has ended as finished and that have no figures.

    :param job_ids: the jobs
    :param code: why they ended where nothing has been said yet, a code of ``messages.STOPS``
    """
    for job_id in store.finished_without_figures(job_ids):
        finish(job_id, code)


def reason(job: OpenJob) -> str:
    """Return why a run ended that has said nothing itself, a code of ``messages.STOPS``.

    :param job: its job, which has begun
    """
    begun = job.gather_started
    return "database_away" if begun and begun < store.server_started() else "interrupted"


def _end(job_id: str, *, unsent: bool) -> bool:
    # Read again: it may have ended before the lock was free.
    job = store.open_job(job_id)
    if job is None:
        return False
    if job.gather_started is None:
        if not _lost(job, unsent=unsent):
            return False
        finish(job.id, "lost")
        store.run_soon(job.source_id)
    elif job.gather_finished is None or store.summary_of(job.id) is None:
        finish(job.id, reason(job))
    else:
        return False  # ended well: ckanext-harvest closes it
    log.warning("Harvest job %s was left behind by its worker and is ended", job.id)
    return True


def _lost(job: OpenJob, *, unsent: bool) -> bool:
    """Tell whether a job that has not begun is in no queue."""
    if store.now() - job.created < _ON_ITS_WAY or (job.status == "New" and not unsent):
        return False
    try:
        return job.id not in _queued()
    except (redis.RedisError, NotImplementedError):
        return False


def _queued() -> set[str]:
    """Return the ids of the jobs in the queue.

    :raises NotImplementedError: the queue is not Redis, and does not say what is in it
    """
    connection = queue.get_connection()
    if not isinstance(connection, redis.Redis):
        raise NotImplementedError
    waiting = connection.lrange(queue.get_gather_routing_key(), 0, -1)
    return {json.loads(message).get("harvest_job_id") for message in waiting}  # type: ignore[union-attr]
