"""Spheres of public tasks (art. 4 of the act on public benefit) derived from what is known.

Sources rarely say in which spheres an organisation works. Its name, statutory aims and PKD codes
do, if read by rules; the rules are data, in `vocabularies/spheres.yaml`. What is derived is a
proposal, marked as such: an official's choice wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ckanext.leszno_ngo import bounds, vocabularies
from ckanext.leszno_ngo.polish import fold

NAME_WEIGHT = 4
PKD_WEIGHT = 1
# Aims are long and wander: a sphere must be mentioned often to weigh as much as a name.
MOST_FROM_AIMS = 4
MOST_FROM_PKD = 2
# Codes of PKD are wide (85.59 is any training): where they alone speak for a sphere, and with less
# than this share of the strongest sphere's weight, they do not count.
LEAST_SHARE_OF_PKD = 0.25

_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w+")
_LITERAL_BEGINNING = re.compile(r"[a-z]{2}(?![?*{|])")


# Ends a code of PKD, so that a beginning can ask for the whole code.
_END = ";"

# By the first two letters of a word: the spheres and the patterns that may begin there.
_Table = dict[str, tuple[tuple[str, re.Pattern[str]], ...]]
_ANY = ""


def derive(name: str, aims: str = "", pkd: Iterable[str] = ()) -> list[str]:
    """The spheres that an organisation seems to work in.

    :param name: legal or readable name.
    :param aims: statutory aims; may be long or empty.
    :param pkd: codes of PKD with a dot (`86.90.E`), or as much of them as is known (`86`).
    :returns: codes of the vocabulary `spheres`, strongest first (then as they are mentioned).
        None that the name or the aims mention is left out; empty when nothing is known.
    """
    found = _weighed(_words(name), _words(aims), [code.strip() + _END for code in pkd])
    if not found:
        return []
    least = max(sphere.weight for sphere in found) * LEAST_SHARE_OF_PKD
    found.sort(key=lambda sphere: (-sphere.weight, sphere.first_mention))
    return [sphere.code for sphere in found if sphere.mentioned or sphere.weight > least]


@dataclass(frozen=True)
class _Sphere:
    code: str
    weight: int
    mentioned: bool  # in the name or the aims
    first_mention: int  # place in the name, then in the aims: what a statute puts first matters


def _weighed(name: str, aims: str, pkd: Sequence[str]) -> list[_Sphere]:
    in_name, in_aims = _places(_table("name"), name), _places(_table("aims"), aims)
    spheres = []
    for code, beginnings in _pkd_beginnings().items():
        name_places = in_name.get(code, [])[:1]
        aims_places = [len(name) + place for place in in_aims.get(code, ())]
        activities = sum(activity.startswith(beginnings) for activity in pkd)
        weight = (
            NAME_WEIGHT * len(name_places)
            + min(len(aims_places), MOST_FROM_AIMS)
            + PKD_WEIGHT * min(activities, MOST_FROM_PKD)
        )
        if weight:
            mentions = name_places + aims_places
            first = (mentions or [len(name) + len(aims)])[0]
            spheres.append(_Sphere(code, weight, bool(mentions), first))
    return spheres


def _words(text: str) -> str:
    return _NOT_WORD.sub(" ", fold(text[: bounds.TEXT])).strip()


def _places(table: _Table, words: str) -> dict[str, list[int]]:
    """Where each sphere is mentioned; a mention of several words counts once."""
    places: dict[str, list[int]] = {}
    ends: dict[str, int] = {}
    for word in _WORD.finditer(words):
        start = word.start()
        for code, pattern in table.get(word[0][:2], table[_ANY]):
            match = pattern.match(words, start) if start >= ends.get(code, 0) else None
            if match:
                places.setdefault(code, []).append(start)
                ends[code] = match.end()
    return places


@cache
def _pkd_beginnings() -> dict[str, tuple[str, ...]]:
    terms = vocabularies.get("spheres").terms
    return {term.code: tuple(_beginnings(term.extra["rules"])) for term in terms}


def _beginnings(rules: Mapping[str, Sequence[str]]) -> list[str]:
    divisions = [f"{division}{_END}" for division in rules.get("division", ())]
    return [*rules.get("pkd", ()), *divisions]


@cache
def _table(part: str) -> _Table:
    """The patterns for a part of the record (`name` or `aims`), ready to be looked up by a word.

    A text of a statute has hundreds of words and there are hundreds of rules: trying only those
    that begin as the word does is several times faster.
    """
    stems: dict[str, dict[str, list[str]]] = {_ANY: {}}
    for term in vocabularies.get("spheres").terms:
        rules = term.extra["rules"]
        for stem in (*rules.get("text", ()), *rules.get(part, ())):
            beginning = _LITERAL_BEGINNING.match(stem)
            of_beginning = stems.setdefault(beginning[0] if beginning else _ANY, {})
            of_beginning.setdefault(term.code, []).append(stem)
    return {beginning: _compiled(codes, stems[_ANY]) for beginning, codes in stems.items()}


def _compiled(
    stems: dict[str, list[str]], always: dict[str, list[str]]
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for code in dict.fromkeys((*stems, *always)):
        both = dict.fromkeys((*stems.get(code, ()), *always.get(code, ())))
        patterns.append((code, re.compile("|".join(both))))
    return tuple(patterns)
