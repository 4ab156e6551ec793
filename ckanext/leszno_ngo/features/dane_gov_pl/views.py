"""Addresses that the national portal dane.gov.pl reads (docs/operators.md: what to enter there).

``/api/leszno-ngo/dane-gov-pl.json`` for its CKAN importer, ``…/dane-gov-pl.xml`` and its ``.md5``
for its importer of suppliers' files. When the list would not be taken whole, the answer is 503
with the reason: an error makes dane.gov.pl keep what it has.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo import config, record_types
from ckanext.leszno_ngo.features.dane_gov_pl import datasets as offered
from ckanext.leszno_ngo.registers import identity
from ckanext.leszno_ngo.views.shared import http

log = logging.getLogger(__name__)

dane_gov_pl = Blueprint("leszno_ngo_dane_gov_pl", __name__, url_prefix="/api/leszno-ngo")

JSON_TYPE = "application/json; charset=utf-8"
XML_TYPE = "application/xml; charset=utf-8"


@dane_gov_pl.errorhandler(offered.NotOfferedError)
def _not_offered(error: offered.NotOfferedError) -> Response:
    log.error("dane.gov.pl is offered nothing: %s", error)
    said = {
        "nothing": tk._("No register has been published yet"),
        "https": tk._("dane.gov.pl takes only https addresses: set ckan.site_url (it is %(name)s)"),
        "licence": tk._("dane.gov.pl does not take the licence of %(name)s"),
        "owner": tk._("The dataset %(name)s belongs to no organisation"),
    }
    body = {"success": False, "error": said[error.code] % {"name": error.name}}
    response = _answer(json.dumps(body, ensure_ascii=False), JSON_TYPE)
    response.status_code = 503
    response.headers["Retry-After"] = "3600"
    return response


@dane_gov_pl.route("/dane-gov-pl.json")
def ckan_list() -> Response:
    """Give the register datasets in the shape of ``package_search``, on one page."""
    listed = offered.for_importer(_offered())
    body = {
        "help": tk.url_for("api.action", logic_function="help_show", ver=3, qualified=True)
        + "?name=package_search",
        "success": True,
        "result": {"count": len(listed), "results": listed},
    }
    return _answer(json.dumps(body, ensure_ascii=False), JSON_TYPE)


@dane_gov_pl.route("/dane-gov-pl.xml")
def supplier() -> Response:
    """Give the supplier's file."""
    return _answer(_supplier_xml(), XML_TYPE)


# "The same address with .md5" is read both ways.
@dane_gov_pl.route("/dane-gov-pl.md5")
@dane_gov_pl.route("/dane-gov-pl.xml.md5")
def checksum() -> Response:
    """Give the MD5 of the supplier's file, 32 hexadecimal digits."""
    digest = hashlib.md5(_supplier_xml(), usedforsecurity=False).hexdigest()
    return _answer(f"{digest}\n", "text/plain; charset=utf-8")


def _supplier_xml() -> bytes:
    listed = _offered()
    english = {one["id"]: _english(one[identity.REGISTER_OF]) for one in listed}
    return offered.supplier_xml(listed, english, config.municipality().teryt)


def _english(type_name: str) -> dict[str, str]:
    record_type = record_types.get(type_name)
    if record_type is None or record_type.register is None:
        return {}
    register = record_type.register
    return {
        "title": record_types.localised(register.title, "en"),
        "notes": record_types.localised(register.notes, "en"),
    }


def _offered() -> list[dict[str, Any]]:
    listed = identity.published()
    offered.check(listed, tk.config["ckan.site_url"])
    return listed


def _answer(body: str | bytes, content_type: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = "no-cache"
    return http.for_everyone(response)
