"""The harvesters as ckanext-harvest runs and shows them."""

import json

import pytest
from ckan import model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.harvest import queue, utils
from ckanext.harvest.interfaces import IHarvester
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.leszno_ngo.harvest import run, settings, store
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS
from tests.harvest import fake_server

CONTENT = "KRS;Nazwa\n0000000168;STOWARZYSZENIE ALFA\n0000000291;FUNDACJA BETA\n"


@pytest.fixture
def source(harvest, server, open_network):
    server.files["/rejestr.csv"] = fake_server.answer(CONTENT.encode())
    return harvest.source(url=server.url + "/rejestr.csv")


def jobs_of(source):
    model.Session.expire_all()
    return model.Session.query(HarvestJob).filter_by(source_id=source).order_by("created").all()


# ---------------------------------------------------------------------------------- ends well
def test_run_test_ends_well_twice(harvest, source):
    utils.run_test_harvester(source, None)
    utils.run_test_harvester(source, None)
    assert [job.status for job in jobs_of(source)] == ["Finished", "Finished"]
    assert len(harvest.records()) == 2
    shown = call_action("harvest_source_show", id=source)
    assert shown["source_type"] == "leszno_ngo_register"
    assert shown["frequency"] == "MANUAL"
    assert shown["status"]["job_count"] == 2
    assert shown["status"]["last_job"]["stats"]["not modified"] == 2


def consume_gather_queue():
    """What ``ckan harvester gather-consumer`` does, until the queue is empty."""
    consumer = queue.get_gather_consumer()
    while True:
        reply = consumer.basic_get(queue="ckan.harvest.gather")
        if reply[2] is None:
            return
        queue.gather_callback(consumer, *reply)


def test_the_queue_ends_well(harvest, source):
    queue.purge_queues()
    for expected in ({"added": 2}, {"not modified": 2}):
        job = call_action("harvest_job_create", source_id=source, run=True)
        consume_gather_queue()
        call_action("harvest_jobs_run", {"user": harvest.official})
        shown = call_action("harvest_job_show", id=job["id"])
        assert shown["status"] == "Finished"
        assert shown["finished"]
        assert {name: n for name, n in shown["stats"].items() if n} == expected
    assert model.Session.query(HarvestObject).filter_by(state="WAITING").count() == 0


@pytest.mark.parametrize("ending", [KeyboardInterrupt, RuntimeError])
def test_a_run_that_ends_early_forgets_nothing(harvest, source, monkeypatch, ending):
    """ckanext-harvest deletes a job's objects when the gather stage raises."""
    batch, seen = run.batch.write, []

    def stop(*args, **keywords):
        if seen:
            raise ending
        seen.append(1)
        return batch(*args, **keywords)

    with monkeypatch.context() as patch:
        patch.setitem(tk.config, "ckanext.leszno_ngo.harvest.batch_size", 1)
        patch.setattr(run.batch, "write", stop)
        utils.run_test_harvester(source, None)
    (job,) = jobs_of(source)
    assert job.status == "Aborted"
    assert len(job.gather_errors) == 1
    assert model.Session.query(HarvestObject).filter_by(current=True).count() == 1
    utils.run_test_harvester(source, None)
    assert len(harvest.records()) == 2
    assert [job.status for job in jobs_of(source)] == ["Aborted", "Finished"]


def test_a_job_without_an_index_ends_and_the_next_one_puts_its_records_in(
    harvest, source, monkeypatch
):
    from ckanext.leszno_ngo.catalogue import index_documents

    sent = index_documents.send
    with monkeypatch.context() as patch:
        patch.setattr(index_documents, "send", lambda made, **_: [d["id"] for d in made])
        utils.run_test_harvester(source, None)
    (job,) = jobs_of(source)
    assert job.status == "Finished"
    assert len(job.gather_errors) == 1
    assert call_action("package_search", fq="dataset_type:ngo")["count"] == 0
    assert index_documents.send is sent
    utils.run_test_harvester(source, None)
    assert call_action("package_search", fq="dataset_type:ngo")["count"] == 2


def test_a_source_that_is_away_ends_the_job_with_one_clear_error(source, server):
    server.order("/rejestr.csv", fake_server.status(404))
    utils.run_test_harvester(source, None)
    (job,) = jobs_of(source)
    assert job.status == "Finished"
    (error,) = job.gather_errors
    assert "404" in error.message
    assert server.url in error.message


def test_importing_again_changes_nothing(harvest, source):
    utils.run_test_harvester(source, None)
    before = harvest.records()
    call_action("harvest_objects_import", {"user": harvest.official}, source_id=source)
    assert harvest.records() == before


def test_a_run_beside_another_ends_its_job_and_says_why(source):
    with store.source_lock(source):
        utils.run_test_harvester(source, None)
    (job,) = jobs_of(source)
    assert job.status == "Finished"
    assert len(job.gather_errors) == 1


def test_a_source_can_be_made_by_ckanext_harvests_command(harvest):
    """On CKAN 2.12 this ends in an AttributeError without our indexing of sources."""
    told = utils.create_harvest_source(
        "made", "http://example.com/list.csv", "leszno_ngo_opp", config='{"tax_year": 2024}'
    )
    assert "made" in told
    call_action("harvest_sources_reindex", {"user": harvest.official})
    assert call_action("harvest_source_show", id="made")["source_type"] == "leszno_ngo_opp"


# ---------------------------------------------------------------------------------- pages
def test_the_pages_show_sources_jobs_counts_and_errors(app, harvest, source, server):
    bad = CONTENT + "0000000999;\n"
    server.files["/rejestr.csv"] = fake_server.answer(bad.encode())
    utils.run_test_harvester(source, None)
    headers = {"Authorization": _token(harvest.official)}
    (job,) = jobs_of(source)
    page = app.get(f"/harvest/{source}/job/{job.id}", headers=headers)
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert 'data-diff="added">2' in "".join(text.split())
    assert 'data-diff="error">1' in "".join(text.split())
    assert "Row 4" in text or "Wiersz 4" in text
    assert app.get(f"/harvest/admin/{source}", headers=headers).status_code == 200
    listing = app.get("/harvest", headers=headers)
    assert "Source 1" in listing.get_data(as_text=True)
    objects = model.Session.query(HarvestObject.id).filter_by(current=True).all()
    shown = app.get(f"/harvest/object/{objects[0][0]}", headers=headers)
    assert json.loads(shown.get_data(as_text=True))["krs"] in {"0000000168", "0000000291"}


def _token(user):
    return call_action("api_token_create", {"user": user}, user=user, name="t")["token"]


# ---------------------------------------------------------------------------------- the form
def harvesters():
    return {
        h.kind: h for h in p.PluginImplementations(IHarvester) if getattr(h, "kind", "")
    }  # fmt: skip


@pytest.mark.usefixtures("with_plugins")
def test_every_kind_has_a_harvester():
    assert set(harvesters()) == set(SOURCE_KINDS)
    for kind, harvester in harvesters().items():
        info = harvester.info()
        assert info["name"] == f"leszno_ngo_{kind}"
        assert info["title"]
        assert info["description"]


@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("opp", '{"tax_year": "soon"}', "tax_year"),
        ("opp", '{"tax_year": 1999}', "2003"),
        ("opp", '{"colour": 1}', "colour"),
        ("opp", "{tax_year: 2024}", "JSON"),
        ("opp", "[]", "{"),
        ("register", '{"columns": {"Nr": 1}}', "columns"),
        ("register", '{"licence": "mine"}', "cc-by"),
        ("register", '{"owner_org": "nobody"}', "owner_org"),
        ("register", '{"legal_form": "klub"}', "legal_form"),
        ("register", '{"max_vanished_share": 20}', "max_vanished_share"),
        ("register", '{"priority": true}', "priority"),
        ("register", '{"national": "no"}', "national"),
        ("krs", '{"mode": "sometimes"}', "bulletin"),
        ("krs", '{"base_url": "ftp://x"}', "base_url"),
        ("krs", '{"min_interval": -1}', "min_interval"),
        ("ckan", '{"record_type": "ufo"}', "ngo"),
    ],
)
def test_a_wrong_configuration_is_refused_when_the_source_is_saved(harvest, kind, config, named):
    with pytest.raises(tk.ValidationError) as error:
        call_action(
            "harvest_source_create",
            {"user": harvest.official},
            name="wrong",
            url="http://example.com",
            source_type=f"leszno_ngo_{kind}",
            config=config,
        )
    (message,) = error.value.error_dict["config"]
    assert named in message


def test_a_right_configuration_is_kept(harvest):
    config = {"tax_year": 2024, "title": "Wykaz OPP", "licence": "cc-zero", "national": True}
    source = harvest.source("opp", **config)
    assert settings.parse("opp", _stored(source)) == settings.Settings(
        "opp",
        "ngo",
        priority=10,
        title="Wykaz OPP",
        licence="cc-zero",
        options={"national": True, "tax_year": 2024},
    )
    assert settings.parse("opp", None) == settings.Settings(
        "opp", "ngo", priority=10, options={"national": False, "tax_year": None}
    )


def _stored(source):
    from ckanext.harvest.model import HarvestSource

    return HarvestSource.get(source).config
