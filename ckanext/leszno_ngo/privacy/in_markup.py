"""A person's words in a text with markup: parted by tags or folded, letters as entities. Pure.

A word processor parts a word in any place (``<w:t>Kowal</w:t>…<w:t>ski</w:t>``), other programs put
each word of a name into a cell of its own. So a text is read in several ways, and what is found in
any of them is masked in the text itself, with its tags left as they are.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from ckanext.leszno_ngo.polish.words import normalised
from ckanext.leszno_ngo.privacy.patterns import MASK

_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z0-9]{2,31});"
_TAG = r"<[^<>]*>"
_TAGS_AND_ENTITIES = re.compile(rf"{_TAG}|{_ENTITY}")
_ENTITIES = re.compile(_ENTITY)
#: Of Turtle, JavaScript and the like.
_ESCAPES = re.compile(r"\\u[0-9a-fA-F]{4}|\\U000[0-9a-fA-F]{5}")
#: Of calendars and cards (RFC 5545, 3.1).
_FOLDS = re.compile(r"\r?\n[ \t]")
_FOLDED = ("BEGIN:VCALENDAR", "BEGIN:VCARD")
#: Letters that Unicode has of another shape, signs that nobody sees, signs of addresses.
_UNLIKE = re.compile(
    rf"&amp;[a-zA-Z#0-9]{{1,31}};|{_ENTITY}|(?:%[0-9a-fA-F]{{2}})+|[^\x00-\x7f\u00a0-\u017f]"
)
#: Hangul's empty letters are no marks by their category.
_FILLERS = "\u115f\u1160\u3164\uffa0"
_UNSEEN = {"Cf", "Mn", "Me"}
#: How often an address can be within another one's.
_MOST_TIMES = 3
_ELEMENTS = """
    p h h1 h2 h3 h4 h5 h6 tab s br cr line-break tr tc td th li dt dd div title option
    si is c v row cell f table-cell table-row list-item section header footer body
"""
#: Elements that end a word, by their names without a prefix: those of Word, Excel, PowerPoint,
#: OpenDocument and HTML.
_ENDING_WORDS = frozenset(_ELEMENTS.split())
_NAME = re.compile(r"</?(?:[\w.-]{1,99}:)?([\w.-]{1,99})")


def masked(pattern: re.Pattern[str], text: str) -> str:
    """Return a text with a mask in the place of what a pattern finds.

    :param pattern: what is looked for
    :param text: a text with or without markup
    """
    text = pattern.sub(MASK, text)
    if text[:99].lstrip("\ufeff\r\n ").upper().startswith(_FOLDED):
        text = _masked(pattern, text, _FOLDS, str, lambda _fold: "")
    if "\\u" in text or "\\U" in text:
        text = _masked(pattern, text, _ESCAPES, str, _unescape)
    if "&" in text:
        text = _masked(pattern, text, _ENTITIES, str)
    if _UNLIKE.search(text):
        text = _masked(pattern, text, _UNLIKE, str, _as_it_looks)
    if "<" in text:
        text = _masked(pattern, text, _TAGS_AND_ENTITIES, _in_words)
        text = _masked(pattern, text, _TAGS_AND_ENTITIES, lambda _tag: " ")
    return text


def _as_it_looks(sign: str) -> str:
    """Return what a reader sees of an entity, of signs of an address, or of an unusual letter."""
    if sign.startswith("%"):
        for _ in range(_MOST_TIMES):
            sign = unquote(sign)
        return sign
    if sign.startswith("&"):
        return html.unescape(html.unescape(sign))
    if sign in _FILLERS or unicodedata.category(sign) in _UNSEEN:
        return ""
    return normalised("NFKC", sign)


def _unescape(escape: str) -> str:
    return chr(int(escape[2:], 16))


def _in_words(tag: str) -> str:
    """Return what a tag is to one who reads: the end of a word, or nothing."""
    name = _NAME.match(tag)
    return " " if name is not None and name[1].lower() in _ENDING_WORDS else ""


@dataclass
class _Read:
    """A text as it is read, and where its pieces stand in the one with markup."""

    pieces: list[str] = field(default_factory=list)
    #: Where each piece begins as it is read.
    starts: list[int] = field(default_factory=list)
    #: The place of each piece in the markup; none for what a tag is to a reader.
    places: list[tuple[int, int] | None] = field(default_factory=list)
    length: int = 0

    def add(self, piece: str, place: tuple[int, int] | None) -> None:
        if piece:
            self.pieces.append(piece)
            self.starts.append(self.length)
            self.places.append(place)
            self.length += len(piece)

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where in the markup the letters from one place to another stand."""
        found = []
        for n in range(bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1)):
            place, first, piece = self.places[n], self.starts[n], self.pieces[n]
            if place is None:
                continue
            is_entity = place[1] - place[0] != len(piece)
            left = 0 if is_entity else max(start - first, 0)
            right = place[1] - place[0] if is_entity else min(end - first, len(piece))
            found.append((place[0] + left, place[0] + right))
        return found


def _masked(
    pattern: re.Pattern[str],
    text: str,
    parts: re.Pattern[str],
    of_tag: Callable[[str], str],
    of_sign: Callable[[str], str] = html.unescape,
) -> str:
    read = _Read()
    last = 0
    for part in parts.finditer(text):
        read.add(text[last : part.start()], (last, part.start()))
        is_tag = part[0].startswith("<")
        read.add(of_tag(part[0]) if is_tag else of_sign(part[0]), None if is_tag else part.span())
        last = part.end()
    read.add(text[last:], (last, len(text)))
    made, last = [], 0
    for found in pattern.finditer("".join(read.pieces)):
        mask = MASK
        for start, end in read.spans(*found.span()):
            made += [text[last:start], mask]
            last, mask = end, ""
    return "".join([*made, text[last:]]) if made else text
