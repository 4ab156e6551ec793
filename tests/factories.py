"""Factories of records. Import only inside tests that need CKAN."""

import factory
from ckan import model
from ckan.tests import factories

from tests import identifiers


class NgoFactory(factories.CKANFactory):
    """An organisation with valid identifiers; give ``krs=None`` and so on to leave one out."""

    class Meta:
        model = model.Package
        action = "package_create"

    type = "ngo"
    title = factory.Sequence(lambda n: f"Stowarzyszenie Próbne nr {n}")
    name = factory.Sequence(lambda n: f"stowarzyszenie-probne-{n}")
    legal_form = "stowarzyszenie_rejestrowe"
    status = "active"
    town = "Leszno"
    krs = factory.LazyFunction(identifiers.krs)
    nip = factory.LazyFunction(identifiers.nip)
    regon = factory.LazyFunction(identifiers.regon)

    @classmethod
    def _api_prepare_args(cls, data_dict):
        # An explicit None means "without this field", not "empty".
        given = {key: value for key, value in data_dict.items() if value is not None}
        return super()._api_prepare_args(given)
