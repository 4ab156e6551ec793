"""Pages of the yearly report: ``/program/raport/<year>`` and the same with ``.docx``."""

from __future__ import annotations

import datetime as dt
import logging

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo.cooperation.report import Report, document, docx, records
from ckanext.leszno_ngo.cooperation.views.routes.programme import asked_year
from ckanext.leszno_ngo.exports import kept_files
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.shared import http
from ckanext.leszno_ngo.views.shared.page_caching import may_be_kept

log = logging.getLogger(__name__)

report = Blueprint("leszno_ngo_report", __name__, url_prefix="/program/raport")


@report.route("/<year>")
@may_be_kept
def page(year: str) -> str | tuple[str, int]:
    """Show the report of a year on one page that prints well.

    :param year: four digits; anything else is not found
    """
    made = _report(year)
    if made is None:
        return tk.render("leszno_ngo/programme/report.html", {"report": None, "year": year}), 503
    return tk.render("leszno_ngo/programme/report.html", {"report": made, "year": year})


@report.route("/<year>.docx")
@may_be_kept
def file(year: str) -> Response:
    """Send the report of a year as a document that can be edited.

    :param year: four digits; anything else is not found
    """
    made = _report(year)
    if made is None:
        return http.search_is_away()
    lang = tk.h.leszno_ngo_lang()
    written = kept_files.kept("report", [lang, repr(made)], lambda: docx.write(made, lang))
    response = Response(written, content_type=docx.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="sprawozdanie-{year}.docx"'
    return response


def _report(year: str) -> Report | None:
    """Make the report; ``None`` while Solr is away."""
    try:
        code = asked_year(year)
    except tk.Invalid:
        return tk.abort(404)
    try:
        gathered = records.gather(str(code))
    except AWAY as error:
        log.error("The report was not made: %s", error)
        return None
    return document(gathered, tk.h.leszno_ngo_lang(), dt.datetime.now(dt.timezone.utc))
