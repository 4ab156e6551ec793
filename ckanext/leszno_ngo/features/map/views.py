"""The map (``/mapa``) of every record type that has a place, and the list that says the same.

``/mapa/<type>`` has the filters of that type's own page. Both have a GeoJSON of the same search
beside them. Leaflet is served from its package, so no script comes from another host.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchQueryError
from flask import Blueprint, Response, send_from_directory
from xstatic.pkg import leaflet

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import dates
from ckanext.leszno_ngo.exports import about, display_values, geojson, records
from ckanext.leszno_ngo.features.map import cells, placed
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import filters
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.pages.address import Address
from ckanext.leszno_ngo.views.pages.search_results import Results, chips, find, read_address
from ckanext.leszno_ngo.views.shared import http
from ckanext.leszno_ngo.views.shared.contexts import request_context

log = logging.getLogger(__name__)

on_map = Blueprint("leszno_ngo_map", __name__)

# The package's sources and source maps stay where they are.
_SERVED = frozenset({"leaflet.js", "leaflet.css"})
# The address has the version in it: what it gives never changes.
_YEAR = 31_536_000
_DATA_AGE = 300
_SOME = "leszno-ngo-name"


@dataclass(frozen=True)
class Spot:
    """What the map and the list say of a record: its title, kind, place, date and page.

    ``when`` is the first date its type shows in a calendar, empty for none.
    """

    title: str
    kind: str
    address: str
    when: str
    url: str


def spot(record_type: RecordType, record: Mapping[str, Any], page: str, lang: str) -> Spot:
    """Describe a record in the map's few words.

    :param record_type: the record's own type
    :param record: the record as ``package_show`` gives it
    :param page: address of a record's page with ``{type}`` and ``{name}`` in it
    :param lang: ``pl`` or ``en``
    """
    url = page.replace("{type}", record_type.name).replace("{name}", record["name"])
    return Spot(
        title=display_values.plain_text(record.get("title") or record["name"]),
        kind=record_types.localised(record_type.label, lang),
        address=_where(record),
        when=_when(record_type, record, lang) if record_type.calendar else "",
        url=url,
    )


def _where(record: Mapping[str, Any]) -> str:
    """The address, with the district where no street says more."""
    where, district = (
        display_values.place(record),
        display_values.plain_text(record.get("district")),
    )
    return where if record.get("street") or not district else f"{district}, {where}".strip(", ")


def _when(record_type: RecordType, record: Mapping[str, Any], lang: str) -> str:
    for entry in dates.entries(record_type, record):
        label = entry.label or record_type.field(entry.field).label
        said = display_values.moment(entry.start, lang)
        return f"{record_types.localised(label, lang)}: {said}"
    return ""


@on_map.route("/mapa")
@on_map.route("/mapa/<package_type>")
def show(package_type: str | None = None) -> str | tuple[str, int]:
    """Show the map and the list of what a search finds.

    :param package_type: name of a record type with a place; ``None`` for all of them
    :returns: the page; status 400 for a query that Solr refuses, 503 while Solr is away
    """
    record_type = _type(package_type)
    address = read_address(record_type, tk.h.url_for("leszno_ngo_map.show", **_named(package_type)))
    try:
        results = find(record_type, address, cells.extent_facet())
    except SearchQueryError as error:
        log.info("The map's search was refused: %s", error)
        return _page(record_type, address, None), 400
    except AWAY as error:
        log.error("The map's search failed: %s", error)
        return _page(record_type, address, None), 503
    return _page(record_type, results.address, results)


def _type(package_type: str | None) -> RecordType:
    record_type = placed.placed_type(package_type)
    return tk.abort(404) if record_type is None else record_type


def _named(package_type: str | None) -> dict[str, str]:
    return {"package_type": package_type} if package_type else {}


def _page(record_type: RecordType, address: Address, results: Results | None) -> str:
    lang, page = tk.h.leszno_ngo_lang(), page_address()
    found = results.found.results if results else []
    own = ((record_types.get(record["type"]), record) for record in found)
    sort = record_type.sort_for(address.sort, address.q)
    return tk.render(
        "leszno_ngo/map.html",
        {
            "record_type": record_type,
            "types": placed.placed_types(),
            "address": address,
            "data": f"{address.path}.geojson?{address.query}",
            "results": results,
            "extent": cells.extent(results.found.counts) if results else "",
            "spots": [spot(kind, record, page, lang) for kind, record in own if kind],
            "chips": chips(request_context(), record_type, results) if results else [],
            "sort": sort.name if sort else "",
            "faults": filters.faults(record_type, tk.request.args),
            "given": tk.request.args,
        },
    )


@on_map.route("/mapa.geojson")
@on_map.route("/mapa/<package_type>.geojson")
def data(package_type: str | None = None) -> Response:
    """Send everything that the map shows, as GeoJSON, or what is in a part of it.

    With ``bbox`` and ``zoom`` it is what a map shows there: points with what a popup says, or,
    where they are many, cells of a grid with the number of entries in each.

    :param package_type: name of a record type with a place; ``None`` for all of them
    :returns: the file as a stream, public records only; status 400 for a query that Solr refuses
        and for a window that is none, 503 while Solr is away
    """
    record_type = _type(package_type)
    address = read_address(record_type, tk.request.path)
    origin = about.about(
        {"q": address.q, **address.chosen}, about.request_address(), page_address(qualified=True)
    )
    try:
        window = cells.read_window(tk.request.args)
        features = _features(record_type, address, window, origin)
    except cells.WindowError as error:
        return http.in_words(400, str(error))
    except SearchQueryError as error:
        log.info("The map's search was refused: %s", error)
        return http.in_words(400, tk._("The search engine does not understand this query"))
    except AWAY as error:
        log.error("The map has no data: %s", error)
        return http.search_is_away()
    response = Response(
        geojson.collection(features, origin),
        content_type=geojson.CONTENT_TYPE,
        direct_passthrough=True,
    )
    response.headers["Cache-Control"] = f"public, max-age={_DATA_AGE}"
    response.headers["Link"] = f'<{origin.licence_url}>; rel="license"'
    return http.for_everyone(response)


def _features(
    record_type: RecordType, address: Address, window: cells.Window | None, origin: about.About
) -> Iterator[dict[str, Any] | None]:
    """Ask Solr, and return what is drawn: points, or cells where a window has too many."""
    counts = window.facet if window else {}
    search = records.Search(record_type, address.q, address.chosen, counts=counts)
    looked = records.run_search(search)
    if window and cells.inside(looked.counts) > cells.MOST_POINTS:
        return cells.features(looked.counts)
    if window:
        looked = looked.only(window.query)
    return _points(looked.read(), origin, tk.h.leszno_ngo_lang())


def _points(
    found: Iterator[dict[str, Any]], origin: about.About, lang: str
) -> Iterator[dict[str, Any] | None]:
    for record in found:
        own = record_types.get(record["type"])
        if own:
            said = asdict(spot(own, record, origin.page, lang))
            yield geojson.feature(own, record, {"type": own.name, **said})


def page_address(qualified: bool = False) -> str:
    """Return the address of a record's page in the page's language, with ``{type}``, ``{name}``.

    :param qualified: with the portal's own address in front
    """
    some = placed.placed_types()[0].name
    address = tk.h.url_for(f"{some}.read", id=_SOME, qualified=qualified)
    return address.replace(f"/{some}/{_SOME}", "/{type}/{name}")


@on_map.route("/leszno_ngo/leaflet/<version>/<path:name>")
def leaflet_file(version: str, name: str) -> Response:
    """Send a file of the package XStatic-Leaflet.

    :param version: the package's version, so that browsers may keep the file
    :param name: ``leaflet.js``, ``leaflet.css`` or a picture of ``images/``
    :returns: the file; 404 for anything else
    """
    path = PurePosixPath(name)
    is_picture = path.parent == PurePosixPath("images") and path.suffix == ".png"
    if version != leaflet.VERSION or not (name in _SERVED or is_picture):
        return tk.abort(404)
    response = send_from_directory(leaflet.BASE_DIR, name, max_age=_YEAR)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response
