"""A person's words as a regular expression that finds them however a store writes them. Pure.

Python reads the whole expression. PostgreSQL would read it for minutes, so it is given one of the
usual spellings, and one of signs that other spellings have; Python looks at what either finds.
Stores differ: JSON escapes Polish letters, addresses of pages have none and have dashes between
words, telephone numbers are written in groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from ckanext.leszno_ngo.personal_data import MASK
from ckanext.leszno_ngo.polish import fold

__all__ = ["MASK", "UNUSUAL", "Pattern", "TooShortError", "pattern", "words_of"]

#: Shorter texts would be found everywhere.
SHORTEST = 5

_DIACRITICS = {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "żź"}
# Not seen between two letters: soft hyphens, zero widths, further accents, marks of Markdown.
_UNSEEN = (
    r"(?:[\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u206f\ufeff*`~]"
    r"|\\+u(?:00ad|03[0-6][0-9a-f]|200[b-f]|206[0-9a-f]|feff)"
    r"|&shy;|&#173;|&#[xX]ad;|&#82(?:0[3-7]|88);|&#[xX]20(?:0[b-f]|60);){0,4}"
)
_LINK = r"(?:\]\([^()\s]{0,200}\))?"
_BETWEEN = (
    rf"{_LINK}(?:[\s\u00a0,.;|_+/*`~\[\]\u00ad\u200b-\u200f\u2060-\u206f\ufeff-]|%20"
    r"|\\+[ nrt_*]|\\+u00a0|\\+u20[06][0-9a-f]"
    r"|&nbsp;|&#(?:32|160);|&#[xX](?:20|[aA]0);){1,8}"
)
_BETWEEN_PLAIN = r"(?:[\s\u00a0,.;|_+/*`~\[\]-]|%20|\\+[ nrt_*]|\\+u00a0|&nbsp;){1,8}"
#: Signs of spellings that the plain expression does not know, for PostgreSQL's ``~``.
UNUSUAL = (
    r"&#?[0-9a-zA-Z]{1,31};|<!--|%(?!20)[0-9a-fA-F]{2}|\]\(|[[:alnum:]][*`~]{1,4}[[:alnum:]]"
    r"|[\u00ad\u0300-\u036f\u115f\u1160\u200b-\u200f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uff10-\uff5a]"
    r"|[\U0001d400-\U0001d7ff\U000e0000-\U000e01ef]"
    r"|\\u(?:00ad|03[0-6]|115f|1160|20[06]|3164|d83[45]|db40|fe0|feff|ff[1-5a]|00[0-7])"
)
_BETWEEN_DIGITS = r"[\s\u00a0./-]{0,3}"
# The end of a line, written as JSON does, is no letter of the word behind it.
_AFTER_ESCAPE = r"(?<=\\[nrt])|(?<=\\u00a0)"
_WORD = re.compile(r"[^\W_]+")
_WORDS_OF_A_NAME = 2
# From a letter of ASCII to the one as wide as a Chinese sign.
_TO_FULL_WIDTH = 0xFEE0


class TooShortError(ValueError):
    """A text is too short to be looked for."""


@dataclass(frozen=True)
class Pattern:
    """What is looked for.

    :param words: the expression without its ends
    :param plain: one that finds the usual spellings, and more than those, for PostgreSQL's ``~*``
    """

    words: str
    plain: str

    @property
    def python(self) -> re.Pattern[str]:
        """The expression for Python."""
        return re.compile(
            rf"(?:(?<![^\W_])|{_AFTER_ESCAPE})(?:{self.words})(?![^\W_])", re.IGNORECASE
        )


def pattern(texts: list[str]) -> Pattern:
    """Return the expression that finds any of some texts.

    :param texts: names, numbers, addresses
    :raises TooShortError: one has fewer than :data:`SHORTEST` letters and digits
    """
    if not texts or not all(map(is_long_enough, texts)):
        raise TooShortError
    said = [_WORD.findall(text) for text in texts]
    return Pattern(
        "|".join(_one(words, _letter, _UNSEEN, _BETWEEN) for words in said),
        "|".join(_one(words, _plain_letter, "", _BETWEEN_PLAIN) for words in said),
    )


def is_long_enough(text: str) -> bool:
    """Whether a text has so many letters and digits that it can be looked for."""
    return sum(map(len, _WORD.findall(text))) >= SHORTEST


def words_of(text: str) -> list[str]:
    """Return a text's words as texts are compared."""
    return [fold(word) for word in _WORD.findall(text)]


def _one(words: list[str], letter: Callable[[str], str], inside: str, between: str) -> str:
    if all(word.isdigit() for word in words):
        return _BETWEEN_DIGITS.join("".join(words))
    parts = [inside.join(map(letter, word)) for word in words]
    said = between.join(parts)
    # Lists have the family name first.
    is_name = len(parts) == _WORDS_OF_A_NAME and not any(map(str.isdigit, words))
    return f"{said}|{between.join(reversed(parts))}" if is_name else said


def _alike(sign: str) -> set[str]:
    plain = fold(sign)
    alike = {sign.lower(), sign.upper(), plain, plain.upper()}
    alike |= {form for one in _DIACRITICS.get(plain, "") for form in (one, one.upper())}
    return {one for one in alike if len(one) == 1}


def _plain_letter(sign: str) -> str:
    alike = sorted(_alike(sign))
    escapes = "".join(rf"|\\+u{ord(one):04x}" for one in alike if not one.isascii())
    return f"(?:[{''.join(alike)}]{escapes})" if escapes else f"[{''.join(alike)}]"


def _letter(sign: str) -> str:
    alike = _alike(sign)
    alike |= {chr(ord(one) + _TO_FULL_WIDTH) for one in alike if one.isascii()}
    single = sorted(alike)
    codes = [ord(one) for one in single]
    written = [
        rf"\\+u(?:{'|'.join(f'{code:04x}' for code in codes)})",
        rf"&#0{{0,4}}(?:{'|'.join(map(str, codes))});",
        rf"&#[xX]0{{0,4}}(?:{'|'.join(f'{code:x}' for code in codes)});",
        *(quote(one) if len(one.encode()) > 1 else f"%{ord(one):02x}" for one in single),
    ]
    return f"(?:[{''.join(single)}]|{'|'.join(written)})"
