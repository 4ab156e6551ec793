"""The 30 organisations of Leszno in the catalogue, and Solr with CKAN's own schema beside it."""

import time

import pytest

from tests.search import leszno


@pytest.fixture
def register(with_plugins, request, ckan_config, monkeypatch):
    """The 30 records; made when they are not there (another test may have emptied it all)."""
    from ckan.lib.search import commit
    from ckan.plugins import toolkit as tk
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    search = tk.get_action("package_search")
    found = search({"ignore_auth": True}, {"fq": "dataset_type:ngo", "fl": ["krs"], "rows": 100})
    expected = {row["KRS"] for row in leszno.rows()}
    if {record.get("krs") for record in found["results"]} != expected:
        request.getfixturevalue("clean_catalogue")
        user = factories.Sysadmin()["name"]
        with monkeypatch.context() as one_commit:
            one_commit.setitem(ckan_config, "ckan.search.solr_commit", False)
            for row in leszno.rows():
                call_action("package_create", {"user": user}, **leszno.record(row))
        commit()
        _wait_until_seen(search, len(expected))
    return expected


def _wait_until_seen(search, count):
    """CKAN's commit does not wait for Solr to show what it has taken."""
    end = time.monotonic() + 60
    query = {"fq": "dataset_type:ngo", "rows": 0}
    while search({"ignore_auth": True}, query)["count"] < count:
        assert time.monotonic() < end, "Solr does not show the records"
        time.sleep(0.05)


@pytest.fixture
def stock_solr(register, ckan_config, monkeypatch):
    """The same records in a core with CKAN's own schema; CKAN talks to that core for the test."""
    from ckan.lib.search import clear_all, commit, rebuild

    from ckanext.leszno_ngo.search import capability

    own = ckan_config["solr_url"]
    assert "ckan_test" in own, f"no core with CKAN's own schema is known beside {own}"
    monkeypatch.setitem(ckan_config, "solr_url", own.replace("ckan_test", "ckan_stock"))
    capability.forget()
    clear_all()
    rebuild(defer_commit=True)
    commit()
    yield
    capability.forget()
