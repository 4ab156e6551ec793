"""The look of a portal: the city's colour."""

import pytest
from ckan.tests import factories

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


def test_components_are_shown_to_sysadmins_alone(app, page, ngo_factory, monkeypatch, ckan_config):
    from ckan.tests import factories

    monkeypatch.setitem(ckan_config, "debug", False)
    page("/leszno_ngo/components", status=404)
    member = factories.UserWithToken()
    app.get("/leszno_ngo/components", headers={"Authorization": member["token"]}, status=404)
    for records_there in (False, True):
        if records_there:
            ngo_factory(spheres=["17"])
        as_sysadmin = {"Authorization": factories.SysadminWithToken()["token"]}
        soup = page("/leszno_ngo/components", headers=as_sysadmin)
        parts = [one["aria-labelledby"] for one in soup.select(".ln-component")]
        assert parts == [
            "text",
            "key-facts",
            "cards",
            "tables",
            "charts",
            "filters",
            "notices",
            "form-rows",
            "searches",
        ]
        for part in (".ln-key", ".ln-unknown", ".ln-card", "svg.ln-chart", ".ln-error"):
            assert soup.select(part), part
        for part in (".ln-relaxed", ".ln-nothing", ".ln-pager", ".ln-form-row"):
            assert soup.select(part), part
        ids = [one["id"] for one in soup.select("[id]")]
        assert sorted({one for one in ids if ids.count(one) > 1}) == []
    monkeypatch.setitem(ckan_config, "debug", True)
    page("/leszno_ngo/components")


def test_the_sidebar_stands_behind_what_the_page_is_about(page, app):
    """A phone shows it so, and the keyboard goes so."""
    unit = factories.Organization(name="wydzial")["name"]
    file = factories.Resource(url="https://przyklad.pl/a.csv")
    dataset = file["package_id"]
    for address in (
        "/dataset/",
        f"/dataset/{dataset}",
        f"/dataset/{dataset}/resource/{file['id']}",
        f"/organization/{unit}",
        "/group/",
    ):
        found = page(address)
        parts = [
            name
            for one in found.select(".wrapper > div, .wrapper > aside")
            for name in one["class"]
        ]
        assert parts.index("primary") < parts.index("secondary"), address
        assert len(found.select(".flash-messages")) == 1, address
