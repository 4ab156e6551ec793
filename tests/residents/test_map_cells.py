"""The map of many entries: counted by cells, or points where few are in view."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from benchmarks import generated, points
from ckanext.leszno_ngo.features.map import cells
from tests import counting

pytestmark = pytest.mark.usefixtures("clean_catalogue")

MANY = 10_000
#: The largest answer, uncompressed.
ANSWER_BYTES = 200_000
#: The city on a screen of 1280 pixels.
CITY = "bbox=16.35,51.74,16.85,51.94&zoom=12"


def fill(*documents):
    generated.send(one for some in documents for one in some)


def answer(app, address):
    return json.loads(app.get(address).body)


def counted(collection):
    return sum(one["properties"]["count"] for one in collection["features"])


def window(zoom):
    """What a screen of 1024 pixels shows of the city at a zoom."""
    half = 360 * 2 / 2**zoom
    sides = (16.57 - half, max(-85, 51.84 - half / 2), 16.57 + half, min(85, 51.84 + half / 2))
    return f"bbox={','.join(f'{side:f}' for side in sides)}&zoom={zoom}"


def cost(app, address):
    """(statements of SQL, requests to Solr, the answer) of a second visit."""
    app.get(address)
    with counting.sql_statements() as sql, counting.solr_requests() as solr:
        sent = app.get(address)
    assert len(sent.body) <= ANSWER_BYTES
    return sql.count, solr.count, json.loads(sent.body)


def test_ten_thousand_entries_are_small_answers_at_any_zoom(app):
    fill(points.documents(MANY))
    for zoom in range(4, 20):
        sql, solr, found = cost(app, f"/mapa.geojson?{window(zoom)}")
        are_cells = {"count" in one["properties"] for one in found["features"]}
        assert len(are_cells) <= 1, zoom
        assert (sql <= 2, solr) == (True, 1 if True in are_cells else 2), zoom
        assert True in are_cells or found["count"] <= cells.MOST_POINTS, zoom
    _, _, city = cost(app, f"/mapa.geojson?{CITY}")
    assert counted(city) == MANY
    assert 10 < city["count"] < 200
    for cell in city["features"]:
        west, south, east, north = cell["bbox"]
        longitude, latitude = cell["geometry"]["coordinates"]
        assert west - 1e-6 <= longitude <= east + 1e-6
        assert south - 1e-6 <= latitude <= north + 1e-6
    _, _, street = cost(app, "/mapa.geojson?bbox=16.5299,51.7999,16.5301,51.8001&zoom=19")
    assert street["count"] == 10
    assert street["features"][0]["properties"]["title"] == "Sala nr 0"
    assert answer(app, "/mapa.geojson?bbox=20,50,20.01,50.01&zoom=16")["features"] == []


def test_the_search_is_in_force_and_what_is_not_public_is_not_counted(app):
    fill(
        points.documents(cells.MOST_POINTS + 1),
        points.documents(cells.MOST_POINTS + 2, kind="sports_hall"),
    )
    assert counted(answer(app, f"/mapa/premises.geojson?kind=sports_hall&{CITY}")) == 302
    assert counted(answer(app, f"/mapa.geojson?q=sala&{CITY}")) == 603
    assert answer(app, f"/mapa.geojson?dataset_type=event&{CITY}")["features"] == []
    fill(points.documents(400, capacity="private", permission_labels=["creator-x"]))
    assert answer(app, f"/mapa.geojson?state=all&{CITY}")["features"] == []


def test_the_page_says_where_many_entries_are_and_leaves_few_as_they_were(app):
    fill(points.documents(cells.MOST_POINTS))
    shown = BeautifulSoup(app.get("/mapa").body, "html.parser").select_one(".ln-map")
    assert "data-extent" not in shown.attrs
    fill(points.documents(cells.MOST_POINTS + 1))
    shown = BeautifulSoup(app.get("/mapa").body, "html.parser").select_one(".ln-map")
    west, south, east, north = map(float, shown["data-extent"].split(","))
    assert (16.5 < west <= east < 16.7, 51.7 < south < north < 52) == (True, True)
    assert shown["data-total"] == "301"
    assert shown["data-group-few"] == "{n} wpisy, przybliż"
    assert shown["data-group-many"] == "{n} wpisów, przybliż"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("bbox=16.5,51.8,16.6,51.9", "zoom"),
        ("zoom=12", "bbox"),
        ("bbox=&zoom=", "bbox"),
        ("bbox=16.5,51.8,16.6&zoom=12", "bbox"),
        ("bbox=16.5,51.8,16.6,51.9,1&zoom=12", "bbox"),
        ("bbox=16.6,51.8,16.5,51.9&zoom=12", "bbox"),
        ("bbox=16.5,51.9,16.6,51.8&zoom=12", "bbox"),
        ("bbox=16.5,51.8,16.5,51.9&zoom=12", "bbox"),
        ("bbox=nan,51.8,inf,51.9&zoom=12", "bbox"),
        ("bbox=1e1,51.8,2e1,51.9&zoom=12", "bbox"),
        ("bbox=-181,51.8,16.6,51.9&zoom=12", "bbox"),
        ("bbox=16.5,-91,16.6,51.9&zoom=12", "bbox"),
        ("bbox=*,*,*,* TO *]&zoom=12", "bbox"),
        ("bbox=١٦,51.8,16.6,51.9&zoom=12", "bbox"),
        ("bbox=16.5,51.8,16.6,51.9&zoom=-1", "zoom"),
        ("bbox=16.5,51.8,16.6,51.9&zoom=20", "zoom"),
        ("bbox=16.5,51.8,16.6,51.9&zoom=3", "zoom"),
        ("bbox=16.5,51.8,16.6,51.9&zoom=1.5", "zoom"),
        ("bbox=16.5,51.8,16.6,51.9&zoom=٣", "zoom"),
        ("bbox=16.5,51.8,16.6,51.9&zoom=00000000000000000012", "zoom"),
        ("bbox=-180,-90,180,90&zoom=12", "bbox"),
        ("bbox=14,49,24,55&zoom=19", "bbox"),
    ],
)
def test_what_is_no_window_is_refused_with_the_parameters_name(query, said, app):
    with counting.solr_requests() as solr:
        refused = app.get(f"/mapa.geojson?{query}", status=400)
    assert solr.count == 0
    assert said in refused.get_data(as_text=True)
    assert re.fullmatch(r"text/plain;.*", refused.headers["Content-Type"])


def test_a_continent_is_a_window_at_the_smallest_zoom(app):
    assert answer(app, "/mapa.geojson?bbox=-10,30,50,70&zoom=4")["features"] == []
