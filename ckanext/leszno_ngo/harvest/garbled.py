"""Texts that lost their letters between two programs: wrong encodings, ``?`` for letters. Pure.

A text is told by what no Polish text has: UTF-8 read as an 8-bit encoding (``Ä…``, ``Ĺ‚``), also
twice; letters replaced by a question mark; signs of one 8-bit encoding read as another
(``Le¶na``); escapes of a program or a mail in the place of letters. (Entities of a web page are no
loss: ``text.clean`` reads them.)
"""

from __future__ import annotations

import re
from functools import cache

_REPLACED = "\N{REPLACEMENT CHARACTER}"
_SIGNS_OF_POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–" + _REPLACED
# How the first byte of a Polish letter looks, read once by mistake: these are read again.
_READ_ONCE = "ÃÄÅĂĹâ"
# The encodings that UTF-8 is read by mistake as.
_MISTAKEN = ("cp1252", "cp1250", "latin-1", "iso-8859-2", "cp852")

# Signs that letters become, never met inside a word: C1 control characters and the like.
_SIGNS = "\x80-\x9f¡¤¥¦§¨©¬¯±¶¹¿£¼½¾³†‡˘˝ˇˆ"
_LETTER = rf"(?:(?![{_SIGNS}])[^\W\d_])"
_QUESTION_MARK = re.compile(rf"{_LETTER}\?+{_LETTER}|(?<![\w?])\?+(?={_LETTER}{{2}})")
_SIGN = re.compile(
    rf"{_LETTER}[{_SIGNS}]+{_LETTER}|(?<!\w)[{_SIGNS}](?={_LETTER}{{3}})"
    rf"|{_LETTER}{{3}}[\x80-\x9f¹³±¶¿¯¼]+(?!\w)"
)
_ESCAPE = re.compile(
    r"\\u0[01][0-9a-f]{2}|=C[345]=[89AB][0-9A-F]|%C[345]%[89AB][0-9A-F]", re.IGNORECASE
)
_ADDRESS = re.compile(r"://|^www\.|\.[a-z]{2,}[/?]", re.IGNORECASE)


def is_garbled(text: str) -> bool:
    """Tell whether a text has lost letters on its way.

    :param text: a text as a source gave it, before anything is cleaned from it
    :returns: False also for web addresses, where ``?`` and ``%`` have a meaning
    """
    if text.isascii() and not any(sign in text for sign in "?\\=%"):
        return False
    return any(_is_garbled_word(word) for word in text.split(" ") if word)


def _is_garbled_word(word: str) -> bool:
    if _REPLACED in word:
        return True
    if not _ADDRESS.search(word) and (_QUESTION_MARK.search(word) or _ESCAPE.search(word)):
        return True
    return bool(_SIGN.search(word) or _misread().search(word))


@cache
def _misread() -> re.Pattern[str]:
    """Return a pattern of what Polish letters in UTF-8 look like, read as something else."""
    signs = _SIGNS_OF_POLISH + _READ_ONCE
    found = {_read_as(encoding, sign) for sign in signs for encoding in _MISTAKEN}
    return re.compile("|".join(map(re.escape, sorted(found))))


def _read_as(encoding: str, text: str) -> str:
    """Return UTF-8 read as an 8-bit encoding; a byte that it does not know is kept as it is."""
    return "".join(_letter(encoding, byte) for byte in text.encode())


@cache
def _letter(encoding: str, byte: int) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)
