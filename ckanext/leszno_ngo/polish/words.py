"""Texts without diacritics: for matching and for addresses of pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

# Letters whose stroke is not a combining mark, so decomposition does not part it.
_STROKED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
SLUG_LENGTH = 100
#: Endings of nouns, adjectives and verbs in their forms, folded; also of English plurals.
ENDINGS = frozenset({
    "", "a", "ach", "ami", "ce", "e", "ego", "ej", "em", "emu", "i", "ia", "iach", "iami", "ie",
    "iej", "iem", "imi", "o", "om", "ow", "owi", "owie", "u", "y", "ych", "ym", "ymi", "s", "es",
})  # fmt: skip
LONGEST_ENDING = max(map(len, ENDINGS))
_FIRST_MARK = "\u0300"
_MOST_MARKS = 30


def normalised(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """The text in one of Unicode's normal forms, in time in proportion to its length.

    :param form: the normal form.
    :returns: the text; of the marks on one letter those beyond the thirtieth are left out, as in
        Unicode's stream-safe text (UAX #15): what brings marks into order costs the square.
    """
    if not text.isascii() and max(text) >= _FIRST_MARK:
        text = "".join(_without_piles(text))
    return unicodedata.normalize(form, text)


def _without_piles(text: str) -> Iterator[str]:
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MOST_MARKS:
            yield char


def fold(text: str) -> str:
    """The text in small letters without diacritics: `Żółw` gives `zolw`. Punctuation stays."""
    decomposed = normalised("NFKD", text.casefold().translate(_STROKED))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


def slug(text: str, max_length: int = SLUG_LENGTH) -> str:
    """The end of a page's address made of a text: `[a-z0-9-]`, cut between words.

    :returns: at most `max_length` characters; empty if the text has no Latin letter or digit.
    """
    words = _NOT_SLUG.sub("-", fold(text)).strip("-")
    if len(words) <= max_length:
        return words
    cut = words[: max_length + 1].rpartition("-")[0]
    return cut or words[:max_length]
