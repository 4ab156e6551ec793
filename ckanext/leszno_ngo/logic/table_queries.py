"""What somebody asks a table of the DataStore, within bounds, before a statement is made of it.

ckanext-datastore makes a parameter of the statement of every value of ``filters``: some 70 000 of
them hold a process for half a minute, and what is no value breaks the driver.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import bounds, sent_json

#: Parameters that ckanext-datastore reads as lists, or as a text with commas.
_LISTS = ("fields", "sort")
#: Values of all filters together, and entries of a list: no table has as many columns.
MOST_VALUES = 1_000
#: A number that no column of numbers takes makes an error of the server's.
_MOST = 2**63


def check(given: Mapping[str, Any]) -> None:
    """Refuse parameters of a search in a table that are too long, or none.

    :param given: what ``datastore_search`` or ``datastore_delete`` takes
    :raises ckan.logic.ValidationError: by the parameter's name (HTTP 409)
    """
    for name, said in _faults(given):
        raise tk.ValidationError({name: [said]})


def _faults(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("filters", "q"):
        yield from ((name, said) for said in _fault(name, given.get(name)))
    for name in _LISTS:
        if _entries(given.get(name)) > MOST_VALUES:
            yield name, _too_many()


def _fault(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, str) and name == "filters":
        if len(value) > bounds.LISTED:
            yield _too_many()
            return
        try:
            value = sent_json.read(value)
        except sent_json.SentJsonError:
            yield tk._("Give an object here")
            return
        except ValueError:
            return  # ckanext-datastore says so itself
    if not isinstance(value, (Mapping, list)):
        return
    if sent_json.is_nested(value):
        yield tk._("The data are nested too deep")
        return
    values = list(_values(value))
    if len(values) > MOST_VALUES:
        yield _too_many()
    elif not all(map(_is_value, values)):
        yield tk._("Give texts and numbers here, or lists of them")


def _values(given: Any) -> Iterator[Any]:
    """Go through what stands behind the names of columns and signs of comparison."""
    inside = given.values() if isinstance(given, Mapping) else given
    for one in inside:
        if isinstance(one, (Mapping, list)) and one:
            yield from _values(one)
        else:
            yield one


def _is_value(value: Any) -> bool:
    if isinstance(value, (bool, str)) or value is None or value == []:
        return True
    return isinstance(value, (int, float)) and math.isfinite(value) and abs(value) < _MOST


def _entries(value: Any) -> int:
    if isinstance(value, str):
        return value.count(",") + 1
    return len(value) if isinstance(value, list) else 0


def _too_many() -> str:
    return tk._("Give at most %(most)s values here") % {"most": MOST_VALUES}
