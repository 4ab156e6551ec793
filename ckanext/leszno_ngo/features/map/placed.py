"""What maps find: record types of those that have a place, made as the search across types is."""

from __future__ import annotations

import dataclasses

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import filters, sorting
from ckanext.leszno_ngo.views.shared import global_search

#: Name and address of the map (``/mapa``).
NAME = "mapa"


def placed() -> RecordType:
    """Return the type that covers every type with a place: what the map shows.

    Days and states narrow it as on each type's own page: what is over is not shown at first.
    """
    types = placed_types()
    fields = global_search.common(types, of_places=True)
    return dataclasses.replace(
        global_search.everything(),
        name=NAME,
        fields=fields,
        facets=tuple(field.name for field in fields),
        composite_of=tuple(record_type.name for record_type in types),
        default_sort="title",
        default_filters={filters.STATE: (filters.CURRENT,)},
        only_placed=True,
    )


def placed_types() -> list[RecordType]:
    """Return the record types that have a place."""
    return [record_type for record_type in record_types.all_types() if record_type.place]


def placed_type(name: str | None) -> RecordType | None:
    """Return what a map of one type finds: its records that have a place.

    :param name: a record type; ``None`` for the map of all of them
    :returns: ``None`` for what is no type with a place
    """
    if name is None:
        return placed()
    record_type = record_types.get(name)
    if record_type is None or not record_type.place:
        return None
    return dataclasses.replace(sorting.usable(record_type), only_placed=True)
