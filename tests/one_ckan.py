"""One CKAN for many tests: plugins are loaded and the application made once, not for every test.

CKAN's own fixtures do both anew for every test, which takes seconds. Here a test shares what the
test before it left, as long as both want the same plugins and options by their marks
(``ckan_config``, ``with_plugins``).
"""

from __future__ import annotations

import functools
import inspect
from itertools import chain
from types import SimpleNamespace
from typing import Any

import pytest

from tests import registered

#: What a test without marks wants.
_PLAIN = ((), ())
#: What is loaded: the marks it was loaded for, the options with it, and the application.
_shared = SimpleNamespace(wanted=None, config=None, app=None)


def load_quickly() -> None:
    """Spare what CKAN does anew for each plugin that it loads: files that do not change meanwhile.

    ``toolkit`` asks for the stack to find the caller's folder, and :mod:`inspect` reads the source
    of every frame for it; the entry points of all installed packages are read for each plugin.
    """
    from ckan.plugins import core

    inspect.stack = functools.partial(inspect.stack, context=0)
    core.entry_points = functools.cache(core.entry_points)


def _wanted(item: pytest.Item) -> Any:
    """Return what a test wants to be loaded; equal for tests that may share it."""
    names = tuple(chain.from_iterable(m.args for m in item.iter_markers("with_plugins")))
    if any(isinstance(name, dict) for name in names):
        return object()  # plugins of the test's own
    options = [(mark.args[0], repr(mark.args[1:])) for mark in item.iter_markers("ckan_config")]
    return names, tuple(options)


@pytest.fixture
def with_plugins(request, ckan_config, provide_plugin):
    """Load the plugins of ``ckan.plugins`` (and those of the mark ``with_plugins``)."""
    wanted = _wanted(request.node)
    if wanted == _shared.wanted:
        if wanted != _PLAIN:
            ckan_config.update(_shared.config)
        yield
        return
    from ckan import plugins as p

    forget()
    listed = ckan_config["ckan.plugins"]
    listed = listed.split() if isinstance(listed, str) else listed
    ckan_config["ckan.plugins"] = [*listed, *_own(request.node, provide_plugin)]
    p.load_all()
    _shared.wanted, _shared.config = wanted, dict(ckan_config)
    # Addresses that are made outside requests are those of the application made last.
    _shared.app = _application()
    yield
    if wanted != _wanted(request.node):  # the test's own plugins are known to it alone
        unload_for(None)


def _own(item: pytest.Item, provide_plugin):
    for name in chain.from_iterable(m.args for m in item.iter_markers("with_plugins")):
        if isinstance(name, dict):
            for key, implementation in name.items():
                provide_plugin(key, implementation)
            yield from name
        else:
            yield name


@pytest.fixture
def make_app(ckan_config):
    """Return a maker of test clients; tests that share plugins share one application."""
    from ckan.lib.app_globals import _CONFIG_CACHE
    from ckan.tests import helpers

    _CONFIG_CACHE.clear()

    def make():
        return helpers.CKANTestApp(_shared.app) if _shared.app else helpers._get_test_app()

    return make


def _application() -> Any:
    """Make an application of the plugins that are loaded, without loading them again."""
    from ckan import plugins as p
    from ckan.lib.app_globals import _CONFIG_CACHE
    from ckan.tests import helpers

    _CONFIG_CACHE.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(p, "load_all", lambda **_options: None)
        return helpers._get_test_app().app


def unload_for(following: pytest.Item | None) -> None:
    """Unload plugins that a test wanted for itself, unless the following one wants the same.

    :param following: the test that comes next
    """
    if _shared.wanted in (None, _PLAIN) or (following and _wanted(following) == _shared.wanted):
        return
    from ckan import plugins as p
    from ckan.common import config

    before = dict(config)
    p.unload_all()
    config.clear()
    config.update(before)
    registered.fill()
    forget()


def forget() -> None:
    """Let the next test load its plugins and make its application anew."""
    _shared.wanted = _shared.config = _shared.app = None
