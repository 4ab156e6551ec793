"""Harvests, for the tests of what is kept."""

from tests.harvest.conftest import harvest  # noqa: F401  (a fixture)
