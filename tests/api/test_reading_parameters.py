"""Odd values of the parameters that CKAN's lists and searches have in common are 400, not 500."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("clean_catalogue")

ADDRESSES = (
    *("package_search?include_private=x", "package_search?include_drafts="),
    *("package_search?use_default_schema=x", "package_search?facet.mincount="),
    *("organization_list?limit=", "organization_list?all_fields=x", "package_list?limit="),
    *("package_autocomplete?q=a&limit=", "current_package_list_with_resources?limit="),
    *("resource_search?query=name:a&limit=", "recently_changed_packages_activity_list?offset="),
)
BODIES = (
    *(("package_search", {name: value}) for name, value in (("start", ""), ("fl", True))),
    *(("organization_list", given) for given in ({"sort": True}, {"organizations": True})),
    *(("group_list", {"sort": ["a"]}), ("tag_list", {"query": True}), ("tag_search", {"query": 1})),
    *(("resource_search", {"query": True}), ("package_list", {"page": ""})),
    *(("harvest_source_list", {"only_active": "x"}), ("dcat_catalog_show", {"page": ["a"]})),
    *(("dcat_catalog_show", {"modified_since": True}), ("package_list", {"offset": ""})),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_odd_parameters_of_an_address_are_refused(app, address):
    answer = app.get(f"/api/3/action/{address}", status=400)
    assert address.partition("?")[2].split("&")[-1].partition("=")[0] in answer.get_data(
        as_text=True
    )


def test_odd_parameters_of_a_body_are_refused(app):
    statuses = {
        (action, *given): app.post(
            f"/api/3/action/{action}", data=json.dumps(given), content_type="application/json"
        ).status_code
        for action, given in BODIES
    }
    assert set(statuses.values()) == {400}, statuses


def test_usual_parameters_pass(app):
    usual = "include_private=false&rows=0&start=0&facet.limit=-1&fl=id&sort=score+desc"
    app.get(f"/api/3/action/package_search?{usual}", status=200)
    app.get("/api/3/action/organization_list?all_fields=True&include_users=0&limit=5", status=200)
    app.get("/api/3/action/tag_search?query=a", status=200)
    app.get("/api/3/action/resource_search?query=name:a&query=format:b", status=200)
