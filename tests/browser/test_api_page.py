"""The pages of the API: readable with axe and a keyboard, and nothing from another host."""

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessibility import runs_out, violations


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_page_of_the_api_is_accessible(width, portal, open_tab):
    tab = open_tab(width)
    for address in ("/api/leszno-ngo/", "/en/api/leszno-ngo/"):
        tab.goto(address)
        assert violations(tab) == []
        assert runs_out(tab) <= 0
    first = tab.locator(".ln-api summary").first
    first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator(".ln-api details[open]").count() == 1
    assert violations(tab) == []


def test_the_console_shows_every_group_and_asks_no_other_host(portal, open_tab):
    tab = open_tab(WIDE)
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto("/api/leszno-ngo/konsola")
    tab.wait_for_selector("#swagger-ui .opblock-tag")
    assert tab.locator("#swagger-ui .opblock-tag").count() == 4
    tab.click("#operations-tag-actions")
    tab.wait_for_selector("#swagger-ui .opblock")
    hosts = {url.split("/")[2] for url in asked if url.startswith("http")}
    assert len(hosts) == 1
    assert "Wypróbuj zapytania" in tab.title()
    # The viewer is another project's; what is ours around it has no faults.
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab, context={"exclude": [["#swagger-ui"]]}).response["violations"]
    assert [violation["id"] for violation in found] == []
