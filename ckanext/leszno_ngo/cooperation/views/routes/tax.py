"""Organisations that may get 1.5% of tax this year (``/przekaz-1-5-procent``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.leszno_ngo import datetimes, record_types
from ckanext.leszno_ngo.cooperation.views.pages.tax_years import YEARS, tax_year, tax_years
from ckanext.leszno_ngo.exports import records
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import facets
from ckanext.leszno_ngo.views.shared.contexts import request_context

tax = Blueprint("leszno_ngo_tax", __name__)

_SPHERES = "spheres"


@tax.route("/przekaz-1-5-procent")
def organisations() -> str:
    """List the organisations on a current list, all or of one sphere (``?spheres=17``).

    :returns: the page
    :raises ckan.lib.search.SearchError: Solr is away
    """
    record_type = next((t for t in record_types.all_types() if YEARS in t.facets), None)
    if record_type is None:
        return tk.abort(404)
    today = datetimes.today(dt.datetime.now(dt.timezone.utc))
    chosen = {YEARS: tax_years(today)}
    sphere = tk.request.args.get(_SPHERES)
    found = facets.search(request_context(), record_type, chosen, tk.h.leszno_ngo_lang(), rows=0)
    listed = _listed(record_type, {**chosen, **({_SPHERES: [sphere]} if sphere else {})})
    spheres = next((f for f in found.facets if f.name == _SPHERES), None)
    return _page(record_type, spheres, listed, sphere, today)


def _listed(record_type: RecordType, chosen: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(records.find(records.Search(record_type, "", chosen)).records)


def _page(
    record_type: RecordType,
    spheres: facets.Facet | None,
    listed: list[dict[str, Any]],
    sphere: str | None,
    today: dt.date,
) -> str:
    return tk.render(
        "leszno_ngo/tax.html",
        {
            "record_type": record_type,
            "spheres": spheres,
            "sphere": sphere,
            "years": tax_years(today),
            "listed": [(one, tax_year(one, today)) for one in listed],
        },
    )
