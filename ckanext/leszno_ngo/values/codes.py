"""What has a code or is one of few: yes and no, classifications, years, terms of vocabularies."""

from __future__ import annotations

import re

from ckanext.leszno_ngo import bounds, polish, text, vocabularies
from ckanext.leszno_ngo.values.refusal import ValueRefusedError
from ckanext.leszno_ngo.values.texts import line

_YES = {"tak", "t", "true", "1", "x", "on", "yes", "y", "posiada", "opp", "prawda"}
_NO = {"nie", "n", "false", "0", "off", "no", "brak", "nie posiada", "falsz"}

_PKD = re.compile(r"(?<!\d)(\d\d)[. ]?(\d\d)[. ]?([A-Za-z])(?![A-Za-z])", re.ASCII)
# A division ("86"), group ("86.9") or class ("86.90") alone: nothing else may stand in the entry.
_PKD_WHOLE = re.compile(r"(?:dział\s?)?(\d\d)(?:[. ]?(\d\d?))?", re.ASCII | re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def folded(value: str) -> str:
    """Return words in small Latin letters with single spaces between them, to compare by."""
    return " ".join(re.sub(r"[\W_]+", " ", polish.fold(value)).split())


def flag(value: str) -> bool:
    """Return yes or no.

    :raises ValueRefusedError: ``flag``
    """
    word = folded(value[: bounds.NUMBER])
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueRefusedError("flag")


def codes(value: str, vocabulary: str) -> list[str]:
    """Return a list of a vocabulary's codes, one a line.

    :raises ValueRefusedError: the vocabulary's name, when one of them is not its code
    """
    found = list(dict.fromkeys(line(entry) for entry in value.splitlines() if entry.strip()))
    if not all(vocabularies.get(vocabulary).get(code) for code in found):
        raise ValueRefusedError(vocabulary)
    return found


def pkd(value: str) -> list[str]:
    """Return codes of the Polish classification of activities, each once, in the source's order.

    :param value: codes parted by line breaks, commas or semicolons, with or without their names
    :returns: subclasses (``94.99.Z``), or classes, groups and divisions (``86``) where the register
        has no more (PKD 2007, PKD 2025)
    :raises ValueRefusedError: ``pkd`` when there is none, or an entry of a list has none
    """
    lines = text.clean(value, bounds.TEXT, lines=True).split("\n")
    return list(dict.fromkeys(code for one in lines if one.strip() for code in _pkd_of_line(one)))


def _pkd_of_line(value: str) -> list[str]:
    found: list[str] = []
    for entry in filter(str.strip, re.split(r"[;,]+", value)):
        whole = _PKD_WHOLE.fullmatch(entry.strip())
        parts = [whole.groups()] if whole else _PKD.findall(entry)
        is_rest_of_name = bool(found) and not re.search(r"\d", entry)
        if not parts and not is_rest_of_name:
            raise ValueRefusedError("pkd")
        found += [".".join(filter(None, each)).upper() for each in parts]
    return found


def years(value: str) -> list[str]:
    """Return years of four digits, each once, in order.

    :raises ValueRefusedError: ``years``
    """
    found = sorted(set(re.split(r"[\s,;]+", value[: bounds.TEXT].strip())) - {""})
    if not all(map(_YEAR.fullmatch, found)):
        raise ValueRefusedError("years")
    return found
