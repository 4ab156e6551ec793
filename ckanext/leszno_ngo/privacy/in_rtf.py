"""What a person reads in RTF, to look for words in it. Pure.

Nothing is changed there: a word may be in pieces between groups and codes of many kinds.
"""

from __future__ import annotations

import re

BEGINNING = "{\\rt"
_CODE = re.compile(
    r"\\'(?P<byte>[0-9a-fA-F]{2})"
    r"|\\u(?P<sign>-?[0-9]{1,6}) ?(?:\\'[0-9a-fA-F]{2}|[^\\{}])?"
    r"|\\(?P<word>[a-zA-Z]{1,32})(?:-?[0-9]{1,10})? ?"
    r"|(?P<space>\\[~\r\n])|[{}\r\n]"
)
_ENDING_WORDS = frozenset({"par", "line", "tab", "cell", "row", "sect", "page"})


def plain(text: str) -> str:
    """Return the words of RTF.

    :param text: RTF
    """
    return _CODE.sub(_read, text)


def _read(code: re.Match[str]) -> str:
    if code["byte"]:
        return bytes.fromhex(code["byte"]).decode("cp1250", "replace")
    if code["sign"]:
        return chr(int(code["sign"]) % 0x10000)
    return " " if code["space"] or code["word"] in _ENDING_WORDS else ""
