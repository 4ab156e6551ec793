"""Pages about the portal: contact, privacy, terms of use, an easy-to-read text."""

import pytest
from ckan.tests import factories

from ckanext.leszno_ngo.views.pages.information_pages import PAGES

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def sysadmin():
    return {"Authorization": factories.SysadminWithToken()["token"]}


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_has_a_text_and_is_led_to_from_the_footer(language, page):
    """Nothing has to be written before a portal opens, and no blanks are shown."""
    footer = {link["href"] for link in page(f"{language}/").select(".ln-footer a")}
    for about in PAGES:
        soup = page(f"{language}{about.address}")
        text = soup.select_one("[role=main]").get_text(" ", strip=True)
        assert len(text.split()) > 40, about
        assert not {"⟦", "None", "%("} & set(text.split()), about
        assert f"{language}{about.address}" in footer
    assert "um@leszno.pl" in page(f"{language}/kontakt").select_one("[role=main]").get_text()


def test_a_sysadmin_writes_the_own_texts_of_the_city(app, sysadmin, page):
    form = app.get("/ckan-admin/config", headers=sysadmin)
    assert form.body.count('name="ckanext.leszno_ngo.pages.') == len(PAGES)
    option = "ckanext.leszno_ngo.pages.privacy"
    written = "Inspektorem jest **Biuro IOD**. <script>alert(1)</script>"
    saved = app.post("/ckan-admin/config", data={option: written, "save": ""}, headers=sysadmin)
    assert saved.status_code == 200
    main = page("/polityka-prywatnosci").select_one("[role=main]")
    assert main.select_one("strong").get_text() == "Biuro IOD"
    assert main.select("script") == []
    assert main.select_one("h1").get_text() == "Prywatność"
    assert page("/en/polityka-prywatnosci").select_one("[role=main] [lang=pl] strong")


def test_the_statement_of_accessibility_is_named_on_every_page(page):
    for address in ("/", "/ngo/", "/dataset/", "/kontakt"):
        named = page(address).select_one('meta[name="deklaracja-dostępności"]')
        assert named["content"].endswith("/deklaracja-dostepnosci")
