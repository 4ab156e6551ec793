"""A search across all record types: a record type made of the others, so that the same page,
address, feed and calendar serve it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.logic.page_parts import SHARED_FIELDS
from ckanext.leszno_ngo.record_types import Field, RecordType, Sort
from ckanext.leszno_ngo.search import sorting
from ckanext.leszno_ngo.search.facets import TYPE_FIELD

#: Its name and address (``/szukaj``).
NAME = "szukaj"

_TYPE = Field(TYPE_FIELD, {"pl": "Rodzaj wpisu", "en": "Kind of entry"}, index="keyword")
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
    fields = common(types)
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


def common(types: Sequence[RecordType], *, of_places: bool = False) -> tuple[Field, ...]:
    """Return fields of a search across types: the kind of entry, and fields of several types.

    :param types: those that are searched
    :param of_places: with the fields by which only the map filters, after the others
    """
    names = [name for name, shared in SHARED_FIELDS.items() if not shared.of_places]
    names.append("year")
    if of_places:
        names += ["district", *(n for n, shared in SHARED_FIELDS.items() if shared.of_places)]
    found = (
        next((f for record_type in types for f in record_type.fields if f.name == name), None)
        for name in names
    )
    return (_TYPE, *(field for field in found if field))


def get(name: str) -> RecordType | None:
    """Return a record type as this portal can search it, or the one that covers all of them."""
    record_type = everything() if name == NAME else record_types.get(name)
    return sorting.usable(record_type) if record_type else None


def endpoint(record_type: RecordType) -> str:
    """Return the Flask endpoint of a type's search page."""
    return (
        f"leszno_ngo_records.{NAME}" if record_type.composite_of else f"{record_type.name}.search"
    )
