"""The catalogue in DCAT-AP 3: a profile of ckanext-dcat (``leszno_ngo_dcat_ap``).

ckanext-dcat writes what a dataset's fields say. What they leave unsaid is said here for the whole
portal: the City with its REGON as the publisher, an office to ask, the municipality by its TERYT,
the language, the licence and the formats by the authorities' addresses, and the API as a service
that serves the registers. Names and mailboxes of persons (CKAN's author and maintainer) are left
out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.profiles import EuropeanDCATAP3Profile
from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from ckanext.leszno_ngo import config, vocabularies
from ckanext.leszno_ngo.catalogue.contexts import anonymous_context
from ckanext.leszno_ngo.ckan_compat import lookups
from ckanext.leszno_ngo.exports import about, jsonld_mapping

AUTHORITY = "http://publications.europa.eu/resource/authority/"
ADMS = Namespace("http://www.w3.org/ns/adms#")
_LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"
_AVAILABILITY = URIRef("http://data.europa.eu/r5r/availability")
_ADMS_LICENCE_TYPE = URIRef("http://purl.org/adms/licencetype/UnknownIPR")
_IANA = "https://www.iana.org/assignments/media-types/"
#: CKAN's licence → the authority's.
LICENCES = {
    "cc-by": f"{AUTHORITY}licence/CC_BY_4_0",
    "cc-zero": f"{AUTHORITY}licence/CC0",
    "cc-by-sa": f"{AUTHORITY}licence/CC_BYSA_4_0",
    "cc-nc": f"{AUTHORITY}licence/CC_BYNC_4_0",
}
#: A resource's format, in capitals → the authority's file type and the media type.
FORMATS = {
    "CSV": ("CSV", "text/csv"),
    "XLSX": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ODS": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    "JSON": ("JSON", "application/json"),
    "JSONL": ("JSON", "application/jsonl"),
    "GEOJSON": ("GEOJSON", "application/geo+json"),
    "JSON-LD": ("JSON_LD", "application/ld+json"),
    "JSONLD": ("JSON_LD", "application/ld+json"),
    "TTL": ("RDF_TURTLE", "text/turtle"),
    "RDF": ("RDF_XML", "application/rdf+xml"),
    "XML": ("XML", "application/xml"),
    "ICS": ("ICS", "text/calendar"),
    "PDF": ("PDF", "application/pdf"),
    "DOCX": ("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "ZIP": ("ZIP", "application/zip"),
}
# What CKAN keeps of persons; ckanext-dcat would make contact points of them.
_OF_PERSONS = ("author", "author_email", "maintainer", "maintainer_email")
_TEXTS = {
    "service": {"pl": "API katalogu", "en": "API of the catalogue"},
    "service_notes": {
        "pl": "Wyszukiwanie i odczyt rekordów oraz danych tabelarycznych, bez konta i klucza.",
        "en": "Searching and reading records and tabular data, without an account or a key.",
    },
    "catalogue_notes": {
        "pl": "Otwarte dane o współpracy miasta z organizacjami pozarządowymi.",
        "en": "Open data on the city's cooperation with non-governmental organisations.",
    },
}


class LesznoDcatApProfile(EuropeanDCATAP3Profile):
    """DCAT-AP 3 of the portal's datasets and of the catalogue itself."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """Write a dataset.

        :param dataset_dict: the dataset as ``package_show`` gives it
        :param dataset_ref: its address in the graph
        """
        said = _completed(dataset_dict)
        super().graph_from_dataset(said, dataset_ref)
        for resource in said["resources"]:
            self._distribution(dataset_ref, resource)
        self._in_polish(dataset_ref)
        self._identify_publisher(dataset_ref)
        self._places()
        # ckanext-dcat says of each licence that its type is unknown; the authority knows it.
        self.g.remove((None, DCTERMS.type, _ADMS_LICENCE_TYPE))
        # Of this dataset alone: the graph may have a hundred others already.
        distributions = self.g.objects(dataset_ref, DCAT.distribution)
        terms = {o for one in distributions for o in self.g.objects(one, _AVAILABILITY)}
        for concept in terms | set(self.g.objects(dataset_ref, DCAT.theme)):
            self._concept(concept)
        if dataset_dict.get("register_of"):
            self._serve(dataset_ref)

    def graph_from_catalog(self, catalog_dict: dict[str, Any] | None, catalog_ref: URIRef) -> None:
        """Write the catalogue.

        :param catalog_dict: what is to be said instead of the portal's options
        :param catalog_ref: its address in the graph
        """
        given = dict(catalog_dict or {})
        given.setdefault("language", f"{AUTHORITY}language/POL")
        given.setdefault("description", tk.config["ckan.site_description"] or None)
        super().graph_from_catalog({k: v for k, v in given.items() if v}, catalog_ref)
        g = self.g
        if not given["description"]:
            for lang, text in _TEXTS["catalogue_notes"].items():
                g.add((catalog_ref, DCTERMS.description, Literal(text, lang=lang)))
        for term, class_ in (
            (FOAF.homepage, FOAF.Document),
            (DCTERMS.language, DCTERMS.LinguisticSystem),
        ):
            for value in list(g.objects(catalog_ref, term)):
                g.add((value, RDF.type, class_))
        self._in_polish(catalog_ref)
        lookups.add_agent(self, catalog_ref, "publisher", _publisher(), DCTERMS.publisher)
        self._identify_publisher(catalog_ref)
        place = URIRef(_addresses().municipality)
        g.add((catalog_ref, DCTERMS.spatial, place))
        g.add((place, RDF.type, DCTERMS.Location))
        self._places()
        licence = URIRef(LICENCES[config.licence()])
        g.add((catalog_ref, DCTERMS.license, licence))
        g.add((licence, RDF.type, DCTERMS.LicenseDocument))
        g.add((catalog_ref, DCAT.service, self._service()))

    def _last_catalog_modification(self) -> str | None:
        """When a public dataset last changed; single records are not the catalogue's datasets."""
        found = tk.get_action("package_search")(
            anonymous_context(),
            {"fq": "+dataset_type:dataset", "sort": "metadata_modified desc", "rows": 1},
        )
        return found["results"][0]["metadata_modified"] if found["results"] else None

    def _distribution(self, dataset_ref: URIRef, resource: Mapping[str, Any]) -> None:
        """Say what ckanext-dcat does not of a distribution: that its file can be downloaded."""
        from ckanext.dcat.utils import resource_uri

        ref = URIRef(resource_uri(resource))
        self._in_polish(ref)
        services = list(self.g.objects(ref, DCAT.accessService))
        if not services and resource.get("url"):
            for address in list(self.g.objects(ref, DCAT.accessURL)):
                self.g.add((ref, DCAT.downloadURL, address))
        if str(self._service_ref()) in {str(service) for service in services}:
            self._service()
            self.g.add((self._service_ref(), DCAT.servesDataset, dataset_ref))

    def _in_polish(self, subject: URIRef) -> None:
        """Say in which language the texts about a thing are."""
        for term in (DCTERMS.title, DCTERMS.description, DCAT.keyword):
            for text in list(self.g.objects(subject, term)):
                if isinstance(text, Literal) and not text.language:
                    self.g.remove((subject, term, text))
                    said = Literal(str(text), lang=jsonld_mapping.CONTENT_LANGUAGE)
                    self.g.add((subject, term, said))

    def _identify_publisher(self, subject: URIRef) -> None:
        """Say the REGON of the City as a register's number, not as a text alone."""
        publisher = URIRef(_addresses().publisher)
        regon = config.publisher().regon
        if (subject, DCTERMS.publisher, publisher) not in self.g or not regon:
            return
        number = URIRef(f"{publisher}#regon")
        self.g.add((publisher, ADMS.identifier, number))
        self._concept(URIRef(_LOCAL_AUTHORITY))
        self.g.add((number, RDF.type, ADMS.Identifier))
        self.g.add((number, SKOS.notation, Literal(regon)))
        self.g.add((number, ADMS.schemaAgency, Literal("GUS (REGON)")))

    def _places(self) -> None:
        """Say the TERYT identifier of the municipality and what is the same elsewhere."""
        place, municipality = URIRef(_addresses().municipality), config.municipality()
        if (place, RDF.type, DCTERMS.Location) not in self.g:
            return
        name = Literal(municipality.name, lang=jsonld_mapping.CONTENT_LANGUAGE)
        self.g.remove((place, SKOS.prefLabel, None))
        self.g.add((place, SKOS.prefLabel, name))
        number = URIRef(f"{place}#teryt")
        self.g.add((place, ADMS.identifier, number))
        self.g.add((place, DCTERMS.identifier, Literal(municipality.teryt)))
        self.g.add((number, RDF.type, ADMS.Identifier))
        self.g.add((number, SKOS.notation, Literal(municipality.teryt)))
        self.g.add((number, ADMS.schemaAgency, Literal("GUS (TERYT)")))
        for same in municipality.same_as:
            self.g.add((place, OWL.sameAs, URIRef(same)))

    def _concept(self, concept: Node) -> None:
        """Say what a term of a European vocabulary is called: a reader need not look there."""
        code = str(concept).rpartition("/")[2]
        known = vocabularies.term_at(str(concept))
        self.g.add((concept, RDF.type, SKOS.Concept))
        if known is None:
            self.g.add((concept, SKOS.prefLabel, Literal(_words(code))))
            return
        for lang, label in known.labels.items():
            self.g.add((concept, SKOS.prefLabel, Literal(label, lang=lang)))

    def _serve(self, dataset_ref: URIRef) -> None:
        self.g.add((self._service(), DCAT.servesDataset, dataset_ref))

    def _service_ref(self) -> URIRef:
        return URIRef(f"{_endpoint()}#service")

    def _service(self) -> URIRef:
        """Write the API as a data service; return its address."""
        service, g = self._service_ref(), self.g
        endpoint = URIRef(_endpoint())
        description = URIRef(f"{_addresses().root}/api/leszno-ngo/openapi.json")
        licence = URIRef(LICENCES[config.licence()])
        g.add((service, RDF.type, DCAT.DataService))
        for term in (DCTERMS.title, DCTERMS.description):
            g.remove((service, term, None))
        for lang in vocabularies.LANGUAGES:
            g.add((service, DCTERMS.title, Literal(_TEXTS["service"][lang], lang=lang)))
            notes = Literal(_TEXTS["service_notes"][lang], lang=lang)
            g.add((service, DCTERMS.description, notes))
        for term, value, class_ in (
            (DCAT.endpointURL, endpoint, RDFS.Resource),
            (DCAT.endpointDescription, description, RDFS.Resource),
            (DCTERMS.license, licence, DCTERMS.LicenseDocument),
            (
                DCTERMS.accessRights,
                URIRef(f"{AUTHORITY}access-right/PUBLIC"),
                DCTERMS.RightsStatement,
            ),
        ):
            g.set((service, term, value))
            g.add((value, RDF.type, class_))
        lookups.add_agent(self, service, "publisher", _publisher(), DCTERMS.publisher)
        self._identify_publisher(service)
        return service


def _completed(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dataset with what the portal says for all of them, and nothing of persons."""
    said = {key: value for key, value in dataset.items() if key not in _OF_PERSONS}
    body = config.publisher()
    given = said.get("publisher") or []
    is_ours = not given or any(p.get("regon") == body.regon for p in given)
    said["publisher"] = [_publisher()] if is_ours else given
    said["contact"] = said.get("contact") or [
        {"name": body.office, "email": body.email, "url": body.url}
    ]
    said["language"] = said.get("language") or [f"{AUTHORITY}language/POL"]
    said["access_rights"] = said.get("access_rights") or f"{AUTHORITY}access-right/PUBLIC"
    said["spatial_coverage"] = [_place(place) for place in said.get("spatial_coverage") or [{}]]
    said["resources"] = [_completed_resource(said, r) for r in said.get("resources", ())]
    return said


def _place(given: Mapping[str, Any]) -> dict[str, Any]:
    """The municipality where no other place is meant."""
    municipality = config.municipality()
    if given.get("teryt", municipality.teryt) == municipality.teryt and not given.get("uri"):
        return {**given, "uri": _addresses().municipality, "text": municipality.name}
    return dict(given)


def _completed_resource(dataset: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
    said = dict(resource)
    licence = _licence(dataset, resource)
    if licence:
        said["license"] = licence
    known = FORMATS.get(str(resource.get("format") or "").strip().lstrip(".").upper())
    if known:
        file_type, media_type = known
        said["format"] = f"{AUTHORITY}file-type/{file_type}"
        said["mimetype"] = _IANA + media_type
    services = _rows(resource.get("access_services"))
    if services:
        said["access_services"] = [_ours(service) for service in services]
    return said


def _licence(dataset: Mapping[str, Any], resource: Mapping[str, Any]) -> str | None:
    """The authority's licence of a resource: its own, or that of the dataset."""
    own = str(resource.get("license") or "")
    if not own:
        return LICENCES.get(str(dataset.get("license_id")))
    for term in vocabularies.get("licences").terms:
        if term.extra.get("url") == own:
            return LICENCES.get(term.code, own)
    return own


def _ours(service: Mapping[str, Any]) -> dict[str, Any]:
    """A service at the portal's own API is the one service of that address."""
    if str(service.get("endpoint_url") or "").rstrip("/") != _endpoint():
        return dict(service)
    # What it is called and so on is said once, by the catalogue.
    return {"uri": f"{_endpoint()}#service"}


def _words(code: str) -> str:
    """Return a code as words: ``LocalAuthority`` → ``local authority``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", code).lower()


def _rows(value: Any) -> list[dict[str, Any]]:
    rows = json.loads(value) if isinstance(value, str) and value else value
    return list(rows or ())


def _publisher() -> dict[str, str]:
    body = config.publisher()
    return {
        "uri": _addresses().publisher,
        "name": body.name,
        "email": body.email,
        "url": body.url,
        "type": _LOCAL_AUTHORITY,
        "identifier": f"PL-REGON-{body.regon}" if body.regon else "",
    }


def _endpoint() -> str:
    return f"{_addresses().root}/api/3/action"


def _addresses() -> jsonld_mapping.Addresses:
    return jsonld_mapping.Addresses(about.page_address())
