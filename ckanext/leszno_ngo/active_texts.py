"""What texts do that programs open by how they begin, whatever they are called.

A calendar has alarms that start a program, a table in SYLK under the name of a CSV has formulas and
macros, a letter (MIME) has files in it that Word opens, the settings of a folder fetch its icon,
and a list of music what it plays.
"""

from __future__ import annotations

import re

from ckanext.leszno_ngo import file_kinds, instructions

PROGRAM = "program"
EMBEDDED = "embedded"
MACROS = "macros"
EXTERNAL = instructions.EXTERNAL

_CALENDAR = b"begin:vcalendar"
_FOLDED = re.compile(rb"\r?\n[ \t]")
_IN_CALENDARS = {
    re.compile(rb"(?:\A|\n)ACTION(?:;[^:\n]{0,200})?:\s{0,9}PROCEDURE", re.IGNORECASE): PROGRAM,
    re.compile(
        rb"(?:\A|\n)(?:ATTACH|X-[\w-]{1,60});[^:\n]{0,500}ENCODING=\"?BASE64", re.IGNORECASE
    ): EMBEDDED,
    re.compile(
        rb"(?:\A|\n)(?:ATTACH|URL|IMAGE|SOURCE|X-[\w-]{1,60})(?:;[^\n]{0,500})?:\s{0,9}"
        rb"(?:\\\\|//|file:|smb:)",
        re.IGNORECASE,
    ): EXTERNAL,
}
#: Symbolic links ([SYLK]): names and sheets of macros, and cells with formulas.
_SYLK = re.compile(rb"ID;P[A-Z0-9]{0,20}(?:;[^\r\n]{0,200})?\s{0,9}[\r\n]")
_IN_SYLK = {
    re.compile(rb"[\r\n](?:NN;N|O;(?:[A-Z]\w{0,20};){0,9}E[;\r\n])"): MACROS,
}
_CELL = re.compile(rb"[\r\n]C;[^\r\n]{0,500}?;E([^\r\n]{1,8192})")
_LETTER = re.compile(
    rb"(?:MIME-Version|From|To|Date|Subject|Message-ID|Content-Type|Received|Return-Path"
    rb"|X-[\w-]{1,60}):",
    re.IGNORECASE,
)
_OF_PARTS = re.compile(
    rb"[\r\n]?content-type:\s{0,9}(?:multipart|application|text/html)", re.IGNORECASE
)
_TEXTS = frozenset(["txt", "md", "csv", "tsv"])
_FOLDER = b"[.shellclassinfo]"
_IN_FOLDERS = {re.compile(rb"=\s{0,9}[\"@]?(?:\\\\|//|[a-z]{2,20}://)", re.IGNORECASE): EXTERNAL}
#: Lists of music and films, which programs play without asking.
_LISTS = frozenset(["m3u", "m3u8", "pls", "asx", "wax", "wmx", "wpl", "wvx", "xspf"])
_IN_LISTS = {
    re.compile(rb"(?:\A|[\r\n=\"'>])[ \t]{0,99}(?:[\\/]{2}\w|smb:|file:)", re.IGNORECASE): EXTERNAL
}
_WINDOW = 1 << 14


class Watcher:
    """Looks for marks in a text, piece by piece.

    :param marks: patterns, and the code of each
    :param are_cells: whether formulas of SYLK are looked at
    """

    def __init__(self, marks: dict[re.Pattern[bytes], str], *, are_cells: bool = False) -> None:
        self._marks, self._are_cells = marks, are_cells
        self._end = b""

    def feed(self, piece: bytes, *, last: bool) -> str:
        """Look at a piece.

        :param piece: the next bytes; none at the end
        :param last: whether there are no more
        :returns: why the file is not taken; empty for nothing
        """
        del last
        seen = self._end + piece.replace(b"\0", b"")
        self._end = seen[-_WINDOW:]
        unfolded = _FOLDED.sub(b"", seen)
        readings = (seen, unfolded)
        code = next(
            (code for mark, code in self._marks.items() if any(map(mark.search, readings))), ""
        )
        is_harmful = self._are_cells and any(
            instructions.is_harmful_formula(cell[1].decode("latin-1"))
            for cell in _CELL.finditer(unfolded)
        )
        return code or (EXTERNAL if is_harmful else "")


class _Refused:
    def feed(self, piece: bytes, *, last: bool) -> str:
        del piece, last
        return EMBEDDED


def is_calendar(plain: bytes) -> bool:
    """Whether a text is a calendar (iCalendar).

    :param plain: its beginning, as :func:`file_kinds.plain` gives it
    """
    return plain[: len(_CALENDAR)].lower() == _CALENDAR


def watcher(plain: bytes, name: str) -> Watcher | _Refused | None:
    """Return what looks at a text that begins so; none for most.

    :param plain: its beginning, as :func:`file_kinds.plain` gives it
    :param name: its name
    """
    if file_kinds.ending(name) in _LISTS:
        return Watcher(_IN_LISTS)
    if is_calendar(plain):
        return Watcher(_IN_CALENDARS)
    if _SYLK.match(plain):
        return Watcher(_IN_SYLK, are_cells=True)
    if _FOLDER in plain[:_WINDOW].lower():
        return Watcher(_IN_FOLDERS)
    is_letter = _LETTER.match(plain) and _OF_PARTS.search(plain[:_WINDOW])
    return _Refused() if is_letter and file_kinds.ending(name) not in _TEXTS else None
