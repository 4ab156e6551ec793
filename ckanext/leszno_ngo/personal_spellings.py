"""Numbers and addresses of persons in spellings that no list of groups knows (`60 12 34 567`).

A text is looked at with one sign for every kind of space, dash, dot and digit; no sign is added or
taken away, so places in it are places in the text. What looks like a telephone's number and is an
amount, a sign of a case or an account is told by its groups, and by whoever asks, from the words
around.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_DOTS = "\u00b7\u2022\u2024\u2027\u2219\u22c5\uff0e\u3002"
_AT_SIGNS = "\ufe6b\uff20"

#: Digits, and letters that people type for a nought, in groups with up to three signs between.
_RUN = re.compile(r"(?<![\d,-])(?<!\d[ .])(\+?\d[\dOo]{0,10}(?:[ ./-]{1,3}[\dOo]{1,10}){0,24})")
_GROUP = re.compile(r"[\dOo]+")
_COUNTRY = ("48", "0048")
_DIGITS_OF_A_PHONE = 9
_DIGITS_OF_A_PESEL = 11
#: Groups of nine digits that people make; those of a table of amounts (`60 000 1200`) are none.
_SHAPES = frozenset(
    {
        *((9,), (3, 3, 3), (2, 2, 2, 3), (3, 2, 2, 2), (2, 3, 2, 2), (2, 2, 3, 2)),
        *((3, 2, 4), (3, 4, 2), (3, 6), (6, 3), (1,) * _DIGITS_OF_A_PHONE),
    }
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_FEWEST_DIGITS = 5

_OPEN, _CLOSE = r"[(\[{<]", r"[)\]}>]"
_AT = (
    rf"(?:[ ]{{0,2}}@[ ]{{0,2}}"
    rf"|[ ]{{0,2}}{_OPEN}[ ]?(?:at|@|małpa|malpa|małpka)[ ]?{_CLOSE}[ ]{{0,2}}"
    r"|[ ]{1,2}(?:at|małpa|malpa|małpka)[ ]{1,2})"
)
_DOT = (
    rf"(?:\.|[ ]{{0,2}}{_OPEN}[ ]?(?:dot|kropka|\.)[ ]?{_CLOSE}[ ]{{0,2}}"
    r"|[ ]{1,2}(?:dot|kropka)[ ]{1,2})"
)
_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w+-]{{1,64}}(?:{_DOT}[\w+-]{{1,64}}){{0,3}}{_AT}"
    rf"([a-z0-9-]{{1,63}}(?:{_DOT}[a-z0-9-]{{1,63}}){{1,3}})",
    re.IGNORECASE,
)
_DOTS_OF_DOMAINS = re.compile(_DOT, re.IGNORECASE)


class Span(NamedTuple):
    """A place in a text.

    :param start: where it begins
    :param end: where it ends
    :param value: digits, or the domain of an address, in the usual spelling
    """

    start: int
    end: int
    value: str


def plain(text: str) -> str:
    """Return a text with one sign for every kind of space, dash, dot and digit, as long as it is.

    :param text: any text
    """
    return text if text.isascii() else "".join(map(_plain_sign, text))


@lru_cache(maxsize=4096)
def _plain_sign(sign: str) -> str:
    if sign.isascii() or sign.isalpha():
        return sign
    if sign in _DASHES:
        return "-"
    if sign in _DOTS:
        return "."
    if sign in _AT_SIGNS:
        return "@"
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return " " if unicodedata.category(sign) == "Zs" else sign


def phones(text: str) -> Iterator[Span]:
    """Yield what may be numbers of telephones, nine digits without the country's.

    :param text: as `plain` gives it
    """
    for run in _RUN.finditer(text):
        groups = _groups(text, run)
        if not groups:
            continue
        found = list(_divided(groups))
        for numbers in found if sum(map(len, found)) == _without_country(groups) else ():
            value = "".join(group.value for group in numbers)
            yield Span(numbers[0].start, numbers[-1].end, value)


def pesels(text: str) -> Iterator[Span]:
    """Yield eleven digits in whatever groups, unless these are an amount's or a table's.

    :param text: as `plain` gives it
    """
    for run in _RUN.finditer(text):
        groups = _groups(text, run)
        value = "".join(group.value for group in groups)
        if len(value) == _DIGITS_OF_A_PESEL and not _is_amount(groups):
            yield Span(groups[0].start, groups[-1].end, value)


def emails(text: str) -> Iterator[Span]:
    """Yield addresses of e-mail with words for their signs; the value is the domain.

    :param text: as `plain` gives it
    """
    for found in _EMAIL.finditer(text):
        domain = _DOTS_OF_DOMAINS.sub(".", found[1])
        yield Span(found.start(), found.end(), domain.lower())


def _groups(text: str, run: re.Match[str]) -> list[Span]:
    """Return the groups of a run of digits, letters read as noughts; none if it is in a word."""
    after = text[run.end() : run.end() + 1]
    if after.isalnum() or sum(map(str.isdigit, run[1])) < _FEWEST_DIGITS:
        return []
    return [
        Span(run.start() + g.start(), run.start() + g.end(), re.sub("[Oo]", "0", g[0]))
        for g in _GROUP.finditer(run[0])
    ]


def _without_country(groups: list[Span]) -> int:
    return sum(group.value not in _COUNTRY for group in groups)


def _divided(groups: list[Span]) -> Iterator[list[Span]]:
    """Divide groups into telephone numbers, as far as they can be."""
    number: list[Span] = []
    for group in groups:
        if not number and group.value in _COUNTRY:
            continue
        number.append(group)
        if sum(len(one.value) for one in number) >= _DIGITS_OF_A_PHONE:
            if not _is_shape(number):
                return
            yield number
            number = []


def _is_shape(number: list[Span]) -> bool:
    values = [group.value for group in number]
    return (
        tuple(map(len, values)) in _SHAPES
        and "000" not in values
        and not any(map(_YEAR.fullmatch, values))
    )


def _is_amount(groups: list[Span]) -> bool:
    """Whether groups are thousands of an amount: two digits, and threes."""
    return [len(group.value) for group in groups] == [2, 3, 3, 3]
