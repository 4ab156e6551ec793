"""DCAT-AP 3 of the catalogue: what is given out, against the shapes of SEMIC."""

from functools import cache

import pytest
import rdflib
from ckan.tests import factories
from ckan.tests.helpers import call_action
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

from tests.cooperation import records
from tests.shared_data import shared

pytestmark = pytest.mark.usefixtures("clean_catalogue")

EU = "http://publications.europa.eu/resource/authority/"
SITE = "http://test.ckan.net"
PERSON = "jan.kowalski@example.org"
ADMS = rdflib.Namespace("http://www.w3.org/ns/adms#")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")


@pytest.fixture
def register():
    """A register as a dataset, with every field of DCAT-AP that the schema has."""
    return factories.Dataset(
        title="Rejestr organizacji pozarządowych",
        notes="Wszystkie organizacje z katalogu.",
        owner_org=records.organisation(),
        license_id="cc-by",
        tags=[{"name": "organizacje pozarządowe"}],
        theme=[f"{EU}data-theme/SOCI", f"{EU}data-theme/GOVE"],
        frequency=f"{EU}frequency/DAILY",
        language=[f"{EU}language/POL"],
        temporal_coverage=[{"start": "2004-01-01", "end": "2026-12-31"}],
        author="Jan Kowalski",
        author_email=PERSON,
        maintainer="Jan Kowalski",
        maintainer_email=PERSON,
        register_of="ngo",
        url=f"{SITE}/ngo/",
        resources=[
            {"url": f"{SITE}/ngo.csv", "name": "Tabela", "format": "CSV", "description": "Opis"},
            {"url": f"{SITE}/ngo.jsonld", "name": "Dane połączone", "format": "JSON-LD"},
            {
                "url": f"{SITE}/api/3/action/package_search?fq=dataset_type:ngo",
                "name": "API",
                "format": "JSON",
                "access_services": [
                    {
                        "uri": f"{SITE}/api/3/action",
                        "title": "API",
                        "endpoint_url": f"{SITE}/api/3/action",
                    }
                ],
            },
        ],
    )


@pytest.fixture
def plain():
    """A dataset of which people said as little as they may."""
    return factories.Dataset(
        title="Budżet",
        notes="Budżet miasta",
        owner_org=records.organisation(),
        license_id="cc-zero",
    )


def read(answer):
    assert answer.status_code == 200
    return rdflib.Graph().parse(data=answer.body, format="turtle")


@cache
def shapes():
    """The shapes as published, less two references to shapes that the file does not have."""
    read = rdflib.Graph().parse(shared("dcat-ap-3/dcat-ap-SHACL.ttl"))
    for shape in list(read.objects(None, SH.property)):
        if not list(read.predicate_objects(shape)):
            read.remove((None, SH.property, shape))
    return read


def violations(graph):
    from pyshacl import validate

    _conforms, report, _text = validate(graph, shacl_graph=shapes())
    return [
        " | ".join(
            str(report.value(result, term))
            for term in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    ]


def test_the_catalogue_violates_no_shape(app, register, plain, ngo):
    assert violations(read(app.get("/catalog.ttl"))) == []


def test_a_dataset_violates_no_shape(app, register, plain):
    assert violations(read(app.get(f"/dataset/{register['id']}.ttl"))) == []
    assert violations(read(app.get(f"/dataset/{plain['id']}.ttl"))) == []


def test_the_shapes_find_a_violation(app, register):
    graph = read(app.get("/catalog.ttl"))
    graph.remove((None, DCTERMS.title, None))
    assert violations(graph)


def test_single_records_are_no_datasets(app, register, plain, ngo):
    grant = records.create("grant")
    graph = read(app.get("/catalog.ttl"))
    datasets = {str(one) for one in graph.subjects(RDF.type, DCAT.Dataset)}
    assert datasets == {f"{SITE}/dataset/{one['id']}" for one in (register, plain)}
    for record in (ngo, grant):
        assert app.get(f"/dataset/{record['id']}.ttl").status_code == 404
    found = read(app.get("/catalog.ttl?q=rejestr"))
    assert len(list(found.subjects(RDF.type, DCAT.Dataset))) == 1
    filtered = read(app.get("/catalog.ttl?fq=dataset_type:ngo"))
    assert not list(filtered.subjects(RDF.type, DCAT.Dataset))
    page = app.get(f"/ngo/{ngo['name']}").body
    assert f"/dataset/{ngo['id']}" not in page


def test_what_is_said_of_a_register(app, register):
    graph = read(app.get(f"/dataset/{register['id']}.ttl"))
    me = rdflib.URIRef(f"{SITE}/dataset/{register['id']}")
    assert graph.value(me, DCTERMS.title) == rdflib.Literal(register["title"], lang="pl")
    publisher = graph.value(me, DCTERMS.publisher)
    assert publisher == rdflib.URIRef(f"{SITE}/id/publisher")
    assert str(graph.value(publisher, FOAF.name)) == "Miasto Leszno"
    number = graph.value(publisher, ADMS.identifier)
    assert str(graph.value(number, SKOS.notation)) == "000660995"
    place = graph.value(me, DCTERMS.spatial)
    assert str(graph.value(place, DCTERMS.identifier)) == "3063011"
    assert {str(theme) for theme in graph.objects(me, DCAT.theme)} == {
        f"{EU}data-theme/SOCI",
        f"{EU}data-theme/GOVE",
    }
    assert str(graph.value(me, DCTERMS.accrualPeriodicity)) == f"{EU}frequency/DAILY"
    assert str(graph.value(me, DCTERMS.accessRights)) == f"{EU}access-right/PUBLIC"
    period = graph.value(me, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)) == "2004-01-01"
    contact = graph.value(me, DCAT.contactPoint)
    assert str(graph.value(contact, VCARD.hasEmail)) == "mailto:um@leszno.pl"
    distributions = list(graph.objects(me, DCAT.distribution))
    assert len(distributions) == 3
    for one in distributions:
        assert str(graph.value(one, DCTERMS.license)) == f"{EU}licence/CC_BY_4_0"
    formats = {str(graph.value(one, DCTERMS.format)) for one in distributions}
    assert formats == {f"{EU}file-type/{code}" for code in ("CSV", "JSON_LD", "JSON")}
    media = {str(graph.value(one, DCAT.mediaType)) for one in distributions}
    assert "https://www.iana.org/assignments/media-types/text/csv" in media


def test_nothing_of_a_person_is_given_out(app, register):
    for address in ("/catalog.ttl", f"/dataset/{register['id']}.ttl"):
        text = app.get(address).body
        assert "Kowalski" not in text
        assert PERSON not in text


def test_the_api_is_a_service_of_the_catalogue(app, register, plain):
    graph = read(app.get("/catalog.ttl"))
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    assert (catalogue, DCAT.service, service) in graph
    assert str(graph.value(service, DCAT.endpointURL)) == f"{SITE}/api/3/action"
    described = str(graph.value(service, DCAT.endpointDescription))
    assert described == f"{SITE}/api/leszno-ngo/openapi.json"
    served = [str(one) for one in graph.objects(service, DCAT.servesDataset)]
    assert served == [f"{SITE}/dataset/{register['id']}"]
    assert len(list(graph.objects(catalogue, DCTERMS.publisher))) == 1


def test_pages_of_datasets_negotiate(app, register):
    asked = {"Accept": "text/turtle"}
    page = f"/dataset/{register['name']}"
    answer = app.get(page, headers=asked, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].removeprefix(SITE)) == (
        303,
        f"{page}.ttl",
    )
    assert read(app.get(page, headers=asked))
    home = app.get("/", headers=asked, follow_redirects=False)
    assert home.headers["Location"].removeprefix(SITE) == "/catalog.ttl"
    assert read(app.get("/", headers=asked))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"ttl?page={10**30}", 400),
        ("ttl?page=-1", 409),
        ("ttl?fq=foo:(", 409),
        ("ttl?modified_since=wczoraj", 409),
        ("ttl?profiles=nic", 409),
        ("zzz", 404),
        ("rdf?q=%01%EF%BF%BE%ED%A0%80", 200),
    ],
)
def test_what_no_catalogue_answers_is_refused(app, register, query, status):
    app.get(f"/catalog.{query}", status=status)
    # Who looks in by another way gets no more than datasets.
    asked = "/catalog.ttl?q=rejestr+organizacji&fq=res_format:CSV)+OR+dataset_type:ngo+OR+(a:b"
    found = rdflib.Graph().parse(data=app.get(asked, status=200).get_data(), format="turtle")
    assert len(set(found.subjects(RDF.type, DCAT.Dataset))) <= 1


def test_the_catalogue_is_written_once_for_each_state(app, register, plain, monkeypatch):
    """Whoever asks again costs searches; what has changed is said at once."""
    from ckanext.dcat.processors import RDFSerializer

    written = []
    whole = RDFSerializer.serialize_catalog

    def counted(self, *args, **kwargs):
        written.append(kwargs.get("_format"))
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(RDFSerializer, "serialize_catalog", counted)
    first = app.get("/catalog.ttl")
    assert app.get("/catalog.ttl").body == first.body
    assert (
        app.get("/catalog.ttl", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    )
    for _ in range(2):
        for other in ("rdf", "ttl?q=rejestr", "ttl?modified_since=2001-01-01", "ttl?page=1"):
            app.get(f"/catalog.{other}")
    assert written == ["ttl", "rdf", "ttl", "ttl", "ttl"]
    user = factories.Sysadmin()["name"]
    call_action("package_patch", {"user": user}, id=plain["id"], title="Nowy tytuł")
    changed = app.get("/catalog.ttl", headers={"If-None-Match": first.headers["ETag"]})
    assert "Nowy tytuł" in changed.body
    call_action("package_patch", {"user": user}, id=plain["id"], private=True)
    assert "Nowy tytuł" not in app.get("/catalog.ttl").body
    before = app.get("/catalog.ttl?q=rejestr")
    call_action("package_delete", {"user": user}, id=register["id"])
    assert app.get("/catalog.ttl?q=rejestr").body != before.body


def test_terms_of_european_vocabularies_have_names(app, register):
    found = rdflib.Graph().parse(data=app.get("/catalog.ttl").get_data(), format="turtle")
    kind = rdflib.URIRef("http://purl.org/adms/publishertype/LocalAuthority")
    labels = {(str(label), label.language) for label in found.objects(kind, SKOS.prefLabel)}
    assert labels == {("samorząd gminy lub powiatu", "pl"), ("local authority", "en")}


def test_the_page_of_a_dataset_says_names_and_not_addresses(app, register):
    page = app.get(f"/dataset/{register['name']}").get_data(as_text=True)
    told = page.partition("additional-info")[2]
    assert "ludność i społeczeństwo" in told
    assert "codziennie" in told
    assert "polski" in told
    assert "resource/authority" not in told
    # What a dataset does not say has no row.
    assert "Wersja" not in told
    assert "<td></td>" not in told.replace("\n", "")
    english = app.get(f"/en/dataset/{register['name']}").get_data(as_text=True)
    assert "population and society" in english
