"""What a person's words become (docs/search.md, "How a query becomes a result")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import polish, record_types
from ckanext.leszno_ngo.polish.words import ENDINGS
from ckanext.leszno_ngo.search import capability, quantities, reading, words
from ckanext.leszno_ngo.search.reading import Group, Reading
from ckanext.leszno_ngo.search.solr import NO_DOCUMENT, literal
from ckanext.leszno_ngo.search.words import Kind, Query

# A word counts most in the title and where it stands as typed.
TITLE_FIELDS = "title_pl^6 title_fold^5 title_name^4"
QUERY_FIELDS = f"{TITLE_FIELDS} text_pl^2 text_fold^2 text_name^1.5"
_TIE = "0.1"
_TYPE_FIELD = "dataset_type"
# What all entries fit, for which nothing is marked.
_ANY_ENTRY = 'entity_type:"package"^=0'
# Marks for what finds a group: as typed, what the lexicon knows it by, codes of a field.
_TYPED, _KIND, _CODED, _AMONG_OTHERS = 1.5, 12, 9, 1
# A beginning must be this long, and may lack this many letters of the word.
_LEAST_BEGINNING, _ENDING = 5, 3
# A bare number of so many digits may be a sum of money.
_LEAST_SUM = 4


@dataclass(frozen=True)
class Answered:
    """How a query was relaxed.

    :param step: ``beginnings`` (of words), ``most`` (one is missing), ``any``, ``none``
    :param left_out: groups of words that no entry need have, as typed
    :param instead: another spelling, which finds entries; without Polish letters
    """

    step: str
    left_out: tuple[str, ...] = ()
    instead: str = ""


class SearchText(str):
    """The ``q`` of a search, which remembers what the person's words mean.

    CKAN hands parameters from plugins to Solr as texts; what relaxes a query later needs the words.
    """

    reading: Reading
    answered: Answered | None

    @classmethod
    def of(cls, text: str, read: Reading, answered: Answered | None = None) -> SearchText:
        """Make the text of a query.

        :param text: in Solr's syntax
        :param read: what was typed
        :param answered: how it was relaxed, if it was
        """
        made = cls(text)
        made.reading = read
        made.answered = answered
        return made


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
        search_params["q"] = NO_DOCUMENT
    elif query.kind is Kind.NUMBER:
        _look_for_number(search_params, query)
    elif query.kind in (Kind.WORDS, Kind.OPERATORS):
        _look_for_words(search_params, query)
    return search_params


def read(q: str | None) -> Reading | None:
    """Read what was typed; ``None`` for what is not plain words."""
    query = words.parse_query(q)
    return _read(query) if query.kind is Kind.WORDS else None


def _read(query: Query) -> Reading:
    return reading.read(query.words, dt.datetime.now(dt.timezone.utc))


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
    if query.kind is Kind.WORDS:
        found = _read(query)
        search_params["q"] = SearchText.of(every(found), found)
    else:
        search_params["q"] = query.text
    read_with_edismax(search_params)


def read_with_edismax(search_params: dict[str, Any]) -> None:
    """Set how a query of ours is read."""
    search_params["mm"] = "0"
    search_params["defType"] = "edismax"
    search_params["qf"] = QUERY_FIELDS
    search_params["tie"] = _TIE


def _look_for_number(search_params: dict[str, Any], query: Query) -> None:
    clauses = [_number_clause(kind, number) for kind, number in query.numbers]
    if query.words and len(query.text) >= _LEAST_SUM:
        clauses += quantities.sum_clauses(query.text)
    search_params["q"] = " OR ".join(dict.fromkeys([*clauses, *query.words]))
    if query.words and capability.has_polish():
        read_with_edismax(search_params)


def _number_clause(kind: str, number: str) -> str:
    if kind == "teryt" or not capability.has_polish():
        return f'{kind}:"{number}"'
    return f'identifiers:"{number}"'


# ---------------------------------------------------------------- groups of words
def every(found: Reading) -> str:
    """Return the query for what has all the groups of a reading."""
    return needing(found, found.needed)


def needing(found: Reading, needed: Sequence[Group], beginnings: Iterable[Group] = ()) -> str:
    """Return the query for what has some groups; the others of the reading rank it.

    :param found: the reading
    :param needed: the groups that exclude what does not have them
    :param beginnings: groups of which the beginnings of words are enough
    """
    with_beginnings = list(beginnings)
    required = [
        f"+({clause(one)} OR {begun(one)})" if one in with_beginnings else f"+{clause(one)}"
        for one in needed
    ]
    return _ranked(required, found, needed)


def some(found: Reading, chosen: Sequence[Group], least: int) -> str:
    """Return the query for what has at least some of the groups.

    :param found: the reading
    :param chosen: the groups that count
    :param least: how many of them an entry has: all but one, or one
    """
    if least == 1:
        alternatives = [clause(one) for one in chosen]
    else:
        alternatives = [
            f"({' '.join(f'+{clause(one)}' for one in chosen if one is not missing)})"
            for missing in chosen
        ]
    return _ranked([f"+({' OR '.join(alternatives)})"], found, chosen)


def _ranked(required: Sequence[str], found: Reading, needed: Sequence[Group]) -> str:
    """Join what excludes with what only ranks.

    CKAN asks Solr for AND between clauses: what ranks stands beside a clause that all entries fit.
    """
    ranking = [clause(one) for one in found.groups if one not in needed]
    ranking += _side_by_side(found)
    return " ".join(
        [*required, *([f"+({' OR '.join([_ANY_ENTRY, *ranking])})"] if ranking else [])]
    )


def clause(group: Group) -> str:
    """Return the query for what has a group of words, by whatever it is known."""
    typed = f"({' AND '.join(group.words)})"
    if not group.is_known:
        return typed
    other = [_all_words(text) for entry in group.entries for text in entry.find]
    coded = [
        part
        for entry in group.entries
        for name, codes in entry.where.items()
        for part in _coded(name, codes)
    ]
    parts = [f"{typed}^{_TYPED}", *other, *coded, *group.clauses]
    return f"({' OR '.join(dict.fromkeys(parts))})"


def _all_words(text: str) -> str:
    """Return the query for all words of a text of the lexicon, which is Polish prose or words."""
    found = words.split(text)
    return found[0] if len(found) == 1 else f"({' AND '.join(found)})"


def _coded(name: str, codes: Sequence[str]) -> Iterable[str]:
    listed = " OR ".join(map(literal, codes))
    if name == "type":
        yield f"{_TYPE_FIELD}:({listed})^={_KIND}"
        return
    fields = [f for t in record_types.all_types() for f in t.fields if f.name == name]
    # One code of several says less than the only one.
    for field in {f.solr_field: f for f in fields}.values():
        yield f"{field.solr_field}:({listed})^={_AMONG_OTHERS if field.is_list else _CODED}"


def beginning(word: str) -> str | None:
    """Return the query for words that begin as a word does; ``None`` for a short word.

    More letters at the end may differ where the whole is near: "abstynetów" is "abstynentów", and
    "gospodyń" is no "gospodarowanie".
    """
    folded = polish.fold(word)
    if len(folded) <= _LEAST_BEGINNING or not folded.isalnum():
        return None
    kept = folded[: max(_LEAST_BEGINNING, len(folded) - _ENDING)]
    near = f"(text_fold:{kept}* AND text_fold:{folded}~2)"
    # A foreign name has no forms in the dictionary: "Astromalowi" is of "Astromal".
    bases = [folded[:-n] for n in range(2, 5) if folded[-n:] in ENDINGS]
    whole = [f"text_fold:{base}" for base in bases if len(base) >= _LEAST_BEGINNING]
    return f"({' OR '.join([f'text_fold:{folded[:-1]}*', near, *whole])})"


def begun(group: Group) -> str:
    """Return the query for what has beginnings of all the words of a group."""
    parts = [beginning(word) for word in group.words]
    return " AND ".join(filter(None, parts)) if all(parts) else NO_DOCUMENT


def _side_by_side(found: Reading) -> list[str]:
    """Return what brings forward entries in whose title the words stand together."""
    if len(found.typed) < 2:
        return []
    return [f'(title_fold:"{" ".join(found.typed)}"~2)^8']
