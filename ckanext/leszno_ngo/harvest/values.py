"""What a source may say of each field: the kind's own form, and nothing of persons.

Each function takes a text that is not empty and gives the field's value; a text that means
"nothing here" gives ``""``. What cannot be taken raises :class:`ValueRefusedError`. How a value is
written is the matter of ``leszno_ngo.values``; here is what a harvest refuses beyond that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from ckanext.leszno_ngo import bounds, personal_data, text
from ckanext.leszno_ngo.registry import Registry
from ckanext.leszno_ngo.values import KINDS, ValueRefusedError, codes, contact, texts
from ckanext.leszno_ngo.values.codes import folded
from ckanext.leszno_ngo.values.days import american_day, day

__all__ = [
    "COMMON",
    "FIELDS",
    "MAX_LINE",
    "MaskedText",
    "ValueRefusedError",
    "american_day",
    "day",
    "email",
    "is_nothing",
    "line",
    "long_text",
    "phone",
]

#: Longest line (characters) that a record's fields take.
MAX_LINE = bounds.NAME

_NOTHING = {"", "-", "--", "—", "–", "brak", "brak danych", "nie dotyczy", "n/d", "nd", "nie ma"}


# ---------------------------------------------------------------- texts


class MaskedText(str):
    """A text in which personal data was masked; ``kinds`` are those of ``personal_data.KINDS``."""

    kinds: tuple[str, ...] = ()


# A line of a body's own address has its flat's number: that is no home.
_IN_A_LINE = frozenset(personal_data.KINDS) - {"home_address", "person"}


def line(value: str) -> str:
    """Return a line of text without personal numbers.

    :raises ValueRefusedError: ``too_long``; ``personal_data`` when there is a PESEL, a mobile
        number or a private e-mail address in it
    """
    cleaned = texts.line(value)
    if any(finding.kind in _IN_A_LINE for finding in personal_data.find(cleaned)):
        raise ValueRefusedError("personal_data", hidden=True)
    return cleaned


def long_text(value: str) -> str:
    """Return a longer text; line breaks stay, personal data are masked, what is too long is cut.

    Masked are private e-mail addresses, mobile numbers, home addresses, and the names beside them.

    :returns: a :class:`MaskedText` where something was masked
    :raises ValueRefusedError: ``personal_data`` when there is a PESEL in it: who wrote one
        person's number there wrote more about that person
    """
    cleaned = texts.long_text(text.clean(value, bounds.TEXT, lines=True))
    redacted, kinds = personal_data.masked(cleaned)
    if "pesel" in kinds:
        raise ValueRefusedError("personal_data", hidden=True)
    if not kinds:
        return cleaned
    told = MaskedText(redacted)
    told.kinds = tuple(kinds)
    return told


def _in_a_line(kind: str) -> Callable[[str], Any]:
    """Make a function that brings a line without personal numbers to the form of a kind."""

    # A list of thousands of rows has the same towns and streets again and again.
    @lru_cache(maxsize=8192)
    def convert(value: str) -> Any:
        return KINDS[kind](line(value))

    return convert


# ---------------------------------------------------------------- contact


# What boxes of a body are called; compared with the beginning of a word.
_OFFICE_WORDS = (
    "biuro",
    "kontakt",
    "sekretariat",
    "info",
    "office",
    "contact",
    "zarzad",
    "fundacj",
    "stowarzysz",
    "klub",
    "poczta",
    "mail",
    "email",
    "redakcja",
    "admin",
    "osp",
    "uks",
    "oddzial",
    "kolo",
    "hufiec",
    "towarzystwo",
)


def _names_a_person(address: str, name: str) -> bool:
    """Tell whether a box looks like ``forename.surname``.

    It does when its two or more words are of letters alone and none is of an office,
    of the body's name or of the domain.
    """
    box, _, domain = address.partition("@")
    words = re.split(r"[._-]+", box)
    if len(words) < 2 or not all(word.isalpha() and len(word) > 1 for word in words):
        return False
    known = set(folded(name).split()) | set(re.split(r"[.-]", domain))
    return not any(
        word.startswith(_OFFICE_WORDS) or any(other.startswith(word) for other in known)
        for word in words
    )


def email(value: str, name: str) -> str:
    """Return an e-mail address of a body.

    :param value: the address
    :param name: the body's name, by which its own box is known from a person's
    :raises ValueRefusedError: ``email`` for no address; ``private_email`` when the box is
        at a provider of private boxes or looks like a person's
    """
    address = contact.email(value)
    if personal_data.is_private_email(address) or _names_a_person(address, name):
        raise ValueRefusedError("private_email", hidden=True)
    return address


def phone(value: str, *, mobile: bool) -> str:
    """Return telephone numbers of an office, ``+48 65 529 81 00``.

    :param value: Polish numbers in any spelling
    :param mobile: take mobile numbers; in a register they are mostly a person's own
    :raises ValueRefusedError: ``phone``; ``mobile_phone``
    """
    numbers = contact.phone(value)
    polish = (number.removeprefix("+48") for number in contact.phones(numbers))
    if not mobile and any(map(personal_data.is_mobile, polish)):
        raise ValueRefusedError("mobile_phone", hidden=True)
    return numbers


@dataclass(frozen=True)
class Declared:
    """What a type says of a field: names as of ``record_types.Field``."""

    name: str
    index: str = ""
    vocabulary: str | None = None
    is_list: bool = False


_OF_INDEX = {
    "amount": "amount",
    "number": "amount",
    "year": "year",
    "date": "day",
    "datetime": "moment",
    "flag": "flag",
}


def as_declared(field: Declared | None, *, is_list: bool) -> Callable[[str], Any]:
    """Return how a value is read that :data:`FIELDS` say nothing about: as its type declares it.

    :param field: the field; ``None`` for words
    :param is_list: whether words came as a list
    """
    if field and field.vocabulary:
        return partial(_coded, vocabulary=field.vocabulary, is_list=field.is_list)
    if field and field.index in _OF_INDEX:
        return KINDS[_OF_INDEX[field.index]]
    return _lines if is_list else long_text


def _coded(value: str, vocabulary: str, *, is_list: bool) -> list[str] | str:
    try:
        found = codes.codes(value, vocabulary)
    except ValueRefusedError as error:
        raise ValueRefusedError("code") from error
    if is_list:
        return found
    if len(found) != 1:
        raise ValueRefusedError("code")
    return found[0]


def _lines(value: str) -> list[str]:
    return [line(entry) for entry in value.splitlines()]


def is_nothing(value: str) -> bool:
    """Tell whether a cell says that there is nothing: empty, a dash, "brak"."""
    return value.strip().casefold() in _NOTHING


#: Field → function that brings its value to form, for fields of every catalogue. Fields whose value
#: depends on more than the cell (e-mail, telephone, legal form) are in ``normalise``.
COMMON: Mapping[str, Callable[[str], Any]] = {
    **{name: KINDS[name] for name in ("krs", "regon", "nip", "teryt")},
    "legal_name": line,
    "title": line,
    "voivodeship": _in_a_line("voivodeship"),
    "county": _in_a_line("county"),
    "municipality": _in_a_line("place_name"),
    "town": _in_a_line("place_name"),
    "district": _in_a_line("district"),
    "street": _in_a_line("street"),
    "building_number": _in_a_line("building_number"),
    "flat_number": _in_a_line("building_number"),
    "postal_code": _in_a_line("postal_code"),
    "post_office": _in_a_line("place_name"),
    "website": contact.web_address,
    "latitude": KINDS["latitude"],
    "longitude": KINDS["longitude"],
    "edelivery_address": _in_a_line("edelivery_address"),
    "notes": long_text,
}

#: The same with those that plugins bring.
FIELDS: Registry[Callable[[str], Any]] = Registry("value of a harvest")
