"""A run that asked is confirmed on its page, and holds for exactly what it asked about."""

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest import queue

from ckanext.leszno_ngo.harvest import store
from tests.harvest import fake_server
from tests.harvest.test_jobs import start, sweep, work

NAMES = ("ALFA", "BETA", "GAMMA", "DELTA")
NUMBERS = ("0000000168", "0000000291", "0000000525", "0000031247")


def content(tail=""):
    rows = [
        f"{krs};STOWARZYSZENIE {name}{tail}\n" for krs, name in zip(NUMBERS, NAMES, strict=True)
    ]
    return "KRS;Nazwa\n" + "".join(rows)


@pytest.fixture
def asked(harvest, server, open_network, app):
    """A source that would rename all its records; what serves another file, and what confirms."""
    queue.purge_queues()
    own = {"Authorization": factories.SysadminWithToken()["token"]}
    source = harvest.source(url=server.url + "/rejestr.csv")

    def serve(tail):
        server.files["/rejestr.csv"] = fake_server.answer(content(tail).encode())

    def confirm(job_id):
        page = BeautifulSoup(app.get(f"/harvest/source-1/job/{job_id}", headers=own).body, "lxml")
        form = page.select_one("form[action$='/confirm']")
        answer = app.post(form["action"], headers=own, follow_redirects=False)
        work()
        sweep(harvest)
        return answer.headers["Location"].rpartition("/")[2]

    serve("")
    start(harvest, source)
    work()
    serve(" W LESZNIE")
    job_id = start(harvest, source)
    work()
    sweep(harvest)
    return job_id, serve, confirm


def titles(harvest):
    model.Session.expire_all()
    return {record["legal_name"] for record in harvest.records().values()}


def told(job_id):
    model.Session.rollback()
    return call_action("harvest_job_show", id=job_id)


def test_what_a_person_confirms_on_the_page_goes_in(harvest, asked):
    job_id, _serve, confirm = asked
    assert store.summary_of(job_id)["plan"]
    assert titles(harvest) == {f"STOWARZYSZENIE {name}" for name in NAMES}
    done = confirm(job_id)
    assert done != job_id
    assert titles(harvest) == {f"STOWARZYSZENIE {name} W LESZNIE" for name in NAMES}
    shown = told(done)
    assert shown["status"] == "Finished"
    assert shown["stats"]["updated"] == len(NAMES)
    assert shown["gather_error_summary"] == []


def test_a_source_that_changed_meanwhile_asks_again(harvest, asked):
    job_id, serve, confirm = asked
    serve(" W GOSTYNIU")
    second = confirm(job_id)
    assert titles(harvest) == {f"STOWARZYSZENIE {name}" for name in NAMES}
    assert store.summary_of(second)["plan"] != store.summary_of(job_id)["plan"]
    assert told(second)["gather_error_summary"]
    third = confirm(second)
    assert titles(harvest) == {f"STOWARZYSZENIE {name} W GOSTYNIU" for name in NAMES}
    assert told(third)["gather_error_summary"] == []
