"""Files of everything a search finds, and feeds of it: ``/<type>.csv`` (json, atom, ics).

The address is that of the search page with a suffix and the same parameters, so what is on the
page is what is in the file. An address that says nothing of a state gives everything as a file,
and what the page shows at first as a feed or a calendar.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchQueryError
from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState

from ckanext.leszno_ngo import config, record_types, services
from ckanext.leszno_ngo.exports import about, datapackage, formats, freshness, records
from ckanext.leszno_ngo.exports.formats import FORMATS, Format, NothingFitsError
from ckanext.leszno_ngo.languages import LANGUAGES
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search import facets, filters
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.shared import global_search, http
from ckanext.leszno_ngo.views.shared.contexts import request_context

log = logging.getLogger(__name__)

export = Blueprint("leszno_ngo_export", __name__)

#: The parameter that asks for what the records found point at: ``/grant.csv?of=recipient``.
OF = "of"
# Parameters of CSV that a data package settles by itself.
_FIXED = {"values", "separator"}


class BadParameterError(ValueError):
    """A parameter of the address is wrong; the text says which and what is right."""


#: How long a program may keep a feed before it asks again, in seconds.
_FEED_AGE = 900


@export.record
def _add_routes(state: BlueprintSetupState) -> None:
    """Add a route a type and format, not one that would catch every ``/….csv`` of the portal."""
    for record_type in [*record_types.all_types(), global_search.everything()]:
        for suffix in formats.formats_for(record_type):
            state.add_url_rule(
                f"/{record_type.name}.{suffix}",
                endpoint="file",
                view_func=file,
                defaults={"package_type": record_type.name, "suffix": suffix},
            )
        if not record_type.composite_of:
            state.add_url_rule(
                f"/{record_type.name}.{datapackage.SUFFIX}",
                endpoint="package",
                view_func=package,
                defaults={"package_type": record_type.name},
            )
        for suffix in formats.formats_for(record_type, of_one=True):
            if not record_type.composite_of:
                state.add_url_rule(
                    f"/{record_type.name}/<name>.{suffix}",
                    endpoint="one",
                    view_func=one,
                    defaults={"package_type": record_type.name, "suffix": suffix},
                )


@export.after_request
def _for_everyone(response: Response) -> Response:
    return http.for_everyone(response)


def file(package_type: str, suffix: str) -> Response:
    """Send everything a search of one record type finds, as a file.

    :param package_type: name of a record type
    :param suffix: a key of ``formats.FORMATS``
    :returns: the file as a stream; status 304 to a client that has it already, 400 with a text
        that names the wrong parameter, 404 where a format that leaves records out would be empty,
        413 for more records than the format holds, 503 while Solr is away. Nothing is sent before
        the query has been answered
    """
    record_type = global_search.get(package_type)
    if record_type is None:
        return tk.abort(404)
    wanted = FORMATS[suffix]
    try:
        options = _options(record_type, wanted)
        search = _search(record_type, wanted)
        looked = records.run_search(search)
        if wanted.largest is not None and looked.count > wanted.largest:
            return http.in_words(413, _too_many(wanted))
        known = _validators(looked.record_type, looked.seen, looked.count, looked.changed)
        if known.is_known:
            return http.not_modified(known)
        origin = about.about(
            _query(search),
            about.request_address(),
            about.page_address(),
            _search_address(record_type),
        )
        body = _body(wanted, looked, origin, options)
    except (BadParameterError, SearchQueryError) as error:
        return http.in_words(400, str(error))
    except NothingFitsError:
        return http.in_words(404, tk._("Nothing that this search finds can be in such a file"))
    except AWAY as error:
        return _failure(error)
    response = _response(_logged(body, origin.address), wanted)
    disposition = "inline" if wanted.is_feed else "attachment"
    name = _file_name(looked.record_type, origin.generated, suffix)
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response.headers["Link"] = f'<{origin.licence_url}>; rel="license"'
    if not wanted.leaves_out:
        response.headers["X-Total-Count"] = str(looked.count)
    return known.put_on(response)


def one(package_type: str, name: str, suffix: str) -> Response:
    """Send one record as a file.

    :param package_type: name of a record type
    :param name: the end of the record's address
    :param suffix: a key of ``formats.FORMATS``
    :returns: the file; 404 for a record that is not there or not for the reader, 304 to a client
        that has it already
    """
    try:
        record = tk.get_action("package_show")(request_context(), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)
    record_type = record_types.get(package_type)
    if record_type is None or record["type"] != package_type:
        return tk.abort(404)
    wanted = FORMATS[suffix]
    try:
        known = _validators(record_type, None, record["id"], record["metadata_modified"])
        if known.is_known:
            return http.not_modified(known)
        page = tk.url_for(f"{package_type}.read", id=record["name"], qualified=True)
        origin = about.about({}, about.request_address(), about.page_address(), page)
        lang = tk.h.leszno_ngo_lang()
        body = b"".join(wanted.stream([record], record_type, lang=lang, about=origin))
    except AWAY as error:
        return _failure(error)
    response = _response(iter([body]), wanted)
    response.headers["Content-Disposition"] = f'attachment; filename="{record["name"]}.{suffix}"'
    response.headers["Link"] = f'<{origin.licence_url}>; rel="license"'
    return known.put_on(response)


def package(package_type: str) -> Response:
    """Describe the CSV of a search, its columns and codes, as a data package.

    :param package_type: name of a record type
    :returns: the description; status 400 with a text that names a wrong parameter
    """
    record_type = record_types.get(package_type)
    if record_type is None:
        return tk.abort(404)
    wanted = FORMATS["csv"]
    try:
        lang = _options(record_type, wanted)["lang"]
        search = _search(record_type, wanted)
    except BadParameterError as error:
        return http.in_words(400, str(error))
    given = [item for item in tk.request.args.items(multi=True) if item[0] not in _FIXED]
    address = tk.url_for(
        "leszno_ngo_export.file", package_type=package_type, suffix="csv", qualified=True
    )
    file_address = f"{address}?{urlencode([*given, ('values', 'codes')])}"
    origin = about.about(
        _query(search), file_address, about.page_address(), _search_address(record_type)
    )
    found = records.link_target_type(search.behind) if search.behind else record_type
    described = datapackage.package(found, lang, origin)
    response = Response(json.dumps(described, ensure_ascii=False, indent=1))
    response.content_type = datapackage.CONTENT_TYPE
    response.headers["Link"] = f'<{origin.licence_url}>; rel="license"'
    return response


def _response(body: Iterator[bytes], wanted: Format) -> Response:
    response = Response(body, content_type=wanted.content_type, direct_passthrough=True)
    if wanted.is_feed:
        response.headers["Cache-Control"] = f"public, max-age={_FEED_AGE}"
    return response if wanted.is_packed else http.compressed(response)


def _validators(
    record_type: RecordType, index: Mapping[str, Any] | None, *seen: object
) -> http.Validators:
    state = freshness.freshness_of(record_type, index)
    settings = (config.publisher_name(), config.licence(), tk.h.leszno_ngo_lang())
    return http.validators([about.request_address(), *settings, *seen, *state.parts], state.changed)


def _options(record_type: RecordType, wanted: Format) -> dict[str, str]:
    """Read the parameters that are the format's, and refuse those that are nobody's.

    A misspelt filter must not give a file of everything to somebody who asked for a part.
    """
    choices = {"lang": LANGUAGES, **wanted.choices}
    filter_keys = [*(f.name for f in record_type.filter_fields), *filters.filter_names(record_type)]
    known = {"q", "sort", "page", OF, *choices, *filter_keys}
    for name in tk.request.args:
        if name not in known and not name.startswith("_"):
            raise BadParameterError(
                tk._("There is no parameter %(name)s. The parameters are: %(known)s")
                % {"name": name, "known": ", ".join(sorted(known))}
            )
    for name in filters.faults(record_type, tk.request.args):
        states = list(filters.states(record_type)) if name == filters.STATE else []
        raise BadParameterError(
            tk._('The parameter %(name)s cannot be "%(value)s". It may be: %(allowed)s')
            % {
                "name": name,
                "value": ", ".join(tk.request.args.getlist(name)),
                "allowed": ", ".join([*states, filters.ALL]) if states else "2026-12-31",
            }
        )
    options = {name: _choice(name, allowed) for name, allowed in choices.items()}
    given = {name: value for name, value in options.items() if value}
    return {"lang": tk.h.leszno_ngo_lang(), **given}


def _choice(name: str, allowed: tuple[str, ...]) -> str | None:
    value = tk.request.args.get(name)
    if value and not allowed:
        raise BadParameterError(
            tk._("There is nothing to choose by the parameter %(name)s here") % {"name": name}
        )
    if value and value not in allowed:
        raise BadParameterError(
            tk._('The parameter %(name)s cannot be "%(value)s". It may be: %(allowed)s')
            % {"name": name, "value": value, "allowed": ", ".join(allowed)}
        )
    return value or None


def _search(record_type: RecordType, wanted: Format) -> records.Search:
    q = tk.request.args.get("q", "").strip()
    sort = record_type.sort_for(_choice("sort", tuple(s.name for s in record_type.sorts)), q)
    chosen = facets.selections(record_type, tk.request.args)
    if wanted.is_feed:
        chosen = filters.with_defaults(record_type, chosen)
    order = wanted.sort or (sort.sort if sort else None)
    search = records.Search(record_type, q, chosen, behind=_link_field(record_type, wanted))
    return dataclasses.replace(search, sort=order) if order else search


def _link_field(record_type: RecordType, wanted: Format) -> Field | None:
    """Return the link whose targets are asked for instead of the records found (``of``)."""
    links = records.links_behind(record_type)
    name = _choice(OF, tuple(li.name for li in links if wanted.fits(records.link_target_type(li))))
    return record_type.field(name) if name else None


def _query(search: records.Search) -> dict[str, Any]:
    of = {OF: search.behind.name} if search.behind else {}
    return {"q": search.q, **search.chosen, "sort": search.sort, **of}


def _search_address(record_type: RecordType) -> str:
    query = tk.request.query_string.decode("ascii", "ignore")
    address = tk.url_for(global_search.endpoint(record_type), qualified=True)
    return f"{address}?{query}" if query else address


def _file_name(record_type: RecordType, generated: dt.datetime, suffix: str) -> str:
    return f"{record_type.name}-{generated:%Y-%m-%d}.{suffix}"


def _body(
    wanted: Format, looked: records.SearchAnswer, origin: about.About, options: Mapping[str, str]
) -> Iterator[bytes]:
    """Begin a file: the first records are read, where one asked for more than the headers.

    :raises NothingFitsError: a format that leaves records out has none left
    """
    # Whether anything is left shows when the first piece is made, for ``HEAD``, too.
    is_read = tk.request.method != "HEAD" or wanted.leaves_out
    found = itertools.islice(looked.read() if is_read else iter(()), wanted.limit)
    body = wanted.stream(found, looked.record_type, about=origin, **options)
    return itertools.chain([next(body)], body) if wanted.leaves_out else body


def _logged(body: Iterator[bytes], address: str) -> Iterator[bytes]:
    """Say in the log why a file was cut off; the server then breaks the connection off."""
    try:
        yield from body
    except AWAY:
        log.exception("The file %s was cut off", address)
        raise


def _too_many(wanted: Format) -> str:
    return tk._(
        "This format holds %(most)s entries at most. Narrow the search down, or take CSV: it has "
        "no limit"
    ) % {"most": wanted.largest}


def _failure(error: Exception) -> Response:
    if services.is_refusal(error):
        log.info("Export refused: %s", error)
        return http.in_words(400, tk._("The search engine does not understand this query"))
    log.error("Export failed: %s", error)
    return http.search_is_away()
