"""One CKAN for many tests: plugins are loaded and the application made once, not for every test.

CKAN's own fixtures do both anew for every test, which takes seconds. Here a test shares what the
test before it left, unless it is marked with ``ckan_config`` or ``with_plugins``: such a test gets
plugins and an application of its own, and so does the one after it.
"""

from __future__ import annotations

from itertools import chain
from types import SimpleNamespace

import pytest

from tests import registered

_shared = SimpleNamespace(loaded=False, app=None)


def _is_special(request: pytest.FixtureRequest) -> bool:
    return any(request.node.iter_markers("ckan_config")) or any(
        request.node.iter_markers("with_plugins")
    )


@pytest.fixture
def with_plugins(request, ckan_config, provide_plugin, monkeypatch):
    """Load the plugins of ``ckan.plugins`` (and those of the mark ``with_plugins``)."""
    from ckan import plugins as p

    if not _is_special(request):
        if not _shared.loaded:
            p.load_all()
            _shared.loaded = True
        yield
        return
    _forget()
    names = []
    for name in chain.from_iterable(m.args for m in request.node.iter_markers("with_plugins")):
        if isinstance(name, dict):
            for key, implementation in name.items():
                provide_plugin(key, implementation)
                names.append(key)
        else:
            names.append(name)
    listed = ckan_config["ckan.plugins"]
    listed = listed.split() if isinstance(listed, str) else listed
    monkeypatch.setitem(ckan_config, "ckan.plugins", [*listed, *names])
    p.load_all()
    yield
    p.unload_all()
    registered.fill()


@pytest.fixture
def make_app(request, ckan_config):
    """Return a maker of test clients; clients of ordinary tests share one application."""
    from ckan.lib.app_globals import _CONFIG_CACHE
    from ckan.tests import helpers

    _CONFIG_CACHE.clear()

    def make():
        if _is_special(request) or not _shared.loaded:
            return helpers._get_test_app()
        if _shared.app is None:
            _shared.app = helpers._get_test_app().app
        return helpers.CKANTestApp(_shared.app)

    return make


def _forget() -> None:
    _shared.loaded = False
    _shared.app = None
