"""Sitemaps against the rules of sitemaps.org, robots.txt and OpenSearch."""

import json
import re
from urllib.robotparser import RobotFileParser

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from defusedxml import ElementTree

from ckanext.leszno_ngo.exports import sitemap
from tests.cooperation import records

SITE = "http://test.ckan.net"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def path(address):
    assert address.startswith(f"{SITE}/")
    return address.removeprefix(SITE)


def parts(app):
    answer = app.get("/sitemap.xml")
    assert answer.content_type.startswith("application/xml")
    root = ElementTree.fromstring(answer.body)
    assert root.tag == f"{MAP}sitemapindex"
    for moment in root.iter(f"{MAP}lastmod"):
        assert TIME.fullmatch(moment.text)
    return [path(loc.text) for loc in root.iter(f"{MAP}loc")]


def urls(app, part):
    """The addresses of a part, each with its time and other languages; the rules are checked."""
    root = ElementTree.fromstring(app.get(part).body)
    assert root.tag == f"{MAP}urlset"
    assert len(root) <= 50_000
    found = {}
    for url in root:
        assert url.tag == f"{MAP}url"
        loc = url.findtext(f"{MAP}loc")
        assert loc not in found
        assert len(loc) < 2048
        changed = url.findtext(f"{MAP}lastmod")
        assert changed is None or TIME.fullmatch(changed)
        found[path(loc)] = {
            link.get("hreflang"): path(link.get("href")) for link in url.findall(LINK)
        }
    # Each of the other languages is in the sitemap itself and points back.
    for others in found.values():
        assert all(found[other] == others for other in others.values())
    return found


@pytest.mark.usefixtures("clean_catalogue")
class TestSitemap:
    def test_every_public_page_and_nothing_else(self, app, ngo_factory):
        ngo, grant = ngo_factory(), records.create("grant")
        dataset = factories.Dataset(owner_org=records.organisation())
        hidden = ngo_factory(private=True, owner_org=records.organisation())
        everything = {}
        for part in parts(app):
            everything.update(urls(app, part))
        for page in (
            f"/ngo/{ngo['name']}",
            f"/grant/{grant['name']}",
            f"/dataset/{dataset['name']}",
            "/ngo/",
            "/kalendarz",
            "/",
        ):
            assert everything[page]["pl"] == page
            assert everything[page]["en"].startswith("/en")
            assert everything[page]["x-default"] == page
        assert not [page for page in everything if hidden["name"] in page]
        for page in everything:
            assert app.get(page, follow_redirects=False).status_code == 200, page

    def test_an_empty_catalogue_has_its_pages(self, app):
        assert parts(app) == ["/sitemap/pages.xml"]
        assert "/" in urls(app, "/sitemap/pages.xml")

    def test_many_records_are_divided_and_none_is_lost(self, app, monkeypatch, ngo_factory):
        monkeypatch.setattr(sitemap, "MOST", 3)
        monkeypatch.setattr(sitemap, "_CHUNK", 2)
        made = {f"/ngo/{ngo_factory()['name']}" for _number in range(8)}
        found = [part for part in parts(app) if part.startswith("/sitemap/ngo")]
        assert len(found) == 16
        listed = [page for part in found for page in urls(app, part) if page.startswith("/ngo/")]
        assert sorted(listed) == sorted(made)

    def test_parts_that_are_not_there(self, app):
        for name in ("nie-ma", "harvest", "ngo-g", "ngo-abcd", "pages-a"):
            assert app.get(f"/sitemap/{name}.xml").status_code == 404, name

    def test_solr_is_asked_once_for_the_index(self, app, ngo, solr_budget, sql_budget):
        app.get("/sitemap.xml")
        with solr_budget(1), sql_budget(2):
            app.get("/sitemap.xml")


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 1), (10_000, 1), (10_001, 16), (160_000, 16), (160_001, 256)]
)
def test_parts_stay_under_the_limits(count, expected):
    assert len(sitemap.prefixes(count)) == expected


@pytest.mark.usefixtures("clean_catalogue")
class TestOthers:
    def test_robots(self, app):
        text = app.get("/robots.txt").body
        robots = RobotFileParser()
        robots.parse(text.splitlines())
        assert robots.site_maps() == [f"{SITE}/sitemap.xml"]
        for page in ("/", "/ngo/", "/ngo/klub", "/ngo.csv", "/catalog.ttl"):
            assert robots.can_fetch("bot", page), page
        for page in ("/api/3/action/package_list", "/user/login", "/panel"):
            assert not robots.can_fetch("bot", page), page

    def test_the_description_of_the_search(self, app, ngo_factory):
        ngo = ngo_factory(title="Klub Szachowy Hetman")
        page = BeautifulSoup(app.get("/").body, "html.parser")
        link = page.find("link", rel="search", type="application/opensearchdescription+xml")
        root = ElementTree.fromstring(app.get(path(link["href"])).body)
        assert root.tag == f"{SEARCH}OpenSearchDescription"
        assert len(root.findtext(f"{SEARCH}ShortName")) <= 16
        assert len(root.findtext(f"{SEARCH}LongName")) <= 48
        assert root.findtext(f"{SEARCH}Description")
        templates = {url.get("type"): url.get("template") for url in root.iter(f"{SEARCH}Url")}
        for media_type, template in templates.items():
            answer = app.get(path(template.replace("{searchTerms}", "hetman")))
            assert answer.status_code == 200
            assert answer.content_type.startswith(media_type)
            assert ngo["title"] in answer.body, media_type

    def test_suggestions(self, app, ngo_factory):
        ngo = ngo_factory(title="Klub Szachowy Hetman")
        answer = json.loads(app.get("/opensearch/suggestions?q=hetm").body)
        assert answer == [
            "hetm",
            [ngo["title"]],
            ["Organizacja pozarządowa"],
            [f"{SITE}/ngo/{ngo['name']}"],
        ]
        assert json.loads(app.get("/opensearch/suggestions").body) == ["", [], [], []]
