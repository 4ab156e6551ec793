"""What the actions accept (``tk.validate_action_data``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Schema

from ckanext.leszno_ngo import identifiers, record_types
from ckanext.leszno_ngo.catalogue import changes
from ckanext.leszno_ngo.search import suggest

#: The most changes in one answer, and how many there are when nobody says.
MAX_CHANGES, USUAL_CHANGES = 1000, 200

JsonSchema = dict[str, Any]
_V = TypeVar("_V", bound=Callable[..., Any])


def described(schema: Schema) -> dict[str, JsonSchema]:
    """Say what each parameter of an action may be, from the validators that it is checked by.

    :param schema: what the action's parameters are checked by
    :returns: parameter → JSON Schema; a validator says what it lets through in its attribute
        ``lets_through``
    """
    parameters: dict[str, JsonSchema] = {}
    for name, validators in schema.items():
        if name.startswith("__"):
            continue
        said: JsonSchema = {"type": "string"}
        for validator in cast("list[Any]", validators):
            said.update(getattr(validator, "lets_through", dict)())
        parameters[name] = said
    return parameters


def _lets_through(schema: Callable[[], JsonSchema]) -> Callable[[_V], _V]:
    """Put the JSON Schema of what a validator lets through beside it."""

    def put(validator: _V) -> _V:
        validator.lets_through = schema  # type: ignore[attr-defined]
        return validator

    return put


def _type_names() -> list[str]:
    return [record_type.name for record_type in record_types.all_types()]


def leszno_ngo_lookup() -> Schema:
    """Return the schema of ``leszno_ngo_lookup``.

    Every identity field of every record type is a parameter, so a new type needs no change here.
    """
    schema: dict[str, Any] = {
        "type": _type_validators(),
        "identifier": optional("leszno_ngo_text"),
        "__before": [_one_number],
    }
    for name in identity_fields():
        schema[name] = optional(_validator_of(name))
    return schema


def leszno_ngo_statistics() -> Schema:
    """Return the schema of ``leszno_ngo_statistics``."""
    return {"type": _type_validators()}


def leszno_ngo_suggest() -> Schema:
    """Return the schema of ``leszno_ngo_suggest``."""
    skip, whole = tk.get_validator("ignore_empty"), tk.get_validator("int_validator")
    return {
        "q": [skip, _as_text],
        "type": [skip, _known_types],
        "limit": [tk.get_validator("ignore_missing"), whole, _suggestions_limit],
    }


def leszno_ngo_changes() -> Schema:
    """Return the schema of ``leszno_ngo_changes``."""
    skip, whole = tk.get_validator("ignore_empty"), tk.get_validator("int_validator")
    return {
        "modified_since": [skip, _moment],
        "cursor": [skip, _cursor],
        "type": [skip, _known_types],
        "limit": [tk.get_validator("ignore_missing"), whole, _changes_limit],
        "__before": [_one_beginning],
    }


def identity_fields() -> list[str]:
    """Return the identity fields of all record types, each once, strongest first."""
    names = (name for record_type in record_types.all_types() for name in record_type.identity)
    return list(dict.fromkeys(names))


def optional(validator: str) -> list[Any]:
    """Return the validators of a parameter that may be left out: a text or a number.

    :param validator: name of the one that brings it to its form
    """
    skip, required = tk.get_validator("ignore_empty"), tk.get_validator("not_empty")
    # Cleaned, a text of tags or control characters alone is empty.
    return [skip, _as_text, tk.get_validator(validator), required]


def _validator_of(name: str) -> str:
    return f"leszno_ngo_{name}" if name in identifiers.NORMALISERS else "leszno_ngo_text"


def _as_text(value: Any) -> str:
    """Take a number as well as a text: JSON has both."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value
    raise tk.Invalid(tk._("Give a text here"))


@_lets_through(lambda: {"type": "integer", "minimum": 1, "maximum": suggest.MAX_SUGGESTIONS})
def _suggestions_limit(value: Any) -> int:
    if isinstance(value, int) and 1 <= value <= suggest.MAX_SUGGESTIONS:
        return value
    raise tk.Invalid(tk._("Give a number from 1 to %(limit)d") % {"limit": suggest.MAX_SUGGESTIONS})


@_lets_through(
    lambda: {"type": "integer", "minimum": 1, "maximum": MAX_CHANGES, "default": USUAL_CHANGES}
)
def _changes_limit(value: Any) -> int:
    if isinstance(value, int) and 1 <= value <= MAX_CHANGES:
        return value
    raise tk.Invalid(tk._("Give a number from 1 to %(limit)d") % {"limit": MAX_CHANGES})


@_lets_through(lambda: {"format": "date-time"})
def _moment(value: Any) -> dt.datetime:
    """Take a moment of ISO 8601; as everywhere in CKAN's API, one without an offset is UTC."""
    try:
        moment = dt.datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        has_offset = moment.utcoffset() is not None
        moment = moment if has_offset else moment.replace(tzinfo=dt.timezone.utc)
        return moment.astimezone(dt.timezone.utc)
    except (ValueError, OverflowError) as error:
        raise tk.Invalid(
            tk._("This is not a moment. Example of a right one: 2026-11-25T10:00:00Z")
        ) from error


@_lets_through(lambda: {"pattern": "^[A-Za-z0-9_-]+$"})
def _cursor(value: Any) -> changes.Cursor:
    try:
        return changes.read_cursor(str(value))
    except changes.CursorError as error:
        raise tk.Invalid(tk._("This is not a cursor that an answer gave")) from error


def _one_beginning(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    given = [
        n for n in ("modified_since", "cursor") if data.get((n,)) not in (None, "", tk.missing)
    ]
    if len(given) > 1:
        errors[("cursor",)] = [
            tk._("Give exactly one of the parameters: %(names)s") % {"names": ", ".join(given)}
        ]


def _type_validators() -> list[Any]:
    default = cast("Callable[[str], Any]", tk.get_validator("default"))
    return [default(default_type()), _known_type]


def default_type() -> str:
    """Return the type that is meant where none is named: the first whose records have numbers."""
    types = record_types.all_types()
    return next((t.name for t in types if t.identity), types[0].name if types else "")


@_lets_through(lambda: {"enum": _type_names()})
def _known_type(value: Any) -> str:
    known = _type_names()
    if value in known:
        return value
    raise tk.Invalid(
        tk._("There is no such record type. The types are: %(types)s") % {"types": ", ".join(known)}
    )


@_lets_through(lambda: {"pattern": "^({0})(,({0}))*$".format("|".join(_type_names()))})
def _known_types(value: Any) -> list[str]:
    """Take one type, several with commas between, or a list of them."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)):
        raise tk.Invalid(tk._("Give a text here"))
    return [_known_type(name) for name in names]


def _one_number(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    names = [*identity_fields(), "identifier"]
    # What is empty in any way is left out by the parameters' own validators.
    given = [name for name in names if data.get((name,), tk.missing)]
    if len(given) != 1:
        errors[("identifier",)] = [
            tk._("Give exactly one of the parameters: %(names)s") % {"names": ", ".join(names)}
        ]
