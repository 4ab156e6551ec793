"""What a search does where no entry has all the words: step by step less, and never nonsense.

One more request to Solr tells how much there is of each group of words; what is then looked for is
decided here. Entries are shown where there is evidence that they are what was meant: a need or an
abbreviation that the catalogue knows, or a word that stands in a title and is not in every other.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo.search import query, solr, spelling
from ckanext.leszno_ngo.search.query import Answered, SearchText
from ckanext.leszno_ngo.search.reading import Group, Reading
from ckanext.leszno_ngo.search.solr import AWAY

log = logging.getLogger(__name__)

_NOTHING = Answered("none")
# A word of a title in more of the entries than this says little of any.
_COMMON = 0.15
_FEW = 3
_LEAST_LETTERS = 3
# Entries are shown where there are fewer unknown words than what the evident groups weigh.
_TITLED, _KNOWN, _URGENT = 1, 2, 4
# What the catalogue does not have is as good as so many unknown words.
_ELSEWHERE = 2


@dataclass(frozen=True)
class _Evidence:
    """How many entries there are, and how many of them have what."""

    all: int
    found: Sequence[int]
    titled: Sequence[int]
    begun: Sequence[int]
    with_beginnings: int
    without: Sequence[int]


def relax(text: SearchText, filters: Sequence[str]) -> SearchText:
    """Decide what to look for where nothing has all the words.

    :param text: the query that found nothing
    :param filters: Solr's filter queries of the search, permission labels among them
    :returns: a query with ``answered``; its ``answered.step`` is ``none`` where nothing is to be
        shown
    """
    try:
        return _relaxed(text.reading, filters)
    except AWAY as error:
        log.warning("A search was not relaxed: %s", error)
        return _nothing(text.reading)


def _nothing(read: Reading, instead: str = "") -> SearchText:
    answered = Answered("none", instead=instead) if instead else _NOTHING
    return SearchText.of(solr.NO_DOCUMENT, read, answered)


def _relaxed(read: Reading, filters: Sequence[str]) -> SearchText:
    needed = read.needed
    answer = _ask(read, needed, filters)
    seen = _evidence(answer.raw_response.get("facets", {}), needed)
    if read.elsewhere:
        return _any(read, seen) or _nothing(read)
    if seen.with_beginnings:
        begun = [group for group in needed if query.begun(group) != solr.NO_DOCUMENT]
        return SearchText.of(query.needing(read, needed, begun), read, Answered("beginnings"))
    unknown = _unknown(needed, [a or b for a, b in zip(seen.found, seen.begun, strict=True)])
    instead = spelling.mended(answer.spellcheck, read, unknown) or spelling.meant(read, unknown)
    if instead:
        return _nothing(read, instead)
    is_urgent = any(group.is_urgent for group in needed)
    most = None if is_urgent else _most(read, seen)
    return most or _any(read, seen) or _nothing(read)


def other_spelling(read: Reading, filters: Sequence[str]) -> str:
    """Return what was typed with other words in the place of those that no entry has as they are.

    :param read: what was typed
    :param filters: Solr's filter queries of what is searched
    :returns: words without Polish letters; empty where there is no spelling near enough
    :raises ckan.lib.search.SearchError: Solr is away
    """
    answer = _ask(read, read.needed, filters)
    seen = _evidence(answer.raw_response.get("facets", {}), read.needed)
    return spelling.mended(answer.spellcheck, read, _unknown(read.needed, seen.found))


def _unknown(needed: Sequence[Group], found: Sequence[int]) -> list[str]:
    """Return the words of groups that are neither found nor of the lexicon."""
    return [
        word
        for group, count in zip(needed, found, strict=True)
        if not count and not group.is_known
        for word in group.words
    ]


def _most(read: Reading, seen: _Evidence) -> SearchText | None:
    needed = read.needed
    if len(needed) < 3 or not any(seen.without) or not _evident(needed, seen):
        return None
    missing = tuple(
        _said(group) for group, found in zip(needed, seen.found, strict=True) if not found
    )
    text = query.some(read, needed, len(needed) - 1)
    return SearchText.of(text, read, Answered("most", missing))


def _any(read: Reading, seen: _Evidence) -> SearchText | None:
    evident = _evident(read.needed, seen)
    if read.elsewhere:
        # "A doctor for the kidneys" is answered by who helps with them, "for a child" by nobody.
        evident = [group for group in evident if group.is_topic]
    # Distress comes before all else. A kind of entry and a time rank what has the other words.
    urgent = [group for group in evident if group.is_urgent]
    chosen = urgent or [one for one in evident if not (one.is_kind or one.is_time)] or evident
    against = _unheard(read.needed, seen) + _ELSEWHERE * len(read.elsewhere)
    if against >= sum(map(_weight, evident)):
        return None
    left_out = tuple(_said(group) for group in read.needed if group not in evident)
    return SearchText.of(query.some(read, chosen, 1), read, Answered("any", left_out))


def _unheard(needed: Sequence[Group], seen: _Evidence) -> int:
    """Count the groups that neither the lexicon knows nor any entry has."""
    return sum(
        not (group.is_known or found) for group, found in zip(needed, seen.found, strict=True)
    )


def _weight(group: Group) -> int:
    if group.is_time or not group.is_known:
        return _TITLED
    return _URGENT if group.is_urgent else _KNOWN


def _said(group: Group) -> str:
    return " ".join(group.words)


def _evident(needed: Sequence[Group], seen: _Evidence) -> list[Group]:
    return [
        group
        for group, found, titled in zip(needed, seen.found, seen.titled, strict=True)
        if found and (group.is_known or _tells(group, titled, seen.all))
    ]


def _tells(group: Group, titled: int, every: int) -> bool:
    """Whether a word stands in titles, but not in all kinds of them."""
    is_word = all(len(word) >= _LEAST_LETTERS and not word.isdigit() for word in group.words)
    return is_word and 0 < titled <= max(_FEW, every * _COMMON)


# ---------------------------------------------------------------- what there is
def _ask(read: Reading, needed: Sequence[Group], filters: Sequence[str]) -> Any:
    queries = _queries(needed)
    return solr.ask(
        "*:*",
        spelling.HANDLER,
        fq=list(filters),
        rows=0,
        **spelling.parameters(spelling.typed(read)),
        **queries,
        **{"json.facet": json.dumps(_facets(queries))},
    )


def _queries(needed: Sequence[Group]) -> dict[str, str]:
    """Return the queries that facets count by, as parameters that they name."""
    queries = {"fields": query.QUERY_FIELDS, "titles": query.TITLE_FIELDS}
    for n, group in enumerate(needed):
        queries[f"group{n}"] = query.clause(group)
        queries[f"found{n}"] = f"{{!edismax qf=$fields mm=0 v=$group{n}}}"
        queries[f"titled{n}"] = f"{{!edismax qf=$titles mm=0 v=$group{n}}}"
        queries[f"begun{n}"] = query.begun(group)
        queries[f"either{n}"] = f"{{!bool should=$found{n} should=$begun{n}}}"
    places = range(len(needed))
    queries["with_beginnings"] = _all_of(f"either{n}" for n in places)
    for left in places if len(needed) > 1 else ():
        queries[f"without{left}"] = _all_of(f"found{n}" for n in places if n != left)
    return queries


def _all_of(names: Iterable[str]) -> str:
    return f"{{!bool {' '.join(f'must=${name}' for name in names)}}}"


def _facets(queries: Iterable[str]) -> dict[str, Any]:
    counted = ("found", "titled", "begun", "without", "with_beginnings")
    names = [name for name in queries if name.startswith(counted)]
    return {name: {"type": "query", "q": f"{{!lucene v=${name}}}"} for name in names}


def _evidence(found: Mapping[str, Any], needed: Sequence[Group]) -> _Evidence:
    def count(name: str) -> int:
        return found.get(name, {}).get("count", 0)

    def each(name: str) -> list[int]:
        return [count(f"{name}{number}") for number in range(len(needed))]

    return _Evidence(
        all=found.get("count", 0),
        found=each("found"),
        titled=each("titled"),
        begun=each("begun"),
        with_beginnings=count("with_beginnings"),
        without=each("without"),
    )
