"""Another spelling for words that no entry has, by Solr's spelling of the words of all entries.

Spelling is compared without Polish letters ("zywnsoci" is two letters from "zywnosci" and four
from "żywności"). A spelling is taken where it is near, and where it is no other word: "metro" is
no mistake for "metra", and what differs in its ending alone is another form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.search import lexicon
from ckanext.leszno_ngo.search.reading import Reading

#: Solr's request handler that spells.
HANDLER = "leszno_ngo_spell"
# People mistype words, not pages of text; the time to try spellings grows with the words.
_MAX_WORDS = 8
# The most letters that a slip of the fingers changes, by the length of the word.
_SHORT, _LONG = 5, 9
_ENDING = 2
# Words of the lexicon are beginnings of words; what is near is compared with longer ones only.
_LEAST_MEANT, _LONGEST_ENDING = 6, 4
_EVERY_COUNT = 2**31 - 1


def typed(read: Reading) -> list[str]:
    """Return the words of a reading that may be misspelt, folded, in their order."""
    words = [word for group in read.needed for word in group.words]
    return [polish.fold(word) for word in words][:_MAX_WORDS]


def parameters(folded: Sequence[str]) -> dict[str, Any]:
    """Return Solr's parameters that ask for spellings of words, however many entries have them."""
    return {
        "spellcheck.q": " ".join(folded),
        "spellcheck.maxResultsForSuggest": _EVERY_COUNT,
        "spellcheck.maxCollations": 5,
    }


def mended(spellcheck: Any, read: Reading, unknown: Collection[str]) -> str:
    """Choose a spelling.

    :param spellcheck: Solr's answer
    :param read: what was typed
    :param unknown: the words of it that no entry has
    :returns: what was typed with other words, without Polish letters, in the place of those; empty
        where there is no spelling near enough
    """
    folded = typed(read)
    wrong = {polish.fold(word) for word in unknown}
    if not wrong:
        return ""
    for offered in _collations(spellcheck):
        if len(offered) != len(folded):
            continue
        changed = [(old, new) for old, new in zip(folded, offered, strict=True) if old != new]
        if changed and all(old in wrong and is_near(old, new) for old, new in changed):
            return _replaced(read, dict(changed))
    return ""


def meant(read: Reading, unknown: Collection[str]) -> str:
    """Choose words of the lexicon in the place of misspelt ones that no entry has either.

    :param read: what was typed
    :param unknown: the words of it that no entry has, as typed
    :returns: as of :func:`mended`; empty where one of the unknown words is near to none
    """
    near = {polish.fold(word): _near_entry(polish.fold(word)) for word in unknown}
    return _replaced(read, near) if near and all(near.values()) else ""


def _replaced(read: Reading, others: Mapping[str, str]) -> str:
    """Return what was typed with other words in the place of some."""
    return " ".join(others.get(polish.fold(word), word) for word in read.typed)


def _near_entry(word: str) -> str:
    """Return what an entry is looked for by, one of whose words is near to a misspelt one."""
    if len(word) < _LEAST_MEANT or not word.isalpha():
        return ""
    for beginning, entry in lexicon.get().single_words():
        begun = word[: len(beginning)]
        if (
            len(beginning) >= _LEAST_MEANT
            and beginning[0] == word[0]
            and len(word) - len(beginning) <= _LONGEST_ENDING
            and _distance(begun, beginning) == 1
            and not beginning.startswith(begun[:-1])
        ):
            return entry.find[0]
    return ""


def _collations(spellcheck: Any) -> Iterator[list[str]]:
    """Read ``collations``: a list in which names and values take turns."""
    for item in (spellcheck or {}).get("collations") or []:
        if isinstance(item, dict):
            yield item["collationQuery"].split()


def is_near(wrong: str, right: str) -> bool:
    """Whether a word may be a slip of the fingers for another."""
    if len(wrong) < _SHORT or not wrong.isalpha():
        return False
    allowed = 1 if len(wrong) < _LONG else 2
    shared = _shared_beginning(wrong, right)
    if shared >= len(wrong) - _ENDING and len(wrong) < _LONG:
        return False
    return _distance(wrong, right) <= allowed


def _shared_beginning(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _distance(one: str, other: str) -> int:
    """Count the letters added, left out, changed or changed over between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1]
