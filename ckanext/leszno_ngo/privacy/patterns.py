"""A person's words as a regular expression that finds them however a store writes them. Pure.

The same expression is read by Python and by PostgreSQL, except for the mark of a word's end.
Stores differ: JSON escapes Polish letters, addresses of pages have none and have dashes between
words, telephone numbers are written in groups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ckanext.leszno_ngo.personal_data import MASK
from ckanext.leszno_ngo.polish import fold

__all__ = ["MASK", "Pattern", "TooShortError", "pattern", "words_of"]

#: Shorter texts would be found everywhere.
SHORTEST = 5

_DIACRITICS = {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "żź"}
_BETWEEN = r"(?:[\s\u00a0,.;_+-]|%20|\\+[nrt]|\\+u00a0|&nbsp;){1,6}"
_BETWEEN_DIGITS = r"[\s\u00a0./-]{0,3}"
# The end of a line, written as JSON does, is no letter of the word behind it.
_AFTER_ESCAPE = r"(?<=\\[nrt])|(?<=\\u00a0)"
_WORD = re.compile(r"[^\W_]+")


class TooShortError(ValueError):
    """A text is too short to be looked for."""


@dataclass(frozen=True)
class Pattern:
    """What is looked for.

    :param words: the expression without its ends
    """

    words: str

    @property
    def sql(self) -> str:
        """The expression for PostgreSQL's ``~*``."""
        return rf"(?:\y|{_AFTER_ESCAPE})(?:{self.words})\y"

    @property
    def python(self) -> re.Pattern[str]:
        """The expression for Python."""
        return re.compile(rf"(?:\b|{_AFTER_ESCAPE})(?:{self.words})\b", re.IGNORECASE)


def pattern(texts: list[str]) -> Pattern:
    """Return the expression that finds any of some texts.

    :param texts: names, numbers, addresses
    :raises TooShortError: one has fewer than :data:`SHORTEST` letters and digits
    """
    if not texts or not all(map(is_long_enough, texts)):
        raise TooShortError
    return Pattern("|".join(_one(_WORD.findall(text)) for text in texts))


def is_long_enough(text: str) -> bool:
    """Whether a text has so many letters and digits that it can be looked for."""
    return sum(map(len, _WORD.findall(text))) >= SHORTEST


def words_of(text: str) -> list[str]:
    """Return a text's words as texts are compared."""
    return [fold(word) for word in _WORD.findall(text)]


def _one(words: list[str]) -> str:
    if all(word.isdigit() for word in words):
        return _BETWEEN_DIGITS.join("".join(words))
    return _BETWEEN.join("".join(map(_letter, word)) for word in words)


def _letter(sign: str) -> str:
    plain = fold(sign)
    alike = {sign.lower(), sign.upper(), plain, plain.upper()}
    alike |= {form for one in _DIACRITICS.get(plain, "") for form in (one, one.upper())}
    if alike == {sign}:
        return sign
    single = "".join(sorted(one for one in alike if len(one) == 1))
    escapes = "".join(
        rf"|\\+u{ord(one):04x}" for one in sorted(alike) if ord(one[0]) > 127 and len(one) == 1
    )
    return f"(?:[{single}]{escapes})" if escapes else f"[{single}]"
