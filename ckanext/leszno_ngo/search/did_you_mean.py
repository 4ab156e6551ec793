""" "Czy chodziło o …": another spelling for a query that finds nothing.

Solr tries each spelling (:mod:`.spelling`) as a query on public records; its words get their
Polish letters back from the records that they find.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.search import capability, query, relaxing, solr, words
from ckanext.leszno_ngo.search.solr import AWAY

log = logging.getLogger(__name__)

_RECORDS_READ = 10


def offer(q: str | None, types: Sequence[str] = ()) -> str | None:
    """Offer another spelling of a query that found nothing.

    :param q: what the person typed
    :param types: the record types searched; none means every type
    :returns: a query that finds at least one public record; ``None`` where there is none, where
        the query is not plain words, and on a stock CKAN Solr
    """
    read = query.read(q)
    if read is None or not capability.has_polish():
        return None
    public = solr.public_filters(types)
    try:
        instead = relaxing.other_spelling(read, public)
        return said(q, instead, _found(instead.split(), public)) if instead else None
    except AWAY as error:
        log.warning("No other spelling was looked for: %s", error)
        return None


def said(q: str | None, instead: str, found: Iterable[Mapping[str, Any]]) -> str:
    """Return a spelling as people write it.

    :param q: what was typed: words that stay keep their letters
    :param instead: the spelling, without Polish letters
    :param found: records that it finds; what they write most often is taken
    """
    known = set(words.split(q or ""))
    seen: dict[str, Counter[str]] = {w: Counter() for w in instead.split() if w not in known}
    for record in found:
        for word in words.split_all(_texts(record)):
            counted = seen.get(polish.fold(word))
            if counted is not None:
                counted[word.lower()] += 1
    spelled = {word: forms.most_common(1)[0][0] for word, forms in seen.items() if forms}
    return " ".join(spelled.get(word, word) for word in instead.split())


def _found(folded: Sequence[str], public: Sequence[str]) -> list[dict[str, Any]]:
    """Return records that have a word of a spelling."""
    answer = solr.ask(
        " OR ".join(folded),
        fq=public,
        fl="validated_data_dict",
        rows=_RECORDS_READ,
        defType="edismax",
        qf="text_fold",
        mm="0",
    )
    return [json.loads(one["validated_data_dict"]) for one in answer.docs]


def _texts(record: Mapping[str, Any]) -> str:
    return " ".join(value for value in record.values() if isinstance(value, str))
