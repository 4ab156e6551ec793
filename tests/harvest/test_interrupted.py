"""Runs that were killed, or lost the index or the database: the next one ends in the same state."""

import contextlib
import os
import signal

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection
from ckanext.harvest.model import HarvestObject

from ckanext.leszno_ngo.catalogue import advisory_lock, batch, index_documents
from ckanext.leszno_ngo.harvest import doubts, store
from tests.identifiers import krs

ROWS = [f"{krs()};STOWARZYSZENIE {name}\n" for name in ("ALFA", "BETA", "GAMMA", "DELTA", "ALFA")]
FIRST = "KRS;Nazwa\n" + "".join(ROWS)
CHANGED = FIRST.replace("BETA", "OMEGA").replace("GAMMA", "TAU").replace("DELTA", "SIGMA")
VARYING = ("metadata_created", "metadata_modified", "id", "creator_user_id")


@pytest.fixture
def small_batches(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.harvest.batch_size", 2)
    # three of five names change, which is what these tests are about
    monkeypatch.setattr(doubts, "check", lambda *_args: None)


@pytest.fixture
def start_over(harvest, reset_db, reset_index):
    """Empty everything."""
    from ckan.tests import factories

    def empty():
        model.Session.rollback()
        reset_db()
        reset_index()
        harvest.official = factories.Sysadmin()["name"]

    return empty


def state(harvest):
    """Return the whole catalogue, index and memory, but for ids and times."""
    records = {
        key: {k: v for k, v in record.items() if k not in VARYING and k != "sources"}
        for key, record in harvest.records().items()
    }
    provenance = {
        key: [entry["fields"] for entry in record["sources"]]
        for key, record in harvest.records().items()
    }
    found = make_connection().search("*:*", fq="dataset_type:ngo", rows=100)
    kept = ("name", "title", "krs", "legal_name", "title_string", "permission_labels", "text_fold")
    index = {doc["name"]: {k: doc.get(k) for k in kept} for doc in found.docs}
    objects = model.Session.query(HarvestObject).filter_by(current=True)
    memory = {o.guid: (o.content, o.state) for o in objects}
    model.Session.rollback()
    return {"records": records, "provenance": provenance, "index": index, "memory": memory}


@pytest.fixture
def uninterrupted(harvest, start_over, small_batches):
    """The state after a first run and a run with changes, of which nothing came between."""
    source = harvest.source()
    harvest.run(source, FIRST)
    first = state(harvest)
    assert len(first["index"]) == 5
    harvest.run(source, CHANGED)
    second = state(harvest)
    start_over()
    return {FIRST: first, CHANGED: second}


def wait_for_the_end_of(source_id):
    """Wait until PostgreSQL has noticed that the killed process is gone."""
    key = (sa.literal(advisory_lock.HARVEST), sa.func.hashtext(source_id))
    with model.meta.engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(*key)))
        connection.execute(sa.select(sa.func.pg_advisory_unlock(*key)))


def killed(harvest, source, content, module, name, call):
    """Run in a child process that kills itself at a call of a function."""
    model.Session.remove()
    child = os.fork()
    if child == 0:
        model.meta.engine.dispose(close=False)
        original, calls = getattr(module, name), []

        def die(*args, **keywords):
            calls.append(1)
            if len(calls) == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **keywords)

        setattr(module, name, die)
        with contextlib.suppress(BaseException):
            harvest.run(source, content)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the run ended before it was to be killed"
    assert os.WTERMSIG(status) == signal.SIGKILL
    wait_for_the_end_of(source)


POINTS = [
    (index_documents, "send", 1, "the first batch is stored, not indexed"),
    (index_documents, "send", 2, "the first batch is stored and sent, the second stored"),
    (store, "remember", 2, "in the middle of the second transaction"),
    (batch, "commit_index", 1, "all is stored and sent, nothing visible"),
    (store, "complete", 1, "all is done and not noted"),
    (store, "add_summary", 1, "only the job's end is missing"),
]


@pytest.mark.parametrize(("module", "name", "call", "_why"), POINTS, ids=[p[3] for p in POINTS])
@pytest.mark.parametrize("content", [FIRST, CHANGED], ids=["first", "changes"])
def test_a_run_killed_anywhere_is_made_good(
    harvest, uninterrupted, small_batches, module, name, call, _why, content
):
    source = harvest.source()
    if content is CHANGED:
        harvest.run(source, FIRST)
    killed(harvest, source, content, module, name, call)
    report = harvest.run(source, content)
    assert report.stop is None
    assert state(harvest) == uninterrupted[content]


def test_the_killed_runs_job_is_ended_and_says_why(harvest, small_batches):
    from ckanext.harvest.model import HarvestJob

    source = harvest.source()
    killed(harvest, source, FIRST, store, "remember", 2)
    harvest.run(source, FIRST)
    dead, alive = model.Session.query(HarvestJob).order_by(HarvestJob.created)
    assert (dead.status, alive.status) == ("Aborted", "Finished")
    assert len(dead.gather_errors) == 1
    assert len(alive.gather_errors) == 0


def test_the_index_may_be_away_for_a_while(
    harvest, uninterrupted, small_batches, ckan_config, monkeypatch
):
    source = harvest.source()
    with monkeypatch.context() as away:
        away.setitem(ckan_config, "solr_url", "http://127.0.0.1:1/solr/nothing")
        report = _run_without_page(harvest, source, FIRST)
    assert report.stop.code == "not_indexed"
    assert harvest.run(source, FIRST).stop is None
    assert state(harvest) == uninterrupted[FIRST]


def test_the_index_may_go_away_at_the_very_end(
    harvest, uninterrupted, small_batches, ckan_config, monkeypatch
):
    source = harvest.source()
    commit = batch.commit_index

    def away_now():
        monkeypatch.setitem(ckan_config, "solr_url", "http://127.0.0.1:1/solr/nothing")
        commit()

    with monkeypatch.context() as patch:
        url = ckan_config["solr_url"]
        patch.setattr(batch, "commit_index", away_now)
        report = _run_without_page(harvest, source, FIRST)
    ckan_config["solr_url"] = url
    assert report.stop.code == "not_indexed"
    assert report.added == 5
    assert harvest.run(source, FIRST).stop is None
    assert state(harvest) == uninterrupted[FIRST]


def _run_without_page(harvest, source, content):
    """Run without the indexing of the source's own page, which needs Solr too."""
    from ckanext.harvest.model import HarvestSource

    from ckanext.leszno_ngo.harvest import jobs

    file = harvest.folder / "source.csv"
    file.write_text(content, encoding="utf-8")
    job_id = store.start_job(source)
    report = jobs.perform(HarvestSource.get(source), job_id, file=file)
    store.finish_job(job_id)
    return report


def test_the_database_may_be_away_for_a_while(harvest, uninterrupted, small_batches, monkeypatch):
    source = harvest.source()
    original, calls = store.remember, []

    def cut_off(*args, **keywords):
        calls.append(1)
        if len(calls) == 2:
            _end_all_connections()
        return original(*args, **keywords)

    with monkeypatch.context() as patch:
        patch.setattr(store, "remember", cut_off)
        report = _run_without_page(harvest, source, FIRST)
    assert report.stop.code == "database_away"
    assert len(harvest.records()) == 2
    assert harvest.run(source, FIRST).stop is None
    assert state(harvest) == uninterrupted[FIRST]


def _end_all_connections():
    engine = sa.create_engine(model.meta.engine.url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
