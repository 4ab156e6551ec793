"""What comes first of entries that fit equally: what is open or active, and of the present year.

What is over is told by the vocabularies: a term with ``past: true`` (the state ``closed``, the
status ``removed``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ckanext.leszno_ngo import datetimes, record_types, vocabularies
from ckanext.leszno_ngo.catalogue import computed
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search.index import YEARS_FIELD
from ckanext.leszno_ngo.search.solr import NO_DOCUMENT, literal

# By how much the score of what is over, and of the present year, is multiplied.
_PAST, _PRESENT = 0.6, 1.15


# A filter that leaves one type, as CKAN and this extension write it; and what makes one say less.
_ONE_TYPE = re.compile(r'(?:^|\s)\+?dataset_type:\(?"?([\w-]{1,100})"?\)?(?=\s|$)')
_ALTERNATIVES = re.compile(r"\b(?:OR|NOT)\b|\|\||!|-\(")


def parameters(filters: Iterable[str] = ()) -> dict[str, Any]:
    """Return Solr's parameters (of its parser edismax) that rank what was found.

    :param filters: the filter queries (``fq``) of the search. Solr reads the condition of each type
        at each search, so that of a type which they leave out is not sent
    """
    year = datetimes.today(dt.datetime.now(dt.timezone.utc)).year
    return {
        "boost": f"product({_where('past', _PAST)},{_where('present', _PRESENT)})",
        # What stands side by side is ranked by the query itself, without the words added to it.
        "pf": "",
        "past": " OR ".join(_past(_only_type(filters))) or NO_DOCUMENT,
        "present": f'{YEARS_FIELD}:"{year}"',
    }


def _where(query: str, factor: float) -> str:
    return f"if(exists(query(${query})),{factor},1)"


def _only_type(filters: Iterable[str]) -> RecordType | None:
    """Return the type that filters leave; ``None`` where they do not say one in plain words."""
    for text in filters:
        named = _ONE_TYPE.search(text)
        if named and not _ALTERNATIVES.search(text):
            return record_types.get(named[1])
    return None


def _past(only: RecordType | None) -> Iterator[str]:
    for record_type in [only] if only else record_types.all_types():
        own = f"+dataset_type:{literal(record_type.name)}"
        for clause in _past_of(record_type):
            yield f"({own} +({clause}))"


def _past_of(record_type: RecordType) -> Iterator[str]:
    if record_type.states_vocabulary:
        codes = _past_codes(record_type.states_vocabulary)
        if codes:
            yield computed.state_filter(record_type, codes)
    for field in record_type.fields:
        if field.vocabulary and field.index == "keyword":
            codes = _past_codes(field.vocabulary)
            if codes:
                yield f"{field.solr_field}:({' OR '.join(map(literal, codes))})"


def _past_codes(vocabulary: str) -> list[str]:
    return [term.code for term in vocabularies.get(vocabulary).terms if term.extra.get("past")]
