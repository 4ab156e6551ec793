"""The report of quality: the command and the page, each official's own records only."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.catalogue import batch
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def people():
    editor, member, boss = (factories.UserWithToken() for _ in range(3))
    unit = factories.Organization(
        users=[
            {"name": editor["name"], "capacity": "editor"},
            {"name": member["name"], "capacity": "member"},
        ]
    )
    model.User.get(boss["name"]).sysadmin = True
    model.repo.commit()
    return {
        "editor": {"Authorization": editor["token"]},
        "member": {"Authorization": member["token"]},
        "boss": {"Authorization": boss["token"]},
        "unit": unit,
        "other": factories.Organization(),
    }


@pytest.fixture
def faulty(people, ngo_factory):
    """Faults of every level in two departments."""
    ngo = ngo_factory(owner_org=people["unit"]["id"])
    for prefix, unit in (("nasza", people["unit"]), ("cudza", people["other"])):
        grant = {"type_name": "grant", "owner_org": unit["id"], "notes": "Opis."}
        records.create(**grant, title=f"{prefix} bez dnia", granted_date="")
        records.create(**grant, title=f"{prefix} jutro", granted_date=records.ahead(days=30)[:10])
        records.create(**grant, title=f"{prefix} zero", granted_amount="0")
        records.create(**grant, title=f"{prefix} szkic", granted_amount="0", state="draft")
        gone = ngo_factory(owner_org=unit["id"], title=f"{prefix} usunięta")
        records.create(**grant, title=f"{prefix} zerwana", recipient=gone["id"])
        context = {"ignore_auth": True, "user": records.site_user()}
        helpers.call_action("package_delete", context, id=gone["id"])
    return ngo


def page(app, headers, query=""):
    answer = app.get(f"/en/panel/jakosc{query}", headers=headers, status=200)
    return BeautifulSoup(answer.body, "html.parser")


def rules(soup):
    return {
        a["href"].rpartition("=")[2]: int(a.parent.get_text().rpartition(":")[2])
        for a in soup.select(".ln-quality h3 a")
    }


def titles(soup):
    for hidden in soup.select(".visually-hidden"):
        hidden.decompose()
    return [a.get_text() for a in soup.select(".ln-quality > li > a")]


def test_an_official_sees_the_own_records_only(app, people, faulty):
    counted = rules(page(app, people["editor"]))
    assert counted["amount_zero"] == 1
    assert counted["award_day_missing"] == 1
    assert counted["award_future"] == 1
    assert counted["link_broken"] == 1
    assert rules(page(app, people["boss"]))["amount_zero"] == 2
    assert rules(page(app, people["member"])) == {}
    for rule, title in (
        ("amount_zero", "nasza zero"),
        ("award_future", "nasza jutro"),
        ("link_broken", "nasza zerwana"),
    ):
        assert titles(page(app, people["editor"], f"?rule={rule}")) == [title]


def test_a_list_leads_to_the_form_and_to_the_page(app, people, faulty):
    soup = page(app, people["editor"], "?rule=amount_zero")
    edit, read = (a["href"] for a in soup.select(".ln-quality li a"))
    assert edit == "/en/grant/edit/nasza-zero"
    assert read == "/en/grant/nasza-zero"
    assert app.get(edit, headers=people["editor"], status=200)
    # No link to a search that would show more than these records.
    assert not soup.select_one('.ln-main a[href="/en/grant/"]')


def test_what_is_mended_is_gone(app, people, faulty):
    (record,) = records.search(fq='title_string:"nasza zero"')["results"]
    records.update(record, granted_amount="100")
    assert "amount_zero" not in rules(page(app, people["editor"]))
    app.get("/panel/jakosc?rule=amount_zero", headers=people["editor"], status=404)


def test_one_number_of_two_records_is_found(app, people, ngo_factory):
    first, second = (ngo_factory(owner_org=people["unit"]["id"]) for _ in range(2))
    # Past the validators, as two writers at once or a change in the database might do it.
    table = model.package_table
    extras = {**model.Package.get(second["id"]).extras, "krs": first["krs"]}
    model.Session.execute(table.update().where(table.c.id == second["id"]).values(extras=extras))
    model.Session.commit()
    batch.index([second["id"]])
    assert len(titles(page(app, people["editor"], "?rule=identifier_twice"))) == 2


def test_lists_have_pages(app, people):
    for number in range(21):
        records.create(
            "grant",
            title=f"Zadanie {number:02}",
            granted_amount="0",
            owner_org=people["unit"]["id"],
        )
    second = page(app, people["editor"], "?rule=amount_zero&type=grant&page=2")
    assert titles(second) == ["Zadanie 20"]
    for wrong in ("?rule=amount_zero&page=3", "?rule=amount_zero&type=ngo", "?rule=nic"):
        app.get(f"/panel/jakosc{wrong}", headers=people["editor"], status=404)


def test_the_page_is_for_those_signed_in_and_linked_from_the_desk(app, people):
    answer = app.get("/panel/jakosc", follow_redirects=False)
    assert "/user/login" in answer.headers["Location"]
    soup = BeautifulSoup(app.get("/panel", headers=people["editor"]).body, "html.parser")
    assert soup.select_one('.ln-main a[href="/panel/jakosc"]')


def test_it_costs_the_same_however_much_there_is(app, people, faulty, solr_budget, sql_budget):
    page(app, people["editor"])
    with solr_budget(2), sql_budget(25):
        page(app, people["editor"])
    with solr_budget(3), sql_budget(25):
        page(app, people["editor"], "?rule=amount_zero")


def run(cli, *arguments):
    return cli.invoke(ckan_command, ["leszno-ngo", "quality", *arguments])


def test_the_command_counts_and_its_exit_code_tells(cli, people, faulty):
    answer = run(cli)
    assert answer.exit_code == 1, answer.output
    assert "amount_zero" in answer.output
    name = people["unit"]["name"]
    found = json.loads(run(cli, "--json", "--organization", name, "--type", "grant").output)
    assert {row["title"] for row in found if row["rule"] == "amount_zero"} == {"nasza zero"}
    assert all(row["edit_url"].endswith(row["url"].rpartition("/")[2]) for row in found)
    table = list(csv.DictReader(io.StringIO(run(cli, "--csv").output)))
    assert {row["title"] for row in table if row["rule"] == "amount_zero"} == {
        "nasza zero",
        "cudza zero",
    }


def test_the_exit_code_of_a_catalogue_without_errors(cli):
    records.create("guide", title="Bez opisu")
    assert run(cli).exit_code == 0
    assert run(cli, "--strict").exit_code == 1
    assert run(cli, "--type", "nic").exit_code == 2
    assert run(cli, "--organization", "nic").exit_code == 2
