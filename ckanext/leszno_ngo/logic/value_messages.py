"""What the form and the API say where a value cannot be taken (codes of ``leszno_ngo.values``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import bounds, text
from ckanext.leszno_ngo.values import KINDS, ValueRefusedError, places

Message = Callable[[], str]


def _outside(limits: tuple[Any, Any]) -> Message:
    return lambda: (
        tk._("This place is outside Poland: the number must be between %(low)s and %(high)s")
        % {"low": limits[0], "high": limits[1]}
    )


def _no_date() -> str:
    return tk._("This is not a date. Write it as day.month.year, for example 24.11.2026")


def _no_moment() -> str:
    return tk._("This is not a day and hour. Example of a right one: 15.12.2026 15:30")


def _no_number() -> str:
    return tk._("This is not a number. Example of a right one: 10 000,50")


def _no_degrees() -> str:
    return tk._("This is not a number of degrees. Example of a right one: 51.8403")


#: Code → what is wrong and what to do; a code of one kind alone is (kind, code).
_MESSAGES: Mapping[str | tuple[str, str], Message] = {
    "phone": lambda: tk._(
        "This is not a telephone number. Example of a right one: +48 65 529 81 00"
    ),
    "email": lambda: tk._("This is not an e-mail address. Example of a right one: biuro@leszno.pl"),
    "website": lambda: tk._(
        "This is not an address of a web page. Example of a right one: https://www.leszno.pl"
    ),
    "edelivery_address": lambda: tk._(
        "This is not an address for electronic delivery. Example of a right one: "
        "AE:PL-12345-67890-ABCDE-12"
    ),
    "postal_code": lambda: tk._("This is not a postal code. Example of a right one: 64-100"),
    "building_number": lambda: tk._(
        "This is too long for a number of a house or a flat: give the number alone, for example 15A"
    ),
    "flag": lambda: tk._("Choose yes or no"),
    "too_long": lambda: tk._("This text is too long: shorten it"),
    "year": lambda: tk._("Give a year of four digits, for example 2026"),
    "amount": _no_number,
    "amount_range": lambda: tk._("This number is too small or too large"),
    "whole_number": lambda: tk._("Give a whole number"),
    "percent": lambda: tk._("Give a number from 0 to 100"),
    "degrees": _no_degrees,
    ("latitude", "outside"): _outside(places.LATITUDES),
    ("longitude", "outside"): _outside(places.LONGITUDES),
    ("moment", "date_gap"): lambda: tk._(
        "There was no such hour: the clocks went forward that night"
    ),
}


def too_long(length: int, most: int) -> str:
    """Say that a text is longer than its field takes.

    :param length: its characters
    :param most: those that the field takes
    """
    said = tk._("The text has %(length)d characters, the most is %(limit)d: shorten it")
    return said % {"length": length, "limit": most}


def require_plain(value: str, most: int = bounds.NAME) -> None:
    """Refuse a text that would not be kept as it was typed.

    :param value: what was typed, before anything is done with it
    :param most: characters that its field takes
    :raises tk.Invalid: it is too long, or there is HTML in it, which no field of ours has. What
        only looks like HTML (``<jan@x.pl>``) is kept
    """
    if len(value) > most:
        raise tk.Invalid(too_long(len(value), most))
    if tag := text.markup(value):
        raise tk.Invalid(
            tk._(
                "There is HTML in this text: %(tag)s. Write it without; where the sign < is meant, "
                "leave a space behind it"
            )
            % {"tag": tag[:60]}
        )


def brought_to_form(kind: str, value: Any) -> Any:
    """Bring a value to the form of its kind.

    :param kind: a key of ``values.KINDS``
    :param value: what was given
    :returns: the canonical value
    :raises tk.Invalid: what is wrong and what to do, in the reader's language
    """
    if not isinstance(value, (str, dt.date)):
        return value  # refused already: navl goes on to the next validator
    if isinstance(value, str):
        require_plain(value)
    try:
        return KINDS[kind](value)
    except ValueRefusedError as error:
        raise tk.Invalid(_message(kind, error.code)) from error


def _message(kind: str, code: str) -> str:
    kind = kind.removesuffix("_of_end")
    message = _MESSAGES.get((kind, code)) or _MESSAGES.get(code)
    if message is None:
        message = _no_moment if kind == "moment" else _no_date
    return message()
