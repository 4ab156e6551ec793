"""What programs look for first: sitemaps, and how the catalogue is searched (OpenSearch)."""

from __future__ import annotations

import itertools
import json
import logging
import re
from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo import config, record_types
from ckanext.leszno_ngo.exports import opensearch, sitemap
from ckanext.leszno_ngo.logic.page_parts import PAGES
from ckanext.leszno_ngo.search import suggest
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.pages import answer_pages
from ckanext.leszno_ngo.views.shared import global_search, http

log = logging.getLogger(__name__)

discovery = Blueprint("leszno_ngo_discovery", __name__)

_PAGES = "pages"
_PART = re.compile(r"(?P<type>[a-z][a-z0-9_-]*?)(?:-(?P<prefix>[0-9a-f]{1,3}))?")
# Ordinary datasets have pages, too; other types (harvest sources) are not for readers.
_DATASET = "dataset"
_NAME = "leszno-ngo-name"
#: Pages of the engine that are there once; those of plugins and of types are added.
_ONCE = (
    "home.index",
    "home.about",
    "dataset.search",
    "leszno_ngo_calendar.month",
    "leszno_ngo_statement.accessibility",
)


@discovery.route("/sitemap.xml")
def index() -> Response:
    """Send the index of the sitemap; 503 while Solr is away."""
    try:
        found = sitemap.parts([*_types(), _DATASET])
    except AWAY as error:
        return _unavailable(error)
    listed = [(_part_address(_PAGES), max((part.changed for part in found), default=""))]
    listed += [(_part_address(part.name), part.changed) for part in found]
    return Response(sitemap.index(listed), content_type=sitemap.CONTENT_TYPE)


@discovery.route("/sitemap/<name>.xml")
def part(name: str) -> Response:
    """Send one part of the sitemap.

    :param name: ``pages``, or a type with the beginning of the records' ids (``ngo-a``)
    """
    if name == _PAGES:
        pages = [(_addresses(endpoint), "") for endpoint in _endpoints()]
        return _stream(iter(pages))
    matched = _PART.fullmatch(name)
    if not matched or matched["type"] not in {*_types(), _DATASET}:
        return tk.abort(404)
    pattern = _addresses(f"{matched['type']}.read", id=_NAME)
    pages = (
        ({lang: url.replace(_NAME, found) for lang, url in pattern.items()}, changed)
        for found, changed in sitemap.records(matched["type"], matched["prefix"] or "")
    )
    try:
        # What can go wrong goes wrong here, not when half of a file has been sent.
        first = list(itertools.islice(pages, 1))
    except AWAY as error:
        return _unavailable(error)
    return _stream(itertools.chain(first, pages))


@discovery.route("/opensearch.xml")
def description() -> Response:
    """Send the description by which a browser adds the catalogue to its search engines."""
    everything = global_search.everything()
    search = tk.url_for(global_search.endpoint(everything), qualified=True)
    answer = opensearch.description(
        short=f"NGO {config.municipality().name}",
        long=tk.config["ckan.site_title"],
        text=record_types.localised(everything.description, tk.h.leszno_ngo_lang()),
        urls={
            "text/html": f"{search}?q={opensearch.WORDS}",
            "application/atom+xml": f"{search}.atom?q={opensearch.WORDS}",
            opensearch.SUGGESTIONS_TYPE: (
                tk.url_for("leszno_ngo_discovery.suggestions", qualified=True)
                + f"?q={opensearch.WORDS}"
            ),
        },
        image=tk.h.url_for_static(tk.config["ckan.favicon"], qualified=True),
        lang=tk.h.leszno_ngo_lang(),
    )
    return Response(answer, content_type=opensearch.CONTENT_TYPE)


@discovery.route("/opensearch/suggestions")
def suggestions() -> Response:
    """Send suggestions for what was typed so far (``?q=``); none while Solr is away."""
    words = tk.request.args.get("q", "")[:200]
    try:
        found = suggest.suggest(words, _types(), config.suggestion_limit())
    except AWAY as error:
        log.warning("No suggestions: %s", error)
        found = []
    lang = tk.h.leszno_ngo_lang()
    labels = []
    for one in found:
        own = record_types.get(one["type"])
        labels.append(record_types.localised(own.label, lang) if own else "")
    urls = [tk.url_for(f"{one['type']}.read", id=one["name"], qualified=True) for one in found]
    answer = json.dumps(opensearch.suggestions(words, found, labels, urls), ensure_ascii=False)
    return Response(answer, content_type=opensearch.SUGGESTIONS_TYPE)


@discovery.route("/szukaj/podpowiedzi")
def search_suggestions() -> Response:
    """Send what a search box suggests for what was typed so far (``?q=``, ``?type=``), as JSON.

    :returns: a list of ``group`` (what kind it is), ``title`` and ``url``: needs, kinds and pages
        first, then records by their type; of records alone where a type is given
    """
    typed = tk.request.args.get("q", "")[:200]
    wanted = tk.request.args.get("type", "")
    lang = tk.h.leszno_ngo_lang()
    try:
        types = [name for name in _types() if not wanted or name == wanted]
        found = suggest.suggest_mended(typed, types, config.suggestion_limit())
    except AWAY as error:
        log.warning("No suggestions: %s", error)
        found = []
    known = [] if wanted else answer_pages.beginning_with(typed, lang)
    suggested = [_suggested(tk._("Go to"), one.label(lang), url) for one, url in known]
    order = list(dict.fromkeys(one["type"] for one in found))
    for one in sorted(found, key=lambda one: order.index(one["type"])):
        own = record_types.get(one["type"])
        group = record_types.localised(own.label_plural, lang) if own else ""
        url = tk.h.url_for(f"{one['type']}.read", id=one["name"])
        suggested.append(_suggested(group, one["title"], url))
    return Response(json.dumps(suggested, ensure_ascii=False), content_type="application/json")


def _suggested(group: str, title: str, url: str) -> dict[str, str]:
    return {"group": group, "title": title, "url": url}


def _types() -> list[str]:
    return [record_type.name for record_type in record_types.all_types()]


def _endpoints() -> list[str]:
    return [*_ONCE, *PAGES, *(f"{name}.search" for name in _types())]


def _addresses(endpoint: str, **values: str) -> sitemap.Page:
    """Return the addresses of a page by language; that without a language is the default one's."""
    default = tk.config["ckan.locale_default"]
    usual = tk.url_for(endpoint, qualified=True, locale="default", **values)
    found = {}
    for locale in tk.config["ckan.locales_offered"] or [default]:
        own = (
            usual
            if locale == default
            else tk.url_for(endpoint, qualified=True, locale=locale, **values)
        )
        found[tk.h.unix_locale_to_bcp47(locale)] = own
    return {**found, "x-default": usual} if len(found) > 1 else found


def _part_address(name: str) -> str:
    return tk.url_for("leszno_ngo_discovery.part", name=name, qualified=True, locale="default")


def _stream(pages: Iterator[tuple[sitemap.Page, str]]) -> Response:
    return Response(
        sitemap.stream(pages), content_type=sitemap.CONTENT_TYPE, direct_passthrough=True
    )


def _unavailable(error: Exception) -> Response:
    log.error("No sitemap: %s", error)
    return http.in_words(503, "The search engine does not answer. Try again in a few minutes")
