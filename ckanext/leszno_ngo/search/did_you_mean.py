""" "Czy chodziło o …": another spelling for a query that finds nothing.

Spelling is compared without Polish letters ("zywnsoci" is two letters from "zywnosci" and four
from "żywności"), Solr tries each offer as a query on public records, and the offered words get
their Polish letters back from the records they find.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.search import capability, solr, words
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.search.words import Kind

log = logging.getLogger(__name__)

_HANDLER = "leszno_ngo_spell"
# People mistype words, not pages of text; the time to try spellings grows with the words.
_MAX_WORDS = 8
_RECORDS_READ = 10


def offer(q: str | None, types: Sequence[str] = ()) -> str | None:
    """Offer another spelling of a query that found nothing.

    :param q: what the person typed
    :param types: the record types searched; none means every type
    :returns: a query that finds at least one public record; ``None`` where there is none, where
        the query is not plain words, and on a stock CKAN Solr
    """
    query = words.parse_query(q)
    if query.kind is not Kind.WORDS or len(query.words) > _MAX_WORDS:
        return None
    if not capability.has_polish():
        return None
    try:
        return _offer([word for word in query.words if word not in query.weak], types)
    except AWAY as error:
        log.warning("No other spelling was looked for: %s", error)
        return None


def _offer(typed: Sequence[str], types: Sequence[str]) -> str | None:
    folded = [polish.fold(word) for word in typed]
    public = solr.public_filters(types)
    answer = solr.ask(" ".join(folded), _HANDLER, fq=public, **{"spellcheck.q": " ".join(folded)})
    mended = _first_collation(answer.spellcheck)
    if mended is None or mended == folded:
        return None
    known = dict(zip(folded, typed, strict=True))
    missing = [word for word in mended if word not in known]
    known |= _with_polish_letters(missing, public)
    return " ".join(known.get(word, word) for word in mended)


def _first_collation(spellcheck: Any) -> list[str] | None:
    """Read ``collations``: a list in which names and values take turns."""
    collations = (spellcheck or {}).get("collations") or []
    found = next((item for item in collations if isinstance(item, dict)), None)
    return found["collationQuery"].split() if found else None


def _with_polish_letters(folded: Sequence[str], public: Sequence[str]) -> dict[str, str]:
    """Find how the records themselves write folded words.

    :param folded: words without Polish letters
    :param public: filter queries of what everyone may see
    :returns: folded word → the spelling that the records found by the words have most often
    """
    answer = solr.ask(
        " OR ".join(folded),
        fq=public,
        fl="validated_data_dict",
        rows=_RECORDS_READ,
        defType="edismax",
        qf="text_fold",
        mm="0",
    )
    seen: dict[str, Counter[str]] = {word: Counter() for word in folded}
    for found in answer.docs:
        for word in words.split_all(_texts(json.loads(found["validated_data_dict"]))):
            counted = seen.get(polish.fold(word))
            if counted is not None:
                counted[word.lower()] += 1
    return {word: spelled.most_common(1)[0][0] for word, spelled in seen.items() if spelled}


def _texts(record: dict[str, Any]) -> str:
    return " ".join(value for value in record.values() if isinstance(value, str))
