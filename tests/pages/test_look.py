"""The look of a portal: the city's colour."""

import pytest

from ckanext.leszno_ngo import config

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def own_styles(soup):
    return [link["href"] for link in soup.select('link[href*="/leszno_ngo/site.css"]')]


def test_a_portal_without_styles_of_its_own_links_to_none(page):
    assert own_styles(page("/")) == []


def test_the_citys_colour_is_in_a_file(app, page, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.colour", "#7A1F3D")
    (address,) = own_styles(page("/"))
    answer = app.get(address)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "--ln-accent: #7a1f3d;" in answer.body
    assert "prefers-color-scheme: dark" in answer.body
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.colour", "#0b4f8a")
    assert own_styles(page("/")) != [address]


def test_a_colour_that_cannot_be_read_stops_the_start(monkeypatch, ckan_config):
    from ckan import plugins as p

    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.colour", "#f5b700")
    with pytest.raises(ValueError, match=r"ckanext\.leszno_ngo\.colour: #f5b700 is too light"):
        config.colour()
    with pytest.raises(ValueError, match="too light"):
        p.get_plugin("leszno_ngo").configure(ckan_config)
