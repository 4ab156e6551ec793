"""Spheres of public tasks (art. 4 of the act on public benefit) derived from what is known.

Sources rarely say in which spheres an organisation works. Its name, statutory aims and PKD codes
do, if read by rules; the rules are data, in `vocabularies/spheres.yaml`. What is derived is a
proposal, marked as such: an official's choice wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from . import vocabularies
from .polish import fold

NAME_WEIGHT = 4
PKD_WEIGHT = 1
# Aims are long and wander: a sphere must be mentioned often to weigh as much as a name.
MOST_FROM_AIMS = 4
MOST_FROM_PKD = 2
MOST_SPHERES = 6
# What has less than this share of the strongest sphere's weight is a passing mention.
LEAST_SHARE = 0.25
_LONGEST_TEXT = 20_000

_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class _Rules:
    code: str
    name: re.Pattern[str] | None
    aims: re.Pattern[str] | None
    pkd: tuple[str, ...]


def derive(name: str, aims: str = "", pkd: Iterable[str] = ()) -> list[str]:
    """The spheres that an organisation seems to work in.

    :param name: legal or readable name.
    :param aims: statutory aims; may be long or empty.
    :param pkd: codes of PKD in any spelling with a dot (`86.90.E`).
    :returns: codes of the vocabulary `spheres`, strongest first (then as they are mentioned), at
        most `MOST_SPHERES`; empty when nothing is known.
    """
    name_words, aims_words = _words(name), _words(aims)
    codes = tuple(code.strip() for code in pkd)
    found = [_weighed(rules, name_words, aims_words, codes) for rules in _rules()]
    found = [sphere for sphere in found if sphere.weight]
    if not found:
        return []
    least = max(sphere.weight for sphere in found) * LEAST_SHARE
    found.sort(key=lambda sphere: (-sphere.weight, sphere.first_mention))
    return [sphere.code for sphere in found if sphere.weight > least][:MOST_SPHERES]


@dataclass(frozen=True)
class _Sphere:
    code: str
    weight: int
    first_mention: int  # place in the name, then in the aims: what a statute puts first matters


def _weighed(rules: _Rules, name: str, aims: str, pkd: tuple[str, ...]) -> _Sphere:
    in_name = _places(rules.name, name)[:1]
    in_aims = [len(name) + place for place in _places(rules.aims, aims)]
    in_pkd = sum(code.startswith(rules.pkd) for code in pkd) if rules.pkd else 0
    weight = NAME_WEIGHT * len(in_name) + min(len(in_aims), MOST_FROM_AIMS)
    weight += PKD_WEIGHT * min(in_pkd, MOST_FROM_PKD)
    first = (in_name + in_aims + [len(name) + len(aims)])[0]
    return _Sphere(rules.code, weight, first)


def _words(text: str) -> str:
    return _NOT_WORD.sub(" ", fold(text[:_LONGEST_TEXT])).strip()


def _places(pattern: re.Pattern[str] | None, words: str) -> list[int]:
    return [match.start() for match in pattern.finditer(words)] if pattern and words else []


@cache
def _rules() -> tuple[_Rules, ...]:
    rules = []
    for term in vocabularies.get("spheres").terms:
        raw = term.extra["rules"]
        text = raw.get("text", [])
        rules.append(
            _Rules(
                term.code,
                _pattern(text + raw.get("name", [])),
                _pattern(text + raw.get("aims", [])),
                tuple(raw.get("pkd", ())),
            )
        )
    return tuple(rules)


def _pattern(stems: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf"\b(?:{'|'.join(stems)})") if stems else None
