"""ckanext-dcat's actions kept to datasets: a record of ours is not a ``dcat:Dataset``.

ckanext-dcat leaves out harvest sources and showcases alone, so that each organisation would be a
dataset. The registers are datasets; records have RDF of their own (``views.routes.linked_data``).
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError
from ckan.types import Action, Context, DataDict
from rdflib.plugin import PluginException
from werkzeug.datastructures import ImmutableMultiDict

from ckanext.leszno_ngo import config, services
from ckanext.leszno_ngo.catalogue.contexts import anonymous_context
from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.exports.kept_files import kept

# Solr counts what it passes over in 32 bits.
_FORMATS = "ttl, xml, jsonld, n3"
_PAGE = re.compile(r"[0-9]{1,9}")
_LAST_PAGE = 100_000
_ROWS, _USUAL_ROWS = "ckanext.dcat.datasets_per_page", 100  # as ckanext-dcat has them
_PACKAGE = "ckanext-leszno-ngo"
_PROFILE = re.compile(r"[\w.-]{1,100}", re.ASCII)
_DATASETS = "+dataset_type:dataset"


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Write the catalogue with its datasets, ``dataset_type:dataset`` alone.

    :raises ValidationError: a page or a query that no search can answer
    """
    return _asked("dcat_catalog_show", next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Write the datasets that a search finds, ``dataset_type:dataset`` alone.

    :raises ValidationError: a page or a query that no search can answer
    """
    return _asked("dcat_catalog_search", next_action, context, data_dict)


@tk.chained_action
def dcat_dataset_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Write a dataset; ``NotFound`` for a record of another type."""
    shown = tk.get_action("package_show")(tk.fresh_context(context), {"id": data_dict["id"]})
    if shown["type"] != "dataset":
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return next_action(context, data_dict)


def _asked(name: str, action: Action, context: Context, data_dict: DataDict) -> Any:
    """Ask for datasets alone; what no search can answer is the asker's fault, not a crash."""
    page = str(data_dict.get("page") or 1)
    if not _PAGE.fullmatch(page) or int(page) > _LAST_PAGE:
        raise tk.ValidationError({"page": [tk._("There is no such page")]})
    profiles = data_dict.get("profiles") or ()
    named = profiles.split(",") if isinstance(profiles, str) else profiles
    if not all(isinstance(name, str) and _PROFILE.fullmatch(name.strip()) for name in named):
        raise tk.ValidationError({"profiles": [tk._("There is no such profile of RDF")]})
    try:
        with _quoted_address():
            narrowed = _narrowed(data_dict)
            tk.check_access(name, context, narrowed)
            made_of = _made_of(context, narrowed)
            return kept("rdf", made_of, lambda: action(context, narrowed).encode()).decode()
    except OverflowError as error:  # ckanext-dcat breaks on a year that no date has
        said = tk._("Give a date such as 2026-01-31")
        raise tk.ValidationError({"modified_since": [said]}) from error
    except PluginException as error:
        said = tk._("There is no such format. The formats are: %(known)s") % {"known": _FORMATS}
        raise tk.ValidationError({"format": [said]}) from error
    except SearchError as error:
        if not services.is_refusal(error):
            raise
        said = tk._("The search engine does not understand this query")
        raise tk.ValidationError({"fq": [said]}) from error


def _made_of(context: Context, asked: DataDict) -> list[Any]:
    """Return all that an answer says: the datasets, when any of them last changed, the City."""
    page, rows = int(asked.get("page") or 1), int(tk.config.get(_ROWS) or _USUAL_ROWS)
    start = rows * (page - 1)
    # `modified_since` leaves the end of it out.
    search = {"q": asked.get("q") or "*:*", "fq": asked["fq"], "rows": rows, "start": max(start, 0)}
    newest = {"fq": _DATASETS, "rows": 1}
    found, last = (
        tk.get_action("package_search")(who, {**one, "sort": "metadata_modified desc"})
        for who, one in ((tk.fresh_context(context), search), (anonymous_context(), newest))
    )
    city = [config.publisher(), config.municipality(), config.licence(), version("ckanext-dcat")]
    site = [tk.config[name] for name in ("ckan.site_url", "ckan.site_title", "ckan.locale_default")]
    how = [asked.get("format"), asked.get("profiles"), tk.request.path, [*tk.request.args.items()]]
    return [found["count"], found["results"], last["results"], city, site, how, version(_PACKAGE)]


def _quoted_address() -> AbstractContextManager[None]:
    """Quote the request's parameters for a while.

    ckanext-dcat writes them into the addresses of the catalogue's pages as they stand, and no RDF
    has an address with a space in it. What is searched has been read before.
    """
    given = tk.request.args.items(multi=True)
    quoted = [(name, quote(value, safe="")) for name, value in given]
    return request_data.other_parameters(ImmutableMultiDict(quoted))


def _narrowed(data_dict: DataDict) -> DataDict:
    asked = data_dict.get("fq")
    return {**data_dict, "fq": f"{_DATASETS} +({asked})" if asked else _DATASETS}
