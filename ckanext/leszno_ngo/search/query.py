"""What a person's words become (docs/search.md, "How a query becomes a result")."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.search import capability, words
from ckanext.leszno_ngo.search.words import Kind, Query

# A word counts most in the title and where it stands as typed; a beginning of a word counts
# least, so that it adds results below the good ones and seldom changes their order.
QUERY_FIELDS = (
    "title_pl^6 title_fold^5 title_name^4 title_prefix^0.8 "
    "text_pl^2 text_fold^2 text_name^1.5 text_prefix^0.3"
)
# Two words: both; three to five: one may miss; more: four fifths.
MINIMUM_MATCH = "2<-1 5<80%"
_TIE = "0.1"
# Solr's way to say "no document".
_NO_DOCUMENT = "-*:*"


def build(search_params: dict[str, Any]) -> dict[str, Any]:
    """Turn a person's words into a query (``IPackageController.before_dataset_search``).

    Only ``q`` and the parameters that say how it is read are touched. A caller who sets ``defType``
    or ``qf``, and well-formed ``field:value`` syntax, get exactly what CKAN gives them.

    :param search_params: parameters of ``package_search``
    :returns: the same dict
    """
    if search_params.get("defType") or search_params.get("qf") or _is_allowed_parser(search_params):
        return search_params
    query = words.parse_query(search_params.get("q"))
    if query.kind is Kind.EVERYTHING:
        search_params["q"] = query.text
    elif query.kind is Kind.NOTHING:
        search_params["q"] = _NO_DOCUMENT
    elif query.kind is Kind.NUMBER:
        _look_for_number(search_params, query)
    elif query.kind in (Kind.WORDS, Kind.OPERATORS):
        _look_for_words(search_params, query)
    return search_params


def _is_allowed_parser(search_params: dict[str, Any]) -> bool:
    """Whether the query names a query parser and the portal's owner lets people do that."""
    q = search_params.get("q") or ""
    return q.lstrip().startswith("{!") and bool(
        tk.config.get("ckan.search.solr_allowed_query_parsers")
    )


def _look_for_words(search_params: dict[str, Any], query: Query) -> None:
    if not capability.has_polish():
        search_params["q"] = query.text
        return
    if query.weak:
        needed = (word if word in query.weak else f"+{word}" for word in query.words)
        search_params["q"] = " OR ".join(needed)
        search_params["mm"] = "0"
    elif query.kind is Kind.WORDS:
        # CKAN asks Solr for q.op=AND, under which no word may miss whatever `mm` says.
        search_params["q"] = " OR ".join(query.words)
        search_params["mm"] = MINIMUM_MATCH
    else:
        search_params["q"] = query.text
        search_params["mm"] = "0"
    _read_with_edismax(search_params)


def _read_with_edismax(search_params: dict[str, Any]) -> None:
    search_params["defType"] = "edismax"
    search_params["qf"] = QUERY_FIELDS
    search_params["tie"] = _TIE


def _look_for_number(search_params: dict[str, Any], query: Query) -> None:
    clauses = [_number_clause(kind, number) for kind, number in query.numbers]
    search_params["q"] = " OR ".join(dict.fromkeys([*clauses, *query.words]))
    if query.words and capability.has_polish():
        search_params["mm"] = "0"
        _read_with_edismax(search_params)


def _number_clause(kind: str, number: str) -> str:
    if kind == "teryt" or not capability.has_polish():
        return f'{kind}:"{number}"'
    return f'identifiers:"{number}"'
