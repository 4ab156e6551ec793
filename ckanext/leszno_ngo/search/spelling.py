"""Another spelling for words that no entry has, by Solr's spelling of the words of all entries.

Spelling is compared without Polish letters ("zywnsoci" is two letters from "zywnosci" and four
from "żywności"). A spelling is taken where it is near, and where it is no other word: "metro" is
no mistake for "metra", and what differs in its ending alone is another form.
"""

from __future__ import annotations

import os.path
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.polish.words import ENDINGS
from ckanext.leszno_ngo.search import lexicon
from ckanext.leszno_ngo.search.lexicon import Entry, Lexicon
from ckanext.leszno_ngo.search.reading import Reading

#: Solr's request handler that spells.
HANDLER = "leszno_ngo_spell"
# People mistype words, not pages of text; the time to try spellings grows with the words.
_MAX_WORDS = 8
# The most letters that a slip of the fingers changes, by the length of the word.
_SHORT, _FAIR, _LONG = 4, 5, 9
# Sounds that begin a word in two spellings: "rzagiel" and "żagiel", "hleb" and "chleb".
_SOUNDS = (("rz", "z"), ("ch", "h"), ("u", "o"))
# Letters beside each other on a keyboard, and such as sound alike.
_TAKEN_FOR = "qwertyuiop asdfghjkl zxcvbnm ou ij iy fw bp dt sz gk"
_NASAL = str.maketrans({"ą": "on", "ę": "en"})
# A word of the lexicon that only begins those typed: what follows is a form's ending where the
# beginning is this long, and up to so many letters where it is longer.
_TELLING, _LONGEST_ENDING = 6, 4
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
    near = {polish.fold(word): _near(word) for word in unknown}
    return _replaced(read, near) if near and all(near.values()) else ""


def _replaced(read: Reading, others: Mapping[str, str]) -> str:
    """Return what was typed with other words in the place of some."""
    return " ".join(others.get(polish.fold(word), word) for word in read.typed)


def _near(word: str) -> str:
    """Return the same as :func:`_near_entry`, also for "kąkurs", which sounds like "konkurs"."""
    spellings = (word, word.translate(_NASAL))
    return next(filter(None, (_near_entry(polish.fold(one)) for one in spellings)), "")


def _near_entry(word: str) -> str:
    """Return what an entry is looked for by, one of whose words is near to a misspelt one."""
    if len(word) < _SHORT or not word.isalpha():
        return ""
    index = _near_words(lexicon.get())
    lengths = range(len(word), max(_SHORT, len(word) - _LONGEST_ENDING) - 1, -1)
    for begun in (word[:length] for length in lengths):
        for key in _shortened(begun):
            for known, is_beginning, entry in index.get(key, ()):
                fits = begun == word or (is_beginning and _is_ending(begun, word))
                if fits and (begun == known or is_near(begun, known)):
                    return entry.find[0]
    return ""


def _is_ending(begun: str, word: str) -> bool:
    return len(begun) > _TELLING or (len(begun) == _TELLING and word[_TELLING:] in ENDINGS)


@cache
def _near_words(known: Lexicon) -> Mapping[str, Sequence[tuple[str, bool, Entry]]]:
    """Give the words of the lexicon by themselves and by what is left without one of their letters.

    Two words that are one slip apart have one of these in common.
    """
    index: dict[str, list[tuple[str, bool, Entry]]] = {}
    for word, is_beginning, entry in known.single_words():
        if len(word) >= (_FAIR if is_beginning else _SHORT):
            for key in _shortened(word):
                index.setdefault(key, []).append((word, is_beginning, entry))
    return index


def _shortened(word: str) -> Iterable[str]:
    return dict.fromkeys((word, *(word[:n] + word[n + 1 :] for n in range(len(word)))))


def _collations(spellcheck: Any) -> Iterator[list[str]]:
    """Read ``collations``: a list in which names and values take turns."""
    for item in (spellcheck or {}).get("collations") or []:
        if isinstance(item, dict):
            yield item["collationQuery"].split()


def is_near(wrong: str, right: str) -> bool:
    """Whether a word may be a slip of the fingers for another."""
    if len(wrong) < _SHORT or not wrong.isalpha() or wrong == right:
        return False
    if _is_form(wrong, right) or (_sound(wrong) != _sound(right) and len(wrong) < _LONG):
        return False
    if len(wrong) == len(right) < _TELLING and sorted(wrong) != sorted(right):
        return len(wrong) >= _FAIR and _is_likely_slip(wrong, right)
    return _distance(wrong, right) <= (1 if len(wrong) < _LONG else 2)


def _is_likely_slip(wrong: str, right: str) -> bool:
    """Whether one letter differs, and is beside the other on the keyboard or sounds like it.

    In a short word any other letter makes another word.
    """
    pairs = [a + b for a, b in zip(wrong, right, strict=True) if a != b]
    return len(pairs) == 1 and (pairs[0] in _TAKEN_FOR or pairs[0][::-1] in _TAKEN_FOR)


def _sound(word: str) -> str:
    """Return the sound that a word begins with, in one spelling."""
    return next((one for written, one in _SOUNDS if word.startswith(written)), word[0])


def _is_form(one: str, other: str) -> bool:
    """Whether two words differ in an ending alone."""
    shared = len(os.path.commonprefix([one, other]))
    return one[shared:] in ENDINGS and other[shared:] in ENDINGS


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
