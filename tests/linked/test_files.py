"""JSON-LD of a search, over HTTP."""

import json

import pytest
import rdflib
from pyld import jsonld
from rdflib.namespace import RDF

from tests.linked.test_graph import SCHEMA, no_outside_host

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def test_everything_a_search_finds(app, ngo_factory):
    made = [ngo_factory(spheres=["17"]), ngo_factory(spheres=["17"])]
    ngo_factory(spheres=["1"])
    answer = app.get("/ngo.jsonld?spheres=17")
    assert answer.content_type.startswith("application/ld+json")
    document = json.loads(answer.body)
    jsonld.expand(document, {"documentLoader": no_outside_host})
    found = rdflib.Graph().parse(data=answer.body, format="json-ld")
    names = {str(found.value(one, SCHEMA.name)) for one in found.subjects(RDF.type, SCHEMA.NGO)}
    assert names == {record["title"] for record in made}
    (file,) = found.subjects(RDF.type, SCHEMA.DataFeed)
    assert str(found.value(file, SCHEMA.license)).startswith("https://creativecommons.org/")
    assert str(found.value(file, SCHEMA.isBasedOn)).endswith("/ngo/?spheres=17")
    publisher = found.value(file, SCHEMA.publisher)
    number = found.value(publisher, SCHEMA.identifier)
    assert str(found.value(number, SCHEMA.value)) == "000660995"


def test_nothing_found_is_a_whole_document(app):
    document = json.loads(app.get("/grant.jsonld").body)
    assert [node["@type"] for node in document["@graph"]] == ["DataFeed"]
