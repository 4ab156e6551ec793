"""Solr, PostgreSQL or Redis is away: 503 with a sentence and ``Retry-After``, on every page."""

from __future__ import annotations

import json
import logging
import re

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.lib.search.common import SearchError, SolrConnectionError
from flask import Blueprint, Response, current_app
from redis.exceptions import RedisError

from ckanext.leszno_ngo import services
from ckanext.leszno_ngo.search import unindexed
from ckanext.leszno_ngo.views.shared import kept_forms

log = logging.getLogger(__name__)

unavailable = Blueprint("leszno_ngo_unavailable", __name__)

#: When to try again, in seconds (RFC 9110, 10.2.3).
RETRY_AFTER = 60

_API = re.compile(r"/api/(?:[1-3]/)?action/")
_AWAY, _FAILED, _REFUSED = 503, 500, 400


@unavailable.app_errorhandler(SearchError)
@unavailable.app_errorhandler(SolrConnectionError)
def search_is_away(error: Exception) -> Response:
    """Answer a request in which Solr did not, or refused what was asked."""
    if services.is_refusal(error):
        log.warning("Solr refused %s: %s", tk.request.path, error)
        return _refused(tk._("The search engine does not understand this query"))
    log.error("Solr is away: %s", error)
    text = tk._("The search engine does not answer. Try again in a few minutes")
    if _API.match(tk.request.path):
        return _api_answer(text)
    return _page(_AWAY, text)


def _refused(text: str) -> Response:
    if _API.match(tk.request.path):
        body = json.dumps(f"Bad request - {text}", ensure_ascii=False)
        return Response(body, _REFUSED, mimetype="application/json")
    return _page(_REFUSED, text)


def _page(code: int, text: str) -> Response:
    page = tk.render("error_document_template.html", {"code": code, "content": text})
    return Response(page, code, content_type="text/html; charset=utf-8")


def database_is_away(error: Exception) -> Response:
    """Answer a request in which PostgreSQL did not; the page asks the database for nothing."""
    log.error("PostgreSQL is away: %s", error)
    if _API.match(tk.request.path):
        return _api_answer("Baza danych nie odpowiada / The database does not answer")
    return _page_alone("database", kept_forms.way_back())


for _error in services.DATABASE:
    unavailable.app_errorhandler(_error)(database_is_away)


@unavailable.app_errorhandler(RedisError)
def redis_is_away(error: Exception) -> Response:
    """Answer a request in which Redis did not."""
    log.error("Redis is away: %s", error)
    return sessions_are_away()


def sessions_are_away() -> Response:
    """Answer who cannot be known while Redis is away; what is typed is kept by the browser."""
    if _API.match(tk.request.path):
        return _api_answer("Sesje nie działają / Sessions do not work")
    return _page_alone("sessions", None)


def _page_alone(what: str, way_back: str | None) -> Response:
    """Make a page that asks neither the database nor the session."""
    template = current_app.jinja_env.get_template("leszno_ngo/service_away.html")
    page = template.render(what=what, way_back=way_back)
    answer = Response(page, _AWAY, content_type="text/html; charset=utf-8")
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


@unavailable.after_app_request
def say_when(response: Response) -> Response:
    """Say when to try again, and what CKAN's own views call an error of the server or a conflict.

    They answer 500, or 409 in the API, where Solr or PostgreSQL is away.
    """
    is_api = bool(_API.match(tk.request.path))
    if response.status_code == _FAILED or (is_api and _is_search_fault(response)):
        if not _database_answers():
            response = database_is_away(RuntimeError(response.status))
        elif not search.is_available():
            response = search_is_away(RuntimeError(response.status))
    if response.status_code == _AWAY:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER))
    if unindexed.IS_LACKING.get() and not is_api:
        tk.h.flash_notice(
            tk._("Saved. The search does not answer now: it will find this when it is back")
        )
        unindexed.IS_LACKING.set(False)
    return response


def _is_search_fault(response: Response) -> bool:
    return response.status_code == 409 and b'"Search Error"' in response.get_data()


def _database_answers() -> bool:
    try:
        with model.ensure_engine().connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except services.DATABASE:
        return False
    return True


def _api_answer(text: str) -> Response:
    """Answer in the shape of CKAN's action API."""
    body = {"success": False, "error": {"__type": "Service Unavailable", "message": text}}
    return Response(json.dumps(body, ensure_ascii=False), _AWAY, mimetype="application/json")
