"""Reading what a person typed into a search box: words, Solr syntax, or a number. No CKAN here.

Every query comes out as text that Solr's parsers accept, whatever went in: a search box on the
open internet gets half-typed quotation marks, pasted pages and deliberate nonsense.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ckanext.leszno_ngo import bounds, identifiers
from ckanext.leszno_ngo.polish.words import normalised

MAX_CHARACTERS = bounds.WORDS
MAX_WORDS = 32
# Of a query in Solr's syntax: signs that make it look through all words (any letters, words like
# another), brackets within brackets, and parts between spaces.
_MAX_COSTLY, _COSTLY = 4, "*?~"
_DEEPEST, _MAX_PARTS = 20, 1_000
# Characters that one may stand for ("½", "ﬃ"); U+FDFA is a phrase of eighteen.
_LONGEST_UNFOLDED = 3

# "title:…", "vocab_spheres:(…)": a name, a colon, and at once a value. Not "Uwaga: dzieci",
# not "https://…", not "14:30".
_FIELD = re.compile(
    r"(?:^|(?<=[\s(+\-!]))(?!https?:)(?:[A-Za-z_][\w.-]{0,100}|\*):(?=[\w\"(\[{*\\-])"
)
_OPERATORS = re.compile(
    r"\"|\*|&&|\|\||(?:^|(?<=[\s(]))[+\-!](?=[\w\"(])|(?:^|(?<=\s))(?:AND|OR|NOT)(?=\s|$)"
)
_LOCAL_PARAMETERS = re.compile(r"\{\s*!|_\s*query\s*_|_\s*val\s*_|\\", re.IGNORECASE)
# A second colon in one word, or a slash that opens a regular expression and does not close it.
_BAD_VALUE = re.compile(r":[^\s():]*(?<!\\):|^[^/]*/(?:[^/]*/[^/]*/)*[^/]*$")
_RANGE = re.compile(r"[\[{][^\[\]{}]*[\]}]")
_BINARY = r"(?:\bAND\b|\bOR\b|&&|\|\|)"
_NO_OPERAND = re.compile(
    rf"(?:^|\(|{_BINARY}|\bNOT\b)\s*{_BINARY}|(?:{_BINARY}|\bNOT\b|[+\-!])\s*(?:\)|$)|\(\s*\)"
)
# What may stand inside a word; all else is a border between words.
_WORD = re.compile(r"[^\W_]+(?:[.\-'’@_&][^\W_]+)*")
# "zs4": an abbreviation glued to a number, as schools and forms are written.
_NUMBERED = re.compile(r"\b([^\W\d_]{2,4})(?=\d{1,2}\b)")
# "KRS0000031247": a name glued to its number.
_GLUED = re.compile(r"\b(?:krs|nip|regon)(?=\d)", re.IGNORECASE)
_NAMES_OF_NUMBERS = re.compile(r"\b(?:krs|nip|regon|teryt)\b", re.IGNORECASE)


class Kind(Enum):
    """Kind of a query, by which it is built."""

    EVERYTHING = "everything"
    NOTHING = "nothing"
    WORDS = "words"
    OPERATORS = "operators"
    FIELDS = "fields"
    NUMBER = "number"


@dataclass(frozen=True)
class Query:
    """A text that was read.

    ``text`` is safe to hand to Solr; ``words`` are its words (``WORDS`` and short numbers);
    ``numbers`` are pairs (kind, canonical number) as ``identifiers.guess`` gives them.
    """

    kind: Kind
    text: str
    words: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()


def parse_query(text: str | None) -> Query:
    """Read what a person typed.

    :param text: anything, of any length
    :returns: ``EVERYTHING`` for an empty text and ``*:*``; ``FIELDS`` (left exactly as typed) and
        ``OPERATORS`` for well-formed Solr syntax with and without field names; ``NUMBER`` for a
        text that holds an identifier; ``NOTHING`` for signs without a single word; else ``WORDS``
    """
    raw = text or ""
    if raw.strip() in ("", "*", "*:*", '""', "''"):
        return Query(Kind.EVERYTHING, "*:*")
    cleaned = _cleaned(raw)
    numbers = _numbers(cleaned)
    if numbers:
        return Query(Kind.NUMBER, cleaned, _short_number(cleaned), numbers)
    if _is_syntax(cleaned):
        if len(raw) <= bounds.QUERY and _FIELD.search(raw) and cleaned == raw.strip():
            return Query(Kind.FIELDS, cleaned)
        if _WORD.search(cleaned) and len(cleaned) <= MAX_CHARACTERS:
            return Query(Kind.OPERATORS, cleaned)
    found = split(cleaned)
    if not found:
        return Query(Kind.NOTHING, "")
    return Query(Kind.WORDS, " ".join(found), found)


def split(text: str) -> tuple[str, ...]:
    """Return the words of a text, at most ``MAX_WORDS``, free of Solr's syntax."""
    words = _WORD.findall(_NUMBERED.sub(r"\1 ", text[:MAX_CHARACTERS]))[:MAX_WORDS]
    return tuple(w.lower() if w in {"AND", "OR", "NOT", "TO"} else w for w in words)


def split_all(text: str) -> Iterator[str]:
    """Give all the words of a longer text, one by one."""
    return (found[0] for found in _WORD.finditer(text))


def _cleaned(text: str) -> str:
    kept = "".join(" " if _is_no_part(c) else c for c in text[: bounds.QUERY * 2])
    return normalised("NFC", " ".join(kept.split()))


def _is_no_part(character: str) -> bool:
    """Whether a character is none of a word: controls, and those that unfold to a phrase."""
    if character.isascii():
        return not character.isprintable()
    unfolded = unicodedata.normalize("NFKC", character)
    return unicodedata.category(character).startswith("C") or len(unfolded) > _LONGEST_UNFOLDED


def _numbers(text: str) -> tuple[tuple[str, str], ...]:
    if len(text) > MAX_CHARACTERS or any(m[0] not in _OWN_FIELDS for m in _FIELD.finditer(text)):
        return ()
    return tuple(identifiers.guess(_GLUED.sub(r"\g<0> ", text)))


# "krs:31247" is how people write, and no valid field query either: the field keeps ten digits.
_OWN_FIELDS = frozenset(
    f"{spelling}:" for name in identifiers.KINDS for spelling in (name, name.upper(), name.title())
)


def _short_number(text: str) -> tuple[str, ...]:
    """A number of a few digits may as well be a word of a name ("69", "2000")."""
    if _NAMES_OF_NUMBERS.search(text) or sum(c.isdigit() for c in text) > 6:
        return ()
    return split(text)


def _is_syntax(text: str) -> bool:
    if not (_FIELD.search(text) or _OPERATORS.search(text)) or _LOCAL_PARAMETERS.search(text):
        return False
    if text.count('"') % 2 or sum(map(text.count, _COSTLY)) > _MAX_COSTLY:
        return False
    if len(text.split()) > _MAX_PARTS:
        return False
    bare = re.sub(r'"[^"]*"', "x", text)
    return _is_balanced(bare) and not (
        _NO_OPERAND.search(bare) or _BAD_VALUE.search(_RANGE.sub("x", bare))
    )


def _is_balanced(text: str) -> bool:
    closing: list[str] = []
    for character in text:
        if character == "(":
            closing.append(")")
        elif character in "[{":
            closing.append("]}")
        elif character in ")]}" and (not closing or character not in closing.pop()):
            return False
        if len(closing) > _DEEPEST:
            return False
    return not closing
