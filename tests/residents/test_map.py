"""The map: its list, its data, its filters, and Leaflet from its package."""

import json

import pysolr
import pytest
from bs4 import BeautifulSoup

from ckanext.leszno_ngo import record_types
from tests.cooperation import records
from tests.cooperation.records import ago, ahead

pytestmark = pytest.mark.usefixtures("clean_catalogue")

AT = {"latitude": "51.8403", "longitude": "16.5749"}


def page(app, address, status=200):
    return BeautifulSoup(app.get(address, status=status).body, "html.parser")


def text(element):
    return " ".join(element.get_text(" ").replace("\u00a0", " ").split())


def titles(soup):
    return [link.get_text() for link in soup.select(".ln-card h3 a")]


def points(app, address):
    """Title → properties, and coordinates under ``at``."""
    answer = app.get(address)
    assert answer.headers["Content-Type"] == "application/geo+json"
    read = json.loads(answer.body)
    assert read["count"] == len(read["features"])
    return {
        one["properties"]["title"]: {**one["properties"], "at": one["geometry"]["coordinates"]}
        for one in read["features"]
    }


@pytest.fixture
def town():
    """Entries with a place and without one, now and over."""
    records.create("ngo", title="Klub na Rynku", krs="0000031247", district="Stare Miasto", **AT)
    records.create("ngo", title="Klub bez adresu", krs="0000034807")
    records.create("premises", title="Sala", street="Rynek", building_number="1", town="Leszno")
    records.create("event", title="Festyn", start_date=ahead(days=5), spheres=["17"], **AT)
    records.create(
        "event", title="Festyn dawny", start_date=ago(days=9), end_date=ago(days=8), **AT
    )
    records.create("event", title="Spotkanie w sieci", start_date=ahead(days=5))
    records.create("grant", title="Dotacja")


def test_the_map_has_what_is_current_and_has_a_place_and_the_list_says_the_same(town, app):
    soup = page(app, "/mapa")
    assert titles(soup) == ["Festyn", "Klub na Rynku", "Sala"]
    assert text(soup.select_one("#ln-count")) == "3 wpisy"
    found = points(app, soup.select_one(".ln-map")["data-points"])
    assert set(found) == {"Festyn", "Klub na Rynku", "Sala"}
    for card in soup.select(".ln-card"):
        said = found[card.select_one("h3").get_text(strip=True)]
        said = {key: str(value).replace("\xa0", " ") for key, value in said.items()}
        lines = [text(line) for line in card.select("p")]
        assert lines == [line for line in (said["kind"], said["when"], said["address"]) if line]
        assert said["url"].endswith(card.select_one("h3 a")["href"])


def test_a_point_says_what_it_is_where_and_when(town, app):
    found = points(app, "/mapa.geojson")
    assert found["Sala"]["address"] == "Rynek 1, Leszno"
    assert found["Sala"]["at"] == [16.57, 51.84]
    assert found["Klub na Rynku"]["kind"] == "Organizacja pozarządowa"
    assert found["Klub na Rynku"]["address"].startswith("Stare Miasto")
    assert found["Festyn"]["when"].startswith("Początek: ")
    english = points(app, "/en/mapa.geojson")
    assert english["Sala"]["kind"] == "Premises"
    assert "/en/premises/" in english["Sala"]["url"]


def test_what_has_no_place_is_counted_and_listed(town, app):
    link = page(app, "/mapa").select_one("a[href*='place=none']")
    assert text(link) == "2 wpisy"
    soup = page(app, link["href"])
    assert titles(soup) == ["Klub bez adresu", "Spotkanie w sieci"]
    assert text(soup.select_one("#ln-count")) == "2 wpisy"
    assert soup.select(".ln-map") == []
    assert points(app, "/mapa.geojson?place=none") == {}
    (back,) = (one for one in soup.select(".ln-chosen a") if "bez miejsca" in text(one))
    assert titles(page(app, back["href"])) == ["Festyn", "Klub na Rynku", "Sala"]
    assert text(page(app, "/mapa?q=spotkanie").select_one("a[href*='place=none']")) == "1 wpis"
    assert page(app, "/mapa/premises").select_one("a[href*='place=none']") is None
    assert titles(page(app, "/mapa/ngo?place=none")) == ["Klub bez adresu"]
    assert "place" not in page(app, "/ngo/?place=none").select_one(".ln-downloads a")["href"]


def test_the_outline_of_the_municipality_is_served_where_there_is_one(
    town, app, ckan_config, monkeypatch
):
    address = page(app, "/mapa").select_one(".ln-map")["data-outline"]
    areas = json.loads(app.get(address).body)["features"]
    own = areas[0]
    assert own["properties"] == {"teryt": "3063011", "name": "Leszno"}
    for ring in own["geometry"]["coordinates"]:
        assert all(16.5 < lon < 16.7 and 51.8 < lat < 51.9 for lon, lat in ring)
    assert len(areas) == 8
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.municipality.teryt", "3064011")
    assert "data-outline" not in page(app, "/mapa").select_one(".ln-map").attrs


def test_what_is_over_is_there_for_who_asks(town, app):
    soup = page(app, "/mapa?state=all")
    assert "Festyn dawny" in titles(soup)
    assert "Festyn dawny" in points(app, "/mapa.geojson?state=all")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=klub", ["Klub na Rynku"]),
        ("dataset_type=premises&dataset_type=event", ["Festyn", "Sala"]),
        ("spheres=17", ["Festyn"]),
        ("district=Stare+Miasto", ["Klub na Rynku"]),
        ("from={in_4_days}&to={in_6_days}", ["Festyn"]),
        ("from={in_6_days}", []),
        ("dataset_type=grant", []),
    ],
)
def test_the_search_narrows_the_map(query, expected, town, app):
    # the days are counted here: midnight may pass between the collection and the test
    query = query.format(in_4_days=ahead(days=4)[:10], in_6_days=ahead(days=6)[:10])
    assert titles(page(app, f"/mapa?{query}")) == expected
    assert sorted(points(app, f"/mapa.geojson?{query}")) == expected


def test_a_mended_word_is_that_of_the_map_too(app):
    records.create("ngo", title="Orkiestra Dęta", krs="0000031247", **AT)
    soup = page(app, "/mapa?q=orkeistra")
    assert titles(soup) == ["Orkiestra Dęta"]
    assert list(points(app, soup.select_one(".ln-map")["data-points"])) == ["Orkiestra Dęta"]


def test_a_map_of_one_type_has_the_filters_of_its_own_page(town, app):
    soup = page(app, "/mapa/premises?kind=meeting_room")
    assert titles(soup) == ["Sala"]
    assert soup.select_one("#ln-facets input[name=kind]")
    assert titles(page(app, "/mapa/premises?kind=office")) == []
    assert list(points(app, "/mapa/premises.geojson?kind=meeting_room")) == ["Sala"]
    assert titles(page(app, "/mapa/event")) == ["Festyn"]


def test_search_pages_lead_to_the_map_with_their_filters(town, app):
    link = page(app, "/premises/?kind=meeting_room&q=sala").select_one(".ln-on-map a")
    assert link["href"] == "/mapa/premises?q=sala&kind=meeting_room"
    assert titles(page(app, link["href"])) == ["Sala"]
    assert page(app, "/szukaj?q=klub").select_one(".ln-on-map a")["href"] == "/mapa?q=klub"
    assert page(app, "/grant/").select_one(".ln-on-map") is None


def test_every_type_with_a_place_has_a_map_and_the_others_have_none(app):
    for record_type in record_types.all_types():
        status = 200 if record_type.place else 404
        app.get(f"/mapa/{record_type.name}", status=status)
        app.get(f"/mapa/{record_type.name}.geojson", status=status)
    app.get("/mapa/nie-ma", status=404)


def test_private_entries_are_on_no_map(app):
    records.create("premises", title="Tajna", private=True)
    assert points(app, "/mapa.geojson?state=all") == {}
    assert titles(page(app, "/mapa?state=all")) == []


def test_nothing_to_show_is_said_without_a_map(app):
    soup = page(app, "/mapa")
    assert soup.select(".ln-map") == []
    assert soup.select_one(".ln-nothing")


def test_hostile_titles_stay_text(app):
    records.create("premises", title='<imgs src=x onerror="alert(1)"> sala')
    found = points(app, "/mapa.geojson")
    assert len(found) == 1
    assert "<img" not in page(app, "/mapa").select_one(".ln-map")["data-points"]
    assert '<imgs src=x onerror="alert(1)"> sala' in found


def test_the_map_asks_little(town, app, sql_budget, solr_budget):
    app.get("/mapa")
    with sql_budget(2), solr_budget(2):
        app.get("/mapa?q=klub")
    with sql_budget(2), solr_budget(2):
        app.get("/mapa.geojson")


def test_the_map_while_solr_is_away(town, app, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise pysolr.SolrError("away")

    monkeypatch.setattr(pysolr.Solr, "search", refuse)
    assert page(app, "/mapa", status=503).select_one(".alert-danger")
    app.get("/mapa.geojson", status=503)


def test_leaflet_comes_from_its_package_and_nothing_else_does(town, app):
    folder = page(app, "/en/mapa").select_one(".ln-map")["data-leaflet"]
    assert folder.startswith("/leszno_ngo/leaflet/")
    script = app.get(f"{folder}leaflet.js")
    assert "Leaflet" in script.get_data(as_text=True)[:200]
    assert "immutable" in script.headers["Cache-Control"]
    app.get(f"{folder}leaflet.css")
    app.get(f"{folder}images/marker-icon.png")
    for name in ("leaflet-src.js", "images/../../__init__.py", "__init__.py", "images"):
        app.get(folder + name, status=404)
    app.get("/leszno_ngo/leaflet/0.1/leaflet.js", status=404)


def test_the_tiles_are_an_option(town, app):
    shown = page(app, "/mapa").select_one(".ln-map")
    assert shown["data-tiles"].startswith("https://tile.openstreetmap.org/")
    assert "OpenStreetMap" in shown["data-attribution"]
    assert shown["data-terms"] == "https://www.openstreetmap.org/copyright"


@pytest.mark.ckan_config("ckanext.leszno_ngo.map.tile_url", "")
def test_without_tiles_the_map_stays(town, app):
    shown = page(app, "/mapa").select_one(".ln-map")
    assert "data-tiles" not in shown.attrs
