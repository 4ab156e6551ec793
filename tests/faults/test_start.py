"""A process that starts while PostgreSQL or Redis is away ends with one sentence."""

import logging

import psycopg2
import pytest
import sqlalchemy as sa
from ckan import plugins as p
from ckan.lib.search.common import SearchError
from redis.exceptions import ConnectionError as RedisConnectionError

from ckanext.leszno_ngo import services

NOWHERE = "postgresql://ckan:tajne@127.0.0.1:9/ckan"  # where nothing listens


@pytest.fixture
def settings(ckan_config):
    return dict(ckan_config)


def said(settings, start=services.require):
    """What a process says when it ends; its exit code is 1 because that is a text."""
    with pytest.raises(SystemExit) as end:
        start(settings)
    text = end.value.code
    assert isinstance(text, str)
    assert "\n" not in text
    return text


def refusing(error):
    def refuse(*_args, **_keywords):
        raise error

    return refuse


@pytest.mark.usefixtures("with_plugins")
def test_the_plugin_looks_before_ckan_connects(settings):
    plugin = p.get_plugin("leszno_ngo")
    settings["sqlalchemy.url"] = NOWHERE
    text = said(settings, plugin.update_config)
    assert text.startswith("Baza danych nie odpowiada: ")
    assert "Connection refused" in text
    assert "sprawdź sqlalchemy.url w ckan.ini" in text
    assert "tajne" not in text


def test_the_datastore_is_looked_for_where_its_plugin_is_on(settings):
    settings["ckan.datastore.write_url"] = NOWHERE
    settings["ckan.plugins"] = ["leszno_ngo"]
    services.require(settings)
    settings["ckan.plugins"] = ["leszno_ngo", "datastore"]
    assert "ckan.datastore.write_url" in said(settings)


@pytest.mark.parametrize(
    ("reason", "lang", "text"),
    [
        ("FATAL:  sorry, too many clients already", "pl", "Baza danych nie ma wolnych połączeń: "),
        ("FATAL:  remaining connection slots are reserved", "en", "out of connections: "),
        ("FATAL:  could not write: No space left on device", "pl", "nie ma miejsca na dysku: "),
        ("FATAL:  the database system is shutting down", "en", "The database does not answer: "),
    ],
)
def test_the_remedy_is_that_of_the_reason(settings, monkeypatch, reason, lang, text):
    settings["ckan.locale_default"] = lang
    monkeypatch.setattr(psycopg2, "connect", refusing(psycopg2.OperationalError(f"{reason}\nmore")))
    assert text in said(settings)


def test_a_database_that_starts_up_is_waited_for(settings, monkeypatch):
    errors = [psycopg2.OperationalError("FATAL:  the database system is starting up")] * 2
    connect = sa.engine.Engine.connect
    waited = []

    def at_last(engine):
        if errors:
            raise sa.exc.OperationalError("", {}, errors.pop())
        return connect(engine)

    monkeypatch.setattr(sa.engine.Engine, "connect", at_last)
    monkeypatch.setattr(services, "_wait", waited.append)
    services.require(settings)
    assert waited == [1, 2]


def test_without_redis_nothing_starts(settings, monkeypatch):
    refuse = refusing(RedisConnectionError("Error 111 connecting to 127.0.0.1:9"))
    monkeypatch.setattr(services, "connect_to_redis", lambda: type("", (), {"ping": refuse}))
    text = said(settings)
    assert text.startswith("Redis nie odpowiada: Error 111")
    assert "ckan.redis.url" in text


def test_without_solr_the_log_has_a_line_and_no_traceback(settings):
    services.require(settings)
    logger = logging.getLogger("ckan.lib.search.common")
    error = SearchError("Failed to connect to server at http://127.0.0.1:9")
    told = (SearchError, error, None)
    record = logger.makeRecord("", logging.ERROR, "", 0, error, (), told)
    assert logger.filter(record)
    line = logging.Formatter().format(record)
    assert "Uruchom Solr i sprawdź solr_url" in line
    assert "\n" not in line
