"""A catalogue with an owner for the registers."""

import pytest
from ckan.tests import factories

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.registers import publish as publishing
from tests.cooperation import records


@pytest.fixture
def city(clean_catalogue):
    """The organisation that owns the registers."""
    return factories.Organization(name="urzad-miasta-leszna", title="Urząd Miasta Leszna")


@pytest.fixture
def publish(city):
    """Publish the register of a type; the outcome."""

    def run(name="grant", **options):
        return publishing.publish(record_types.get(name), **options)

    return run


@pytest.fixture
def grant(city):
    """Make a grant."""

    def make(**fields):
        return records.create("grant", owner_org=city["id"], **fields)

    return make
