"""Fixtures for every test. Pure tests run without CKAN: nothing here imports it at the top.

The usual beginning of a test that needs a catalogue::

    @pytest.mark.usefixtures("clean_catalogue")
    def test_something(ngo_factory, app, sql_budget, solr_budget): ...
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec

import pytest

from tests import counting, emptying

#: Plugins with tables or indexes of their own, in the order of their migrations.
MIGRATED = ("activity", "harvest", "leszno_ngo")

if find_spec("ckan"):
    import yaml
    from ckan.model import user
    from passlib.hash import pbkdf2_sha512
    from pytest_factoryboy import register

    from tests import index, one_ckan, registered
    from tests.factories import NgoFactory
    from tests.one_ckan import make_app, with_plugins  # noqa: F401  (fixtures)

    # ckanext-scheming reads its files by safe_load, in every test that loads plugins anew.
    yaml.SafeLoader = yaml.CSafeLoader

    # A test makes two or three accounts: their passwords need not be costly to guess.
    user.pbkdf2_sha512 = pbkdf2_sha512.using(rounds=1)

    # What plugins bring, for tests without a portal; a portal fills it again.
    registered.fill()
    one_ckan.load_quickly()
    index.commit_quickly()

    register(NgoFactory, _name="ngo")  # fixtures `ngo` and `ngo_factory`


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """Unload what the test alone wanted to be loaded."""
    if find_spec("ckan"):
        one_ckan.unload_for(nextitem)


@pytest.fixture(scope="session")
def _migrate_loaded(migrate_db_for):
    """Migrate each plugin once a session, when it is loaded: ``clean_db`` keeps the tables."""
    done: set[str] = set()

    def migrate() -> None:
        from ckan import plugins as p

        for plugin in MIGRATED:
            if plugin not in done and p.plugin_loaded(plugin):
                with _pooled_connections():
                    migrate_db_for(plugin)
                done.add(plugin)

    return migrate


@contextmanager
def _pooled_connections():
    """Keep CKAN's engine: a migration leaves its own, which connects anew for each transaction."""
    from ckan import model

    engine = model.meta.engine
    yield
    model.init_model(engine)


@pytest.fixture
def clean_db(reset_db, _migrate_loaded):
    """Empty the database; the tables are those of CKAN and of all plugins of this project."""
    from ckan import model
    from ckan.tests import factories

    if model.repo.tables_created_and_initialised:
        factories.fake.unique.clear()
        emptying.empty_tables()
    else:
        with _pooled_connections():
            reset_db()
    _migrate_loaded()
    model.repo.commit_and_remove()


@pytest.fixture
def clean_catalogue(with_plugins, clean_db, clean_index):
    """A catalogue with the plugins loaded and nothing in it."""


Budget = Callable[[int], AbstractContextManager[counting.Counter]]


@pytest.fixture
def sql_budget() -> Budget:
    """``with sql_budget(12) as seen:`` fails when the block sends more than 12 SQL statements.

    ``seen.calls`` and ``seen.writes`` are the statements.
    """
    return _budget(counting.sql_statements)


@pytest.fixture
def solr_budget() -> Budget:
    """``with solr_budget(1) as seen:`` fails when the block sends more than one request to Solr."""
    return _budget(counting.solr_requests)


def _budget(collect) -> Budget:
    @contextmanager
    def budget(limit: int):
        with collect() as seen:
            yield seen
        seen.assert_at_most(limit)

    return budget


@pytest.fixture
def logs(caplog):
    """What is logged, by CKAN and extensions too, which hand nothing on to the root."""
    caplog.set_level(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in ("ckan", "ckanext")]
    known = map(logging.getLogger, list(logging.root.manager.loggerDict))
    silent = [one for one in known if one.disabled]  # by the configuration of CKAN
    for logger in loggers:
        logger.addHandler(caplog.handler)
    for logger in silent:
        logger.disabled = False
    yield caplog
    for logger in silent:
        logger.disabled = True
    for logger in loggers:
        logger.removeHandler(caplog.handler)
