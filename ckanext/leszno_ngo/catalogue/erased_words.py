"""Texts that were erased, known by their digests, so that none comes back from a source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo.catalogue.digests import digest
from ckanext.leszno_ngo.personal_data import MASK
from ckanext.leszno_ngo.polish import fold

#: Kinds of digests in ``leszno_ngo_erasure``: of a text, an identifier, a row's key in a source.
TEXT, NUMBER, KEY = "text", "number", "key"

_WORD = re.compile(r"[^\W_]+")
_table = sa.table("leszno_ngo_erasure", *map(sa.column, ("digest", "kind", "words")))


class Words:
    """Finds erased texts in others.

    :param digests: digest of a text's folded words → how many they are
    """

    def __init__(self, digests: Mapping[str, int]) -> None:
        self._digests = frozenset(digests)
        self._lengths = sorted(set(digests.values()), reverse=True)
        self._known: dict[str, bool] = {}

    def __bool__(self) -> bool:
        return bool(self._digests)

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return where erased texts stand, in the order of the text."""
        words = list(_WORD.finditer(text)) if self._digests else []
        folded = [fold(word[0]) for word in words]
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(words):
            length = next((n for n in self._lengths if self._is_one(folded[at : at + n], n)), 0)
            if length:
                found.append((words[at].start(), words[at + length - 1].end()))
            at += length or 1
        return found

    def mask(self, value: Any) -> Any:
        """Return a value of a record with erased texts masked."""
        if isinstance(value, list):
            return [self.mask(one) for one in value]
        if not isinstance(value, str):
            return value
        for start, end in reversed(self.find(value)):
            value = value[:start] + MASK + value[end:]
        return value

    def _is_one(self, words: list[str], length: int) -> bool:
        if len(words) < length:
            return False
        text = " ".join(words)
        if text not in self._known:
            self._known[text] = digest(TEXT, text) in self._digests
        return self._known[text]


class Erased:
    """What was erased, as a harvest asks for it; one SQL statement."""

    def __init__(self) -> None:
        rows = model.Session.execute(sa.select(_table.c.digest, _table.c.kind, _table.c.words))
        found: dict[str, dict[str, int]] = {TEXT: {}, NUMBER: {}, KEY: {}}
        for one, kind, words in rows:
            found.setdefault(kind, {})[one] = words
        self.words = Words(found[TEXT])
        self._numbers, self._keys = found[NUMBER], found[KEY]

    def keeps_out(self, source_id: str, key: str, numbers: Mapping[str, str]) -> bool:
        """Tell whether a row is of a record that was erased.

        :param source_id: the source
        :param key: the row's identity in it
        :param numbers: its identifiers, by field
        """
        if self._keys and digest(KEY, source_id, key) in self._keys:
            return True
        return bool(self._numbers) and any(
            digest(NUMBER, field, number) in self._numbers for field, number in numbers.items()
        )
