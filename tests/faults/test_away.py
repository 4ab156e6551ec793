"""Solr, PostgreSQL or Redis is away: 503 and a sentence, and nothing that was typed is lost."""

import re

import psycopg2
import pytest
from ckan import model
from ckan.lib.search import commit
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from flask import Response, session
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.pool import Pool

from ckanext.leszno_ngo import services
from ckanext.leszno_ngo.cli import leszno_ngo
from ckanext.leszno_ngo.search import unindexed
from ckanext.leszno_ngo.views.shared.unavailable import say_when
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

NOWHERE = "http://127.0.0.1:9/solr/nowhere"  # the port of "discard", where nothing listens
#: Of all pages without words asks tests/rights/test_matrix_away.py.
PAGES = (
    *("/ngo/?q=klub", "/szukaj?q=klub", "/ngo.csv", "/api/3/action/package_search?q=klub"),
    *("/api/3/action/leszno_ngo_statistics?type=ngo",),
)


@pytest.fixture
def solr(ckan_config, monkeypatch):
    """``solr.goes()`` and ``solr.comes_back()``."""
    records.organisation()
    here = ckan_config["solr_url"]

    class Switch:
        def goes(self):
            monkeypatch.setitem(ckan_config, "solr_url", NOWHERE)

        def comes_back(self):
            monkeypatch.setitem(ckan_config, "solr_url", here)

    return Switch()


def waiting():
    return unindexed.count()


def found(query):
    return records.search(q=query)["count"]


@pytest.mark.parametrize("address", PAGES)
def test_every_list_says_503_and_when_to_try_again(app, solr, address):
    app.get("/ngo/")
    solr.goes()
    answer = app.get(address, status=503)
    assert answer.headers["Retry-After"]
    text = answer.get_data(as_text=True)
    assert "Traceback" not in text
    assert any(said in text for said in ("nie odpowiada", "nie działa", "does not answer"))


def test_what_is_saved_while_solr_is_away_is_found_when_it_is_back(solr):
    solr.goes()
    made = records.create("event", title="Festyn nad Zalewem")
    assert model.Package.get(made["id"]).title == "Festyn nad Zalewem"
    assert waiting() == 1
    solr.comes_back()
    assert found("festyn") == 0
    assert unindexed.take_up() == 0
    commit()
    assert found("festyn") == 1
    assert waiting() == 0


def test_changes_and_removals_are_caught_up_too(solr):
    changed = records.create("event", title="Festyn")
    deleted = records.create("event", title="Kiermasz")
    purged = records.create("event", title="Wystawa")
    solr.goes()
    context = {"ignore_auth": True, "user": records.site_user()}
    helpers.call_action("package_patch", dict(context), id=changed["id"], title="Turniej")
    helpers.call_action("package_delete", dict(context), id=deleted["id"])
    helpers.call_action("dataset_purge", dict(context), id=purged["id"])
    assert waiting() == 3
    solr.comes_back()
    unindexed.take_up()
    commit()
    assert (found("festyn"), found("kiermasz"), found("wystawa"), found("turniej")) == (0, 0, 0, 1)


def test_a_job_that_finds_solr_still_away_keeps_the_note(solr):
    solr.goes()
    records.create("event")
    assert unindexed.take_up() == 1


def test_a_save_that_is_refused_notes_nothing(solr):
    solr.goes()
    with pytest.raises(Exception, match=r"."):
        records.create("event", start_date="nie data")
    model.Session.rollback()
    assert waiting() == 0


def test_the_form_says_that_the_search_will_follow(app, solr):
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    form = {"title": "Klub Żabka", "owner_org": records.organisation(), "krs": "0000031247"}
    form |= {"legal_form": "stowarzyszenie_rejestrowe", "private": "False", "save": "save"}
    app.get("/ngo/")
    solr.goes()
    answer = app.post("/ngo/new", data=form, headers=headers, follow_redirects=False)
    assert answer.status_code == 302, re.findall("ln-error.*", answer.get_data(as_text=True))
    assert model.Package.get("klub-zabka").state == "active"
    assert waiting() == 1
    with app.flask_app.test_request_context("/"):
        unindexed.IS_LACKING.set(True)
        say_when(Response("", 302))
        assert "znajdzie ten wpis" in str(session["_flashes"])


@pytest.mark.parametrize(
    "address", ["/ngo/", "/ngo/klub", "/program", "/api/3/action/package_show?id=klub"]
)
def test_without_a_database_every_page_says_503(app, monkeypatch, address):
    app.get("/ngo/")
    model.Session.remove()

    def refuse(*_args, **_kwargs):
        raise psycopg2.OperationalError("FATAL: sorry, too many clients already")

    with monkeypatch.context() as away:
        away.setattr(model.meta.engine.pool, "connect", refuse)
        answer = app.get(address, status=503)
    assert answer.headers["Retry-After"]
    assert "Baza danych nie odpowiada" in answer.get_data(as_text=True)


def test_a_closed_connection_is_503_and_a_sentence(app, monkeypatch):
    app.get("/ngo/")
    model.Session.remove()

    def refuse(*_args, **_kwargs):
        raise psycopg2.InterfaceError("connection already closed")

    with monkeypatch.context() as closed:
        closed.setattr(model.meta.engine.pool, "connect", refuse)
        answer = app.get("/ngo/", status=503)
        with app.flask_app.test_request_context("/ngo/"):
            said_by_ckan = say_when(Response("", 500))
    assert answer.headers["Retry-After"]
    assert "Baza danych nie odpowiada" in answer.get_data(as_text=True)
    assert said_by_ckan.status_code == 503


def test_a_command_says_in_a_sentence_that_the_database_is_away(cli, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise psycopg2.OperationalError("FATAL: the database system is shutting down\nmore")

    model.Session.remove()
    with monkeypatch.context() as away:
        away.setattr(Pool, "connect", refuse)
        done = cli.invoke(leszno_ngo, ["reindex"])
    assert done.exit_code == 1
    assert "Baza danych nie odpowiada: FATAL: the database system is" in done.output
    assert "Traceback" not in done.output


def test_a_command_says_in_a_sentence_that_solr_is_away(cli, solr):
    solr.goes()
    done = cli.invoke(leszno_ngo, ["quality"])
    assert done.exit_code == 1
    assert "Wyszukiwarka nie odpowiada" in done.output
    assert "Traceback" not in done.output


def test_a_full_database_is_503_and_a_sentence(app, cli, monkeypatch):
    app.get("/ngo/")
    model.Session.remove()

    def refuse(*_args, **_kwargs):
        raise psycopg2.errors.DiskFull('could not extend file "base/1/2": No space left on device')

    with monkeypatch.context() as full:
        full.setattr(model.meta.engine.pool, "connect", refuse)
        assert app.get("/ngo/", status=503).headers["Retry-After"]
        done = cli.invoke(leszno_ngo, ["reindex"])
    assert done.exit_code == 1
    assert "Baza danych nie ma miejsca na dysku: could not extend file" in done.output


@pytest.fixture
def redis_goes(app, monkeypatch):
    """Have the sessions' Redis refuse, as a server that is not there does."""

    def refuse(*_args, **_kwargs):
        raise RedisConnectionError("Error 111 connecting to 127.0.0.1:6379. Connection refused.")

    app.get("/ngo/")
    client = type(app.flask_app.session_interface._inner.client)
    return lambda: monkeypatch.setattr(client, "execute_command", refuse)


@pytest.mark.parametrize("address", ["/ngo/", "/panel", "/api/3/action/status_show"])
def test_without_redis_who_has_a_session_is_told_to_wait(app, redis_goes, address):
    client = app.test_client()
    client.set_cookie("ckan", "x" * 43, domain="test.ckan.net")
    redis_goes()
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Sesje nie działają" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    assert client.post(address, data={"title": "Klub"}).status_code == 503


def test_without_redis_visitors_read_on(app, redis_goes):
    redis_goes()
    assert app.get("/ngo/", status=200)
    assert app.get("/ngo.csv", status=200)


def test_a_refusal_and_an_absence_are_told_apart_in_one_place(solr):
    context = {"ignore_auth": True}
    with pytest.raises(services.SEARCH) as refused:
        tk.get_action("package_search")(context, {"q": "x", "fq": "metadata_modified:[kot TO"})
    assert services.is_refusal(refused.value)
    solr.goes()
    with pytest.raises(services.SEARCH) as away:
        tk.get_action("package_search")(context, {"q": "x"})
    assert not services.is_refusal(away.value)
