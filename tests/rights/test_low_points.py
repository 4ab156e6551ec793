"""What was open, of low weight, after the fourth hostile round, and is no more."""

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.user import set_password
from ckan.lib import search
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("clean_catalogue")

SECRET_ADDRESS = "https://ktos:haslo@example.org/a.csv"
PLAIN_ADDRESS = "https://example.org/a.csv"
LONG = "x" * 20_001


@pytest.fixture
def sysadmin():
    return {"Authorization": factories.SysadminWithToken()["token"]}


def admins(unit):
    people = helpers.call_action("member_list", id=unit, object_type="user", capacity="admin")
    return {id_ for id_, *_ in people}


@pytest.mark.parametrize("kind", ["organization", "group"])
def test_an_empty_list_of_people_leaves_nobody_without_an_administrator(app, sysadmin, kind):
    account = factories.User()
    there = factories.Group if kind == "group" else factories.Organization
    unit = there(users=[{"name": account["name"], "capacity": "admin"}])["id"]
    before = admins(unit)
    for users in ([], [{"name": account["name"], "capacity": "editor"}]):
        given = {"id": unit, "users": users}
        address = f"/api/3/action/{kind}_patch"
        answer = app.post(address, json=given, headers=sysadmin, status=409)
        assert "users" in answer.json["error"]
    model.Session.expire_all()
    assert admins(unit) == before
    made = helpers.call_action(
        f"{kind}_create", {"user": account["name"], "ignore_auth": True}, name="nowy", users=[]
    )
    assert admins(made["id"])


def test_a_name_that_is_the_number_of_another_is_refused(app, sysadmin):
    unit = factories.Organization()
    first = factories.Dataset(owner_org=unit["id"])
    second = factories.Dataset(owner_org=unit["id"])
    group = factories.Group()
    asked = {
        "package_create": {"name": first["id"], "title": "A", "owner_org": unit["id"]},
        "package_patch": {"id": second["id"], "name": first["id"]},
        "organization_create": {"name": unit["id"], "title": "A"},
        "organization_patch": {"id": unit["id"], "name": group["id"]},
        "group_create": {"name": group["id"], "title": "A"},
    }
    for action, given in asked.items():
        answer = app.post(f"/api/3/action/{action}", json=given, headers=sysadmin, status=409)
        assert list(answer.json["error"]) == ["name", "__type"], action
    assert helpers.call_action("package_show", id=first["id"])["name"] == first["name"]


@pytest.fixture
def harvested():
    """A dataset as a harvest stored it before there were these rules."""
    unit = factories.Organization()
    made = factories.Dataset(owner_org=unit["id"], extras=[])
    for url in ("https://example.org/a.csv", "https://example.org/b.csv"):
        factories.Resource(package_id=made["id"], url=url)
    package = model.Package.get(made["id"])
    package.notes, package.resources[0].url = LONG, SECRET_ADDRESS
    model.Session.commit()
    search.rebuild(made["id"])
    return helpers.call_action("package_show", id=made["id"])


def test_what_was_stored_before_the_rules_keeps_nobody_from_saving(app, sysadmin, harvested):
    first, second = harvested["resources"]
    for action, given in {
        "package_patch": {"id": harvested["id"], "title": "Inny tytuł"},
        "resource_patch": {"id": second["id"], "name": "Inny plik"},
    }.items():
        answer = app.client.post(f"/api/3/action/{action}", json=given, headers=sysadmin)
        assert answer.status_code == 200, answer.json["error"]
    given = {"id": first["id"], "name": "Ten sam adres"}
    answer = app.client.post("/api/3/action/resource_patch", json=given, headers=sysadmin)
    assert answer.status_code == 200, answer.json["error"]
    kept = helpers.call_action("package_show", id=harvested["id"])
    assert (kept["title"], kept["notes"]) == ("Inny tytuł", LONG)
    # what is shown is what is saved again: a password goes with the next change
    assert [one["url"] for one in kept["resources"]] == [PLAIN_ADDRESS, second["url"]]
    stored = model.Session.scalars(sa.select(model.Resource.url))
    assert SECRET_ADDRESS not in set(stored)


def test_what_is_new_is_refused_beside_it(app, sysadmin, harvested):
    first, second = harvested["resources"]
    files = [first, {**second, "url": "javascript:alert(1)"}]
    for given in (
        {"resources": files},
        {"resources": [{**first, "url": SECRET_ADDRESS.replace("haslo", "inne")}, second]},
        {"resources": [{**first, "id": None, "url": SECRET_ADDRESS}, second]},
        {"notes": LONG + "y"},
    ):
        body = {"id": harvested["id"], **given}
        answer = app.client.post("/api/3/action/package_patch", json=body, headers=sysadmin)
        assert answer.status_code == 409, given
        assert set(answer.json["error"]) == {*given, "__type"}


def test_the_form_says_what_stayed_as_it_was(app, sysadmin, harvested):
    form = {"title": "Inny", "name": harvested["name"], "notes": LONG, "save": "1"}
    form |= {"owner_org": harvested["owner_org"]}
    page = app.post(f"/en/dataset/edit/{harvested['name']}", data=form, headers=sysadmin)
    assert "Left as it was" in page.body


def test_a_password_set_at_the_server_ends_tokens_and_links(cli):
    account = factories.UserWithToken()
    user = model.User.get(account["id"])
    user.reset_key = "klucz"
    model.Session.commit()
    done = cli.invoke(set_password, [account["name"]], input="Nowe-haslo-1\nNowe-haslo-1\n")
    assert done.exit_code == 0, done.output
    tokens = model.Session.query(model.ApiToken).filter_by(user_id=account["id"])
    assert tokens.count() == 0
    assert not model.User.get(account["id"]).reset_key
    factories.APIToken(user=account["name"])
    helpers.call_action("user_patch", {"ignore_auth": True}, id=account["id"], fullname="Jan")
    assert tokens.count() == 1


def test_the_page_of_the_logout_speaks_to_who_has_finished(app, sysadmin):
    page = app.get("/pl/user/_logout", headers=sysadmin).body
    assert "gdy kończysz pracę" in page


@pytest.mark.parametrize("field", ["id", "name", "created", "number_created_packages", ""])
def test_accounts_are_listed_in_an_order_that_is_shown(app, field):
    reader = {"Authorization": factories.UserWithToken()["token"]}
    address = f"/api/3/action/user_list?order_by={field}"
    assert app.get(address, headers=reader, status=200).json["result"]


@pytest.mark.parametrize(
    "field", ["email", "password", "reset_key", "last_active", "metadata", "x"]
)
def test_no_order_of_accounts_tells_what_is_not_shown(app, field):
    reader = {"Authorization": factories.UserWithToken()["token"]}
    address = f"/en/api/3/action/user_list?order_by={field}"
    answer = app.get(address, headers=reader, status=409)
    assert answer.json["error"]["order_by"][0].startswith("Choose one of: about, created,")
    app.post("/api/3/action/user_list", json={"order_by": field}, headers=reader, status=409)
    app.get(address, status=403)
    app.get(f"/user/?order_by={field}", headers=reader, status=400)


def stored_with_passwords():
    """A dataset, its file, its department and an account from before addresses were checked."""
    account = factories.User()
    unit = factories.Organization(users=[{"name": account["name"], "capacity": "admin"}])
    made = factories.Dataset(owner_org=unit["id"], extras=[{"key": "strona", "value": "x"}])
    factories.Resource(package_id=made["id"], url=PLAIN_ADDRESS)
    package = model.Package.get(made["id"])
    package.url, package.resources[0].url = SECRET_ADDRESS, SECRET_ADDRESS
    package.notes = f"Dane są pod {SECRET_ADDRESS}"
    package.extras["strona"] = SECRET_ADDRESS
    department, person = model.Group.get(unit["id"]), model.User.get(account["id"])
    department.image_url = person.image_url = "https://klucz@example.org/a.png"
    department.description = person.about = f"Pisz: {SECRET_ADDRESS}, a@example.org"
    model.Session.commit()
    return package, department, person


def test_a_password_kept_in_an_address_is_shown_nowhere(app, sysadmin):
    package, department, person = stored_with_passwords()
    file = package.resources[0].id
    for rebuilt in (False, True):
        if rebuilt:
            search.rebuild(package.id)
        for address in (
            *(f"/dataset/{package.name}", f"/dataset/{package.name}/resource/{file}", "/dataset/"),
            *(f"/organization/{department.name}", f"/user/{person.name}", "/organization/"),
            *(f"/dataset/edit/{package.name}", f"/dataset/{package.name}.ttl", "/catalog.ttl"),
            f"/api/3/action/package_show?id={package.id}",
            f"/api/3/action/resource_show?id={file}",
            "/api/3/action/package_search",
            "/api/3/action/package_search?use_default_schema=true",
            "/api/3/action/package_search?fl=id,url,res_url,notes,validated_data_dict",
            "/api/3/action/current_package_list_with_resources",
            "/api/3/action/resource_search?query=name:",
            f"/api/3/action/organization_show?id={department.id}",
            "/api/3/action/organization_list?all_fields=true&include_extras=true",
            f"/api/3/action/user_show?id={person.id}",
        ):
            answer = app.get(address, headers=sysadmin, status=200)
            assert "haslo" not in answer.body, address
            assert "klucz@" not in answer.body, address
    found = app.get("/api/3/action/package_search?facet.field=[%22res_url%22]", headers=sysadmin)
    assert "haslo" not in found.body
    shown = app.get(f"/api/3/action/package_show?id={package.id}", headers=sysadmin).json["result"]
    assert shown["url"] == shown["resources"][0]["url"] == PLAIN_ADDRESS
    assert shown["notes"] == f"Dane są pod {PLAIN_ADDRESS}"
    model.Session.expire_all()
    assert model.Package.get(package.id).url == SECRET_ADDRESS  # only saving changes it
