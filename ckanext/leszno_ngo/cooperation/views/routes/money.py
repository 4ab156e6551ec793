"""Public money by year (``/pieniadze``), and its figures as files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo.cooperation import spending, spending_files
from ckanext.leszno_ngo.cooperation.spending import Spending
from ckanext.leszno_ngo.cooperation.views.routes.programme import asked_year
from ckanext.leszno_ngo.exports import about, csv
from ckanext.leszno_ngo.languages import LANGUAGES
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.shared import http

log = logging.getLogger(__name__)

money = Blueprint("leszno_ngo_money", __name__)

#: Parameters of the page and of its file.
YEAR, SOURCE, DIVISION = "rok", "pieniadze", "wedlug"


@dataclass(frozen=True)
class Asked:
    """What an address asks for."""

    year: str | None
    source: str
    division: str


@money.route("/pieniadze", strict_slashes=False)
def page() -> str | tuple[str, int]:
    """Show what was granted in a year: how much, to whom, for what, in which form.

    :returns: the page; status 400 for an address with a wrong value, 503 while Solr is away
    """
    record_type = _summed_type()
    try:
        asked = _asked(record_type)
        found = _computed(record_type, asked)
    except tk.Invalid as error:
        return _page(None, str(error.error)), 400
    except AWAY as error:
        log.error("The money was not added up: %s", error)
        return _page(None, ""), 503
    return _page(found, "")


def _page(found: Spending | None, wrong: str) -> str:
    lang = tk.h.leszno_ngo_lang()
    return tk.render(
        "leszno_ngo/money/page.html",
        {
            "found": found,
            "wrong": wrong,
            "every": spending.EVERY,
            "choices": {code: spending.source_label(code, lang) for code in spending.choices()},
        },
    )


@money.route("/pieniadze.csv")
def file() -> Response:
    """Send the figures of the page, or one division of them in full, as CSV.

    Parameters: those of the page, ``wedlug`` (a division), ``lang`` and ``separator``.

    :returns: the file; status 400 with a text that says what is wrong, 503 while Solr is away
    """
    separator = csv.SEPARATORS.get(tk.request.args.get("separator") or "comma")
    if separator is None:
        return http.in_words(400, tk._("A parameter has a value that does not exist"))
    return _file("csv", csv.CONTENT_TYPE, partial(spending_files.to_csv, separator=separator))


@money.route("/pieniadze.json")
def json_file() -> Response:
    """Send the same figures as JSON.

    Parameters: those of the page, ``wedlug`` (a division) and ``lang``.

    :returns: the file; status 400 with a text that says what is wrong, 503 while Solr is away
    """
    return _file("json", "application/json", spending_files.to_json)


def _file(extension: str, content_type: str, write: Callable[..., str]) -> Response:
    record_type = _summed_type()
    lang = tk.request.args.get("lang") or tk.h.leszno_ngo_lang()
    if lang not in LANGUAGES:
        return http.in_words(400, tk._("A parameter has a value that does not exist"))
    try:
        asked = _asked(record_type)
        found = _computed(record_type, asked, lang, None)
    except tk.Invalid as error:
        return http.in_words(400, str(error.error))
    except AWAY as error:
        log.error("The money was not added up: %s", error)
        return http.search_is_away()
    origin = about.about({YEAR: found.year, SOURCE: found.source}, about.request_address(), "")
    response = Response(write(found, asked.division, lang, origin), content_type=content_type)
    name = "-".join(filter(None, ("pieniadze", found.year, asked.division)))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    response.headers["Link"] = f'<{origin.licence_url}>; rel="license"'
    return http.for_everyone(response)


def _summed_type() -> RecordType:
    return spending.summed_type() or tk.abort(404)


def _computed(
    record_type: RecordType,
    asked: Asked,
    lang: str | None = None,
    most: int | None = spending.SHOWN,
) -> Spending:
    spoken = lang or str(tk.h.leszno_ngo_lang())
    return spending.compute_spending(record_type, asked.year, asked.source, spoken, most)


def _asked(record_type: RecordType) -> Asked:
    """Read the address.

    :raises ckan.plugins.toolkit.Invalid: a value is none of those that there are
    """
    arguments = tk.request.args
    year, source = arguments.get(YEAR), arguments.get(SOURCE) or spending.choices()[0]
    division = arguments.get(DIVISION) or ""
    if source not in spending.choices() or division not in ("", *spending_files.names(record_type)):
        raise tk.Invalid(tk._("A parameter has a value that does not exist"))
    return Asked(year if year == spending.EVERY else asked_year(year), source, division)
