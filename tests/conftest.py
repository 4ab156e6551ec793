"""Fixtures for every test. Pure tests run without CKAN: nothing here imports it at the top.

The usual beginning of a test that needs a catalogue::

    @pytest.mark.usefixtures("clean_catalogue")
    def test_something(ngo_factory, app, sql_budget, solr_budget): ...
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec

import pytest

from tests import counting

#: Plugins with tables or indexes of their own, in the order of their migrations.
MIGRATED = ("activity", "harvest", "leszno_ngo")

if find_spec("ckan"):
    from pytest_factoryboy import register

    from tests.factories import NgoFactory
    from tests.one_ckan import make_app, with_plugins  # noqa: F401  (fixtures)

    register(NgoFactory, _name="ngo")  # fixtures `ngo` and `ngo_factory`


@pytest.fixture(scope="session")
def _migrate_loaded(migrate_db_for):
    """Migrate each plugin once a session, when it is loaded: ``clean_db`` keeps the tables."""
    done: set[str] = set()

    def migrate() -> None:
        from ckan import plugins as p

        for plugin in MIGRATED:
            if plugin not in done and p.plugin_loaded(plugin):
                migrate_db_for(plugin)
                done.add(plugin)

    return migrate


@pytest.fixture
def clean_db(reset_db, _migrate_loaded):
    """Empty the database; the tables are those of CKAN and of all plugins of this project."""
    reset_db()
    _migrate_loaded()


@pytest.fixture
def clean_catalogue(with_plugins, clean_db, clean_index):
    """A catalogue with the plugins loaded and nothing in it."""


#: Made applications by the plugins they were made with.
_apps: dict[tuple[str, ...], object] = {}


@pytest.fixture
def app(request, make_app):
    """The test client. Making the application takes a second, so it is made once.

    A test with a configuration or plugins of its own (``ckan_config``, ``with_plugins`` marks)
    gets an application of its own.
    """
    own = any(request.node.get_closest_marker(mark) for mark in ("ckan_config", "with_plugins"))
    if own or "with_plugins" not in request.fixturenames:
        return make_app()
    from ckan.common import config
    from ckan.config import middleware
    from ckan.tests import helpers

    plugins = tuple(config["ckan.plugins"])
    if plugins not in _apps:
        _apps[plugins] = make_app().app
    client = helpers.CKANTestApp(_apps[plugins])
    # What `url_for` uses outside requests; another test's application may have replaced it.
    middleware._internal_test_request_context = client.flask_app.test_request_context()
    return client


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
