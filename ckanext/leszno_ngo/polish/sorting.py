"""Polish alphabetical order, without any locale of the system."""

from __future__ import annotations

import functools
import re

from .words import fold, normalised

_ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET)}
_PIECES = re.compile(r"[0-9]+|[^\W_]|\s+", re.DOTALL)
_SPACE, _DIGITS, _LETTER, _OTHER = range(4)

SortKey = tuple[tuple[tuple[int, int], ...], str]


def sort_key(text: str) -> SortKey:
    """A key by which Python sorts texts in the order of a Polish dictionary.

    Letter case, quotation marks and other punctuation do not count, unless nothing else differs;
    `ą` comes after all of `a`, `ź` before `ż`; letters of other languages with diacritics are
    taken for the bare ones; a run of digits counts as one number, so `nr 4` precedes `nr 13`.
    """
    composed = normalised("NFC", text.casefold()).strip()
    weights = (weight for piece in _PIECES.findall(composed) for weight in _weights(piece))
    return tuple(weights), text


@functools.lru_cache(maxsize=1024)
def _weights(piece: str) -> list[tuple[int, int]]:
    if piece.isspace():
        return [(_SPACE, 0)]
    if piece.isascii() and piece.isdigit():
        # Bounded, so that a hostile text of a million digits is no million-digit number.
        return [(_DIGITS, int(piece[:30]))]
    if piece in _RANK:
        return [(_LETTER, _RANK[piece])]
    return [
        (_LETTER, _RANK[letter]) if letter in _RANK else (_OTHER, ord(letter))
        for letter in fold(piece)
    ]
