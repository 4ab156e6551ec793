"""Points pytest at the services of this checkout, when they run and nothing else is set.

``pytest tests/pure`` needs neither services nor a configuration: CKAN is not started for it.

With ``make stack`` in one shell, ``pytest`` works by hand in another, with ``test.ini``. A worker
of pytest-xdist always gets the services of its own role, whatever its parent has.
"""

import os
from pathlib import Path

import pytest

from devstack import settings

PURE = Path(__file__).parent / "tests" / "pure"


def pytest_configure(config: pytest.Config) -> None:
    """Set the variables that CKAN reads when the session starts."""
    if all(_is_pure(argument) for argument in config.args):
        # The plugin that loads CKAN with its configuration at the session's start.
        config.pluginmanager.unregister(name="ckan")
    elif not config.option.ckan_ini:
        config.option.ckan_ini = str(Path(__file__).with_name("test.ini"))
    here = settings.load(os.environ)
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    if here.ports and (is_worker or "CKAN_SQLALCHEMY_URL" not in os.environ):
        os.environ.update(here.variables(here.test_role()))


def _is_pure(argument: str) -> bool:
    return Path(argument.partition("::")[0]).absolute().is_relative_to(PURE)
