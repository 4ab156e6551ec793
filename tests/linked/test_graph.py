"""The maps of linked data, and records written by them."""

import json

import pytest
import rdflib
from pyld import jsonld
from rdflib.namespace import RDF, SKOS, XSD

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.exports import jsonld_mapping, notations
from tests.cooperation import loaded
from tests.exports.full_record import FULL

TYPES = ("ngo", *loaded.TYPES)
SITE = jsonld_mapping.Addresses("https://ngo.example/{type}/{name}")
SCHEMA = rdflib.Namespace("https://schema.org/")
ROV = rdflib.Namespace("http://www.w3.org/ns/regorg#")
ORG = rdflib.Namespace("http://www.w3.org/ns/org#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")

NGO = {
    **FULL,
    "id": "3f9f2f0e-0000-4000-8000-000000000001",
    "type": "ngo",
    "krs": "0000031247",
    "nip": "6970020756",
    "regon": "000660995",
    "opp": True,
    "latitude": 51.8403,
    "longitude": 16.5749,
    "metadata_created": "2026-11-20T10:00:00.123456",
    "metadata_modified": "2026-11-24T20:15:00.654321",
}
GRANT = {
    "id": "3f9f2f0e-0000-4000-8000-000000000002",
    "type": "grant",
    "name": "pilka",
    "title": "Piłka",
    "recipient": NGO["id"],
    "recipient_name": "Żyć lepiej",
    "granted_amount": 12500.5,
    "granted_date": "2026-03-03",
    "funder": "Miasto Leszno",
    "call": "3f9f2f0e-0000-4000-8000-000000000003",
    "task_start_date": "2026-04-01",
    "spheres": ["17"],
    "metadata_created": "2026-11-20T10:00:00",
    "metadata_modified": "2026-11-20T10:00:00",
}


def no_outside_host(url, options=None):
    raise AssertionError(f"the document asks for {url}")


def written(record, **options):
    write = jsonld_mapping.writer(loaded.record_type(record["type"]), SITE, **options)
    return jsonld_mapping.document(write, [write.node(record)])


def triples(document) -> rdflib.Graph:
    return rdflib.Graph().parse(data=json.dumps(document), format="json-ld")


@pytest.mark.parametrize("name", TYPES)
def test_a_map_names_fields_and_prefixes_that_exist(name):
    record_type = loaded.record_type(name)
    assert record_type.linked_data, "the type says nothing as linked data"
    uses = list(jsonld_mapping.uses(record_type.linked_data, record_type.field))
    assert {kind for _property, kind in uses} <= {
        *jsonld_mapping._READ,
        "money",
        "number",
        "flag",
        "record",
        "term",
        "node",
    }
    names = {*(name for name, _kind in uses), *record_type.linked_data.types}
    assert {name.partition(":")[0] for name in names} <= jsonld_mapping.PREFIXES.keys()


@pytest.mark.parametrize("name", TYPES)
def test_parts_point_at_fields_that_exist(name):
    record_type = loaded.record_type(name)

    def look(parts, field):
        for part in parts:
            columns = jsonld_mapping._columns(part, field)
            for mentioned in (part.when, part.id):
                if mentioned:
                    columns(mentioned)
            look(part.node.parts, columns)

    look(record_type.linked_data.parts, record_type.field)


def test_an_organisation_is_what_the_registers_say():
    record = triples(written(NGO))
    me = rdflib.URIRef(SITE.record(NGO["id"]))
    assert {SCHEMA.NGO, ROV.RegisteredOrganization, ORG.FormalOrganization} <= set(
        record.objects(me, RDF.type)
    )
    assert record.value(me, SCHEMA.name) == rdflib.Literal(NGO["title"], lang="pl")
    assert record.value(me, DCT.identifier) == rdflib.Literal("PL-KRS-0000031247")
    numbers = {
        str(record.value(one, SCHEMA.propertyID)): str(record.value(one, SCHEMA.value))
        for one in record.objects(me, SCHEMA.identifier)
    }
    assert numbers == {
        "KRS": "0000031247",
        "NIP": "6970020756",
        "REGON": "000660995",
        "org-id": "PL-KRS-0000031247",
        "ewidencja": "KS/12",
        "ADE": "AE:PL-12345-67890-ABCDE-12",
    }
    krs = rdflib.URIRef(f"{me}#krs")
    assert (me, ROV.registration, krs) in record
    assert record.value(krs, DCT.issued) == rdflib.Literal("2001-02-03", datatype=XSD.date)
    form = record.value(me, ROV.orgType)
    assert form == rdflib.URIRef(SITE.term("legal_form", "stowarzyszenie_rejestrowe"))
    labels = {label.language for label in record.objects(form, SKOS.prefLabel)}
    assert labels == {"pl", "en"}
    seat = record.value(me, ORG.hasSite)
    assert float(record.value(record.value(seat, SCHEMA.geo), SCHEMA.latitude)) == 51.8403
    address = record.value(me, SCHEMA.address)
    assert str(record.value(address, SCHEMA.streetAddress)) == "Rynek 1/2"
    assert [
        str(record.value(c, SKOS.notation)) for c in record.objects(me, ORG.classification)
    ] == ["OPP"]


def test_every_field_that_a_map_names_is_said():
    """Nothing that is mapped is lost on the way to triples."""
    said = {str(o) for o in triples(written(NGO)).objects()}
    mapped = loaded.record_type("ngo").linked_data.properties
    for name in mapped.keys() - {"legal_form", "status", "spheres", "krs_extract", "org_id"}:
        values = NGO[name] if isinstance(NGO[name], list) else [NGO[name]]
        assert set(map(str, values)) <= said, name


def test_a_grant_points_at_its_recipient_and_call():
    record = triples(written(GRANT))
    me = rdflib.URIRef(SITE.record(GRANT["id"]))
    assert (me, SCHEMA.fundedItem, rdflib.URIRef(SITE.record(NGO["id"]))) in record
    assert (me, DCT.isPartOf, rdflib.URIRef(SITE.record(GRANT["call"]))) in record
    amount = record.value(me, SCHEMA.amount)
    assert float(record.value(amount, SCHEMA.value)) == 12500.5
    assert str(record.value(amount, SCHEMA.currency)) == "PLN"


def test_rows_of_a_table_are_members_with_their_roles():
    partnership = {
        **GRANT,
        "type": "partnership",
        "kind": "advisory_body",
        "parties": [
            {"ngo": NGO["id"], "organisation": "Żyć lepiej", "role": "partner"},
            {"organisation": "Miasto Leszno", "role": "leader"},
        ],
    }
    record = triples(written(partnership))
    me = rdflib.URIRef(SITE.record(GRANT["id"]))
    members = {
        str(record.value(member, SCHEMA.name)): str(record.value(role, ORG.role))
        for role in record.objects(me, SCHEMA.member)
        for member in record.objects(role, ORG.member)
    }
    assert members == {
        "Żyć lepiej": SITE.term("party_role", "partner"),
        "Miasto Leszno": SITE.term("party_role", "leader"),
    }
    assert (None, ORG.member, rdflib.URIRef(SITE.record(NGO["id"]))) in record


def test_expansion_needs_no_other_host():
    expanded = jsonld.expand(written(NGO), {"documentLoader": no_outside_host})
    assert expanded[0]["@type"][0] == "https://schema.org/NGO"
    for key in expanded[0]:
        assert key.startswith(("@", "http"))


@pytest.mark.parametrize("record", [NGO, GRANT])
def test_a_page_has_the_terms_of_schema_org_alone(record):
    document = written(record, for_page=True, lang="pl")
    assert document["@context"] == "https://schema.org"

    def keys(value):
        if isinstance(value, dict):
            yield from value
            for one in value.values():
                yield from keys(one)
        if isinstance(value, list):
            for one in value:
                yield from keys(one)

    assert not [key for key in keys(document) if ":" in key]
    assert "@value" not in set(keys(document))


def test_notations_hold_the_same_triples():
    document = written(NGO)
    expected = set(triples(document))
    for notation, parser in (("turtle", "turtle"), ("pretty-xml", "xml")):
        again = rdflib.Graph().parse(data=notations.rdf(document, notation), format=parser)
        # Things without an address of their own (PKD codes) are counted, others compared.
        assert len(again) == len(expected)
        named = {t for t in expected if not any(isinstance(x, rdflib.BNode) for x in t)}
        assert named <= set(again)


@pytest.mark.parametrize(
    "hostile",
    ["</script><script>alert(1)</script>", "<!-- --> ]]>", "a\u2028b", "\x00\x0b\ud800", '"\\'],
)
def test_hostile_texts_stay_texts(hostile):
    record = {**NGO, "title": hostile, "website": f"https://a.example/{hostile}"}
    script = notations.for_script(written(record, for_page=True, lang="pl"))
    assert not set("<>&\u2028") & set(script)
    assert json.loads(script)["name"] == jsonld_mapping.display_values.plain_text(hostile)
    document = written(record)
    for notation, parser in (("turtle", "turtle"), ("pretty-xml", "xml")):
        rdflib.Graph().parse(data=notations.rdf(document, notation), format=parser)


@pytest.mark.parametrize("website", ["javascript:alert(1)", "not an address", "https://"])
def test_what_is_no_web_address_is_no_address(website):
    record = triples(written({**NGO, "website": website, "social_profiles": []}))
    assert not list(record.objects(None, SCHEMA.url))


def test_terms_are_those_of_the_vocabularies():
    """Every term has an address of its own."""
    addresses = [
        SITE.term(name, code)
        for name in ("spheres", "legal_form", "ngo_status")
        for code in vocabularies.get(name).codes
    ]
    assert len(set(addresses)) == len(addresses)
