"""The search page of each record type (``/ngo/``), in place of CKAN's own."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from ckanext.leszno_ngo import services
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import filters
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.pages.address import Address
from ckanext.leszno_ngo.views.pages.search_results import Results, chips, find, read_address
from ckanext.leszno_ngo.views.shared import global_search
from ckanext.leszno_ngo.views.shared.contexts import request_context
from ckanext.leszno_ngo.views.shared.per_type import add_routes

log = logging.getLogger(__name__)

records = Blueprint("leszno_ngo_records", __name__)


@records.record
def _add_routes(state: BlueprintSetupState) -> None:
    add_routes(state, "search", "", search, strict_slashes=False)
    state.add_url_rule(
        f"/{global_search.NAME}",
        endpoint=global_search.NAME,
        view_func=search,
        defaults={"package_type": global_search.NAME},
    )


def search(package_type: str) -> str | tuple[str, int]:
    """Show what a search of one record type finds.

    :param package_type: name of a record type
    :returns: the page; status 400 for a query that Solr refuses, 503 while Solr is away
    """
    record_type = global_search.get(package_type)
    if record_type is None:
        return tk.abort(404)
    address = read_address(record_type, tk.h.url_for(global_search.endpoint(record_type)))
    try:
        results = find(record_type, address)
    except AWAY as error:
        log.warning("Search failed: %s", error)
        status = 400 if services.is_refusal(error) else 503
        return _page(record_type, address, None), status
    return _page(record_type, results.address, results)


def _page(record_type: RecordType, address: Address, results: Results | None) -> str:
    sort = record_type.sort_for(address.sort, address.q)
    return tk.render(
        "leszno_ngo/search.html",
        {
            "record_type": record_type,
            "dataset_type": record_type.name,
            "chips": chips(request_context(), record_type, results) if results else [],
            "address": address,
            "results": results,
            "sort": sort.name if sort else "",
            "faults": filters.faults(record_type, tk.request.args),
            "given": tk.request.args,
            "typed": tk.request.args.get("q", "").strip(),
        },
    )
