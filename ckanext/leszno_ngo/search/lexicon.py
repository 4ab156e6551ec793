"""What everyday words stand for: needs, abbreviations, pages that answer, words that carry nothing.

All of it is data: vocabularies whose file says ``search: ROLE`` (docs/search.md, "Words as data"),
of the engine and of plugins. Here they are read once and found in what a person typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ckanext.leszno_ngo import polish, vocabularies
from ckanext.leszno_ngo.polish.words import ENDINGS, LONGEST_ENDING
from ckanext.leszno_ngo.vocabularies import Term

#: What a vocabulary may be to the search: the value of its key ``search``.
NEEDS, ABBREVIATIONS, ANSWERS = "needs", "abbreviations", "answers"
NUMBERS, ELSEWHERE, IGNORED, WEAK = "numbers", "elsewhere", "ignored", "weak"
ROLES = (NEEDS, ABBREVIATIONS, ANSWERS, NUMBERS, ELSEWHERE, IGNORED, WEAK)

_PIECE = re.compile(r"[^\W_]+")
_ANY_ENDING = "*"
# Fewer letters begin too many words.
_LEAST_TYPED = 3
# Shorter stems are of too many words.
_LEAST_STEM = 4
# Letters that change before an ending, folded: "jachcie" is of "jacht", "piłek" of "piłk".
_CHANGED = (("cie", "t"), ("dzie", "d"), ("ce", "k"), ("dze", "g"), ("ek", "k"), ("ku", "ek"))
_LEAST_CHANGED = 3

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One term of a vocabulary of the search.

    :param phrases: what people type, each a row of folded words; ``*`` at the end of a word stands
        for any ending
    :param find: words and phrases to look for beside what was typed
    :param where: field (``type`` for the kind of record) → codes that records have
    :param page: the page that answers (``views.pages.answer_pages``)
    :param details: what else the term carries
    """

    role: str
    code: str
    labels: Mapping[str, str]
    phrases: tuple[Phrase, ...]
    find: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: Mapping[str, Any] = field(default_factory=dict)
    is_weak: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    def label(self, lang: str) -> str:
        """Return what the entry is called in a language."""
        return self.labels.get(lang[:2]) or self.labels["pl"]

    @property
    def types(self) -> tuple[str, ...]:
        """The kinds of record that the entry stands for."""
        return self.where.get("type", ())

    @property
    def is_kind(self) -> bool:
        """Whether it stands for a kind of record, or one kind within it."""
        return bool(self.types or self.where.get("kind"))


@dataclass(frozen=True)
class Match:
    """Entries that one phrase stands for: the words from ``start`` up to ``end``."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class Lexicon:
    """All entries, found by the beginning of their phrases."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Order the entries by the first word of their phrases."""
        every = tuple(entries)
        self.ignored = Words(_phrases(every, IGNORED))
        self.weak = Words(_phrases(every, WEAK))
        self.entries = tuple(one for one in every if one.role not in (IGNORED, WEAK))
        self._by_beginning: dict[str, list[tuple[Phrase, Entry]]] = {}
        self._by_stem: dict[str, list[tuple[Phrase, Entry]]] = {}
        for entry in self.entries:
            for phrase in entry.phrases:
                kept = self._carrying(phrase)
                self._by_beginning.setdefault(kept[0], []).append((kept, entry))
                for stem in _stems(kept[0]) if entry.role != ELSEWHERE else ():
                    self._by_stem.setdefault(stem, []).append((kept, entry))

    def _carrying(self, phrase: Phrase) -> Phrase:
        """Return a phrase without words that carry nothing, where enough of it is left."""
        kept = tuple(word for word in phrase if word not in self.ignored)
        return kept if len(kept) > 1 else phrase

    def matches(self, words: Sequence[str]) -> list[Match]:
        """Find phrases in a row of folded words; of two that overlap the longer one counts.

        Words that carry nothing may stand between the words of a phrase.
        """
        found: list[Match] = []
        position = 0
        while position < len(words):
            match = self._longest(words, position)
            if match:
                found.append(match)
            position = match.end if match else position + 1
        return found

    def single_words(self) -> Iterator[tuple[str, bool, Entry]]:
        """Give words that stand for an entry that is looked for, and whether any ending fits."""
        for entry in self.entries:
            if entry.find and entry.role in (NEEDS, ABBREVIATIONS):
                for phrase in entry.phrases:
                    if len(phrase) == 1:
                        word = phrase[0]
                        yield word.removesuffix(_ANY_ENDING), word.endswith(_ANY_ENDING), entry

    def beginning_with(self, text: str) -> Iterator[Entry]:
        """Give the entries one of whose phrases, or whose name, begins like a text."""
        typed = " ".join(pieces(text))
        if len(typed) < _LEAST_TYPED:
            return
        for entry in self.entries:
            spelled = [" ".join(phrase).replace(_ANY_ENDING, "") for phrase in entry.phrases]
            names = [" ".join(pieces(label)) for label in entry.labels.values()]
            if any(one.startswith(typed) for one in (*names, *spelled)):
                yield entry

    def _longest(self, words: Sequence[str], start: int) -> Match | None:
        word = words[start]
        fitting = self._fitting(self._beginning_at(word), words, start)
        if not fitting and word not in self.ignored and word not in self.weak:
            fitting = self._fitting(self._of_forms(word), words, start)
        if not fitting:
            return None
        longest = max(end for end, _entry in fitting)
        entries = {id(entry): entry for end, entry in fitting if end == longest}
        return Match(start, longest, tuple(entries.values()))

    def _of_forms(self, word: str) -> Iterator[tuple[Phrase, Entry]]:
        """Give phrases whose first word is another form of a word."""
        for stem in _stems(word):
            yield from self._by_stem.get(stem, ())
        for ending, before in _CHANGED:
            if word.endswith(ending) and len(word) - len(ending) >= _LEAST_CHANGED:
                yield from self._beginning_at(word.removesuffix(ending) + before)

    def _fitting(
        self, phrases: Iterable[tuple[Phrase, Entry]], words: Sequence[str], start: int
    ) -> list[tuple[int, Entry]]:
        found = ((self._end(phrase, words, start), entry) for phrase, entry in phrases)
        return [(end, entry) for end, entry in found if end]

    def _end(self, phrase: Phrase, words: Sequence[str], start: int) -> int | None:
        """Return where a phrase ends that begins at a place; ``None`` where it is not there."""
        place = start
        for pattern in phrase:
            # How the first word fits was seen when the phrase was found by it.
            while place < len(words) and place > start and not _is_word(pattern, words[place]):
                if words[place] not in self.ignored:
                    return None
                place += 1
            if place == len(words):
                return None
            place += 1
        return place

    def _beginning_at(self, word: str) -> Iterator[tuple[Phrase, Entry]]:
        yield from self._by_beginning.get(word, ())
        for length in range(1, len(word) + 1):
            yield from self._by_beginning.get(word[:length] + _ANY_ENDING, ())


def _is_word(pattern: str, word: str) -> bool:
    if pattern.endswith(_ANY_ENDING):
        return word.startswith(pattern[:-1])
    return word == pattern or not set(_stems(pattern)).isdisjoint(_stems(word))


def _stems(word: str) -> Iterator[str]:
    """Give what is left of a word without the endings that its forms may have."""
    if not word.endswith(_ANY_ENDING):
        for length in range(max(_LEAST_STEM, len(word) - LONGEST_ENDING), len(word) + 1):
            if word[length:] in ENDINGS:
                yield word[:length]


def _phrases(entries: Iterable[Entry], role: str) -> Iterable[Phrase]:
    return (phrase for entry in entries if entry.role == role for phrase in entry.phrases)


class Words:
    """Words, some of them with any ending."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        """Keep the words of phrases."""
        words = {word for phrase in phrases for word in phrase}
        self._whole = frozenset(word for word in words if not word.endswith(_ANY_ENDING))
        self._begun = tuple(word[:-1] for word in words if word.endswith(_ANY_ENDING))

    def __contains__(self, word: str) -> bool:
        return word in self._whole or word.startswith(self._begun)


def pieces(text: str) -> list[str]:
    """Return the words of a text as entries are compared: folded, without signs between them."""
    return _PIECE.findall(polish.fold(text))


def get() -> Lexicon:
    """Return the entries of all vocabularies of the search.

    :raises vocabularies.VocabularyError: one of them is wrong
    """
    names = vocabularies.names()
    return _read(tuple((name, vocabularies.FILES.get(name)) for name in names))


@cache
def _read(files: tuple[tuple[str, Path | None], ...]) -> Lexicon:
    return Lexicon(entry for name, _file in files for entry in _entries(name))


def _entries(name: str) -> Iterator[Entry]:
    vocabulary = vocabularies.get(name)
    role = vocabulary.extra.get("search")
    if role is None:
        return
    if role not in ROLES:
        raise vocabularies.VocabularyError(f"{name}: search must be one of {', '.join(ROLES)}")
    for term in vocabulary.terms:
        yield entry(role, term, f"{name} ({term.code})")


_KEYS = {"words", "find", "where", "page", "weak"}


def entry(role: str, term: Term, told: str) -> Entry:
    """Read a term.

    :param role: what its vocabulary is to the search
    :param term: the term
    :param told: where it stands, for messages
    :raises vocabularies.VocabularyError: it has no words, or what should be a list is none
    """
    given = {key: _texts(term.extra.get(key, []), f"{told}.{key}") for key in ("words", "find")}
    if not given["words"]:
        raise vocabularies.VocabularyError(f"{told}: words must be a list with at least one text")
    return Entry(
        role=role,
        code=term.code,
        labels=term.labels,
        phrases=tuple(_phrase(text, told) for text in given["words"]),
        find=given["find"],
        where={
            name: _texts(codes, f"{told}.where.{name}")
            for name, codes in term.extra.get("where", {}).items()
        },
        page=term.extra.get("page", {}),
        is_weak=bool(term.extra.get("weak")),
        details={key: value for key, value in term.extra.items() if key not in _KEYS},
    )


def _texts(raw: Any, told: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and one.strip() for one in raw):
        raise vocabularies.VocabularyError(f"{told}: must be a list of texts")
    return tuple(raw)


def _phrase(text: str, told: str) -> Phrase:
    words = tuple(
        piece + (_ANY_ENDING if word.endswith(_ANY_ENDING) and last else "")
        for word in text.split()
        for piece, last in _with_last(pieces(word))
    )
    if not words:
        raise vocabularies.VocabularyError(f"{told}: no word in {text!r}")
    return words


def _with_last(found: Sequence[str]) -> Iterator[tuple[str, bool]]:
    for number, piece in enumerate(found, 1):
        yield piece, number == len(found)
