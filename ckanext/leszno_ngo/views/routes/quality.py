"""What needs mending in the records of an official's departments (``/panel/jakosc``)."""

from __future__ import annotations

import logging
import math

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.search import quality as found
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.shared.contexts import request_context

log = logging.getLogger(__name__)

quality = Blueprint("leszno_ngo_quality", __name__)


@quality.route("/panel/jakosc")
def show() -> ResponseReturnValue:
    """Show the rules that find something, and the records of the one chosen.

    Parameters of the address: ``rule`` (a code of ``quality_rule``), ``type`` (a record type),
    ``page``.

    :returns: the page; the form to sign in for anonymous readers; 404 for a rule that finds
        nothing or a page that is not there; status 503 while Solr is away
    """
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.url_for("leszno_ngo_quality.show"))
    units = tk.get_action("organization_list_for_user")(
        request_context(), {"permission": "update_dataset"}
    )
    everywhere = bool(getattr(tk.current_user, "sysadmin", False))
    shown = {"units": units, "everywhere": everywhere}
    try:
        report = found.report(None if everywhere else [unit["id"] for unit in units])
        chosen = _chosen(report)
    except AWAY as error:
        log.error("The page of quality has no lists: %s", error)
        return tk.render("leszno_ngo/quality.html", {**shown, "report": None}), 503
    if chosen is None:
        return tk.abort(404)
    return tk.render("leszno_ngo/quality.html", {**shown, "report": report, **chosen})


def _chosen(report: found.Report) -> dict | None:
    """The records of the rule that the address names; ``None`` for an address of nothing."""
    code, type_name = tk.request.args.get("rule"), tk.request.args.get("type")
    if not code:
        return {"chosen": None}
    count = report.of(code)
    counted = {t.name: number for t, number in count.types} if count else {}
    if count is None or (type_name and type_name not in counted):
        return None
    total = counted[type_name] if type_name else count.total
    number, last = tk.request.args.get("page", 1, int), math.ceil(total / found.ROWS)
    if not 1 <= number <= last:
        return None
    records = found.page(report, code, type_name, number)
    return {"chosen": count, "records": records, "type": type_name, "page": number, "last": last}
