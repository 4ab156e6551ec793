"""Addresses that ask for more than anybody chooses."""

import pytest

from ckanext.leszno_ngo import bounds

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def asked(count: int) -> str:
    return "&".join(f"spheres={number}" for number in range(count))


def test_many_filters_are_refused_in_words(app):
    for address in ("/ngo/", "/szukaj", "/ngo.csv", "/dataset/"):
        answer = app.get(f"{address}?{asked(bounds.PARAMETERS + 1)}", status=400)
        assert f"Wybierz najwyżej {bounds.PARAMETERS} filtrów" in answer.body
    answer = app.get(f"/api/3/action/package_search?{asked(250)}", status=400)
    assert "filtrów" in answer.json


def test_the_most_filters_make_a_page_of_a_usual_size(app):
    page = app.get(f"/ngo/?{asked(bounds.PARAMETERS)}", status=200)
    assert len(page.data) < 10 * len(app.get("/ngo/").data)


def test_words_longer_than_an_address(app):
    app.get("/ngo/?q=" + "a-" * bounds.QUERY_STRING, status=400)
    app.get("/ngo/?q=" + "a-" * 4_000, status=200)
