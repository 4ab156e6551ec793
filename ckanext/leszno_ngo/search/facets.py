"""Facets: several choices within one (OR), all of them together (AND), honest counts.

The number beside a choice says how many results there would be with it, so a facet's own
selection must not lower the counts of its other choices: its filter is tagged, and the facet is
counted without it. All counts come with the results, in one request (:mod:`.counted`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as filled
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.leszno_ngo import datetimes, polish, record_types, vocabularies
from ckanext.leszno_ngo.catalogue import departments
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search import counted, filters, money, query
from ckanext.leszno_ngo.search import understood as understanding
from ckanext.leszno_ngo.search.query import SearchText
from ckanext.leszno_ngo.search.solr import literal
from ckanext.leszno_ngo.search.understood import Understood

Selections = Mapping[str, Sequence[str]]

# More choices than any facet shows; the longest vocabulary has some forty.
_LIMIT = 500
_MAX_SELECTED = 50
# No field is called so.
_UNPLACED = "place:none"
#: The key of the answer that tells how a search was relaxed.
RELAXED = "relaxed"
#: The facet of a search across types.
TYPE_FIELD = "dataset_type"


@dataclass(frozen=True)
class Item:
    """One choice: ``code`` goes into the address, ``label`` is shown, ``count`` is of results."""

    code: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """A facet as a page shows it; ``items`` are in the order of the Polish alphabet."""

    name: str
    label: str
    items: tuple[Item, ...]

    @property
    def selected(self) -> tuple[Item, ...]:
        """Return the items that the reader has chosen."""
        return tuple(item for item in self.items if item.selected)


@dataclass(frozen=True)
class Found:
    """What a search found: ``results`` as ``package_search`` gives them, ``count`` of all.

    ``states`` is there for a type with states, its items in the order of the vocabulary, and
    ``any_state`` is how many there would be whatever the state, with all the words. ``money`` is of
    all results. ``relaxed`` tells of what was looked for in the place of all the words
    (``query.Answered``), ``understood`` of words that none of the results has. ``unplaced`` is how
    many the map would have if they had a place. ``counts`` is Solr's answer to the caller's facets.
    """

    count: int
    results: list[dict[str, Any]]
    facets: tuple[Facet, ...]
    states: Facet | None = None
    any_state: int = 0
    money: tuple[money.OfSource, ...] = ()
    relaxed: Mapping[str, Any] = filled(default_factory=dict)
    unplaced: int = 0
    understood: tuple[Understood, ...] = ()
    counts: Mapping[str, Any] = filled(default_factory=dict)


def tell_relaxed(found: dict[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Add to the answer of ``package_search`` how the search was relaxed, where it was.

    :param found: the answer
    :param parameters: what was sent to Solr
    """
    text = parameters.get("q")
    if isinstance(text, SearchText) and text.answered:
        found[RELAXED] = dataclasses.asdict(text.answered)
    return found


def selections(record_type: RecordType, arguments: Any) -> dict[str, list[str]]:
    """Read the chosen facets from an address (``?spheres=17&spheres=15&status=active``).

    :param record_type: the type searched
    :param arguments: the request's arguments (a ``MultiDict``)
    :returns: facet or link field → chosen codes or ids, without repetitions and without what is
        neither, and what :func:`.filters.read_filters` finds
    """
    chosen = {}
    for field in record_type.filter_fields:
        codes = [code for code in dict.fromkeys(arguments.getlist(field.name)) if code.strip()]
        if codes:
            chosen[field.name] = codes[:_MAX_SELECTED]
    return {**chosen, **filters.read_filters(record_type, arguments)}


def filter_queries(record_type: RecordType, chosen: Selections) -> list[str]:
    """Return filter queries: OR within a facet, AND between facets.

    :param record_type: the type searched; other types' records are filtered out
    :param chosen: facet name → chosen codes
    :returns: values for ``fq_list``
    """
    types = " OR ".join(map(literal, record_type.dataset_types))
    return [
        f"dataset_type:({types})",
        *_selected(record_type, chosen).values(),
        *filters.filter_queries(record_type, chosen),
    ]


def _selected(record_type: RecordType, chosen: Selections) -> dict[str, str]:
    """Return the filter queries of facets and links in which something is chosen, by name."""
    return {
        field.name: f"+{field.solr_field}:({' OR '.join(map(literal, chosen[field.name]))})"
        for field in record_type.filter_fields
        if chosen.get(field.name)
    }


def search(
    context: Context,
    record_type: RecordType,
    chosen: Selections,
    lang: str,
    further: Mapping[str, Any] | None = None,
    **parameters: Any,
) -> Found:
    """Search records of one type with facets.

    :param context: the action's context (who asks)
    :param record_type: the type searched
    :param chosen: facet name → chosen codes
    :param lang: language of the labels, ``pl`` or ``en``
    :param further: JSON facets of the caller's, by names that no field has
    :param parameters: ``q``, ``sort``, ``start``, ``rows`` of ``package_search``
    :returns: results, their count, the facets with counts
    :raises ckan.lib.search.SearchError: Solr is away or refuses the query
    """
    fields = record_type.facet_fields
    counts_of = {field.name: _terms(field) for field in fields}
    read = query.read(parameters.get("q"))
    wanted = {
        **counts_of,
        **understanding.facets(read),
        **_state_counts(record_type),
        **_place_counts(record_type),
        **money.by_source(record_type),
        **(further or {}),
    }
    with counted.counting(counted.Counts(wanted, _tags(record_type, chosen))) as counts:
        answer = tk.get_action("package_search")(
            tk.fresh_context(context),
            {**parameters, "fq_list": filter_queries(record_type, chosen), "facet": "false"},
        )
    facets = tuple(
        facet(field, _counts(counts.found, field), chosen.get(field.name, ()), lang)
        for field in fields
    )
    states = _states(record_type, counts.found, chosen, lang)
    every = _count(counts.strict or counts.found, filters.ALL)
    return Found(
        answer["count"],
        answer["results"],
        facets,
        states,
        every,
        money.read_sources(counts.found),
        answer.get(RELAXED, {}),
        counts.found.get(_UNPLACED, {}).get("count", 0),
        () if counts.strict else understanding.understood(read, counts.found, lang),
        {name: counts.found.get(name, {}) for name in further or ()},
    )


def _tags(record_type: RecordType, chosen: Selections) -> dict[str, str]:
    """Return the filter queries that a facet leaves out of its own counts, with their tags."""
    tags = {query: name for name, query in _selected(record_type, chosen).items()}
    further = {
        filters.state_filter(record_type, chosen): filters.STATE,
        filters.place_filter(record_type, chosen): filters.PLACE,
    }
    return {**tags, **{query: name for query, name in further.items() if query}}


def _without(tag: str) -> dict[str, Any]:
    return {"domain": {"excludeTags": tag}}


def _terms(field: Field) -> dict[str, Any]:
    counted_by = {"type": "terms", "field": field.solr_field, "limit": _LIMIT, "mincount": 1}
    return {**counted_by, **_without(field.name)}


def _state_counts(record_type: RecordType) -> dict[str, Any]:
    """Return JSON facets of the records in each state, and of all whatever the state."""
    asked = filters.states(record_type)
    if not asked:
        return {}
    every = {filters.ALL: "*:*", **asked}
    domain = _without(filters.STATE)
    return {_name(code): {"type": "query", "q": q, **domain} for code, q in every.items()}


def _place_counts(record_type: RecordType) -> dict[str, Any]:
    """Return a JSON facet of what a search for the map leaves out, for it has no place."""
    if not record_type.only_placed:
        return {}
    q = filters.unplaced(record_type)
    return {_UNPLACED: {"type": "query", "q": q, **_without(filters.PLACE)}}


def _name(code: str) -> str:
    """Name the count of a state: a facet of a field might be called as the state is."""
    return f"{filters.STATE}:{code}"


def _count(found: Mapping[str, Any], code: str) -> int:
    return found.get(_name(code), {}).get("count", 0)


def _states(
    record_type: RecordType, found: Mapping[str, Any], chosen: Selections, lang: str
) -> Facet | None:
    """Return the type's states with counts; ``None`` for a type without states."""
    if not filters.states(record_type):
        return None
    heading, names = _state_names(record_type, lang)
    selected = chosen.get(filters.STATE, ())
    items = tuple(
        Item(code, name, _count(found, code), code in selected) for code, name in names.items()
    )
    return Facet(filters.STATE, heading, items)


def _state_names(record_type: RecordType, lang: str) -> tuple[str, dict[str, str]]:
    """Return what a type's states are called together, and each, in the vocabulary's order."""
    known = filters.states(record_type)
    if not record_type.states_vocabulary:
        return tk._("When"), {code: tk._("only what is current or coming") for code in known}
    vocabulary = vocabularies.get(record_type.states_vocabulary)
    labels = {code: vocabulary.label(code, lang) for code in vocabulary.codes if code in known}
    return record_types.localised(dict(vocabulary.labels), lang), labels


def facet(field: Field, counts: Mapping[str, int], chosen: Iterable[str], lang: str) -> Facet:
    """Make a facet of Solr's counts.

    :param field: the facet's field
    :param counts: code → number of results
    :param chosen: chosen codes; they are listed even where nothing has them
    :param lang: language of the labels, ``pl`` or ``en``
    :returns: the facet, its items by label in the order of the Polish alphabet
    """
    selected = set(chosen)
    items = [
        Item(code, label(field, code, lang), counts.get(code, 0), code in selected)
        for code in {*counts, *selected}
    ]
    ordered = sorted(items, key=lambda item: (polish.sort_key(item.label), item.code))
    return Facet(field.name, record_types.localised(field.label, lang), tuple(ordered))


def label(field: Field, code: str, lang: str) -> str:
    """Return what is shown for a facet's code: its short label, yes or no, or the code."""
    if field.vocabulary:
        return vocabularies.get(field.vocabulary).short(code, lang)
    if field.display == "organisation":
        return departments.title(code)
    if field.name == TYPE_FIELD:
        record_type = record_types.get(code)
        return record_types.localised(record_type.label_plural, lang) if record_type else code
    if field.index == "flag":
        return tk._("Yes") if code == "true" else tk._("No")
    return code


def _counts(found: Mapping[str, Any], field: Field) -> dict[str, int]:
    buckets = found.get(field.name, {}).get("buckets", ())
    counts = {code_of(bucket["val"]): bucket["count"] for bucket in buckets}
    if field.index != "year":
        return counts
    # What runs on is in the index for years that nobody plans yet.
    latest = str(datetimes.today(dt.datetime.now(dt.timezone.utc)).year + 1)
    return {year: number for year, number in counts.items() if year <= latest}


def code_of(value: Any) -> str:
    """Return a value of the index as filters and addresses have it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
