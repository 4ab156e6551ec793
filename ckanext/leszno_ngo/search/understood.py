"""What words were understood as where no entry found has them: "plywzcki" is swimming.

A need or an abbreviation of the lexicon is found by its own words, also where what was typed is a
mistake or stands nowhere. The page says so; it costs the search's own request a count a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo.search import lexicon
from ckanext.leszno_ngo.search.reading import Group, Reading
from ckanext.leszno_ngo.search.solr import literal

# No field and no state is called so.
_NAME = "typed:"


@dataclass(frozen=True)
class Understood:
    """Words as they were typed, and what they were taken for."""

    words: tuple[str, ...]
    topics: tuple[str, ...]


def facets(read: Reading | None) -> dict[str, Any]:
    """Return JSON facets that count the entries which have the words as they were typed.

    :param read: what was typed; ``None`` for what is not plain words
    """
    return {
        f"{_NAME}{number}": {"type": "query", "q": _as_typed(group)}
        for number, group in enumerate(_groups(read))
    }


def understood(read: Reading | None, found: Mapping[str, Any], lang: str) -> tuple[Understood, ...]:
    """Return what words were taken for that none of the entries found has.

    :param read: what :func:`facets` was given
    :param found: Solr's answer
    :param lang: language of the topics, ``pl`` or ``en``
    """
    if not found.get("count"):
        return ()
    return tuple(
        Understood(group.words, tuple(entry.label(lang) for entry in group.entries))
        for number, group in enumerate(_groups(read))
        if not found.get(f"{_NAME}{number}", {}).get("count", 0)
    )


def _groups(read: Reading | None) -> list[Group]:
    return [group for group in read.needed if _is_topic(group)] if read else []


def _is_topic(group: Group) -> bool:
    """Whether it is a need or an abbreviation, called otherwise than it was typed."""
    named = {piece for e in group.entries for label in e.labels.values() for piece in _of(label)}
    return (
        bool(group.entries)
        and not group.is_kind
        and all(one.role in (lexicon.NEEDS, lexicon.ABBREVIATIONS) for one in group.entries)
        and not named.issuperset(piece for word in group.words for piece in _of(word))
    )


def _of(text: str) -> list[str]:
    return lexicon.pieces(text)


def _as_typed(group: Group) -> str:
    # The request's own ``qf`` says in which fields.
    typed = literal(f"({' AND '.join(group.words)})")
    return f"{{!edismax qf=$qf mm=0 v={typed}}}"
