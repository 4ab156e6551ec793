"""A search across all record types: a record type made of the others, so that the same page,
address, feed and calendar serve it. The map's types are made in the same way.
"""

from __future__ import annotations

import dataclasses

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import Field, RecordType, Sort
from ckanext.leszno_ngo.search import filters, sorting
from ckanext.leszno_ngo.search.facets import TYPE_FIELD

#: Its name and address (``/szukaj``).
NAME = "szukaj"
#: Name and address of the map (``/mapa``).
MAP = "mapa"

_TYPE = Field(TYPE_FIELD, {"pl": "Rodzaj wpisu", "en": "Kind of entry"}, index="keyword")
# Fields that mean the same in every type that has them.
_COMMON = ("spheres", "programme_forms", "year")
_SORTS = (
    Sort("relevance", {"pl": "trafność", "en": "relevance"}, "score desc, title_string asc"),
    Sort("newest", {"pl": "ostatnio zmienione", "en": "last modified"}, "metadata_modified desc"),
    Sort("title", {"pl": "tytuł od A do Ż", "en": "title from A to Z"}, "title_string asc"),
)
_COUNT = {
    "pl": {
        "one": "{n} wpis",
        "few": "{n} wpisy",
        "many": "{n} wpisów",
        "other": "{n} wpisu",
    },
    "en": {"one": "{n} entry", "other": "{n} entries"},
}


def everything() -> RecordType:
    """Return the type that covers every record type of the catalogue."""
    types = record_types.all_types()
    common = [_common(name, types) for name in _COMMON]
    fields = (_TYPE, *(field for field in common if field))
    return RecordType(
        name=NAME,
        label={"pl": "Wpis", "en": "Entry"},
        label_plural={"pl": "Cały katalog", "en": "The whole catalogue"},
        description={
            "pl": "Organizacje, nabory, dotacje, wydarzenia i wszystko inne w jednym wyszukiwaniu.",
            "en": "NGOs, calls, grants, events and everything else in one search.",
        },
        search_label={"pl": "Szukaj w całym katalogu", "en": "Search the whole catalogue"},
        search_hint={
            "pl": "Organizacja, zadanie, miejsce, temat",
            "en": "Organisation, task, place, topic",
        },
        count=_COUNT,
        fields=fields,
        facets=tuple(field.name for field in fields),
        sorts=_SORTS,
        default_sort="newest",
        composite_of=tuple(record_type.name for record_type in types),
    )


def placed() -> RecordType:
    """Return the type that covers every type with a place: what the map shows.

    Days and states narrow it as on each type's own page: what is over is not shown at first.
    """
    types = placed_types()
    common = [_common(name, types) for name in (*_COMMON, "district", "accessibility")]
    fields = (_TYPE, *(field for field in common if field))
    return dataclasses.replace(
        everything(),
        name=MAP,
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


def _common(name: str, types: list[RecordType]) -> Field | None:
    found = (f for record_type in types for f in record_type.fields if f.name == name)
    return next(found, None)


def get(name: str) -> RecordType | None:
    """Return a record type as this portal can search it, or the one that covers all of them."""
    record_type = everything() if name == NAME else record_types.get(name)
    return sorting.usable(record_type) if record_type else None


def endpoint(record_type: RecordType) -> str:
    """Return the Flask endpoint of a type's search page."""
    return (
        f"leszno_ngo_records.{NAME}" if record_type.composite_of else f"{record_type.name}.search"
    )
