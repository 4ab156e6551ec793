"""Find out how a text file is encoded, reading it once in pieces.

Polish offices send UTF-8 (with and without a byte-order mark), Windows-1250 and
ISO-8859-2. The last two differ, among Polish letters, in ąśź only (Ą 0xA5/0xA1,
Ś 0x8C/0xA6, Ź 0x8F/0xAC, ą 0xB9/0xB1, ś 0x9C/0xB6, ź 0x9F/0xBC); 0x80-0x9F are
letters and quotation marks in 1250 and control characters in ISO.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ckanext.leszno_ngo.harvest.model import SourceError

_PIECE = 1 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Letters of Latin scripts, general punctuation and currency: what a UTF-8 file of a
# Polish office has. A Windows-1250 text of Polish letters alone that happens to be
# valid UTF-8 ("KÓŁKO") never gives one of them.
_LATIN = re.compile("[\u00a0-\u017f\u2010-\u205e\u20a0-\u20bf]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_BROKEN = re.compile("[\udc80-\udcff]")

_POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”“–—’…«»\xa0"
_ONLY_1250 = bytes({0xA5, 0xB9, *range(0x80, 0xA0)})
_ONLY_ISO = bytes({0xA1, 0xA6, 0xAC, 0xB1, 0xB6, 0xBC})
_ASCII = bytes(range(0x80))
_POLISH_8BIT = bytes(
    {
        *_POLISH.encode("cp1250"),
        *(byte for byte in _POLISH.encode("iso-8859-2", "ignore") if byte >= 0x80),
    }
)


class _Counts:
    """What the bytes of a file add up to."""

    def __init__(self) -> None:
        self.latin = self.other = self.broken = 0
        self.only_1250 = self.only_iso = self.not_polish = self.zeros = self.size = 0
        self.unfinished = False

    def add_bytes(self, piece: bytes) -> None:
        high = piece.translate(None, _ASCII)
        self.size += len(piece)
        self.zeros += piece.count(0)
        self.only_1250 += len(high) - len(high.translate(None, _ONLY_1250))
        self.only_iso += len(high) - len(high.translate(None, _ONLY_ISO))
        self.not_polish += len(high.translate(None, _POLISH_8BIT))

    def add_text(self, text: str) -> None:
        latin = len(_LATIN.findall(text))
        broken = len(_BROKEN.findall(text))
        self.latin += latin
        self.broken += broken
        self.other += len(_NOT_ASCII.findall(text)) - latin - broken


def _count(path: Path) -> _Counts:
    counts = _Counts()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            counts.add_bytes(piece)
            counts.add_text(decoder.decode(piece))
    counts.unfinished = bool(decoder.getstate()[0])
    return counts


def _eight_bit(counts: _Counts) -> str:
    return "iso-8859-2" if counts.only_iso > counts.only_1250 else "cp1250"


def find(path: Path) -> str:
    """Return the name of the encoding of a text file.

    :param path: the file.
    :returns: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``cp1250`` or ``iso-8859-2``; a
        file of ASCII alone is ``utf-8``. UTF-8 with a few broken characters stays
        UTF-8: its broken rows are refused one by one.
    :raises SourceError: ``truncated`` when UTF-8 ends inside a character, ``binary``
        when the file is no text.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    counts = _count(path)
    if counts.zeros * 100 > counts.size:
        raise SourceError("binary")
    if counts.latin > 5 * counts.broken:
        if counts.unfinished:
            raise SourceError("truncated", why="character")
        return "utf-8"
    if counts.broken or counts.unfinished:
        return _eight_bit(counts)
    if counts.other and not counts.not_polish:
        return _eight_bit(counts)
    return "utf-8"
