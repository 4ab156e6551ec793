"""Where something is: the parts of an address, and coordinates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from ckanext.leszno_ngo import bounds, polish, vocabularies
from ckanext.leszno_ngo.values.codes import folded
from ckanext.leszno_ngo.values.refusal import ValueRefusedError
from ckanext.leszno_ngo.values.texts import line

#: Bounds of Poland in degrees (WGS 84), with a margin of some kilometres.
LATITUDES = (Decimal("49.0"), Decimal("54.9"))
LONGITUDES = (Decimal("14.1"), Decimal("24.2"))

_MOST_OF_A_NUMBER = 20
_TITLE_OF_TOWN = re.compile(r"^(?:M\.\s?ST\.\s?|M\.\s?|(?:MIASTO|GMINA)\s)(?=\w)", re.IGNORECASE)


# A list of thousands of rows names hundreds of places.
@lru_cache(maxsize=8192)
def place_name(value: str) -> str:
    """Return the name of a town or municipality as people write it: ``Leszno``."""
    return district(_TITLE_OF_TOWN.sub("", line(value)))


def district(value: str) -> str:
    """Return the name of a district as people write it: ``Stare Miasto``."""
    name = line(value)
    return polish.readable_name(name) if name.isupper() else name


@lru_cache(maxsize=2048)
def county(value: str) -> str:
    """Return a county's name: a city's own, or an adjective in small letters."""
    name = re.sub(r"^powiat\s+", "", line(value), flags=re.IGNORECASE)
    if re.search(r"(?:s|c|dz)ki(?: \w+)?$", name, re.IGNORECASE):
        return name.lower()
    return place_name(name)


def street(value: str) -> str:
    """Return a street as people write it: ``ul. Kazimierza Karasia``, ``Rynek``."""
    name = line(value)
    if name.isupper():
        name = polish.readable_name(name)
    prefix = re.match(r"(?:Ul|Al|Os|Pl|Aleja|Aleje|Plac|Osiedle|Ulica)\b", name)
    return name[0].lower() + name[1:] if prefix else name


def building_number(value: str) -> str:
    """Return a building's or flat's number: ``15``, ``772B``.

    :raises ValueRefusedError: ``building_number`` when it is longer than any number
    """
    number = re.sub(r"(?<=\d) (?=[A-Za-z]$)", "", line(value).replace('"', ""))
    if len(number) > _MOST_OF_A_NUMBER:
        raise ValueRefusedError("building_number")
    return number


def postal_code(value: str) -> str:
    """Return a postal code ``64-100``.

    :raises ValueRefusedError: ``postal_code``
    """
    digits = re.sub(r"[\s\u2010-\u2015-]", "", line(value))
    if not re.fullmatch(r"[0-9]{5}", digits):
        raise ValueRefusedError("postal_code")
    return f"{digits[:2]}-{digits[2:]}"


@cache
def _voivodeships() -> Mapping[str, str]:
    terms = vocabularies.get("voivodeship").terms
    return {folded(name): term.code for term in terms for name in (term.code, term.label("pl"))}


@lru_cache(maxsize=256)
def voivodeship(value: str) -> str:
    """Return the code of a voivodeship.

    :raises ValueRefusedError: ``voivodeship``
    """
    name = re.sub(r"^(?:woj|wojewodztwo) ", "", folded(line(value)))
    if name not in _voivodeships():
        raise ValueRefusedError("voivodeship")
    return _voivodeships()[name]


def latitude(value: str) -> str:
    """Return a latitude inside Poland in degrees (WGS 84), to the sixth decimal place.

    :raises ValueRefusedError: ``degrees`` for no number, ``outside`` for a place elsewhere
    """
    return _degrees(value, LATITUDES)


def longitude(value: str) -> str:
    """Return a longitude inside Poland; see :func:`latitude`."""
    return _degrees(value, LONGITUDES)


def _degrees(value: str, limits: tuple[Decimal, Decimal]) -> str:
    written = value[: bounds.NUMBER].strip().replace(",", ".")
    try:
        degrees = Decimal(written) if written.isascii() else Decimal("NaN")
    except InvalidOperation as error:
        raise ValueRefusedError("degrees") from error
    if degrees.is_nan():
        raise ValueRefusedError("degrees")
    if not limits[0] <= degrees <= limits[1]:
        raise ValueRefusedError("outside")
    return str(degrees.quantize(Decimal("0.000001")).normalize())
