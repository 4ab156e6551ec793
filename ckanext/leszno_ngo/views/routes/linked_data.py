"""Records and vocabularies as linked data, at addresses of their own and by content negotiation.

``/ngo/<name>.ttl`` (``.rdf``, ``.jsonld``) is a record in a notation of RDF; who asks its page for
one (``Accept``) is sent there. ``/id/<uuid>`` is what the record is about: it leads to the page,
whatever the page's address is now. ``/vocabulary/<name>`` lists the terms of a vocabulary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, redirect
from flask.blueprints import BlueprintSetupState

from ckanext.leszno_ngo import config, record_types, vocabularies
from ckanext.leszno_ngo.exports import about, display_values, jsonld_mapping, notations
from ckanext.leszno_ngo.views.shared import http
from ckanext.leszno_ngo.views.shared.contexts import request_context

linked = Blueprint("leszno_ngo_linked", __name__)


_HTML = "text/html"


@linked.record
def _add_routes(state: BlueprintSetupState) -> None:
    for suffix in notations.NOTATIONS:
        for record_type in record_types.all_types():
            state.add_url_rule(
                f"/{record_type.name}/<name>.{suffix}",
                endpoint="record",
                view_func=record,
                defaults={"package_type": record_type.name, "suffix": suffix},
            )
        state.add_url_rule(
            f"/vocabulary/<name>.{suffix}",
            endpoint="terms",
            view_func=terms,
            defaults={"suffix": suffix},
        )


def record(package_type: str, name: str, suffix: str) -> Response:
    """Send one record.

    :param package_type: name of a record type
    :param name: the record's name or id
    :param suffix: a key of ``notations.NOTATIONS``
    :returns: the file; 404 for a record that is not there or not for the reader
    """
    shown = _shown(name)
    record_type = record_types.get(package_type)
    if record_type is None or shown is None or shown["type"] != package_type:
        return tk.abort(404)
    write = jsonld_mapping.writer(record_type, jsonld_mapping.Addresses(about.page_address()))
    response = _file(jsonld_mapping.document(write, [write.node(shown)]), suffix)
    response.last_modified = display_values.utc(shown["metadata_modified"])
    return response


@linked.route("/id/publisher")
@linked.route("/id/municipality")
def city() -> Response:
    """Lead to the page of the city, which publishes the catalogue and is what it is about."""
    return _see(config.publisher().url or tk.h.url_for("home.index"))


@linked.route("/id/<id_>")
def thing(id_: str) -> Response:
    """Lead from a thing to the page about it, or to its data for those who ask for RDF.

    :param id_: id of a record
    """
    shown = _shown(id_)
    if shown is None:
        return tk.abort(404)
    suffix = _wanted_format() if record_types.get(shown["type"]) else None
    address = tk.h.url_for(f"{shown['type']}.read", id=shown["name"])
    return _see(f"{address}.{suffix}" if suffix else address)


@linked.route("/vocabulary/<name>")
def vocabulary(name: str) -> Response | str:
    """Show the terms of a vocabulary; 404 for one that no record type has."""
    if name not in public_vocabularies():
        return tk.abort(404)
    suffix = _wanted_format()
    if suffix:
        return _see(tk.h.url_for("leszno_ngo_linked.terms", name=name, suffix=suffix))
    return tk.render(
        "leszno_ngo/vocabulary.html",
        {"vocabulary": vocabularies.get(name), "suffixes": list(notations.NOTATIONS)},
    )


def terms(name: str, suffix: str) -> Response:
    """Send the terms of a vocabulary (SKOS)."""
    if name not in public_vocabularies():
        return tk.abort(404)
    return _file(
        jsonld_mapping.vocabulary(jsonld_mapping.Addresses(about.page_address()), name), suffix
    )


def public_vocabularies() -> set[str]:
    """Return the names of the vocabularies that records have terms of."""
    return {
        name
        for record_type in record_types.all_types()
        for name in (
            record_type.states_vocabulary,
            *(f.vocabulary for f in record_type.fields),
            *(column.vocabulary for f in record_type.fields for column in f.subfields),
        )
        if name
    }


#: Endings of the addresses at which ckanext-dcat writes datasets.
_OF_DATASETS = frozenset({*notations.NOTATIONS, "xml", "n3"})


@linked.before_app_request
def _negotiate() -> Response | None:
    """Send those who ask a page for RDF to its file, and refuse notations that nobody writes."""
    wanted = (tk.request.view_args or {}).get("_format")
    if (tk.request.endpoint or "").startswith("dcat.read_") and wanted not in _OF_DATASETS:
        return tk.abort(404)
    address = _alternate_base()
    suffix = _wanted_format() if address else None
    return _see(f"{address}.{suffix}") if suffix else None


@linked.after_app_request
def _say_alternates(response: Response) -> Response:
    """Say in the answer that other notations are there, and that it depends on ``Accept``."""
    address = _alternate_base() if response.status_code in {200, 303} else None
    if address or tk.request.endpoint in {
        "leszno_ngo_linked.thing",
        "leszno_ngo_linked.vocabulary",
    }:
        response.vary.add("Accept")
    if address and response.status_code == 200:
        for suffix, notation in notations.NOTATIONS.items():
            response.headers.add(
                "Link", f'<{address}.{suffix}>; rel="alternate"; type="{notation.media_type}"'
            )
    return response


@linked.after_app_request
def _let_catalogue_be_kept(response: Response) -> Response:
    """Tell who has the catalogue's RDF already that it is the same (304)."""
    if tk.request.endpoint == "dcat.read_catalog" and response.status_code == 200:
        response.add_etag()
        return response.make_conditional(tk.request)  # type: ignore[return-value]
    return response


def _alternate_base() -> str | None:
    """Return the address of the page asked for, where its data have the same with a suffix."""
    endpoint = tk.request.endpoint or ""
    name = (tk.request.view_args or {}).get("id")
    if tk.request.method not in {"GET", "HEAD"} or not endpoint.endswith((".read", ".index")):
        return None
    package_type, _, action = endpoint.partition(".")
    if action == "read" and record_types.get(package_type):
        return tk.h.url_for(endpoint, id=name)
    # Datasets and the whole catalogue are ckanext-dcat's to write.
    if not p.plugin_loaded("dcat"):
        return None
    if endpoint == "dataset.read":
        return tk.h.url_for(endpoint, id=name)
    return tk.h.url_for("/catalog") if endpoint == "home.index" else None


def _wanted_format() -> str | None:
    """Return the notation that the reader would rather have than a page."""
    by_type = {notation.media_type: suffix for suffix, notation in notations.NOTATIONS.items()}
    best = tk.request.accept_mimetypes.best_match([_HTML, *by_type], default=_HTML)
    return by_type.get(best or _HTML)


def _see(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]


def _shown(name: str) -> dict[str, Any] | None:
    try:
        return tk.get_action("package_show")(request_context(), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def _file(document: Mapping[str, Any], suffix: str) -> Response:
    notation = notations.NOTATIONS[suffix]
    body = notation.write(document)
    response = Response(body, content_type=notation.media_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Link"] = f'<{_licence_url()}>; rel="license"'
    http.for_everyone(response)
    return response.make_conditional(tk.request)  # type: ignore[return-value]


def _licence_url() -> str:
    licence = vocabularies.get("licences").get(config.licence())
    assert licence  # the option's validator allows only codes of this vocabulary
    return licence.extra["url"]
