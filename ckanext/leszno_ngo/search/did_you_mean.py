""" "Czy chodziło o …": another spelling for a query that finds nothing.

Spelling is compared without Polish letters ("zywnsoci" is two letters from "zywnosci" and four
from "żywności"), Solr tries each offer as a query on public records, and the offered words get
their Polish letters back.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from ckan.lib.search.common import SearchError

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.search import capability, solr, words
from ckanext.leszno_ngo.search.words import Kind

log = logging.getLogger(__name__)

_HANDLER = "leszno_ngo_spell"
# People mistype words, not pages of text; the time to try spellings grows with the words.
_MAX_WORDS = 8


def offer(q: str | None, types: Sequence[str] = ()) -> str | None:
    """Offer another spelling of a query that found nothing.

    :param q: what the person typed
    :param types: the record types searched; none means every type
    :returns: a query that finds at least one public record; ``None`` where there is none, where
        the query is not plain words, and on a stock CKAN Solr
    """
    query = words.read(q)
    if query.kind is not Kind.WORDS or len(query.words) > _MAX_WORDS:
        return None
    if not capability.has_polish():
        return None
    try:
        return _offer(query.words, types)
    except SearchError as error:
        log.warning("No other spelling was looked for: %s", error)
        return None


def _offer(typed: Sequence[str], types: Sequence[str]) -> str | None:
    folded = [polish.fold(word) for word in typed]
    answer = solr.ask(
        " ".join(folded),
        _HANDLER,
        fq=solr.public_filters(types),
        **{"spellcheck.q": " ".join(folded), "spellcheck.dictionary": "folded"},
    )
    mended = _first_collation(answer.spellcheck)
    if mended is None or mended == folded:
        return None
    own = dict(zip(folded, typed, strict=True))
    return " ".join(own.get(word) or _with_polish_letters(word) for word in mended)


def _first_collation(spellcheck: Any) -> list[str] | None:
    """Read ``collations``: a list in which names and values take turns."""
    collations = (spellcheck or {}).get("collations") or []
    found = next((item for item in collations if isinstance(item, dict)), None)
    return found["collationQuery"].split() if found else None


def _with_polish_letters(word: str) -> str:
    """Find how the index's texts write a folded word; the word itself where they do not."""
    answer = solr.ask(
        word,
        _HANDLER,
        **{
            "spellcheck.q": word,
            "spellcheck.dictionary": "default",
            "spellcheck.collate": "false",
            "spellcheck.count": 20,
        },
    )
    for candidate in _suggestions(answer.spellcheck):
        if polish.fold(candidate) == word:
            return candidate
    return word


def _suggestions(spellcheck: Any) -> list[str]:
    described = (spellcheck or {}).get("suggestions") or []
    offers = (item.get("suggestion", ()) for item in described if isinstance(item, dict))
    return [offer["word"] for group in offers for offer in group]
