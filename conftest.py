"""Points pytest at the services of this checkout, when they run and nothing else is set.

With ``make stack`` in one shell, ``pytest --ckan-ini=test.ini`` works by hand in another. A worker
of pytest-xdist always gets the services of its own role, whatever its parent has.
"""

import os

from devstack import settings


def pytest_configure() -> None:
    """Set the variables that CKAN reads when the session starts."""
    here = settings.load(os.environ)
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    if here.ports and (is_worker or "CKAN_SQLALCHEMY_URL" not in os.environ):
        os.environ.update(here.variables(here.test_role()))
