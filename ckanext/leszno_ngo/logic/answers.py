"""What the actions answer, as JSON Schema; a test holds their real answers against it."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}


def _object(*optional: str, **properties: Schema) -> Schema:
    """Describe an object with exactly these keys."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_LABEL: Schema = {"type": "object", "additionalProperties": _TEXT}
_MONEY: Schema = {
    "type": "object",
    "additionalProperties": _object(field=_TEXT, label=_LABEL, amount={"type": "number"}),
}
_PART = {"type": _TEXT, "count": _NUMBER, "money": _MONEY, "search": _TEXT}
_SOURCES = _list(_object(code=_TEXT, label=_LABEL, **_PART))
_PARTS = _list(_object(**_PART, sources=_SOURCES))
_LINE = {"code": _TEXT, "label": _LABEL, "count": _NUMBER, "parts": _PARTS}
_RECORD: Schema = {"$ref": "#/components/schemas/Record"}

_ANSWERS: dict[str, Schema] = {
    "leszno_ngo_changes": _object(
        changes=_list(
            _object(
                "record",
                "deleted",
                id=_TEXT,
                type=_TEXT,
                changed={"type": "string", "format": "date-time"},
                record=_RECORD,
                deleted={"const": True},
            )
        ),
        cursor=_TEXT,
        more={"type": "boolean"},
    ),
    "leszno_ngo_lookup": _RECORD,
    "leszno_ngo_programme": _object(
        year=_TEXT,
        years=_list(_TEXT),
        programme={"type": ["object", "null"]},
        total=_object(count=_NUMBER, parts=_PARTS),
        goals=_list(_object(**_LINE, forms=_list(_TEXT))),
        forms=_list(_object(**_LINE, goals=_list(_TEXT))),
    ),
    "leszno_ngo_statistics": _object(
        type=_TEXT,
        total=_NUMBER,
        fields=_list(
            _object(
                name=_TEXT,
                label=_LABEL,
                counts=_list(_object(value=_TEXT, label=_LABEL, count=_NUMBER)),
            )
        ),
    ),
    "leszno_ngo_suggest": _list(
        _object(
            name=_TEXT,
            title=_TEXT,
            type=_TEXT,
            identifiers={"type": "object", "additionalProperties": _TEXT},
        )
    ),
}


def of(action: str) -> Schema:
    """Return the schema of an action's ``result``; one that says nothing where none is declared."""
    return _ANSWERS.get(action, {})
