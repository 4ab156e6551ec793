"""What a program may ask of ``package_search``: nothing that tells of what the asker may not see.

Permission labels limit what a search finds. Lists of all words of a field, and the statistics that
ranking uses, are of the whole index, with what is hidden. No CKAN but the errors of its search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ckan.lib.search.common import SearchQueryError

from ckanext.leszno_ngo import bounds

# A name of a field, with jokers, and perhaps another name before it: no function, no transformer.
_RETURNED = re.compile(r"(?:[\w.-]{1,100}:)?[\w.*-]{1,100}")
_FIELD = re.compile(r"[\w.-]{1,100}")
# Functions of Solr whose values are of all documents (Solr's guide, "Function Queries").
_OF_THE_INDEX = re.compile(
    r"\b(?:docfreq|idf|joindf|maxdoc|norm|numdocs|ttf|totaltermfreq|sttf|sumtotaltermfreq)\s{0,9}\(",
    re.IGNORECASE,
)
_TEXTS = ("q", "fq", "fq_list", "sort", "bf", "boost", "qf", "mm", "df")
# CKAN looks through what is sent by a pattern whose cost is the square of such a run.
_LONG_SPACE = re.compile(r"\s{8,}")
#: Solr reads brackets within brackets by calls within calls.
_MOST_BRACKETS = 500


def check(parameters: dict[str, Any]) -> None:
    """Refuse what no search is for, and shorten long spaces.

    :param parameters: of ``package_search``; changed in place
    :raises ckan.lib.search.SearchQueryError: what is asked for is refused
    """
    for name in _TEXTS:
        value = parameters.get(name)
        if type(value) is str:
            parameters[name] = _checked(name, value)
        elif isinstance(value, list):
            parameters[name] = [_checked(name, v) if type(v) is str else v for v in value]
    _require(_returned(parameters.get("fl")), _RETURNED, "fl")
    _require(_listed(parameters.get("facet.field")), _FIELD, "facet.field")
    if not _counts_what_is_found(parameters):
        raise SearchQueryError("facet.mincount must be 1 or more")


def _checked(name: str, given: str) -> str:
    value = _LONG_SPACE.sub(" ", given)
    if name == "q":
        return value  # words of a person, which ``words.parse_query`` bounds
    if len(value) > bounds.QUERY:
        raise SearchQueryError(f"{name} is longer than {bounds.QUERY} characters")
    if value.count("(") > _MOST_BRACKETS:
        raise SearchQueryError(f"{name} has more than {_MOST_BRACKETS} brackets")
    if _OF_THE_INDEX.search(value):
        raise SearchQueryError(f"{name} has a function that is not for searches")
    return value


def _returned(value: Any) -> Iterable[str]:
    texts = value if isinstance(value, list) else [value or ""]
    return (name for text in texts for name in str(text).replace(",", " ").split())


def _listed(value: Any) -> Iterable[str]:
    return map(str, value) if isinstance(value, list) else filter(None, [value])


def _require(names: Iterable[str], pattern: re.Pattern[str], parameter: str) -> None:
    if not all(map(pattern.fullmatch, names)):
        raise SearchQueryError(f"{parameter} takes names of fields alone")


def _counts_what_is_found(parameters: Mapping[str, Any]) -> bool:
    given = parameters.get("facet.mincount")
    try:
        return given is None or int(given) >= 1
    except (TypeError, ValueError):
        return False
