"""Texts without diacritics: for matching and for addresses of pages."""

from __future__ import annotations

import re
import unicodedata

# Letters whose stroke is not a combining mark, so decomposition does not part it.
_STROKED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
SLUG_LENGTH = 100


def fold(text: str) -> str:
    """The text in small letters without diacritics: `Żółw` gives `zolw`. Punctuation stays."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_STROKED))
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
