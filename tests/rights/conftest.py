"""The portal of the tests of the table of rights: one is enough, for they leave it as it is."""

import pytest
from ckan import model

from tests.rights import portal as portals


@pytest.fixture(scope="package")
def made():
    """The portal, in a list."""
    return []


@pytest.fixture
def portal(request, with_plugins, made):
    """The portal, made by the first test, or again after another file's test emptied it."""
    if not made or model.Package.get(made[0].source) is None:
        request.getfixturevalue("clean_catalogue")
        made[:] = [portals.fill()]
    return made[0]
