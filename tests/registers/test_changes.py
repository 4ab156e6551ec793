"""One job after changes: asked for once, run when changes have come to rest."""

import time
from unittest import mock

import pytest
from ckan import model
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis
from redis.exceptions import ConnectionError as RedisAway
from rq.registry import ScheduledJobRegistry

from ckanext.leszno_ngo import config, record_types
from ckanext.leszno_ngo.catalogue import batch
from ckanext.leszno_ngo.registers import changes, job, lock
from tests.cooperation import records
from tests.registers import shown

pytestmark = pytest.mark.usefixtures("city", "quiet")

DELAY = 60


@pytest.fixture
def quiet(city):
    """Nothing waits to be published."""
    for name in ("first", "last", "waiting"):
        connect_to_redis().delete(changes._key(name))
    for one in waiting_jobs():
        one.delete()


@pytest.fixture
def clock():
    """The clock of the marks; `clock(seconds)` moves it on."""
    with mock.patch.object(changes, "now", return_value=time.time()) as now:

        def move(seconds):
            now.return_value += seconds

        yield move


def waiting_jobs():
    registry = ScheduledJobRegistry(queue=jobs.get_queue())
    found = [jobs.get_queue().fetch_job(id_) for id_ in registry.get_job_ids()]
    return [one for one in found if one and one.func_name.endswith("registers.job.run")]


def asked():
    return sorted(name.decode() for name in connect_to_redis().hkeys(changes._key("first")))


def test_a_change_asks_for_its_register_once(grant):
    grant()
    grant()
    assert asked() == ["grant"]
    assert len(waiting_jobs()) == 1


def test_a_batch_of_records_asks_once():
    given = {"type": "grant", "owner_org": records.organisation(), **records.SMALL["grant"]}
    made = [batch.Write({**given, "title": f"Dotacja {n}"}) for n in range(20)]
    with mock.patch.object(changes, "request", wraps=changes.request) as request:
        outcomes = batch.write(made)
    assert {one.status for one in outcomes} == {"created"}
    request.assert_called_once()
    assert len(waiting_jobs()) == 1


def test_registers_that_have_the_names_of_a_record_are_asked_for_too(ngo_factory):
    ngo_factory()
    assert {"ngo", "grant", "partnership"} <= set(asked())
    assert "programme" not in asked()


def test_other_datasets_ask_for_nothing():
    from ckan.tests import factories

    factories.Dataset()
    assert asked() == []


def test_what_is_rolled_back_asks_for_nothing(grant):
    package = model.Package.get(grant()["id"])
    connect_to_redis().delete(changes._key("first"))
    package.title = "Nigdy"
    model.Session.flush()
    changes.notice(package)
    model.Session.rollback()
    model.Session.commit()
    assert asked() == []


def test_it_can_be_turned_off(grant, ckan_config):
    with mock.patch.dict(ckan_config, {"ckanext.leszno_ngo.registers.auto": False}):
        grant()
    assert asked() == []


def test_a_record_is_saved_though_redis_is_away(grant):
    with mock.patch.object(changes, "connect_to_redis", side_effect=RedisAway("away")):
        record = grant()
    assert model.Package.get(record["id"]).state == "active"


def test_the_job_publishes_when_changes_have_come_to_rest(grant, clock):
    grant(title="Pierwsza")
    clock(DELAY - 5)
    job.run()
    assert model.Package.get(shown.NAME) is None
    assert len(waiting_jobs()) == 2  # the one that is running now, and the next
    clock(10)
    job.run()
    assert shown.titles(shown.resources()["csv"]) == ["Pierwsza"]
    assert asked() == []


def test_changes_without_end_are_published_all_the_same(grant, clock):
    for number in range(12):
        grant(title=f"Dotacja {number}")
        clock(DELAY - 1)
    taken, wait = changes.due()
    assert (list(taken), wait) == (["grant"], None)


def test_a_change_while_the_job_runs_asks_anew(grant, clock):
    grant()
    clock(DELAY)
    taken, _ = changes.due()
    assert list(taken) == ["grant"]
    grant(title="W trakcie")
    changes.settled("grant", taken["grant"])
    assert asked() == ["grant"]
    assert len(waiting_jobs()) == 2
    clock(DELAY)
    taken, _ = changes.due()
    changes.settled("grant", taken["grant"])
    assert asked() == []


def test_a_run_that_is_killed_is_taken_up_by_the_next(grant, clock):
    grant()
    clock(DELAY)
    before = len(waiting_jobs())
    with mock.patch.object(job, "publish", side_effect=SystemExit), pytest.raises(SystemExit):
        job.run()
    assert asked() == ["grant"]
    assert len(waiting_jobs()) == before + 1
    clock(DELAY)
    job.run()
    assert model.Package.get(shown.NAME) is not None
    assert asked() == []


def test_a_job_that_fails_comes_again(grant, clock):
    grant()
    clock(DELAY)
    with lock.register_lock("grant"):
        job.run()
    assert model.Package.get(shown.NAME) is None
    assert asked() == ["grant"]
    clock(DELAY)
    job.run()
    assert model.Package.get(shown.NAME) is not None


def test_one_register_that_fails_does_not_keep_the_others(grant):
    grant()
    records.create("event")
    told = {}
    with lock.register_lock("event"):
        well = job.publish_all(
            [record_types.get("event"), record_types.get("grant")],
            tell=lambda record_type, outcome: told.update({record_type.name: outcome}),
        )
    assert not well
    assert told["event"].code == "busy"
    assert told["grant"].status == "created"


def test_the_delay_is_an_option(grant, clock, ckan_config):
    assert config.registers().delay == DELAY
    with mock.patch.dict(ckan_config, {"ckanext.leszno_ngo.registers.delay": 5}):
        grant()
        clock(6)
        assert list(changes.due()[0]) == ["grant"]
