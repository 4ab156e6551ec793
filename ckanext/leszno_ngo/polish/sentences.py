"""The first sentence of a text."""

from __future__ import annotations

import re

# What a list's line begins with: "1. ", "a) ", "- ".
_BULLET = re.compile(r"^(?:\d{1,3}[.)]|[a-zA-Z]\)|[-–—•*])\s+")
_END = re.compile(r"[.!?…](?=\s+[\d„\"A-ZĄĆĘŁŃÓŚŹŻ])")
# Full stops behind these, behind single letters and behind numbers end no sentence.
_SHORT = frozenset(
    ("al", "art", "dr", "im", "itd", "lic", "m.in", "mgr", "np", "nr", "os", "pkt", "pl", "poz")
    + ("prof", "św", "tel", "tzn", "tzw", "ul", "ust", "woj", "zob")
)


def first_sentence(text: str, most: int = 200) -> str:
    """Return the first sentence of a text, without the mark of a list before it.

    :param text: as it was written
    :param most: a longer sentence is cut between words, and ends with "…"
    :returns: the sentence; the first line where that ends sooner
    """
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    line = _BULLET.sub("", line)
    end = next((m.end() for m in _END.finditer(line) if _ends(line[: m.start()])), len(line))
    sentence = line[:end]
    if len(sentence) <= most:
        return sentence
    return f"{sentence[:most].rsplit(' ', 1)[0].rstrip(' ,;:–-')}…"


def _ends(before: str) -> bool:
    word = before.rsplit(None, 1)[-1].lower().lstrip('(„"') if before.split() else ""
    return len(word) > 1 and not word.isdigit() and word not in _SHORT
