"""Secrets of sources are kept apart, of every kind of source, and harvests go on with them."""

import json
import logging

import ckan.plugins as p
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest import queue
from ckanext.harvest.interfaces import IHarvester
from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestSource

from ckanext.leszno_ngo.harvest import kept_secrets, moved_secrets
from ckanext.leszno_ngo.harvest.secret_options import STANDS_FOR
from tests.cooperation import records

SECRET, OTHER = "TAJNE-haslo-1", "TAJNE-haslo-2"
URL = "https://dane.example.org/api"
OPTIONS = {"api_key": SECRET, "opcje": {"headers": {"Authorization": f"Bearer {OTHER}"}}, "n": 1}
log = logging.getLogger("obcy")


class ForeignHarvester(p.SingletonPlugin):
    """A harvester of another extension: logs and reports all that it knows."""

    p.implements(IHarvester)
    seen: list = []

    def info(self):
        return {"name": "obcy", "title": "Obcy", "description": ""}

    def validate_config(self, config):
        return config

    def gather_stage(self, job):
        model.Session.commit()  # what is expired is read again
        self.seen.append((job.source.url, job.source.config))
        log.warning("fetching %s with %s", job.source.url, job.source.config)
        HarvestGatherError.create(message=f"{job.source.config} {SECRET}", job=job)
        try:
            int(SECRET)
        except ValueError:
            log.exception("failed")
        return []

    def fetch_stage(self, _harvest_object):
        return True

    def import_stage(self, _harvest_object):
        return True


pytestmark = pytest.mark.with_plugins({"obcy_harvester": ForeignHarvester})


@pytest.fixture
def city(harvest):
    editor = factories.User()["name"]
    unit = factories.Organization(users=[{"name": editor, "capacity": "editor"}])
    return harvest, editor, unit["id"]


def save(user, unit, **given):
    data = {"name": "obce", "title": "Obce", "url": URL, "source_type": "obcy", "owner_org": unit}
    data = {**data, "frequency": "MANUAL", "config": json.dumps(OPTIONS), **given}
    action = "harvest_source_update" if "id" in given else "harvest_source_create"
    return tk.get_action(action)({"user": user}, data)


def everything_but_the_secrets():
    """Every row of every table but the one where secrets are kept, as a text."""
    texts = []
    for name in sa.inspect(model.meta.engine).get_table_names():
        if name != "leszno_ngo_source_secret":
            query = sa.text(f"SELECT string_agg(t::text, ' ') FROM \"{name}\" t")
            texts.append(model.Session.scalar(query) or "")
    found = call_action("package_search", fq="dataset_type:harvest")
    return " ".join([*texts, json.dumps(found)])


def run(source):
    job = HarvestJob(source=HarvestSource.get(source), status="Running")
    job.save()
    queue.gather_stage(queue.get_harvester("obcy"), job)
    return job.id


def test_secrets_of_a_foreign_source_are_kept_apart_and_given_to_its_harvester(city, logs):
    _harvest, editor, unit = city
    made = save(editor, unit)
    assert json.loads(made["config"])["api_key"] == STANDS_FOR
    assert json.loads(made["config"])["n"] == 1
    ForeignHarvester.seen.clear()
    job = run(made["id"])
    assert [(url, json.loads(config)) for url, config in ForeignHarvester.seen] == [(URL, OPTIONS)]
    report = call_action("harvest_job_report", id=job)
    assert STANDS_FOR in report["gather_errors"][0]["message"]
    told = logs.text + json.dumps(report) + everything_but_the_secrets()
    assert "TAJNE" not in told
    assert "fetching" in logs.text
    assert STANDS_FOR in HarvestSource.get(made["id"]).config


def test_what_stands_for_a_secret_keeps_it_and_a_new_one_replaces_it(city):
    _harvest, editor, unit = city
    made = save(editor, unit)
    save(editor, unit, id=made["id"], config=made["config"], title="Inny tytuł")
    tk.get_action("package_patch")({"user": editor}, {"id": made["id"], "notes": "Opis"})
    assert set(kept_secrets.secrets_of_source(made["id"])[1].values()) == {
        SECRET,
        f"Bearer {OTHER}",
    }
    changed = json.dumps({**json.loads(made["config"]), "api_key": "TAJNE-nowe"})
    save(editor, unit, id=made["id"], config=changed)
    assert set(kept_secrets.secrets_of_source(made["id"])[1].values()) == {
        "TAJNE-nowe",
        f"Bearer {OTHER}",
    }
    save(editor, unit, id=made["id"], config="")
    assert kept_secrets.secrets_of_source(made["id"]) == ("", {})


def test_a_secret_does_not_go_to_another_server(city):
    _harvest, editor, unit = city
    made = save(editor, unit, config=json.dumps({**OPTIONS, "host": "dane.example.org", "n": 2}))
    options = json.loads(made["config"])
    elsewhere = {"url": "https://zly.example.net/api"}, {"proxy": "https://zly.example.net/"}
    for given in (
        {**elsewhere[0], "config": made["config"]},
        {"config": json.dumps({**options, **elsewhere[1]})},
        {"config": json.dumps({**options, "host": "zly.example.net"})},
        {"config": json.dumps({**options, "baza": "zly.example.net:5432"})},
    ):
        with pytest.raises(tk.ValidationError) as refused:
            save(editor, unit, id=made["id"], **given)
        assert "config" in refused.value.error_dict
        with pytest.raises(tk.ValidationError):
            tk.get_action("package_patch")({"user": editor}, {"id": made["id"], **given})
    without = {"name": "obce", "title": "Obce", "source_type": "obcy", "owner_org": unit}
    without |= {"id": made["id"], "frequency": "MANUAL", **elsewhere[0]}
    for action in ("harvest_source_update", "package_update"):
        with pytest.raises(tk.ValidationError) as refused:
            tk.get_action(action)({"user": editor}, {**without, "type": "harvest"})
        assert "config" in refused.value.error_dict
    stored = HarvestSource.get(made["id"])
    assert stored.url == URL
    tk.get_action("harvest_source_update")({"user": editor}, {**without, "url": f"{URL}/nowe"})
    assert set(kept_secrets.secrets_of_source(made["id"])[1].values()) == {
        SECRET,
        f"Bearer {OTHER}",
    }
    with pytest.raises(tk.ValidationError):
        save(editor, unit, name="drugie", url=f"{URL}/2", config=made["config"])


def test_a_secret_goes_only_where_it_was_given_for(city):
    """Whoever writes the address into the database, by whatever road, gets no secret there."""
    _harvest, editor, unit = city
    made = save(editor, unit)
    HarvestSource.get(made["id"]).url = "https://zly.example.net/api"
    model.Session.commit()
    ForeignHarvester.seen.clear()
    run(made["id"])
    assert len(ForeignHarvester.seen) == 1
    assert "TAJNE" not in str(ForeignHarvester.seen)


def test_servers_without_a_scheme_are_noted_by_an_upgrade_too(city):
    _harvest, editor, unit = city
    made = save(editor, unit, config=json.dumps({**OPTIONS, "host": "dane.example.org"}))
    change = (
        "UPDATE leszno_ngo_source_secret SET content ="
        " CAST(content AS jsonb) || CAST(:hosts AS jsonb)"
    )
    model.Session.execute(sa.text(change), {"hosts": json.dumps({"hosts": [URL[:24]]})})
    model.Session.commit()
    with model.meta.engine.begin() as connection:
        moved_secrets.note_hosts(connection)
    ForeignHarvester.seen.clear()
    run(made["id"])
    assert "TAJNE" in str(ForeignHarvester.seen)


def test_a_password_in_an_option_is_kept_apart_by_every_road(city):
    _harvest, editor, unit = city
    options = {"endpoint": f"https://urzad:{SECRET}@dane.example.org/csw"}
    made = save(editor, unit, config=json.dumps(options))
    assert kept_secrets.secrets_of_source(made["id"])[1] == {("endpoint",): options["endpoint"]}
    given = {"id": made["id"], "config": json.dumps({**options, "n": 2})}
    tk.get_action("package_patch")({"user": editor}, given)
    new = {"type": "harvest", "name": "inne", "title": "Inne", "url": f"{URL}/2"}
    new |= {"source_type": "obcy", "frequency": "MANUAL", "owner_org": unit}
    tk.get_action("package_create")({"user": editor}, {**new, "config": json.dumps(options)})
    assert "TAJNE" not in everything_but_the_secrets()


def test_a_new_source_borrows_no_secret(city):
    _harvest, editor, unit = city
    made = save(editor, unit)
    for name in (made["id"], "nowe"):
        with pytest.raises(tk.ValidationError) as refused:
            save(editor, unit, name=name, url=f"{URL}/2", config=made["config"])
        assert "config" in refused.value.error_dict
    given = {"type": "harvest", "name": made["id"], "title": "Nowe", "url": f"{URL}/2"}
    given |= {"source_type": "obcy", "frequency": "MANUAL", "owner_org": unit}
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action("package_create")({"user": editor}, {**given, "config": made["config"]})
    assert "name" in refused.value.error_dict  # the number of another source is no name


def test_secrets_of_a_list_that_has_changed_are_given_again(city):
    _harvest, editor, unit = city
    servers = [{"name": name, "password": f"TAJNE-{name}"} for name in ("pierwszy", "drugi")]
    made = save(editor, unit, config=json.dumps({"servers": servers}))
    listed = json.loads(made["config"])["servers"]
    for changed in (listed[1:], listed[::-1], [*listed, listed[0]]):
        with pytest.raises(tk.ValidationError, match=r"\*{8}"):
            save(editor, unit, id=made["id"], config=json.dumps({"servers": changed}))
    save(editor, unit, id=made["id"], config=json.dumps({"servers": listed, "n": 2}))
    assert set(kept_secrets.secrets_of_source(made["id"])[1].values()) == {
        "TAJNE-pierwszy",
        "TAJNE-drugi",
    }


def test_a_careless_line_in_a_log_does_not_end_a_harvest(city, logs, monkeypatch):
    _harvest, editor, unit = city
    made = save(editor, unit)

    def gather(_self, _job):
        log.warning("%d rows with TAJNE-haslo-1", "x")
        log.warning({"key": SECRET}, "x")
        return []

    monkeypatch.setattr(ForeignHarvester, "gather_stage", gather)
    run(made["id"])
    assert "%d rows with" in logs.text
    assert "TAJNE" not in logs.text


def test_secrets_go_with_a_source_that_is_purged(city):
    _harvest, editor, unit = city
    made = save(editor, unit)
    call_action("dataset_purge", {"user": records.site_user()}, id=made["id"])
    assert kept_secrets.secrets_of_source(made["id"]) == ("", {})


def saved_before(source, url, options):
    """Put secrets where they stood before they were kept apart, copies of activities too."""
    config = json.dumps(options)
    kept, package = HarvestSource.get(source), model.Package.get(source)
    kept.url = package.url = url
    kept.config = package.extras["config"] = config
    model.Session.commit()
    update = (
        "UPDATE activity SET data = jsonb_set(jsonb_set(data::jsonb, '{package,url}', :url),"
        " '{package,config}', :config)::text WHERE object_id = :id"
    )
    given = {"url": json.dumps(url), "config": json.dumps(config), "id": source}
    typed = "CAST(:url AS jsonb)", "CAST(:config AS jsonb)"
    update = update.replace(":url)", f"{typed[0]})").replace(":config)", f"{typed[1]})")
    model.Session.execute(sa.text(update), given)
    model.Session.commit()


def test_secrets_that_were_saved_before_are_moved(city):
    _harvest, editor, unit = city
    foreign = save(editor, unit, config="")["id"]
    own = save(
        editor, unit, name="nasze", source_type="leszno_ngo_register", url=f"{URL}/a.csv", config=""
    )["id"]
    whole = f"https://urzad:{SECRET}@dane.example.org/api?rok=2026&token={OTHER}"
    saved_before(foreign, whole, OPTIONS)
    saved_before(own, f"https://urzad:{SECRET}@dane.example.org/a.csv", {"national": True})
    assert "TAJNE" in everything_but_the_secrets()
    with model.meta.engine.begin() as connection:
        assert moved_secrets.move(connection) == 2
        assert moved_secrets.move(connection) == 0
    model.Session.expire_all()
    for source in (foreign, own):
        call_action("harvest_source_reindex", id=source)
    assert "TAJNE" not in everything_but_the_secrets()
    ForeignHarvester.seen.clear()
    run(foreign)
    assert [(url, json.loads(config)) for url, config in ForeignHarvester.seen] == [
        (whole, OPTIONS)
    ]
    assert kept_secrets.addresses(own) == (f"https://urzad:{SECRET}@dane.example.org/a.csv",)
