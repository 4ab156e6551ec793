"""The registers as they are really published, in DCAT-AP 3."""

import rdflib
from ckan.tests import factories
from rdflib.namespace import DCAT, DCTERMS, RDF

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.registers import publish
from tests.cooperation import records
from tests.linked.test_dcat_ap import EU, SITE, read, violations
from tests.shared_data import shared


def test_published_registers_violate_no_shape(app, clean_catalogue, ngo_factory):
    shared("dcat-ap-3/dcat-ap-SHACL.ttl")
    city = factories.Organization(name="urzad-miasta-leszna", title="Urząd Miasta Leszna")
    ngo_factory(latitude="51.84", longitude="16.57")
    records.create("grant", owner_org=city["id"])
    for name in ("ngo", "grant"):
        assert publish.publish(record_types.get(name)).status == "created"
    graph = read(app.get("/catalog.ttl"))
    assert violations(graph) == []
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == 2
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    assert set(graph.objects(service, DCAT.servesDataset)) == datasets
    files = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(files) >= 8
    for file in files:
        assert str(graph.value(file, DCTERMS.license)) == f"{EU}licence/CC_BY_4_0"
        assert str(graph.value(file, DCTERMS.format)).startswith(f"{EU}file-type/"), file
        assert graph.value(file, DCAT.accessURL)
    publishers = set(graph.objects(None, DCTERMS.publisher))
    assert publishers == {rdflib.URIRef(f"{SITE}/id/publisher")}
    for dataset in datasets:
        name = str(dataset).rpartition("/")[2]
        assert violations(read(app.get(f"/dataset/{name}.ttl"))) == []
