"""What pages say of themselves to search engines (``application/ld+json``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.exports import about, jsonld_mapping, schema_org
from ckanext.leszno_ngo.helpers.texts import leszno_ngo_lang, leszno_ngo_text
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views.shared import global_search

# Stands for the name of a record in an address; no name is as long.
_ANY_NAME = "name-of-a-record-" * 7


def leszno_ngo_site_data() -> Markup:
    """Return what a page says of the site, for its ``application/ld+json`` script."""
    search = tk.url_for(global_search.endpoint(global_search.everything()), qualified=True)
    return schema_org.website(
        _addresses(),
        tk.config["ckan.site_title"],
        tk.url_for("home.index", qualified=True),
        f"{search}?q={schema_org.WORDS}",
        leszno_ngo_lang(),
    )


def leszno_ngo_record_data(record_type: RecordType, record: Mapping[str, Any]) -> Markup:
    """Return what the page of a record says of it, for its ``application/ld+json`` script."""
    page = tk.url_for(f"{record_type.name}.read", id=record["name"], qualified=True)
    crumbs = [*_crumbs(record_type), (record["title"] or record["name"], page)]
    return schema_org.record(record_type, record, _addresses(), crumbs, leszno_ngo_lang())


def leszno_ngo_dataset_data(dataset: Mapping[str, Any]) -> Markup:
    """Return what the page of an ordinary dataset says of it, for its script."""
    page = tk.url_for("dataset.read", id=dataset["name"], qualified=True)
    licence = vocabularies.get("licences").get(str(dataset.get("license_id")))
    url = licence.extra.get("url", "") if licence else str(dataset.get("license_url") or "")
    crumbs = [
        (tk.config["ckan.site_title"], tk.url_for("home.index", qualified=True)),
        (tk._("Datasets"), tk.url_for("dataset.search", qualified=True)),
        (dataset["title"] or dataset["name"], page),
    ]
    return schema_org.dataset(dataset, _addresses(), page, url, crumbs)


def leszno_ngo_search_data(record_type: RecordType, found: Any) -> Markup:
    """Return what a page of search results says of itself, for its script.

    :param found: the results shown (``facets.Found``)
    """
    crumbs = _crumbs(record_type)
    # CKAN works long on an address, and those of a type differ by the name of the record alone.
    pages = {
        name: tk.url_for(f"{name}.read", id=_ANY_NAME, qualified=True)
        for name in {record["type"] for record in found.results}
    }
    listed = [
        (
            record["title"] or record["name"],
            pages[record["type"]].replace(_ANY_NAME, record["name"]),
        )
        for record in found.results
    ]
    name, address = crumbs[-1]
    description = leszno_ngo_text(record_type.description)
    return schema_org.search(name, description, address, crumbs, listed, found.count)


def _crumbs(record_type: RecordType) -> list[tuple[str, str]]:
    listing = tk.url_for(global_search.endpoint(record_type), qualified=True)
    return [
        (tk.config["ckan.site_title"], tk.url_for("home.index", qualified=True)),
        (leszno_ngo_text(record_type.label_plural), listing),
    ]


def _addresses() -> jsonld_mapping.Addresses:
    return jsonld_mapping.Addresses(about.page_address())
