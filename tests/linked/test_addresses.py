"""Linked data over HTTP: files of one record, content negotiation, vocabularies, pages."""

import json
import re

import pytest
import rdflib
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import search
from rdflib.namespace import RDF, SKOS

from tests.cooperation import records
from tests.linked.test_graph import SCHEMA

pytestmark = pytest.mark.usefixtures("clean_catalogue")

NOTATIONS = {
    "jsonld": ("application/ld+json", "json-ld"),
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def get(app, address, accept=BROWSER, **options):
    return app.get(address, headers={"Accept": accept}, follow_redirects=False, **options)


def path(address):
    return re.sub(r"^https?://[^/]+", "", address)


@pytest.mark.parametrize("suffix", NOTATIONS)
def test_one_record(app, ngo, suffix):
    media_type, parser = NOTATIONS[suffix]
    answer = get(app, f"/ngo/{ngo['name']}.{suffix}")
    assert answer.status_code == 200
    assert answer.content_type.startswith(media_type)
    record = rdflib.Graph().parse(data=answer.body, format=parser)
    (me,) = record.subjects(RDF.type, SCHEMA.NGO)
    assert str(me) == f"http://test.ckan.net/id/{ngo['id']}"
    assert str(record.value(me, SCHEMA.name)) == ngo["title"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Last-Modified"]
    again = app.get(
        f"/ngo/{ngo['name']}.{suffix}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("suffix", NOTATIONS)
def test_a_page_sends_those_who_ask_for_rdf_to_the_file(app, ngo, suffix):
    media_type, parser = NOTATIONS[suffix]
    page = f"/ngo/{ngo['name']}"
    answer = get(app, page, media_type)
    assert answer.status_code == 303
    assert path(answer.headers["Location"]) == f"{page}.{suffix}"
    assert "Accept" in answer.headers["Vary"]
    # The thing leads to the same by its own address, which outlives the name.
    thing = get(app, f"/id/{ngo['id']}", media_type)
    assert (thing.status_code, path(thing.headers["Location"])) == (303, f"{page}.{suffix}")


@pytest.mark.parametrize(
    "accept", [BROWSER, "*/*", "text/html;q=0.9, text/turtle;q=0.1", "image/png"]
)
def test_a_browser_gets_the_page(app, ngo, accept):
    answer = get(app, f"/ngo/{ngo['name']}", accept)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/html")
    assert "Accept" in answer.headers["Vary"]
    links = ", ".join(answer.headers.getlist("Link"))
    assert f'/ngo/{ngo["name"]}.ttl>; rel="alternate"; type="text/turtle"' in links


def test_the_page_in_english_has_the_same_files(app, ngo):
    answer = get(app, f"/en/ngo/{ngo['name']}", "text/turtle")
    assert path(answer.headers["Location"]) == f"/en/ngo/{ngo['name']}.ttl"
    assert get(app, path(answer.headers["Location"])).status_code == 200


def test_other_pages_do_not_negotiate(app):
    for address in ("/ngo/", "/dataset/", "/about"):
        answer = get(app, address, "text/turtle")
        assert answer.status_code == 200
        assert "Link" not in answer.headers


def test_what_is_not_for_everybody_is_not_there(app, ngo_factory):
    hidden = ngo_factory(private=True, owner_org=records.organisation())
    for address in (
        f"/ngo/{hidden['name']}.ttl",
        f"/id/{hidden['id']}",
        "/ngo/nie-ma.ttl",
        "/id/x",
    ):
        assert get(app, address).status_code == 404
    grant = records.create("grant")
    assert get(app, f"/ngo/{grant['name']}.ttl").status_code == 404


def test_every_type_has_its_linked_data(app):
    for name in records.SMALL:
        made = records.create(name)
        answer = get(app, f"/{name}/{made['name']}.ttl")
        assert answer.status_code == 200, name
        record = rdflib.Graph().parse(data=answer.body, format="turtle")
        me = rdflib.URIRef(f"http://test.ckan.net/id/{made['id']}")
        assert str(record.value(me, SCHEMA.name)) == made["title"], name


def test_terms_stand_at_their_addresses(app, ngo):
    record = rdflib.Graph().parse(data=get(app, f"/ngo/{ngo['name']}.ttl").body, format="turtle")
    terms = {str(term) for term in record.subjects(RDF.type, SKOS.Concept) if "#" in str(term)}
    assert len(terms) >= 2
    for term in terms:
        address, _, code = path(term).partition("#")
        page = BeautifulSoup(get(app, address).body, "html.parser")
        assert page.find(id=code), term
        scheme = rdflib.Graph().parse(data=get(app, f"{address}.ttl").body, format="turtle")
        assert (rdflib.URIRef(term), RDF.type, SKOS.Concept) in scheme
    assert get(app, "/vocabulary/legal_form", "text/turtle").status_code == 303
    # Lists that the program works with are no values of records.
    assert get(app, "/vocabulary/private_email_domains").status_code == 404
    assert get(app, "/vocabulary/nie-ma").status_code == 404


def scripts(answer):
    page = BeautifulSoup(answer.body, "html.parser")
    found = [json.loads(s.string) for s in page.find_all("script", type="application/ld+json")]
    return {node["@type"]: node for one in found for node in one["@graph"]}


def test_a_page_of_a_record_says_what_it_is_about(app, ngo_factory):
    hostile = "Klub </script><script>alert(1)</script> & <b>"
    ngo = ngo_factory(title="Klub", notes="Opis")
    said = scripts(get(app, f"/ngo/{ngo['name']}"))
    assert said["NGO"]["name"] == "Klub"
    assert said["WebSite"]["potentialAction"]["target"]["urlTemplate"].endswith(
        "/szukaj?q={search_term_string}"
    )
    crumbs = said["BreadcrumbList"]["itemListElement"]
    assert [crumb["position"] for crumb in crumbs] == [1, 2, 3]
    assert crumbs[-1]["item"] == f"http://test.ckan.net/ngo/{ngo['name']}"
    assert hostile not in str(said)


def test_a_record_with_a_hostile_name_keeps_its_script_whole(app, monkeypatch, ngo_factory):
    from ckanext.leszno_ngo.exports import schema_org

    ngo = ngo_factory(title="Klub")
    hostile = "Klub </script><script>alert(1)</script>"
    whole = schema_org.record
    monkeypatch.setattr(
        schema_org,
        "record",
        lambda record_type, record, *args: whole(record_type, {**record, "title": hostile}, *args),
    )
    answer = get(app, f"/ngo/{ngo['name']}")
    assert hostile not in answer.body
    assert scripts(answer)["NGO"]["name"] == hostile


def test_a_page_of_results_lists_them(app, ngo_factory):
    ngo_factory(title="Alfa")
    ngo_factory(title="Beta")
    said = scripts(get(app, "/ngo/"))["CollectionPage"]
    assert said["mainEntity"]["numberOfItems"] == 2
    assert [item["name"] for item in said["mainEntity"]["itemListElement"]] == ["Alfa", "Beta"]
    assert "WebSite" in scripts(get(app, "/"))


def test_a_page_of_a_dataset_offers_its_files(app):
    from ckan.tests import factories

    dataset = factories.Dataset(
        title="Rejestr </script>",
        owner_org=records.organisation(),
        license_id="cc-by",
        tags=[{"name": "ngo"}],
        resources=[
            {"url": "http://test.ckan.net/ngo.csv", "name": "Tabela", "format": "CSV"},
            {"url": "https://example.org/nic", "name": "Nic"},
        ],
    )
    # kept by a version that did not refuse it
    nothing = model.Session.query(model.Resource).filter_by(name="Nic")
    nothing.update({"url": "javascript:alert(1)"})
    model.repo.commit()
    search.rebuild(dataset["id"])
    said = scripts(get(app, f"/dataset/{dataset['name']}"))
    assert said["Dataset"]["name"] == "Rejestr </script>"
    assert said["Dataset"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    files = said["Dataset"]["distribution"]
    assert [file["contentUrl"] for file in files] == ["http://test.ckan.net/ngo.csv"]
    assert len(said["BreadcrumbList"]["itemListElement"]) == 3


@pytest.mark.parametrize("name", ["publisher", "municipality"])
def test_the_city_has_an_address(clean_catalogue, app, name):
    answer = app.get(f"/id/{name}", follow_redirects=False)
    assert answer.status_code == 303
