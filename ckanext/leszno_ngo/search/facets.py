"""Facets: several choices within one (OR), all of them together (AND), honest counts.

The number beside a choice says how many results there would be with it, so a facet's own
selection must not lower the counts of its other choices. CKAN refuses the local parameters
by which Solr would do that in one request; a search without rows is asked for each facet that
has a selection, and only for those.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.leszno_ngo import moments, polish, record_types, vocabularies
from ckanext.leszno_ngo.catalogue import departments
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search import narrowing
from ckanext.leszno_ngo.search.solr import literal

Selections = Mapping[str, Sequence[str]]

# More choices than any facet shows; the longest vocabulary has some forty.
_LIMIT = 500
_MAX_SELECTED = 50
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
        """The chosen items."""
        return tuple(item for item in self.items if item.selected)


@dataclass(frozen=True)
class Found:
    """What a search found: ``results`` as ``package_search`` gives them, ``count`` of all.

    ``states`` is there for a type with states, its items in the order of the vocabulary, and
    ``any_state`` is how many there would be whatever the state.
    """

    count: int
    results: list[dict[str, Any]]
    facets: tuple[Facet, ...]
    states: Facet | None = None
    any_state: int = 0


def selections(record_type: RecordType, arguments: Any) -> dict[str, list[str]]:
    """Read the chosen facets from an address (``?spheres=17&spheres=15&status=active``).

    :param record_type: the type searched
    :param arguments: the request's arguments (a ``MultiDict``)
    :returns: facet or link field → chosen codes or ids, without repetitions and without what is
        neither, and what :func:`narrowing.read` finds
    """
    chosen = {}
    for field in record_type.filter_fields:
        codes = [code for code in dict.fromkeys(arguments.getlist(field.name)) if code.strip()]
        if codes:
            chosen[field.name] = codes[:_MAX_SELECTED]
    return {**chosen, **narrowing.read(record_type, arguments)}


def filters(record_type: RecordType, chosen: Selections, without: str | None = None) -> list[str]:
    """Return filter queries: OR within a facet, AND between facets.

    :param record_type: the type searched; other types' records are filtered out
    :param chosen: facet name → chosen codes
    :param without: a facet whose selection is left out
    :returns: values for ``fq_list``
    """
    return [
        f"+dataset_type:({' OR '.join(map(literal, record_type.dataset_types))})",
        *(
            f"+{field.solr_field}:({' OR '.join(map(literal, chosen[field.name]))})"
            for field in record_type.filter_fields
            if chosen.get(field.name) and field.name != without
        ),
        *narrowing.filters(record_type, {k: v for k, v in chosen.items() if k != without}),
    ]


def search(
    context: Context,
    record_type: RecordType,
    chosen: Selections,
    lang: str,
    **parameters: Any,
) -> Found:
    """Search records of one type with facets.

    :param context: the action's context (who asks)
    :param record_type: the type searched
    :param chosen: facet name → chosen codes
    :param lang: language of the labels, ``pl`` or ``en``
    :param parameters: ``q``, ``sort``, ``start``, ``rows`` of ``package_search``
    :returns: results, their count, the facets with counts
    :raises ckan.lib.search.SearchError: Solr is away or refuses the query
    """
    fields = record_type.facet_fields
    answer = _ask(context, record_type, chosen, fields, **parameters)
    counts = {field.name: _counts(answer, field) for field in fields}
    for field in fields:
        if chosen.get(field.name):
            others = _ask(
                context,
                record_type,
                chosen,
                [field],
                without=field.name,
                q=parameters.get("q", ""),
                rows=0,
            )
            counts[field.name] = _counts(others, field)
    facets = tuple(
        facet(field, counts[field.name], chosen.get(field.name, ()), lang) for field in fields
    )
    states, any_state = _states(context, record_type, chosen, lang, parameters.get("q", ""))
    return Found(answer["count"], answer["results"], facets, states, any_state)


def _states(
    context: Context, record_type: RecordType, chosen: Selections, lang: str, words: str
) -> tuple[Facet | None, int]:
    """Return the type's states with counts, and the number whatever the state."""
    if not narrowing.states(record_type):
        return None, 0
    heading, names = _state_names(record_type, lang)
    others = filters(record_type, chosen, without=narrowing.STATE)
    counts = narrowing.count_states(context, record_type, others, words)
    selected = chosen.get(narrowing.STATE, ())
    items = tuple(
        Item(code, name, counts.get(code, 0), code in selected) for code, name in names.items()
    )
    return Facet(narrowing.STATE, heading, items), counts[narrowing.ALL]


def _state_names(record_type: RecordType, lang: str) -> tuple[str, dict[str, str]]:
    """Return what a type's states are called together, and each, in the vocabulary's order."""
    known = narrowing.states(record_type)
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
    """Return what is shown for a facet's code: the vocabulary's label, yes or no, or the code."""
    if field.vocabulary:
        return vocabularies.get(field.vocabulary).label(code, lang)
    if field.display == "organisation":
        return departments.title(code)
    if field.name == TYPE_FIELD:
        record_type = record_types.get(code)
        return record_types.localised(record_type.label_plural, lang) if record_type else code
    if field.index == "flag":
        return tk._("Yes") if code == "true" else tk._("No")
    return code


def _ask(
    context: Context,
    record_type: RecordType,
    chosen: Selections,
    fields: Sequence[Field],
    without: str | None = None,
    **parameters: Any,
) -> dict[str, Any]:
    return tk.get_action("package_search")(
        tk.fresh_context(context),
        {
            **parameters,
            "fq_list": filters(record_type, chosen, without),
            "facet": "true",
            "facet.field": [field.solr_field for field in fields],
            "facet.limit": _LIMIT,
            "facet.mincount": 1,
        },
    )


def _counts(answer: Mapping[str, Any], field: Field) -> dict[str, int]:
    found = answer["facets"].get(field.solr_field, {})
    if field.index != "year":
        return found
    # What runs on is in the index for years that nobody plans yet.
    latest = str(moments.today(dt.datetime.now(dt.timezone.utc)).year + 1)
    return {year: number for year, number in found.items() if year <= latest}
