"""A record's page."""

import datetime

import pytest

from ckanext.leszno_ngo.cooperation.views.pages import tax_years
from ckanext.leszno_ngo.views.pages import profile
from tests.pages import FULL, SOURCES

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def record(department):
    """A record with every field, as a harvest leaves it."""
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    user = factories.Sysadmin()
    return call_action(
        "package_create",
        {"user": user["name"], "leszno_ngo_harvest": True},
        **FULL,
        sources=SOURCES,
        owner_org=department["id"],
    )


@pytest.fixture
def soup(record, page):
    """Its page."""
    return page(f"/ngo/{record['name']}")


def rows(soup, said):
    return {said(row.dt): said(row.dd) for row in soup.select(".ln-row")}


def test_sections_are_those_of_the_schema_without_empty_ones(soup, ngo_factory, page, said):
    headings = [said(h) for h in soup.select(".ln-body h2")]
    assert headings == [
        "Organizacja",
        "Czym się zajmuje",
        "Kontakt",
        "Siedziba",
        "Numery w rejestrach",
        "Stan prawny i 1,5% podatku",
    ]
    bare = page(f"/ngo/{ngo_factory()['name']}")
    assert "Kontakt" not in [said(h) for h in bare.select(".ln-body h2")]


def test_values_are_said_in_polish(soup, said):
    shown = rows(soup, said)
    assert shown["Forma prawna"] == "stowarzyszenie"
    assert shown["Data wpisu do rejestru"] == "9 sierpnia 2001"
    assert shown["NIP"].startswith("697-19-09-851")
    assert shown["Status"] == "działa"
    assert said(soup.address) == "ul. Karasia 15/2 64-100 Leszno"


def test_line_breaks_of_a_long_text_stay_and_markup_is_only_text(soup):
    aims = next(d for d in soup.select(".ln-as-written") if "Pozyskiwanie" in d.get_text())
    assert "żywności.\n2. Pomoc" in aims.get_text()
    assert not aims.find("ol")


def test_spheres_lead_to_the_search(soup):
    assert soup.select_one(".ln-tags a")["href"] == "/ngo/?spheres=1"


def test_identifiers_can_be_copied_and_lead_to_registers(soup):
    copied = {b["data-text"] for b in soup.select("[data-component=copy]")}
    assert {"0000034219", "6971909851"} <= copied
    assert any("ms.gov.pl" in a["href"] for a in soup.select(".ln-box a"))


def test_the_tax_box_is_there_for_the_current_year_only(record, ngo_factory, page, monkeypatch):
    assert "Przekaż 1,5% podatku" in page(f"/ngo/{record['name']}").get_text()
    old = ngo_factory(opp=True, opp_tax_years=["2015"])
    assert "Przekaż 1,5% podatku" not in page(f"/ngo/{old['name']}").get_text()


@pytest.mark.parametrize(
    ("years", "today", "year"),
    [
        (["2025"], (2026, 1, 2), "2025"),
        (["2025"], (2026, 12, 31), "2025"),
        (["2025"], (2027, 1, 1), None),
        (["2026"], (2026, 12, 16), "2026"),
        ([], (2026, 1, 2), None),
        (None, (2026, 1, 2), None),
    ],
)
def test_which_tax_year_counts(years, today, year):
    assert tax_years.tax_year({"opp_tax_years": years}, datetime.date(*today)) == year


def test_where_the_data_come_from(soup, said):
    box = soup.select_one(".ln-sources")
    text = said(box)
    assert "Wykaz OPP" in text
    assert "Stan na dzień 30 listopada 2025" in text
    assert "Creative Commons" in text
    assert "Nazwa z rejestru, KRS" in text
    assert box.a["href"] == "https://example.org/opp.csv"


def test_a_source_with_a_script_for_an_address_is_refused(department):
    from ckan import logic
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    hostile = {**SOURCES[0], "url": "javascript:alert(1)", "title": "<b>Zła</b>"}
    context = {"user": factories.Sysadmin()["name"], "leszno_ngo_harvest": True}
    with pytest.raises(logic.ValidationError) as refused:
        call_action(
            "package_create",
            context,
            **{**FULL, "name": "zla"},
            sources=[hostile],
            owner_org=department["id"],
        )
    assert list(refused.value.error_dict) == ["sources"]


def test_the_map_asks_nobody_until_the_person_does(soup):
    box = soup.select_one(".ln-map")
    assert box["data-latitude"] == "51.8403"
    assert not soup.select('img[src*="openstreetmap"], script[src^="http"], link[href*="//fonts"]')
    assert soup.select_one('a[href^="https://www.openstreetmap.org/"]')


@pytest.mark.ckan_config("ckanext.leszno_ngo.map.tile_url", "")
def test_maps_can_be_turned_off(record, page):
    assert not page(f"/ngo/{record['name']}").select(".ln-map")


def test_the_api_view_is_the_record(soup, record, app):
    link = next(a for a in soup.select(".ln-box a") if "package_show" in a["href"])
    assert app.get(link["href"]).json["result"]["krs"] == record["krs"]


def test_only_those_who_may_see_the_button_to_change(record, page, as_editor):
    address = f"/ngo/{record['name']}"
    assert not page(address).select('a[href*="/ngo/edit/"]')
    assert page(address, headers=as_editor).select('a[href*="/ngo/edit/"]')


def test_the_page_asks_the_database_little(record, app, sql_budget, solr_budget):
    address = f"/ngo/{record['name']}"
    app.get(address)
    # package_show, and one request for everything that points at the record
    with sql_budget(13), solr_budget(2):  # one is for the tag (views/shared/page_caching.py)
        app.get(address)


@pytest.mark.parametrize(
    ("record", "lines"),
    [
        ({}, []),
        ({"town": "Leszno"}, ["Leszno"]),
        (
            {"street": "Rynek", "building_number": "1", "postal_code": "64-100", "town": "Leszno"},
            ["Rynek 1", "64-100 Leszno"],
        ),
        (
            {
                "building_number": "7",
                "town": "Wilkowice",
                "postal_code": "64-115",
                "post_office": "Święciechowa",
            },
            ["Wilkowice 7", "64-115 Święciechowa"],
        ),
        (
            {
                "street": "Polna",
                "building_number": "7",
                "flat_number": "2",
                "town": "Wilkowice",
                "post_office": "Święciechowa",
                "postal_code": "64-115",
            },
            ["Polna 7/2", "Wilkowice", "64-115 Święciechowa"],
        ),
        ({"town": "Leszno", "post_office": "LESZNO"}, ["LESZNO"]),
    ],
)
def test_an_address_is_written_as_on_an_envelope(record, lines):
    assert profile.address(record) == lines
