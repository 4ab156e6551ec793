"""Readable names of organisations from registers that write in capitals.

A register's `STOWARZYSZENIE PRZYJACIÓŁ I LICEUM IM. JANA W LESZNIE` becomes what the organisation
itself would write. No letter or digit is ever added or lost; only letter case, spaces, quotation
marks and dashes change. A name that already has small letters keeps its letters as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.leszno_ngo import bounds

from . import name_words as words

# Taking a stray mark away may bring others together: a name is read until nothing changes.
_ROUNDS = 5
_QUOTES = '"„”“‟«»″'
_DOUBLED_QUOTES = re.compile(r",,|''|``|´´|‚‚|’’|‘‘")
_SPACE_BEFORE = re.compile(r"(?<!\s)\s+([,;:.!?)])(?!\w)")
_ABBREVIATION_GLUED = re.compile(
    rf"\b({'|'.join(sorted(words.DOTTED, key=len, reverse=True))})\.(?=[^\W_])", re.IGNORECASE
)
_INITIAL_GLUED = re.compile(r"\b([^\W\d_])\.(?=[^\W\d_]{4})")
_LIMITED_COMPANY = re.compile(r"\b(SP|SPÓŁKA)\.? ?Z ?O\. ?O\.?(?!\w)")
_DOMAIN = re.compile(r"\b[\w-]{1,63}\.(?:PL|COM|ORG|EU|INFO|NET|EDU|GOV)(?:\.PL)?\b")
_ROMAN = re.compile(r"(?=[IVX]{2}|[VX])X{0,3}(?:IX|IV|V?I{0,3})")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_VOWELS = frozenset("AEIOUYĄĘÓ")
_ADJECTIVE = re.compile(r"\w{2,}(?:A|E|Y|I|EJ|EGO|YCH|ICH|YM|IM|YMI|IMI|Ą|EMU)")
_DASH = re.compile(r"((?<!\w)\w+|[”».!?)])(?:\s+[-–—]+\s*|[-–—]+\s+)(?=[\w„«(])")


def readable_name(legal_name: str) -> str:
    """A register's name as people write it.

    :param legal_name: the name of the register, in capitals or not.
    :returns: `Fundacja „Odzew”` for `FUNDACJA "ODZEW"`. Idempotent. A name longer than
        `bounds.NAME` comes back as it is.
    """
    if len(legal_name) > bounds.NAME:
        return legal_name
    name = unicodedata.normalize("NFC", legal_name)
    for _ in range(_ROUNDS):
        before, name = name, _read(" ".join(name.split()))
        if name == before:
            break
    return name


def _read(name: str) -> str:
    if any(char.islower() for char in name):
        return _quoted(name)
    return _recased(_respaced(_quoted(name.upper())))


def _respaced(name: str) -> str:
    name = _ABBREVIATION_GLUED.sub(r"\1. ", name)
    name = _INITIAL_GLUED.sub(r"\1. ", name)
    name = _SPACE_BEFORE.sub(r"\1", name)
    return _DASH.sub(lambda match: match[1] + _dash(match), name)


def _dash(match: re.Match[str]) -> str:
    """The dash after a word: a hyphen in a compound (ROLNICZO - BUDOWLANEJ), else a dash.

    A number belongs to the word too: PNIÓWEK - 74.
    """
    before = _WORD.findall(match.string[: match.start()])
    following = _WORD.match(match.string, match.end())
    after = following[0] if following else ""
    compound = match[1].endswith("O") and _ADJECTIVE.fullmatch(after)
    eponyms = before and before[-1] in words.BEFORE_EPONYMS
    return "-" if compound or eponyms or after.isdigit() else " – "


# ---------------------------------------------------------------------------- letter case


@dataclass(frozen=True)
class _Token:
    """A word in its place."""

    word: str
    before: str  # all the text before it
    after: str  # all the text after it
    previous: str  # the word before, or nothing
    following: str  # the word after, or nothing

    @property
    def dotted(self) -> bool:
        return self.after.startswith(".")

    @property
    def first(self) -> bool:
        text = self.before.rstrip()
        if not text or text[-1] in "„«–(!?:" or self.before.endswith(" /"):
            return True
        ended = text[-1] == "." and self.before != text and len(self.previous) > 3
        return ended and self.previous not in words.DOTTED

    @property
    def hyphenated(self) -> bool:
        return self.after[:1] in ("-", "‐") or self.before[-1:] in ("-", "‐")


def _recased(name: str) -> str:
    fixed = {
        match.start(): (match[0], _fixed_case(match[0]))
        for pattern in (_LIMITED_COMPANY, _DOMAIN)
        for match in pattern.finditer(name)
    }
    pieces, position = [], 0
    for start, token in _tokens(name):
        if start < position:
            continue
        pieces.append(name[position:start])
        original, written = fixed.get(start) or (token.word, _case(token))
        pieces.append(written)
        position = start + len(original)
    return "".join([*pieces, name[position:]])


def _fixed_case(text: str) -> str:
    if text.startswith(("SP.", "SP ")):
        return text.lower()
    return text[0] + text[1:].lower()


def _tokens(name: str) -> Iterator[tuple[int, _Token]]:
    matches = list(_WORD.finditer(name))
    for index, match in enumerate(matches):
        yield (
            match.start(),
            _Token(
                word=match[0],
                before=name[: match.start()],
                after=name[match.end() :],
                previous=matches[index - 1][0] if index else "",
                following=matches[index + 1][0] if index + 1 < len(matches) else "",
            ),
        )


def _case(token: _Token) -> str:
    """The word in the letter case of its place: the first rule that knows it decides."""
    for rule in (_single_letter, _abbreviation, _numeral_or_acronym, _small_word):
        written = rule(token)
        if written is not None:
            return written
    return _capitalised(token.word)


def _single_letter(token: _Token) -> str | None:
    word = token.word
    if len(word) != 1:
        return None
    if word == "I" and _is_numeral_one(token):
        return word
    if word == "O" and token.dotted and token.previous in ("IM", "IMIENIA"):
        return "o"  # ojca: of father …
    if word == "R" and token.dotted and token.previous.isdigit():
        return "r"  # roku
    initial = token.dotted or token.hyphenated or word not in words.SMALL
    return word if initial or token.first else word.lower()


def _is_numeral_one(token: _Token) -> bool:
    """Whether an I is the first, not *and*: I LICEUM, I I II STOPNIA, JANA PAWŁA I."""
    if token.after.startswith((",", ".")) or not token.following:
        return True
    if token.following == "I" and _ROMAN.match(token.after.lstrip()[1:].lstrip()):
        return True
    if token.previous in words.SCHOOLS:
        return False
    return token.following in words.NUMBERED


def _abbreviation(token: _Token) -> str | None:
    word = token.word
    if word in words.AS_WRITTEN:
        return words.AS_WRITTEN[word]
    known = word in words.UNDOTTED or (token.dotted and word in words.DOTTED)
    if word == "KS":  # a priest, or a sports club
        known = token.dotted or token.previous in ("IM", "IMIENIA")
    elif word == "PW":  # pod wezwaniem, or a technical university
        known = token.dotted or token.following in words.AFTER_PW
    elif word == "PS":  # pseudonim, if a quoted one follows
        known = token.after.startswith((" „", ". „"))
    if not known:
        return None
    return _capitalised(word) if token.first and word not in ("NR",) else word.lower()


def _numeral_or_acronym(token: _Token) -> str | None:
    word = token.word
    if word in words.SMALL:
        return None
    if word in words.ACRONYMS or _ROMAN.fullmatch(word):
        return word
    if _VOWELS.intersection(word) or not word.isalnum():
        return None
    shortened_name = token.dotted and token.following and len(word) <= 3
    return _capitalised(word) if shortened_name else word


def _small_word(token: _Token) -> str | None:
    word = token.word
    in_phrase = (token.previous, word) in words.SMALL_AFTER
    if (word in words.SMALL or in_phrase) and not token.first and not token.hyphenated:
        return word.lower()
    return None


def _capitalised(word: str) -> str:
    parts = re.split(r"(['’])", word)
    return "".join(
        part.lower() if index and part in words.AFTER_APOSTROPHE else part[:1] + part[1:].lower()
        for index, part in enumerate(parts)
    )


# ---------------------------------------------------------------------------- quotation marks


def _quoted(name: str) -> str:
    """Polish quotation marks, whatever pairs were there; none around a whole name."""
    name = _DOUBLED_QUOTES.sub('"', name)
    pieces, open_marks, spans, start = [], [], [], 0
    for index, char in enumerate(name):
        if char not in _QUOTES:
            pieces.append(char)
        elif _opens(name, index, bool(open_marks)):
            open_marks.append(len(pieces))
            pieces.append("„" if len(open_marks) == 1 else "«")
        elif open_marks:
            start = open_marks.pop()
            pieces.append("»" if open_marks else "”")
            spans.append((start, len(pieces) - 1))
    while open_marks:
        start = open_marks.pop()
        pieces.append("»" if open_marks else "”")
        spans.append((start, len(pieces) - 1))
    if (0, len(pieces) - 1) in spans and len(pieces) > 1:
        pieces = pieces[1:-1]
        return _quoted("".join(pieces)) if len(spans) > 1 else "".join(pieces).strip()
    return _tidy_quotes("".join(pieces))


def _opens(name: str, index: int, some_open: bool) -> bool:
    before, after = name[:index].rstrip(), name[index + 1 :].lstrip()
    starts_word = index == 0 or not (name[index - 1].isalnum() or name[index - 1] in ".!?…)")
    if not some_open:
        return bool(after) and (starts_word or index + 1 < len(name))
    return starts_word and name[index + 1 : index + 2].isalnum() and bool(before)


def _tidy_quotes(name: str) -> str:
    name = re.sub(r"([„«])\s+", r"\1", name)
    name = re.sub(r"(?<!\s)\s+([”»])", r"\1", name)
    name = re.sub(r"(?<=[\w.,])([„«])", r" \1", name)
    name = re.sub(r"([”»])(?=[^\W_])", r"\1 ", name)
    return re.sub(r"„”|«»", "", name).strip()
