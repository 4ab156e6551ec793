"""WCAG 2.2 AA on each type of page: axe finds nothing, and nothing runs out of a narrow window."""

import contextlib
import os
from pathlib import Path

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.harvest.conftest import Harvest

# Tiles of maps come from the test's own server, which has none.
pytestmark = pytest.mark.ckan_config("ckanext.leszno_ngo.map.tile_url", "/nie-ma/{z}/{x}/{y}.png")

EVERYONE = [
    "/",
    "/en/",
    "/ngo/",
    "/ngo/?spheres=1&q=bank",
    "/ngo/?q=plywzcki",
    "/ngo/leszczynski-bank-zywnosci",
    "/en/ngo/leszczynski-bank-zywnosci",
    "/ngo/nie-ma-takiej",
    "/pieniadze",
    "/mapa",
    "/en/mapa/ngo?q=bank",
    "/dataset/",
    "/dataset/zbior",
    "/organization/biuro",
    "/about",
    "/deklaracja-dostepnosci",
    "/vocabulary/legal_form",
    "/user/login",
]
EDITOR = [
    "/ngo/new",
    "/ngo/edit/leszczynski-bank-zywnosci",
    "/dataset/activity/leszczynski-bank-zywnosci",
    "/ngo/leszczynski-bank-zywnosci",
    "/ngo/versions/leszczynski-bank-zywnosci",
    "/panel",
    "/panel/kosz",
    "/panel/osoby",
    "/organization/edit/biuro",
]
#: What departments and sysadmins do with sources, waiting rows and erasures.
STEWARD = [
    "/panel/kosz",
    "/panel/osoby",
    "/panel/usuwanie",
    "/harvest/edit/source-1",
    "/harvest/clear/source-1",
    "/harvest/admin/source-1",
    "/harvest/source-1/job/{undone}",
    "/harvest/source-1/job/{doubtful}",
    "/leszno_ngo/components",
]
#: CKAN's own pages for accounts, sysadmins and departments.
OF_CKAN = [
    "/ckan-admin/",
    "/ckan-admin/config",
    "/ckan-admin/trash",
    "/dashboard/datasets",
    "/dataset/new",
    "/dataset/edit/zbior",
    "/dataset/resources/zbior",
    "/dataset/zbior/resource/new",
    "/group/members/grupa",
    "/group/manage_members/grupa",
    "/group/delete/grupa",
    "/harvest/",
    "/harvest/source-1/job",
    "/harvest/about/source-1",
    "/organization/members/biuro",
    "/organization/manage_members/biuro",
    "/organization/bulk_process/biuro",
    "/organization/delete/biuro",
    "/user/",
    "/user/szef",
    "/user/edit/szef",
]
#: Pages that have every component between them.
DARK = ["/", "/leszno_ngo/components", "/pieniadze", "/ngo/new", "/dataset/zbior"]
_HEADER = "KRS;NIP;Nazwa;Telefon;Miejscowość;Cel\n"
_ROWS = [
    "0000000168;5422692744;STOWARZYSZENIE ALFA;65 520 11 11;Leszno;pomoc\n",
    "0000000291;5422697397;FUNDACJA BETA;65 520 22 22;Leszno;pomoc\n",
    "0000000525;5422698451;KLUB SPORTOWY GAMMA;65 520 33 33;Leszno;sport\n",
    "0000000607;;JAN KOWALSKI;;Leszno;pomoc\n",
]


def violations(tab):
    """What axe finds, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    tab.wait_for_load_state("load")  # with its styles
    found = Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def runs_out(tab):
    """How many pixels a page is wider than its window."""
    return tab.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def picture(tab, name):
    """Keep a picture of the page where the variable ``PICTURES`` names a folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        tab.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def check(tab, addresses, axe_at=(WIDE, PHONE)):
    """Open each page once: axe at some widths, and nothing runs out there and at 320 pixels."""
    found = {}
    for address in addresses:
        tab.goto(address)
        for width in dict.fromkeys((*axe_at, NARROW)):
            tab.set_viewport_size({"width": width, "height": 900})
            said = violations(tab) if width in axe_at else []
            found[address, width] = said + ([f"{runs_out(tab)} px"] if runs_out(tab) > 0 else [])
    assert {where: said for where, said in found.items() if said} == {}


def test_axe_finds_nothing_on_public_pages(portal, open_tab):
    tab = open_tab()
    check(tab, EVERYONE)
    check(tab, [f"/en{page}" for page in EVERYONE if not page.startswith("/en/")], [NARROW])


def test_axe_finds_nothing_on_pages_for_officials(open_tab, log_in):
    tab = open_tab()
    log_in(tab)
    check(tab, EDITOR)
    tab.goto("/ngo/new")
    tab.fill("#field-krs", "abc")
    tab.click(".ln-form-actions button")
    assert tab.locator(".ln-errors").count() == 1
    assert violations(tab) == []


@pytest.fixture
def harvested(portal, tmp_path):
    """A source with a run to undo, one to confirm, and a row that waits; ids of the jobs."""
    from ckanext.leszno_ngo.harvest.model import SourceError

    boss = factories.Sysadmin(name="szef", password="haslo12345", fullname="Szef", image_url="")
    harvest = Harvest(tmp_path, boss["name"])
    source = harvest.source(owner_org="biuro")
    harvest.run(source, _HEADER + "".join(_ROWS))
    undone = harvest.job_id
    with contextlib.suppress(SourceError):
        harvest.run(source, _HEADER + "".join(row.replace("A;65", "A ZŁA;65") for row in _ROWS))
    bulk = {"user": boss["name"]}
    club = call_action("package_search", fq="krs:0000031247")["results"][0]
    call_action("package_delete", bulk, id=club["id"])
    return {"undone": undone, "doubtful": harvest.job_id}


def test_axe_finds_nothing_on_pages_of_sources_persons_and_erasures(harvested, open_tab):
    tab = open_tab()
    tab.goto("/user/login")
    tab.fill("#field-login", "szef")
    tab.fill("#field-password", "haslo12345")
    tab.press("#field-password", "Enter")
    tab.wait_for_selector(".ln-account")
    found = {}
    for address in STEWARD:
        assert tab.goto(address.format(**harvested)).status == 200, address
        for width in (WIDE, PHONE):
            tab.set_viewport_size({"width": width, "height": 900})
            said = violations(tab) + ([f"{runs_out(tab)} px"] if runs_out(tab) > 0 else [])
            picture(tab, f"steward{address.replace('/', '-')[:30]}-{width}")
            if said:
                found[address, width] = said
    factories.Group(name="grupa", user={"name": "szef"}, image_url="")
    tab.set_viewport_size({"width": NARROW, "height": 900})
    for address in OF_CKAN:
        assert tab.goto(address).status == 200, address
        said = violations(tab) + ([f"{runs_out(tab)} px"] if runs_out(tab) > 0 else [])
        if said:
            found[address] = said
    tab.emulate_media(color_scheme="dark")
    for address in DARK:
        tab.goto(address)
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 25, 31)"
        said = violations(tab)
        picture(tab, f"dark{address.replace('/', '-')[:30]}")
        if said:
            found[address, "dark"] = said
    tab.emulate_media(color_scheme="light")
    tab.goto("/panel/usuwanie")
    tab.fill("textarea", "Kowalski")
    tab.click("[role=main] form button[type=submit]")
    tab.wait_for_load_state()
    found["preview"] = violations(tab)
    picture(tab, "steward-erasing-preview-360")
    assert {address: said for address, said in found.items() if said} == {}


def test_axe_finds_nothing_while_suggestions_and_filters_are_open(portal, open_tab):
    tab = open_tab()
    for width in (WIDE, PHONE):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto("/ngo/")
        if width == PHONE:
            tab.click(".ln-facets-button")
            tab.wait_for_selector("#ln-facets.show")
        tab.locator("#record-search-q").press_sequentially("bank")
        tab.wait_for_selector("[role=option]")
        assert violations(tab) == []
