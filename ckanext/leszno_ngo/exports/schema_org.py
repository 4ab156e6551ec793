"""What search engines are told in each page (``<script type="application/ld+json">``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ckanext.leszno_ngo.exports import jsonld_mapping, notations
from ckanext.leszno_ngo.record_types import RecordType

#: The placeholder of search words in the address of a search (schema.org's own name for it).
WORDS = "{search_term_string}"

Crumb = tuple[str, str]


def website(
    addresses: jsonld_mapping.Addresses, name: str, home: str, search: str, lang: str
) -> Markup:
    """Say what site a page belongs to, who publishes it and how it is searched.

    :param addresses: addresses of the catalogue
    :param name: the site's title
    :param home: address of the front page
    :param search: address of a search with :data:`WORDS` in it
    :param lang: language of the page
    """
    body = jsonld_mapping.publisher(addresses)
    site = {
        "@type": "WebSite",
        "@id": f"{addresses.root}/#site",
        "name": name,
        "url": home,
        "inLanguage": lang,
        "publisher": {
            **body,
            "@type": "GovernmentOrganization",
            "url": body.get("url", {}).get("@id"),
        },
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }
    return _script([site])


def record(
    record_type: RecordType,
    shown: Mapping[str, Any],
    addresses: jsonld_mapping.Addresses,
    crumbs: Sequence[Crumb],
    lang: str,
) -> Markup:
    """Say what the page of a record is about and where it stands.

    :param record_type: the record's type
    :param shown: the record as ``package_show`` gives it
    :param addresses: addresses of the catalogue
    :param crumbs: (text, address) from the front page to this one
    :param lang: language of terms' labels
    """
    write = jsonld_mapping.writer(record_type, addresses, lang=lang, for_page=True)
    return _script([write.node(shown), breadcrumbs(crumbs)])


def dataset(
    shown: Mapping[str, Any],
    addresses: jsonld_mapping.Addresses,
    page: str,
    licence: str,
    crumbs: Sequence[Crumb],
) -> Markup:
    """Say what the page of an ordinary dataset offers, for search engines of data.

    :param shown: the dataset as ``package_show`` gives it
    :param addresses: addresses of the catalogue
    :param page: address of the page
    :param licence: address of the licence's text; empty for an unknown one
    :param crumbs: (text, address) from the front page to this one
    """
    downloads = [
        {
            "@type": "DataDownload",
            "name": resource.get("name") or resource["url"],
            "contentUrl": resource["url"],
            "encodingFormat": resource.get("mimetype") or resource.get("format"),
        }
        for resource in shown.get("resources", ())
        if str(resource.get("url") or "").startswith(("https://", "http://"))
    ]
    said = {
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": shown.get("title") or shown["name"],
        "description": shown.get("notes"),
        "license": licence,
        "keywords": [tag["name"] for tag in shown.get("tags", ())],
        "datePublished": shown.get("metadata_created"),
        "dateModified": shown.get("metadata_modified"),
        "isAccessibleForFree": True,
        "inLanguage": jsonld_mapping.CONTENT_LANGUAGE,
        "publisher": {"@id": addresses.publisher},
        "includedInDataCatalog": {"@type": "DataCatalog", "url": addresses.root + "/dataset/"},
        "distribution": downloads,
    }
    return _script(
        [{k: v for k, v in said.items() if v not in (None, "", [])}, breadcrumbs(crumbs)]
    )


def search(
    name: str,
    description: str,
    address: str,
    crumbs: Sequence[Crumb],
    found: Sequence[Crumb],
    count: int,
) -> Markup:
    """Say what a page of search results holds.

    :param name: its heading
    :param description: a sentence about it
    :param address: its address
    :param crumbs: (text, address) from the front page to this one
    :param found: (title, address) of the records on the page
    :param count: how many records were found
    """
    page = {
        "@type": "CollectionPage",
        "name": name,
        "description": description,
        "url": address,
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": count,
            "itemListElement": _listed(found, "url"),
        },
    }
    return _script([page, breadcrumbs(crumbs)])


def breadcrumbs(crumbs: Sequence[Crumb]) -> dict[str, Any]:
    """Write the way from the front page to this one."""
    return {"@type": "BreadcrumbList", "itemListElement": _listed(crumbs, "item")}


def _listed(pairs: Sequence[Crumb], address: str) -> list[dict[str, Any]]:
    return [
        {"@type": "ListItem", "position": position, "name": text, address: url}
        for position, (text, url) in enumerate(pairs, 1)
    ]


def _script(nodes: list[dict[str, Any]]) -> Markup:
    return notations.for_script(
        {"@context": jsonld_mapping.SCHEMA_ORG.rstrip("/"), "@graph": nodes}
    )
