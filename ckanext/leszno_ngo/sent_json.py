"""JSON that somebody sends, read within bounds: the one reader of it.

``json.loads`` raises what its callers do not expect: ``RecursionError`` for deep data, a
``ValueError`` of its own for numbers of thousands of digits; and it takes what JSON has not
(``NaN``) and texts that no database keeps (NUL, halves of surrogate pairs). What the portal itself
has written is read with ``json.loads``.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from ckanext.leszno_ngo import bounds

#: How deep lists and objects may be in each other.
DEEPEST = 50
#: Digits of a whole number; no column and no field takes more.
_DIGITS = 400
#: What no text has.
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class SentJsonError(ValueError):
    """What was sent is no JSON, or passes a bound."""


def read(text: str | bytes, most: int | None = bounds.LISTED) -> Any:
    """Read JSON that somebody sent.

    :param text: what was sent
    :param most: the most characters that are looked at; ``None`` where the road has a bound
    :raises json.JSONDecodeError: it is no JSON; the error tells the line
    :raises SentJsonError: it is too long, lists and objects are more than 50 deep in each other, a
        number has more than 400 digits or is none of JSON, or a text has a NUL or half of a
        surrogate pair
    """
    if most is not None and len(text) > most:
        raise SentJsonError("too long")
    try:
        said = json.loads(text, parse_int=_whole_number, parse_constant=_no_number)
    except RecursionError as error:
        raise SentJsonError("too deep") from error
    if brackets(text) > DEEPEST and is_nested(said):
        raise SentJsonError("too deep")
    if isinstance(text, str) and (NO_TEXT.search(text) or _has_no_text(said, text)):
        raise SentJsonError("a character that no text has")
    return said


def listed(value: Any) -> list[Any]:
    """Return a list, also one that is written as JSON.

    :param value: a list, or a text
    :raises ValueError: it is neither a list nor the JSON of one, or as :func:`read`
    """
    said = read(value) if isinstance(value, (str, bytes)) else value
    if not isinstance(said, list):
        raise SentJsonError("no list")
    return said


def is_nested(data: Any) -> bool:
    """Whether lists and objects are deeper in each other than anything reads.

    :param data: as JSON gives it
    """
    level = [data]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in inside(value)]
    return bool(level)


def inside(value: Any) -> list[Any]:
    """Return what is in a list or an object; nothing for other values.

    :param value: as JSON gives it
    """
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """Return every text in a value, names of objects too.

    :param value: as JSON gives it, not deeper than :func:`is_nested` says
    """
    found, level = [], [value]
    while level:
        found += [one for one in level if isinstance(one, str)]
        found += [name for one in level if isinstance(one, dict) for name in one]
        level = [inner for one in level for inner in inside(one)]
    return found


def brackets(text: str | bytes) -> int:
    """Count the lists and objects that begin in a text: a bound of their depth.

    :param text: of JSON
    """
    if isinstance(text, bytes):
        return text.count(b"[") + text.count(b"{")
    return text.count("[") + text.count("{")


def _has_no_text(said: Any, text: str) -> bool:
    # Whole pairs are written so, too, and are looked at more closely.
    return bool(_ESCAPED.search(text)) and any(map(NO_TEXT.search, texts(said)))


def _whole_number(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise SentJsonError("a number with too many digits")
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise SentJsonError(f"{name} is no number of JSON")
