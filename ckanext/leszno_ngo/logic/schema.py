"""What the actions accept (``tk.validate_action_data``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Schema

from ckanext.leszno_ngo import identifiers, record_types
from ckanext.leszno_ngo.search import suggest

DEFAULT_TYPE = "ngo"


def leszno_ngo_lookup() -> Schema:
    """Return the schema of ``leszno_ngo_lookup``.

    Every identity field of every record type is a parameter, so a new type needs no change here.
    """
    schema: dict[str, Any] = {
        "type": _type_validators(),
        "identifier": _optional("leszno_ngo_text"),
        "__before": [_one_number],
    }
    for name in identity_fields():
        schema[name] = _optional(_validator_of(name))
    return schema


def leszno_ngo_statistics() -> Schema:
    """Return the schema of ``leszno_ngo_statistics``."""
    return {"type": _type_validators()}


def leszno_ngo_programme() -> Schema:
    """Return the schema of ``leszno_ngo_programme``."""
    return {"year": _optional("leszno_ngo_year")}


def leszno_ngo_suggest() -> Schema:
    """Return the schema of ``leszno_ngo_suggest``."""
    skip, whole = tk.get_validator("ignore_empty"), tk.get_validator("int_validator")
    return {
        "q": [skip, _as_text],
        "type": [skip, _known_types],
        "limit": [tk.get_validator("ignore_missing"), whole, _suggestions_limit],
    }


def identity_fields() -> list[str]:
    """Return the identity fields of all record types, each once, strongest first."""
    names = (name for record_type in record_types.all_types() for name in record_type.identity)
    return list(dict.fromkeys(names))


def _optional(validator: str) -> list[Any]:
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


def _suggestions_limit(value: Any) -> int:
    if isinstance(value, int) and 1 <= value <= suggest.MAX_SUGGESTIONS:
        return value
    raise tk.Invalid(tk._("Give a number from 1 to %(limit)d") % {"limit": suggest.MAX_SUGGESTIONS})


def _type_validators() -> list[Any]:
    default = cast("Callable[[str], Any]", tk.get_validator("default"))
    return [default(DEFAULT_TYPE), _known_type]


def _known_type(value: Any) -> str:
    known = [record_type.name for record_type in record_types.all_types()]
    if value in known:
        return value
    raise tk.Invalid(
        tk._("There is no such record type. The types are: %(types)s") % {"types": ", ".join(known)}
    )


def _known_types(value: Any) -> list[str]:
    """Take one type, several with commas between, or a list of them."""
    names = value.split(",") if isinstance(value, str) else value
    return [_known_type(name) for name in names]


def _one_number(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    names = [*identity_fields(), "identifier"]
    given = [name for name in names if data.get((name,)) not in (None, "", tk.missing)]
    if len(given) != 1:
        errors[("identifier",)] = [
            tk._("Give exactly one of the parameters: %(names)s") % {"names": ", ".join(names)}
        ]
