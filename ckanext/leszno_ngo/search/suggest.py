"""Suggestions while a person types: public records whose title or number begins like that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.search import capability, did_you_mean, solr, words

MAX_SUGGESTIONS = 20
_FIELDS = "name title dataset_type validated_data_dict"
_LEAST_DIGITS = 3
# Fewer letters are a beginning of a word, not a mistake.
_LEAST_MISTYPED = 5


def suggest(text: str, types: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """Suggest records; one request to Solr.

    :param text: what was typed so far: beginnings of words of a title in any order, with or without
        Polish letters, or the beginning of an identifier (three digits or more)
    :param types: record types to suggest
    :param limit: the most suggestions, 1 to ``MAX_SUGGESTIONS``
    :returns: dicts with ``name``, ``title``, ``type`` and ``identifiers`` (field → number), the
        best first
    :raises ckan.lib.search.SearchError: Solr is away
    """
    typed = words.split(text)
    if not typed:
        return []
    parameters = _polish(text, typed) if capability.has_polish() else _stock(typed)
    answer = solr.ask(
        parameters.pop("q"),
        fq=solr.public_filters(types),
        fl=_FIELDS,
        rows=min(MAX_SUGGESTIONS, max(1, limit)),
        sort="score desc, title_string asc",
        defType="edismax",
        mm="100%",
        facet="false",
        **{"q.op": "AND"},
        **parameters,
    )
    return [_described(found) for found in answer.docs]


def suggest_mended(text: str, types: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """Suggest records, those of another spelling where there are none; up to four requests to Solr.

    The parameters, what is returned and errors are those of :func:`suggest`.
    """
    found = suggest(text, types, limit)
    if found or len(text.strip()) < _LEAST_MISTYPED:
        return found
    offered = did_you_mean.offer(text, types)
    return suggest(offered, types, limit) if offered else []


def resembling(name: str, types: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """Return public records whose titles have words of a name; one request to Solr.

    :param name: a title as somebody wrote it: words may be missing, added or misspelt
    :param types: record types
    :param limit: the most records
    :returns: dicts with ``id``, ``name`` and ``title``, the likeliest first
    :raises ckan.lib.search.SearchError: Solr is away
    """
    typed = words.split(name)
    if not typed:
        return []
    # Without Polish analysis, parts of words are still found.
    fields = "title_suggest^2 title_fold" if capability.has_polish() else "title_ngram title^2"
    answer = solr.ask(
        " ".join(typed).lower(),
        fq=solr.public_filters(types),
        fl="id name title",
        rows=limit,
        defType="edismax",
        qf=fields,
        mm="1",
        facet="false",
        **{"q.op": "OR"},
    )
    return [{key: found[key] for key in ("id", "name", "title")} for found in answer.docs]


def _polish(text: str, typed: Sequence[str]) -> dict[str, str]:
    number = _number(text)
    if number:
        return {"q": number, "qf": "title_suggest^2 identifiers_suggest"}
    return {"q": " ".join(typed), "qf": "title_suggest", "pf": "title_fold^4"}


def _stock(typed: Sequence[str]) -> dict[str, str]:
    return {"q": " ".join(typed).lower(), "qf": "title_ngram name_ngram"}


def _number(text: str) -> str | None:
    """A number typed in groups ("697-205", "697 205") is one word for Solr."""
    joined = text.strip().upper().removeprefix("PL").replace(" ", "").replace("-", "")
    is_number = joined.isascii() and joined.isdigit() and len(joined) >= _LEAST_DIGITS
    return joined if is_number else None


def _described(found: Mapping[str, Any]) -> dict[str, Any]:
    record = json.loads(found["validated_data_dict"])
    record_type = record_types.get(found["dataset_type"])
    identity = record_type.identity if record_type else ()
    return {
        "name": found["name"],
        "title": found["title"],
        "type": found["dataset_type"],
        "identifiers": {name: record[name] for name in identity if record.get(name)},
    }
