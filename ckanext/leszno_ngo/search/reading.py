"""What a person's words mean: groups of words that an entry must have, and pages that answer.

``sala na zebranie`` is two groups, ``bank żywności`` one; each group may be found by what was
typed or by what the lexicon (:mod:`.lexicon`) says it stands for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.search import lexicon, quantities
from ckanext.leszno_ngo.search.lexicon import Entry, Lexicon

#: More groups than people type on purpose; the time to relax a query grows with them.
MAX_GROUPS = 8


@dataclass(frozen=True)
class Group:
    """Words that stand for one thing.

    :param words: as typed
    :param entries: what the lexicon has for them
    :param clauses: what else finds the group, in Solr's syntax
    :param is_weak: it ranks results and excludes none
    :param is_time: it is a time
    """

    words: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    clauses: tuple[str, ...] = ()
    is_weak: bool = False
    is_time: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the lexicon or a calendar says what it stands for."""
        return bool(self.entries or self.clauses)

    @property
    def is_kind(self) -> bool:
        """Whether it stands for a kind of entry alone."""
        return bool(self.entries) and all(entry.is_kind for entry in self.entries)

    @property
    def is_topic(self) -> bool:
        """Whether it says what something is about, not for whom or of what kind it is."""
        return any(
            entry.role in (lexicon.NEEDS, lexicon.ABBREVIATIONS)
            and not entry.is_kind
            and not entry.details.get("people")
            for entry in self.entries
        )

    @property
    def is_urgent(self) -> bool:
        """Whether it is a person's distress, which is meant whatever stands beside it."""
        return any(entry.details.get("urgent") for entry in self.entries)


@dataclass(frozen=True)
class Reading:
    """What was typed, read; ``typed`` are all its words."""

    typed: tuple[str, ...]
    groups: tuple[Group, ...]
    answers: tuple[Entry, ...] = ()
    elsewhere: tuple[Entry, ...] = ()

    @property
    def needed(self) -> tuple[Group, ...]:
        """The groups that exclude what lacks them: the weak ones where there is no other."""
        return tuple(group for group in self.groups if not group.is_weak) or self.groups

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of record asked for, where nothing else is."""
        said = [group for group in self.groups if group.entries or not group.is_weak]
        if not said or not all(any(entry.types for entry in group.entries) for group in said):
            return ()
        asked = [group for group in said if not group.is_weak] or said
        return tuple(dict.fromkeys(t for g in asked for e in g.entries for t in e.types))


@dataclass(frozen=True)
class _Piece:
    """A piece of a typed word, as the lexicon compares it; ``place`` is that of the word."""

    text: str
    place: int


def read(typed: Sequence[str], now: dt.datetime) -> Reading:
    """Read the words of a query.

    :param typed: words as ``search.words`` gives them
    :param now: the moment, for "last year" and "in January"
    """
    known = lexicon.get()
    pieces = [_Piece(text, n) for n, word in enumerate(typed) for text in lexicon.pieces(word)]
    parts = list(_parts(typed, pieces, known, now))
    groups = [group for group, _entries in parts] or [Group((word,)) for word in typed]
    entries = [entry for _group, every in parts for entry in every]
    return Reading(
        tuple(typed),
        tuple(_with_numbers(groups))[:MAX_GROUPS],
        _of_role(entries, lexicon.ANSWERS),
        _of_role(entries, lexicon.ELSEWHERE),
    )


def _parts(
    typed: Sequence[str], pieces: Sequence[_Piece], known: Lexicon, now: dt.datetime
) -> Iterator[tuple[Group, tuple[Entry, ...]]]:
    """Give groups of words, each with all that the lexicon has for it."""
    matches = {match.start: match for match in known.matches([one.text for one in pieces])}
    spans = quantities.find([typed[one.place] for one in pieces], now)
    position = 0
    while position < len(pieces):
        match, span = matches.get(position), spans.get(position)
        piece = pieces[position]
        word = typed[piece.place]
        if span and not (match and match.end >= span.places[1]):
            words = _words(typed, pieces[position : span.places[1]])
            weak = span.only_ranks
            yield Group(words, clauses=span.clauses, is_weak=weak, is_time=not weak), ()
            position = span.places[1]
        elif match:
            words = _words(typed, pieces[position : match.end], known)
            yield _group(words, match.entries), match.entries
            position = match.end
        else:
            position += 1
            # "I" and "Z" are of names ("I Liceum", "im. Z. Nałkowskiej"), "i" and "z" are not.
            if piece.text in known.ignored and not _is_capital(word):
                continue
            while position < len(pieces) and pieces[position].place == piece.place:
                position += 1
            yield Group((word,), is_weak=piece.text in known.weak), ()


def _words(
    typed: Sequence[str], pieces: Iterable[_Piece], known: Lexicon | None = None
) -> tuple[str, ...]:
    """Return the words that pieces are of, without those that carry nothing unless all do."""
    every = list(pieces)
    kept = [one for one in every if known is None or one.text not in known.ignored] or every
    return tuple(typed[place] for place in dict.fromkeys(one.place for one in kept))


def _is_capital(word: str) -> bool:
    return len(word) == 1 and word.isupper()


def _group(words: tuple[str, ...], entries: tuple[Entry, ...]) -> Group:
    finding = tuple(e for e in entries if e.role not in (lexicon.ELSEWHERE,))
    weak = bool(finding) and all(e.is_weak or e.role == lexicon.ANSWERS for e in finding)
    return Group(words, finding, is_weak=weak)


def _with_numbers(groups: Iterable[Group]) -> Iterable[Group]:
    """Join what is numbered with its number: "SP 13", "I LO"."""
    waiting: Group | None = None
    for group in groups:
        joined = _joined(waiting, group) if waiting else None
        if joined:
            waiting = joined
            continue
        if waiting:
            yield _plain_number(waiting)
        waiting = group
    if waiting:
        yield _plain_number(waiting)


def _joined(one: Group, other: Group) -> Group | None:
    for body, number in ((one, other), (other, one)):
        kinds = [entry for entry in body.entries if entry.details.get("numbered")]
        numbers = _numbers(number)
        if kinds and numbers:
            clauses = [c for kind in kinds for n in numbers for c in _numbered(kind, n)]
            return Group(
                (*one.words, *other.words), body.entries[:0], tuple(dict.fromkeys(clauses))
            )
    return None


def _numbers(group: Group) -> list[Entry]:
    found = [entry for entry in group.entries if entry.role == lexicon.NUMBERS]
    if found or len(group.words) != 1 or not _is_capital(group.words[0]):
        return found
    roman = group.words[0]
    return [e for e in lexicon.get().entries if e.details.get("roman") == roman]


def _numbered(kind: Entry, number: Entry) -> Iterable[str]:
    """Give the ways to write a numbered body: "liceum nr 1", "I Liceum", "Jedynka"."""
    for noun in (one.split()[0] for one in kind.find):
        for form in (number.code, number.details["roman"]):
            yield f'text_fold:"{noun} {form}"~3'
        yield f"({noun} AND ({' OR '.join(number.find)}))"
    yield f"text_fold:{polish.fold(number.details['nickname'])[:-1]}*"


def _plain_number(group: Group) -> Group:
    """A number that numbers nothing is a word like others."""
    if group.entries and all(entry.role == lexicon.NUMBERS for entry in group.entries):
        return Group(group.words)
    return group


def _of_role(entries: Iterable[Entry], role: str) -> tuple[Entry, ...]:
    return tuple({id(entry): entry for entry in entries if entry.role == role}.values())
