"""Whether a job lives is told by its lock: what its worker left behind is ended with a reason."""

import contextlib
import datetime as dt
import os
import signal

import psycopg2
import pytest
import redis
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest import queue
from ckanext.harvest.logic import HarvestJobExists
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource
from psycopg2 import errors as pg

from ckanext.leszno_ngo.harvest import abandoned, database, jobs, messages, store
from ckanext.leszno_ngo.harvest.model import SourceError
from tests.harvest import fake_server
from tests.harvest.test_interrupted import wait_for_the_end_of

CONTENT = "KRS;Nazwa\n0000000168;STOWARZYSZENIE ALFA\n0000000291;FUNDACJA BETA\n"


@pytest.fixture
def source(harvest, server, open_network):
    queue.purge_queues()
    server.files["/rejestr.csv"] = fake_server.answer(CONTENT.encode())
    return harvest.source(url=server.url + "/rejestr.csv")


def start(harvest, source):
    return call_action("harvest_job_create", {"user": harvest.official}, source_id=source)["id"]


def sweep(harvest):
    """What cron does every few minutes."""
    call_action("harvest_jobs_run", {"user": harvest.official})


def work():
    """What ``ckan harvester gather-consumer`` does, until the queue is empty."""
    consumer = queue.get_gather_consumer()
    for _ in range(10):
        reply = consumer.basic_get(queue="ckan.harvest.gather")
        if reply[2] is None:
            return
        queue.gather_callback(consumer, *reply)


def shown(job_id):
    model.Session.expire_all()
    job = HarvestJob.get(job_id)
    return job.status, [error.message for error in job.gather_errors]


def says(code):
    with messages.portal_language():
        return messages.stop(SourceError(code))


def change(job_id, **values):
    model.Session.execute(
        sa.update(HarvestJob.__table__).where(HarvestJob.id == job_id).values(**values)
    )
    model.Session.commit()


def ago(**time):
    return store.now() - dt.timedelta(**time)


def killed_at_work():
    """Let a worker take the job and be killed in the middle of it."""
    model.Session.remove()
    child = os.fork()
    if child == 0:
        model.meta.engine.dispose(close=False)
        store.remember = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
        with contextlib.suppress(BaseException):
            work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


@pytest.mark.parametrize("mended_by", ["cron", "the next start"])
def test_a_worker_killed_with_the_queue_emptied_blocks_nothing(harvest, source, mended_by):
    dead = start(harvest, source)
    killed_at_work()
    queue.get_connection().flushdb()
    wait_for_the_end_of(source)
    assert shown(dead) == ("Running", [])
    if mended_by == "cron":
        sweep(harvest)
        assert shown(dead) == ("Aborted", [says("interrupted")])
    alive = start(harvest, source)
    assert shown(dead) == ("Aborted", [says("interrupted")])
    work()
    sweep(harvest)
    assert shown(alive) == ("Finished", [])
    assert len(harvest.records()) == 2


def test_a_job_whose_message_was_lost_is_ended_and_a_due_source_starts_again(harvest, source):
    lost = start(harvest, source)
    queue.get_connection().flushdb()
    sweep(harvest)
    assert shown(lost) == ("Running", []), "the message may be on its way"
    change(lost, created=ago(minutes=2))
    HarvestSource.get(source).frequency = "WEEKLY"
    HarvestSource.get(source).next_run = store.now() + dt.timedelta(days=7)
    model.Session.commit()
    sweep(harvest)
    assert shown(lost) == ("Aborted", [says("lost")])
    work()
    sweep(harvest)
    assert len(harvest.records()) == 2


def test_a_job_that_waits_its_turn_is_left_alone(harvest, source):
    waiting = start(harvest, source)
    change(waiting, created=ago(hours=5))
    sweep(harvest)
    assert shown(waiting) == ("Running", [])
    with pytest.raises(HarvestJobExists):
        start(harvest, source)


def test_a_job_at_work_is_left_alone(harvest, source):
    at_work = start(harvest, source)
    with store.source_lock(source):
        change(at_work, gather_started=ago(hours=5), created=ago(hours=5))
        queue.get_connection().flushdb()
        sweep(harvest)
        assert shown(at_work) == ("Running", [])
        with pytest.raises(HarvestJobExists):
            start(harvest, source)


def test_a_job_of_before_the_database_came_back_says_so(harvest, source):
    dead = start(harvest, source)
    work_begun = dt.datetime(2000, 1, 1)
    change(dead, gather_started=work_begun)
    sweep(harvest)
    assert shown(dead) == ("Aborted", [says("database_away")])


def ended_by_hand(harvest, job):
    call_action("harvest_job_abort", {"user": harvest.official}, id=job)


def ended_by_a_fault(harvest, job):
    change(job, gather_started=ago(seconds=5), gather_finished=store.now())
    jobs.ended(job, "fault")
    sweep(harvest)


def ended_in_silence(harvest, job):
    change(job, gather_started=ago(seconds=5), gather_finished=store.now())
    sweep(harvest)


def ended_by_ckanext_harvests_timeout(harvest, job):
    with store.source_lock(HarvestJob.get(job).source_id):
        change(job, gather_started=ago(hours=5), created=ago(hours=5))
        sweep(harvest)


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (ended_by_hand, "cancelled"),
        (ended_by_a_fault, "fault"),
        (ended_in_silence, "interrupted"),
        (ended_by_ckanext_harvests_timeout, ""),
    ],
)
def test_no_job_ends_as_finished_without_its_figures(
    harvest, source, ckan_config, monkeypatch, end, code
):
    monkeypatch.setitem(ckan_config, "ckan.harvest.timeout", "60")
    job = start(harvest, source)
    end(harvest, job)
    status, told = shown(job)
    assert status == "Aborted"
    assert told == [says(code)] if code else len(told) == 1
    assert store.open_jobs(source) == []
    ended_by_hand(harvest, job)
    assert shown(job) == ("Aborted", told), "ckanext-harvest would make it Finished"
    queue.purge_queues()
    again = start(harvest, source)
    work()
    sweep(harvest)
    assert shown(again) == ("Finished", [])


def test_pages_say_why_a_job_was_aborted(app, harvest, source):
    job = start(harvest, source)
    ended_by_hand(harvest, job)
    own = {"Authorization": factories.SysadminWithToken()["token"]}
    pages = {p: app.get(f"/harvest/source-1/{p}", headers=own).body for p in ("job", f"job/{job}")}
    badge = BeautifulSoup(pages["job"], "lxml").select_one(".dataset-heading .badge")
    assert badge.get_text(strip=True) == "Przerwane"
    section = BeautifulSoup(pages[f"job/{job}"], "lxml").select_one("[aria-labelledby=run-aborted]")
    assert says("cancelled") in section.get_text()


def raising(error):
    def fail(*_args):
        raise error

    return fail


def lacking(error):
    return sa.exc.OperationalError("INSERT …", {}, error)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (lacking(pg.DiskFull("nie można rozszerzyć pliku")), "database_full"),
        (lacking(psycopg2.OperationalError("could not extend file")), "database_full"),
        (lacking(pg.TooManyConnections("zbyt wielu klientów")), "database_busy"),
        (lacking(psycopg2.OperationalError("sorry, too many clients already")), "database_busy"),
        (sa.exc.TimeoutError("QueuePool limit of size 5 overflow 10 reached"), "database_busy"),
        (lacking(psycopg2.OperationalError("server closed the connection")), "database_away"),
    ],
)
def test_what_the_database_lacks_is_told(error, code):
    assert database.stop(error).code == code


def test_a_job_says_what_the_database_lacks(harvest, source, monkeypatch):
    """Wherever in a run the database fails."""
    full = lacking(pg.DiskFull("could not extend file"))
    busy = lacking(psycopg2.OperationalError("sorry, too many clients already"))
    fails = [("remember", full, "database_full"), ("begin_job", busy, "database_busy")]
    for step, error, code in fails:
        with monkeypatch.context() as patch:
            patch.setattr(store, step, raising(error))
            harvest.run(source)
        (told,) = harvest.job()["gather_error_summary"]
        assert told["message"] == says(code)
    assert harvest.run(source).added == 2


def test_a_database_away_at_the_end_is_waited_for(harvest, source, monkeypatch):
    waited, original, calls = [], store.add_summary, []

    def away(*args):
        calls.append(1)
        if len(calls) < 3:
            raise sa.exc.OperationalError("", {}, Exception())
        return original(*args)

    monkeypatch.setattr(jobs, "_wait", waited.append)
    monkeypatch.setattr(store, "add_summary", away)
    job = start(harvest, source)
    work()
    sweep(harvest)
    assert shown(job) == ("Finished", [])
    assert waited == [1, 2]
    assert store.summary_of(job)["added"] == 2


def test_a_database_that_stays_away_costs_no_memory_of_the_source(harvest, source, monkeypatch):
    """ckanext-harvest deletes a job's objects when the gather stage raises."""

    def away(*_args, **_keywords):
        raise sa.exc.OperationalError("", {}, Exception())

    job = start(harvest, source)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_wait", lambda _seconds: None)
        patch.setattr(store, "add_summary", away)
        patch.setattr(store, "add_errors", away)
        work()
    assert model.Session.query(HarvestObject).filter_by(current=True).count() == 2
    sweep(harvest)
    assert shown(job) == ("Aborted", [says("interrupted")])


def test_a_queue_that_is_away_leaves_nothing_behind(harvest, source, monkeypatch):
    def away(*_args, **_keywords):
        raise redis.ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(queue.RedisPublisher, "send", away)
        with pytest.raises(tk.ValidationError) as refused:
            start(harvest, source)
    assert refused.value.error_dict["message"] == [says("queue_away")]
    (job,) = model.Session.query(HarvestJob).filter_by(source_id=source)
    assert shown(job.id) == ("Aborted", [says("queue_away")])
    start(harvest, source)
    work()
    assert len(harvest.records()) == 2


def test_a_job_that_was_never_sent_blocks_nothing(harvest, source):
    unsent = call_action("harvest_job_create", source_id=source, run=False)["id"]
    change(unsent, created=ago(minutes=2))
    start(harvest, source)
    assert shown(unsent) == ("Aborted", [says("lost")])


def test_a_job_that_was_ended_before_its_turn_is_not_run(harvest, source):
    job = start(harvest, source)
    call_action("harvest_job_abort", {"user": harvest.official}, id=job)
    work()
    assert harvest.records() == {}


def test_the_sweep_leaves_sources_of_other_harvesters_alone(harvest, source):
    dead = start(harvest, source)
    change(dead, gather_started=ago(hours=1))
    HarvestSource.get(source).type = "ckan"
    model.Session.commit()
    assert abandoned.end() == []
    assert shown(dead) == ("Running", [])
