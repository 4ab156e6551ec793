"""WCAG 2.1 AA on each type of page: axe finds nothing, and nothing runs out of a narrow window."""

import pytest

from tests.browser.conftest import NARROW, PHONE, WIDE

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
]


def violations(tab):
    """What axe finds, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def runs_out(tab):
    """How many pixels a page is wider than its window."""
    return tab.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def check(tab, addresses):
    found = {}
    for address in addresses:
        tab.goto(address)
        found[address] = violations(tab)
    assert {address: said for address, said in found.items() if said} == {}


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_axe_finds_nothing_on_public_pages(width, portal, open_tab):
    check(open_tab(width), EVERYONE)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_axe_finds_nothing_on_pages_for_officials(width, open_tab, log_in):
    tab = open_tab(width)
    log_in(tab)
    check(tab, EDITOR)
    tab.goto("/ngo/new")
    tab.fill("#field-krs", "abc")
    tab.click(".ln-form-actions button")
    assert tab.locator(".ln-errors").count() == 1
    assert violations(tab) == []


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_axe_finds_nothing_while_suggestions_and_filters_are_open(width, portal, open_tab):
    tab = open_tab(width)
    tab.goto("/ngo/")
    if width == PHONE:
        tab.click(".ln-facets-button")
        tab.wait_for_selector("#ln-facets.show")
    tab.locator("#record-search-q").press_sequentially("bank")
    tab.wait_for_selector("[role=option]")
    assert violations(tab) == []


def test_a_narrow_window_never_scrolls_sideways(open_tab, log_in):
    tab = open_tab(NARROW)
    found = {}
    for address in EVERYONE:
        tab.goto(address)
        found[address] = runs_out(tab)
    log_in(tab)
    for address in EDITOR:
        tab.goto(address)
        found[address] = runs_out(tab)
    assert {address: pixels for address, pixels in found.items() if pixels > 0} == {}
