"""Programs inside old office files and objects (OLE, [MS-CFB]), whatever their stream is called."""

from __future__ import annotations

import re

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAM = "program"

#: Streams begin where a sector does, or a small one of these bytes.
_SMALL_SECTOR = 64
_BEGINNING = re.compile(
    rb"(?:MZ|ZM)(?=(?s:.{60})\0\0)|\x7fELF[\x01\x02][\x01\x02]\x01"
    rb"|#![ \t]{0,9}/[a-z]{2}|<\?(?i:php)\b|@(?i:echo)[ \t]{1,9}(?i:off)\b"
)
_MARKS = (b"MZ", b"ZM")
#: How far a header of Windows (PE) may be from that of DOS.
_FARTHEST_HEADER = 1 << 10
_PAGE = 512  # of DOS, in which a header counts


class Watcher:
    """Looks at an OLE file, piece by piece."""

    def __init__(self) -> None:
        self._rest = b""
        self._start = 0  # of the rest, in the file

    def feed(self, piece: bytes, *, last: bool) -> str:
        """Look at a piece.

        :param piece: the next bytes; none at the end
        :param last: whether there are no more
        :returns: ``program`` where one begins; empty for nothing
        """
        content = self._rest + piece
        for found in _BEGINNING.finditer(content):
            is_at_start = (self._start + found.start()) % _SMALL_SECTOR == 0
            if self._is_program(content, found, is_at_start=is_at_start):
                return PROGRAM
        kept = min(len(content), _FARTHEST_HEADER + _SMALL_SECTOR)
        self._start += len(content) - kept
        self._rest = content[len(content) - kept :]
        return ""

    def _is_program(self, content: bytes, found: re.Match[bytes], *, is_at_start: bool) -> bool:
        if found[0] not in _MARKS:
            return is_at_start
        header = content[found.start() : found.start() + _SMALL_SECTOR]
        place = found.start() + int.from_bytes(header[60:], "little")
        if place - found.start() < _FARTHEST_HEADER and content[place : place + 4] == b"PE\0\0":
            return True
        # Letters may be so by chance: the header of DOS has to make sense.
        last_page, pages = (int.from_bytes(header[at : at + 2], "little") for at in (2, 4))
        return is_at_start and last_page < _PAGE and pages > 0
