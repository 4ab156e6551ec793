"""What a search's page shows: a page of results, the filters in force, and other spellings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.leszno_ngo.catalogue import links
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import did_you_mean, facets, filters, query
from ckanext.leszno_ngo.views.pages import answer_pages
from ckanext.leszno_ngo.views.pages.address import Address, page_number, pages_around
from ckanext.leszno_ngo.views.pages.answer_pages import Answer
from ckanext.leszno_ngo.views.shared.contexts import request_context

# Solr reads (and CKAN fetches) everything before the page asked for.
_MAX_START = 10_000


@dataclass(frozen=True)
class Results:
    """A page of results and what surrounds it.

    ``offer`` is another spelling, whose results these are, and ``address`` its search.
    """

    found: facets.Found
    address: Address
    page_size: int
    offer: str | None = None
    answers: Sequence[Answer] = ()
    elsewhere: Sequence[Answer] = ()

    @property
    def left_out(self) -> list[str]:
        """The words typed that no entry need have."""
        return list(self.found.relaxed.get("left_out", ()))

    @property
    def last_page(self) -> int:
        """The number of the last page, from 1."""
        return max(1, math.ceil(min(self.found.count, _MAX_START) / self.page_size))

    @property
    def pager(self) -> list[int | None]:
        """Numbers of the pages offered; ``None`` is a gap."""
        return pages_around(self.address.page, self.last_page)


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address of the search without it."""

    label: str
    text: str
    url: str


def chips(context: Context, record_type: RecordType, results: Results) -> list[Chip]:
    """Return the filters in force: choices of facets, states, days, and links by their titles."""
    address, found = results.address, results.found
    shown = [*([found.states] if found.states else []), *found.facets]
    made = [
        Chip(facet.label, item.label, str(address.without(facet.name, item.code)))
        for facet in shown
        for item in facet.selected
    ]
    for name, label in ((filters.FROM, tk._("From day")), (filters.TO, tk._("To day"))):
        for day in address.chosen.get(name, ()):
            said = tk.h.leszno_ngo_date(day)
            made.append(Chip(label, said, str(address.without(name, day))))
    for code in address.chosen.get(filters.PLACE, ()):
        gone = str(address.without(filters.PLACE, code))
        made.append(Chip(tk._("Map"), tk._("without a place"), gone))
    return made + _link_chips(context, record_type, address)


def _link_chips(context: Context, record_type: RecordType, address: Address) -> list[Chip]:
    in_facets = {f.name for f in record_type.facet_fields}
    chosen = [
        (field, id_)
        for field in record_type.links
        if field.name not in in_facets
        for id_ in address.chosen.get(field.name, ())
    ]
    titles = links.targets(context, [id_ for _field, id_ in chosen])
    return [
        Chip(
            tk.h.leszno_ngo_text(field.label),
            titles[id_].title or tk._("an entry that is no longer in the catalogue"),
            str(address.without(field.name, id_)),
        )
        for field, id_ in chosen
    ]


def read_address(record_type: RecordType, path: str) -> Address:
    """Read the search that the request's address asks for.

    :param record_type: the type searched
    :param path: the page's own address
    """
    arguments = tk.request.args
    sort = arguments.get("sort")
    return Address(
        path=path,
        q=arguments.get("q", "").strip(),
        chosen=filters.with_defaults(record_type, facets.selections(record_type, arguments)),
        usual=record_type.default_filters,
        everything=filters.everything(record_type),
        sort=sort if any(s.name == sort for s in record_type.sorts) else None,
        page=page_number(arguments.get("page")),
    )


def find(
    record_type: RecordType, address: Address, further: Mapping[str, Any] | None = None
) -> Results:
    """Return the page of results that an address asks for.

    :param further: JSON facets that are answered in ``Found.counts``
    :raises ckan.lib.search.SearchError: Solr is away or refuses the query
    """
    size = max(1, tk.config["ckan.datasets_per_page"])
    lang = tk.h.leszno_ngo_lang()
    read = query.read(address.q) if address.q else None
    answers = answer_pages.answers(read, lang, record_type.name) if address.page == 1 else []
    found = _found(record_type, address, size, further)
    offer, instead = None, found.relaxed.get("instead")
    # Words that find records in another state are spelt well enough.
    if instead and not found.any_state and not answers:
        typed, address = address.q, address.asking(instead)
        found = _found(record_type, address, size, further)
        offer = did_you_mean.said(typed, instead, found.results)
        answers = answer_pages.answers(query.read(instead), lang, record_type.name)
    return Results(found, address, size, offer, answers, list(answer_pages.elsewhere(read, lang)))


def _found(
    record_type: RecordType, address: Address, size: int, further: Mapping[str, Any] | None
) -> facets.Found:
    sort = record_type.sort_for(address.sort, address.q)
    return facets.search(
        request_context(),
        record_type,
        address.chosen,
        tk.h.leszno_ngo_lang(),
        further,
        q=address.q,
        sort=sort.sort if sort else None,
        start=min(_MAX_START, (address.page - 1) * size),
        rows=size,
    )
