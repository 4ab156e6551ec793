"""Points of a map (GeoJSON, RFC 7946)."""

import datetime as dt
import json

import pytest

from ckanext.leszno_ngo.catalogue import places
from ckanext.leszno_ngo.exports import geojson
from ckanext.leszno_ngo.exports.about import About
from tests.cooperation import loaded

ABOUT = About(
    query={"q": "klub"},
    address="https://example.org/ngo.geojson",
    page="https://example.org/{type}/{name}",
    publisher="Miasto",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    generated=dt.datetime(2026, 11, 25, tzinfo=dt.timezone.utc),
)
PREMISES = loaded.record_type("premises")


def record(latitude="51.8403", longitude="16.5749"):
    return {"id": "abc", "latitude": latitude, "longitude": longitude}


def test_a_feature_has_the_longitude_first():
    made = geojson.feature(PREMISES, record(), {"title": "Sala"})
    assert made["geometry"] == {"type": "Point", "coordinates": [16.5749, 51.8403]}
    assert (made["type"], made["id"], made["properties"]) == ("Feature", "abc", {"title": "Sala"})


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (None, "16.57"),
        ("51.84", ""),
        ("16.5749", "51.8403"),  # the wrong way round
        ("nan", "16.57"),
        ("inf", "16.57"),
        ("1e3", "16.57"),
        ("<script>", "16.57"),
        ([51.84], "16.57"),
    ],
)
def test_what_is_no_place_of_the_country_is_no_feature(latitude, longitude):
    assert places.coordinates(PREMISES, record(latitude, longitude)) is None
    assert geojson.feature(PREMISES, record(latitude, longitude), {}) is None


def test_a_type_without_a_place_has_none():
    assert places.coordinates(loaded.record_type("grant"), record()) is None


def test_a_collection_leaves_out_what_is_no_feature_and_counts_the_rest():
    features = (
        geojson.feature(PREMISES, record(latitude), {"title": "Ż" * 40_000})
        for latitude in ("51.8", "", "51.9", "52")
    )
    pieces = list(geojson.collection(features, ABOUT))
    assert len(pieces) > 1
    read = json.loads(b"".join(pieces))
    assert read["type"] == "FeatureCollection"
    assert read["count"] == len(read["features"]) == 3
    assert read["licence"]["url"] == ABOUT.licence_url
    assert read["query"] == {"q": "klub"}


def test_an_empty_collection_is_json():
    assert json.loads(b"".join(geojson.collection([], ABOUT)))["features"] == []
