"""The programme of cooperation in numbers (``/program``)."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo.cooperation import figures, plans
from ckanext.leszno_ngo.cooperation import programme_files as files
from ckanext.leszno_ngo.exports import about, csv, json
from ckanext.leszno_ngo.languages import LANGUAGES
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.shared import http

log = logging.getLogger(__name__)

programme = Blueprint("leszno_ngo_programme", __name__)


@programme.route("/program", strict_slashes=False)
def page() -> str | tuple[str, int]:
    """Show the goals and forms of a year with counts, money and links.

    :returns: the page; status 400 for an address whose year is none, 503 while Solr is away
    """
    try:
        year = asked_year(tk.request.args.get("rok"))
        found = figures.compute_figures(year)
        plan = plans.of_year(found.year)
    except tk.Invalid as error:
        return _page(None, None, str(error.error)), 400
    except AWAY as error:
        log.error("The programme was not counted: %s", error)
        return _page(None, None, ""), 503
    return _page(found, plan, "")


def _page(found: figures.Figures | None, plan: Any, wrong: str) -> str:
    return tk.render(
        "leszno_ngo/programme/page.html",
        {"figures": found, "plan": plan, "wrong": wrong, "years": _years(found)},
    )


def _years(found: figures.Figures | None) -> list[str]:
    """The years offered: those with records, and the one shown."""
    if found is None:
        return []
    return sorted({found.year, *(line.code for line in found.years)}, reverse=True)


def asked_year(value: str | None) -> str | None:
    """Return a year that somebody asked for, ``None`` for none.

    :raises ckan.plugins.toolkit.Invalid: it is no year
    """
    return tk.get_validator("leszno_ngo_year")(value) if value else None  # type: ignore[call-arg]


@programme.route("/program.csv", defaults={"suffix": "csv"})
@programme.route("/program.json", defaults={"suffix": "json"})
def file(suffix: str) -> Response:
    """Send the figures of a year as a file.

    Parameters: ``rok`` (the year), and for CSV ``lang`` and ``separator`` as other files have
    them.

    :param suffix: ``csv`` or ``json``
    :returns: the file; status 400 with a text that says what is wrong, 503 while Solr is away
    """
    arguments = tk.request.args
    separator = csv.SEPARATORS.get(arguments.get("separator") or "comma")
    lang = arguments.get("lang") or tk.h.leszno_ngo_lang()
    if separator is None or lang not in LANGUAGES:
        return http.in_words(400, tk._("A parameter has a value that does not exist"))
    try:
        answer = tk.get_action("leszno_ngo_programme")({}, {"year": arguments.get("rok", "")})
    except tk.ValidationError as error:
        return http.in_words(400, "; ".join(error.error_dict["year"]))  # type: ignore[arg-type]
    except AWAY as error:
        log.error("The programme was not counted: %s", error)
        return http.search_is_away()
    origin = about.about({"year": answer["year"]}, about.request_address(), "")
    if suffix == "json":
        response = Response(files.to_json(answer, origin), content_type=json.CONTENT_TYPE)
    else:
        body = files.to_csv(answer, lang, origin, separator)
        response = Response(body, content_type=csv.CONTENT_TYPE)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="program-{answer["year"]}.{suffix}"'
    )
    response.headers["Link"] = f'<{origin.licence_url}>; rel="license"'
    return http.for_everyone(response)
