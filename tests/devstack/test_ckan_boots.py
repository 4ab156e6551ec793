"""The services of the stack as CKAN sees them."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.redis import is_redis_available
from ckan.lib.search import is_available
from ckan.tests import factories, helpers


def test_database_index_and_queue_answer():
    assert is_available()
    assert is_redis_available()


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_a_dataset_is_stored_and_found():
    factories.Dataset(title="Sprawozdanie")
    assert helpers.call_action("package_search", q="sprawozdanie")["count"] == 1


def test_the_language_is_polish():
    assert tk.config["ckan.locale_default"] == "pl"
