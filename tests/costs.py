"""How the time of a call grows with the length of its input, told without any absolute seconds.

What grows with the square of the length, or worse, is found on inputs so small that finding it
takes milliseconds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import product

#: Lengths (characters) at which a call is looked at, the short ones for what grows exponentially.
LENGTHS = (18, 120, 2400)
# A length four times as great may cost this much more: 4 is linear, 8 the power 1.5, 16 the square.
# Windows of some hundred characters are told as 5 and more while they fill.
_MOST_GROWTH = 6
# What takes less than this part of a known square's time, at the last length, is no square. A
# square has to be this many times quicker here and now than the known one to slip through.
_PART = 20
_TRIES = 5
# Every one of so many judgements has to call a growth steep.
_JUDGEMENTS = 3

Call = Callable[[str], object]


def seconds(call: Call, text: str, tries: int = 1) -> float:
    """Return the least time of some calls."""
    best = float("inf")
    for _ in range(tries):
        # The thread's own time: other programs of the machine do not count.
        start = time.thread_time()
        call(text)
        best = min(best, time.thread_time() - start)
    return best


@cache
def suspicious() -> float:
    """Return the time (seconds) from which a call is worth a second look on this machine.

    It is a part of what the C code of ``re`` takes for a square, so it grows and shrinks with what
    is to be found; a look of Python's own at a character does not.
    """
    return seconds(re.compile(r" +x").search, " " * LENGTHS[-1], _TRIES) / _PART


def repeated(unit: str, length: int) -> str:
    """Return a unit repeated up to a length."""
    return (unit * (length // len(unit) + 1))[:length]


def hostile(units: Sequence[str]) -> Iterator[Callable[[int], str]]:
    """Yield makers of texts of a length: each unit and each pair, repeated, with odd ends.

    :param units: the signs and words that mean something to what is tested
    """
    for unit in units:
        yield lambda length, u=unit: repeated(u, length)
        yield lambda length, u=unit: repeated(u, length) + "\x01"
    for one, other in product(units, units):
        if one != other:
            yield lambda length, u=one + other: repeated(u, length) + "\x01"
    for first, unit in product(units, units):
        if first != unit:
            yield lambda length, f=first, u=unit: f + repeated(u, length) + "\x01"


def steep(call: Call, texts: Iterable[Callable[[int], str]]) -> list[str]:
    """Find inputs whose cost grows faster than their length.

    :param call: what is tested
    :param texts: makers of texts of a length
    :returns: the beginnings of such inputs; one is enough to stop
    """
    limit = suspicious()
    call(repeated("x", LENGTHS[0]))  # what is made once is made now
    for make in texts:
        for length in LENGTHS:
            if seconds(call, make(length)) > limit and _is_steep(call, make, length):
                return [make(length)[:40]]
    return []


def _is_steep(call: Call, make: Callable[[int], str], length: int) -> bool:
    """Judge again and again: a busy machine spoils one measurement, and not each of several."""
    # Most calls are told to be linear by this alone.
    if _growth(call, make, length, 1) < _MOST_GROWTH:
        return False
    growth = _least_growth(call, make, length)
    if growth < _MOST_GROWTH:
        return False
    # What has a bound grows steeply up to it, and a fixed cost may hide in one of the two lengths:
    # a steep one is steep at the next, too. What grows so fast that the next would take for ever
    # needs no proof.
    at_once = growth > _MOST_GROWTH * 6
    return at_once or _least_growth(call, make, length * 4) > _MOST_GROWTH


def _least_growth(call: Call, make: Callable[[int], str], length: int) -> float:
    return min(_growth(call, make, length) for _ in range(_JUDGEMENTS))


def _growth(call: Call, make: Callable[[int], str], length: int, tries: int = 2) -> float:
    """Return how many times as much a length costs as a quarter of it."""
    # The short one is measured more often: a delay in it would hide a growth.
    return seconds(call, make(length), tries) / seconds(call, make(length // 4), _TRIES)
