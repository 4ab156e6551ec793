"""Every kind of page under the site's Content-Security-Policy: nothing is forbidden, all works.

``open_tab`` fails a test in which the browser reports a violation; here the markup as it was sent
is read, too, for what a browser without scripts would have to refuse.
"""

import os

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.markup import inline

if "CKAN_DATASTORE_WRITE_URL" not in os.environ:
    pytest.skip("needs a DataStore: run by `make test`", allow_module_level=True)

pytestmark = [
    pytest.mark.with_plugins("datastore", "datatables_view", "text_view"),
    pytest.mark.ckan_config("ckanext.leszno_ngo.map.tile_url", "/nie-ma/{z}/{x}/{y}.png"),
    pytest.mark.ckan_config("ckan.site_custom_css", ".ln-tried { color: rgb(1, 2, 3); }"),
]

ANYONE = ["/user/login", "/user/reset", "/ngo/leszczynski-bank-zywnosci"]
SYSADMIN = [
    "/",
    "/en/",
    "/szukaj?q=bank",
    "/ngo/?spheres=1&q=bank",
    "/ngo/leszczynski-bank-zywnosci",
    "/ngo/nie-ma-takiej",
    "/ngo/new",
    "/ngo/edit/leszczynski-bank-zywnosci",
    "/ngo/delete/leszczynski-bank-zywnosci",
    "/mapa",
    "/kalendarz",
    "/program",
    "/program/raport/2026",
    "/przekaz-1-5-procent",
    "/panel",
    "/panel/jakosc",
    "/deklaracja-dostepnosci",
    "/vocabulary/legal_form",
    "/about",
    "/api/leszno-ngo/",
    "/dataset/",
    "/dataset/zbior",
    "/dataset/new",
    "/dataset/edit/zbior",
    "/dataset/resources/zbior",
    "/dataset/groups/zbior",
    "/dataset/followers/zbior",
    "/dataset/zbior/resource/new",
    "/dataset/zbior/resource/{file}",
    "/dataset/zbior/resource/{file}/edit",
    "/dataset/zbior/resource/{file}/views",
    "/dataset/zbior/resource/{file}/edit_view/{view}",
    "/dataset/zbior/dictionary/{file}",
    "/dataset/zbior/resource/{text}",
    "/dataset/zbior/resource/{text}/view/{text_view}",
    "/dataset/activity/leszczynski-bank-zywnosci",
    "/dataset/changes/{activity}",
    "/organization/",
    "/organization/biuro",
    "/organization/about/biuro",
    "/organization/new",
    "/organization/edit/biuro",
    "/organization/members/biuro",
    "/organization/member_new/biuro",
    "/organization/bulk_process/biuro",
    "/organization/activity/biuro",
    "/organization/changes/{unit_activity}",
    "/group/",
    "/group/new",
    "/harvest",
    "/harvest/new",
    "/harvest/wykaz",
    "/harvest/admin/wykaz",
    "/harvest/edit/wykaz",
    "/harvest/wykaz/job",
    "/harvest/wykaz/job/{job}",
    "/user/",
    "/user/szef",
    "/user/edit/szef",
    "/user/activity/szef",
    "/dashboard/",
    "/dashboard/datasets",
    "/dashboard/organizations",
    "/ckan-admin/",
    "/ckan-admin/config",
    "/ckan-admin/trash",
    "/leszno_ngo/components",
]


@pytest.fixture
def ids(portal, server):
    """One of everything that a page can be about; their identifiers by the names in addresses."""
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    factories.Sysadmin(name="szef", password="haslo12345", fullname="Szef", image_url="")

    def as_szef(action, **data):
        return call_action(action, {"user": "szef", "ignore_auth": True}, **data)

    dataset = as_szef("package_show", id="zbior")
    text = as_szef(
        "resource_create",
        package_id="zbior",
        name="Tekst",
        url=f"{server}/robots.txt",
        format="TXT",
    )
    file = dataset["resources"][0]["id"]
    rows = [{"nazwa": f"Klub {number}", "kwota": number} for number in range(30)]
    as_szef("datastore_create", resource_id=file, records=rows, force=True)
    table = {"view_type": "datatables_view", "title": "Tabela", "responsive": True}
    views = {
        "view": as_szef("resource_view_create", resource_id=file, **table),
        "text_view": as_szef(
            "resource_view_create", resource_id=text["id"], view_type="text_view", title="Tekst"
        ),
    }
    as_szef("organization_patch", id="biuro", title="Biuro Pełnomocnika")
    record = as_szef("package_patch", id="leszczynski-bank-zywnosci", notes="Zbieramy żywność.")
    as_szef(
        "harvest_source_create",
        name="wykaz",
        title="Wykaz",
        url="https://example.org/wykaz.csv",
        source_type="leszno_ngo_opp",
        frequency="MANUAL",
        owner_org=dataset["owner_org"],
    )
    source = as_szef("package_show", id="wykaz")
    job = as_szef("harvest_job_create", source_id=source["id"], run=False)
    of_record = as_szef("package_activity_list", id=record["id"])
    of_unit = as_szef("organization_activity_list", id="biuro")
    changes = [one for one in of_unit if one["activity_type"] == "changed organization"]
    return {
        "file": file,
        "text": text["id"],
        **{name: view["id"] for name, view in views.items()},
        "activity": of_record[0]["id"],
        "unit_activity": changes[0]["id"],
        "job": job["id"],
    }


def log_in(tab):
    tab.goto("/user/login")
    tab.fill("#field-login", "szef")
    tab.fill("#field-password", "haslo12345")
    tab.press("#field-password", "Enter")
    tab.wait_for_selector(".ln-account")


def visit(tab, addresses, ids):
    """Open each page; what is wrong with the markup and the headers of any."""
    found = {}
    for address in addresses:
        answer = tab.goto(address.format(**ids))
        faults = inline(answer.text())
        if answer.status != (404 if "nie-ma" in address else 200):
            faults.append(f"status {answer.status}")
        if "'unsafe" in answer.headers.get("content-security-policy", "'unsafe"):
            faults.append("no policy")
        if faults:
            found[address] = faults
    return found


def test_no_page_breaks_the_policy_and_what_inline_scripts_did_still_works(ids, open_tab):
    tab = open_tab()
    assert visit(tab, ANYONE, ids) == {}
    log_in(tab)
    tab.goto("/ngo/")
    configuration_is_closed(tab)
    assert visit(tab, SYSADMIN, ids) == {}
    file = f"/dataset/zbior/resource/{ids['file']}"
    table_of_a_file(tab, file)
    text_of_a_file(tab, f"/dataset/zbior/resource/{ids['text']}")
    choice_of_a_file(tab)
    fields_of_forms(tab, f"{file}/edit_view/{ids['view']}")
    changes(tab, f"/dataset/changes/{ids['activity']}")
    tokens(tab)
    dashboard(tab)


def configuration_is_closed(tab):
    """Htmx evaluates nothing; the sysadmin's styles, a file now, still count."""
    assert tab.evaluate("htmx.config.allowEval") is False
    assert tab.evaluate("htmx.config.includeIndicatorStyles") is False
    heading = tab.locator("h1").first
    heading.evaluate("(element) => element.classList.add('ln-tried')")
    assert heading.evaluate("(element) => getComputedStyle(element).color") == "rgb(1, 2, 3)"


def table_of_a_file(tab, address):
    """Rows in the frame, a button and a filter of the table."""
    tab.goto(address)
    table = tab.frame_locator("iframe[data-module=data-viewer]")
    table.locator("#dtprv tbody tr", has_text="Klub").first.wait_for()
    table.locator("#refit-button").first.click()
    field = table.locator("thead .fhead input").first
    field.fill("Klub 7")
    field.press("Enter")
    table.locator("#dtprv_info", has_text="30").wait_for()
    table.locator("#dtprv tbody tr", has_text="Klub 8").wait_for(state="detached")
    tab.set_viewport_size({"width": PHONE, "height": 900})
    tab.reload()
    table.locator("#dtprv tbody tr", has_text="Klub 7").first.wait_for()
    tab.set_viewport_size({"width": WIDE, "height": 900})


def text_of_a_file(tab, address):
    """A file that is text, shown by text_view."""
    tab.goto(address)
    text = tab.frame_locator("iframe[data-module=data-viewer]")
    text.locator("pre", has_text="User-agent").first.wait_for()


def choice_of_a_file(tab):
    """Each way to give a file opens its own line, and is taken back."""
    tab.goto("/dataset/zbior/resource/new")
    tab.click("#resource-link-button")
    assert tab.evaluate("document.activeElement.id") == "field-resource-url"
    tab.fill("#field-resource-url", "https://example.org/b.csv")
    tab.click(".btn-remove-url:visible")
    assert tab.is_checked("#resource-url-none")
    assert tab.input_value("#field-resource-url") == ""
    with tab.expect_file_chooser():
        tab.click("#resource-upload-button")


def fields_of_forms(tab, view):
    """Lines of a field of several texts; columns of a table's view; a picture's address."""
    tab.goto("/dataset/edit/zbior")
    lines = tab.locator(".multiple-text-group").first.locator("li")
    before = lines.count()
    tab.locator("[data-multiple-add]").first.click()
    assert lines.count() == before + 1
    tab.goto(view)
    tab.click(".dt-hide-all")
    assert tab.locator(".dt-select-columns input:checked").count() == 1
    tab.goto("/organization/edit/biuro")
    tab.click("[data-module=image-upload] a:has(.fa-globe)")
    assert tab.is_visible("#field-image-url")


def changes(tab, address):
    """The difference as JSON, closed at first."""
    tab.goto(address)
    assert not tab.is_visible("#metadata_diff")
    tab.click("#metadata_button")
    assert tab.is_visible("#metadata_diff")


def tokens(tab):
    """A token made and one ticked without leaving the page."""
    tab.goto("/user/szef/api-tokens")
    tab.fill("form [name=name]", "próba")
    tab.click("button[value=create]")
    made = tab.locator("#api-tokens-table .ln-token")
    made.wait_for()
    assert len(made.inner_text()) > 40
    revoke = tab.locator("#revoke-tokens-button")
    assert revoke.is_disabled()
    tab.check("#api-tokens-table [name=token]")
    assert revoke.is_enabled()


def dashboard(tab):
    """Whom the dashboard is about."""
    tab.goto("/dashboard/")
    tab.click("#followee-popover")
    tab.wait_for_selector(".popover-followee")
