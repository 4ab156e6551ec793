"""What a record type is, read from its scheming schema.

A type is data: the schema file in ``schemas/`` with its ``record_type`` section. Everything that
shows, finds, exports or harvests records reads a :class:`RecordType` and never a type's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.scheming import helpers as scheming

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.record_types.model import (
    Breakdown,
    CalendarEntry,
    Due,
    Export,
    Field,
    KeyFact,
    LinkedData,
    LinkedPart,
    RecordType,
    Register,
    Runs,
    Section,
    Sort,
    Stages,
    State,
    Text,
    localised,
    order_name,
)
from ckanext.leszno_ngo.record_types.schema import build

__all__ = [
    "Breakdown",
    "CalendarEntry",
    "Due",
    "Export",
    "Field",
    "KeyFact",
    "LinkedData",
    "LinkedPart",
    "RecordType",
    "Register",
    "Runs",
    "Section",
    "Sort",
    "Stages",
    "State",
    "Text",
    "all_types",
    "get",
    "localised",
    "order_name",
]

_cache: dict[int, tuple[Mapping[str, Any], RecordType]] = {}


def get(name: str | None) -> RecordType | None:
    """Return a record type.

    :param name: a dataset type, such as ``ngo``
    :returns: the type; ``None`` when there is no scheming schema of that name or it has no
        ``record_type`` section (ordinary datasets, harvest sources)
    """
    schema = scheming.scheming_get_dataset_schema(name) if name else None
    if not schema or "record_type" not in schema:
        return None
    # scheming keeps one dict a type until its plugin is reloaded: identity is a safe cache key,
    # and the dict kept beside the result keeps that identity from being reused.
    known = _cache.get(id(schema))
    if known and known[0] is schema:
        return known[1]
    built = build(schema, config.type_file_keys())
    _cache[id(schema)] = (schema, built)
    return built


def all_types() -> list[RecordType]:
    """Return every record type, in the order the portal lists their schemas."""
    names = scheming.scheming_dataset_schemas()
    return [t for t in map(get, names or ()) if t]
