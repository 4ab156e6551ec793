"""What the engine's actions answer, as JSON Schema; tests compare their real answers with it."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}


def object_of(*optional: str, **properties: Schema) -> Schema:
    """Describe an object with exactly these keys."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def list_of(items: Schema) -> Schema:
    """Describe a list of equal things."""
    return {"type": "array", "items": items}


LABEL: Schema = {"type": "object", "additionalProperties": TEXT}
_RECORD: Schema = {"$ref": "#/components/schemas/Record"}

#: Action of the engine → its result.
ANSWERS: dict[str, Schema] = {
    "leszno_ngo_changes": object_of(
        changes=list_of(
            object_of(
                "record",
                "deleted",
                id=TEXT,
                type=TEXT,
                changed={"type": "string", "format": "date-time"},
                record=_RECORD,
                deleted={"const": True},
            )
        ),
        cursor=TEXT,
        more={"type": "boolean"},
    ),
    "leszno_ngo_lookup": _RECORD,
    "leszno_ngo_statistics": object_of(
        type=TEXT,
        total=NUMBER,
        fields=list_of(
            object_of(
                name=TEXT,
                label=LABEL,
                counts=list_of(object_of(value=TEXT, label=LABEL, count=NUMBER)),
            )
        ),
    ),
    "leszno_ngo_suggest": list_of(
        object_of(
            name=TEXT,
            title=TEXT,
            type=TEXT,
            identifiers={"type": "object", "additionalProperties": TEXT},
        )
    ),
}
