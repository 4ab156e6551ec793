"""Every text of every object of CKAN has a limit, on every road, before it is looked into."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers
from ckanext.scheming.helpers import scheming_dataset_schemas

from ckanext.leszno_ngo import bounds, web_addresses
from ckanext.leszno_ngo.logic import lengths
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

BLANKS = " " * 300_000


def call_action(action, /, **given):
    return helpers.call_action(action, {"user": records.site_user()}, **given)


def refused(field, action, /, **given):
    with pytest.raises(tk.ValidationError) as error:
        call_action(action, **given)
    assert list(error.value.error_dict) == [field]
    said = str(error.value.error_dict[field])
    assert f"has {len(BLANKS)} characters, the most is" in said, said


@pytest.fixture(autouse=True)
def _nothing_is_searched_first(monkeypatch):
    for name in ("is_script", "is_harmful", "has_script_link", "has_login", "has_password"):
        read = getattr(web_addresses, name)

        def within_bounds(text, read=read):
            assert len(text) <= bounds.TEXT
            return read(text)

        monkeypatch.setattr(web_addresses, name, within_bounds)


def test_every_field_of_every_schema_has_one():
    seen = 0
    for kind, schema in scheming_dataset_schemas().items():
        limits = lengths.of_schema(schema)
        for field in schema["dataset_fields"]:
            name = field["field_name"]
            for value in (BLANKS, [BLANKS], [{"x": BLANKS}]):
                assert name in lengths.faults({name: value}, limits), (kind, name)
            seen += 1
        for field in schema["resource_fields"]:
            found = lengths.faults({"resources": [{}, {field["field_name"]: BLANKS}]}, limits)
            assert found["resources"][0] == {}
            assert list(found["resources"][1]) == [field["field_name"]], (kind, field)
    assert seen > 100
    assert lengths.faults({"b" * 300_000: BLANKS}).keys() == {"b" * 100}


def test_what_people_write_is_within_them():
    limits = lengths.of_schema(scheming_dataset_schemas()["dataset"])
    usual = {"title": "x" * 1000, "notes": "x" * 20_000, "url": "https://a.pl/" + "x" * 5000}
    assert not lengths.faults({**usual, "tag_string": "sport," * 500}, limits)


@pytest.mark.parametrize("kind", ["dataset", "event"])
def test_no_road_to_a_record_or_its_files_takes_more(kind):
    record = records.create(kind, name="przyklad")
    there = call_action("resource_create", package_id=record["id"], name="a", url="a.csv")
    record = call_action("package_show", id=record["id"])
    for field in ("title", "notes", "url", "author", "maintainer_email", "version", "nieznane"):
        refused(field, "package_create", **{**record, "id": "", "name": "b", field: BLANKS})
        refused(field, "package_update", **{**record, field: BLANKS})
        refused(field, "package_patch", id=record["id"], **{field: BLANKS})
    revised = {"match__id": record["id"], "update__notes": BLANKS}
    refused("notes", "package_revise", **revised)
    refused("extras", "package_patch", id=record["id"], extras=[{"key": "a", "value": BLANKS}])
    refused("tags", "package_patch", id=record["id"], tags=[{"name": BLANKS}])
    refused("resources", "package_patch", id=record["id"], resources=[{"name": BLANKS}])
    for field in ("name", "description", "url", "format", "mimetype", "hash", "nieznane"):
        given = {"name": "a", "url": "a.csv", field: BLANKS}
        refused(field, "resource_create", package_id=record["id"], **given)
        refused(field, "resource_update", id=there["id"], **given)
        refused(field, "resource_patch", id=there["id"], **{field: BLANKS})
    view = {"resource_id": there["id"], "view_type": "text_view", "title": "a"}
    refused("description", "resource_view_create", **view, description=BLANKS)


@pytest.mark.parametrize("kind", ["organization", "group", "user"])
def test_no_road_to_a_department_a_group_or_an_account_takes_more(kind):
    user = {"email": "jan@example.org", "password": "Tajne-haslo-1"}
    new = {"name": "nowe", **(user if kind == "user" else {})}
    there = factories.User() if kind == "user" else call_action(f"{kind}_create", name="wydzial")
    fields = ("fullname", "about") if kind == "user" else ("title", "description", "nieznane")
    whole = {name: there[name] for name in ("id", "name", "email") if name in there}
    for field in (*fields, "image_url"):
        refused(field, f"{kind}_create", **{**new, field: BLANKS})
        refused(field, f"{kind}_update", **{**whole, field: BLANKS})
        refused(field, f"{kind}_patch", id=there["id"], **{field: BLANKS})
    if kind != "user":
        refused("extras", f"{kind}_create", **new, extras=[{"key": "a", "value": BLANKS}])


def test_the_form_says_the_limit_in_polish(app):
    sysadmin = {"Authorization": factories.SysadminWithToken()["token"]}
    owner = records.organisation()
    form = {"title": "Dane", "name": "dane", "owner_org": owner, "notes": "x" * 30_000}
    answer = app.post("/pl/dataset/new", headers=sysadmin, data=form)
    assert "Tekst ma 30000 znaków, a może mieć najwyżej 20000: skróć go" in answer.body
    assert "x" * 30_000 in answer.body
