"""How the time of a call grows with the length of its input, told without any absolute seconds.

What grows with the square of the length, or worse, is found on inputs so small that finding it
takes milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

#: Lengths (characters) at which a call is looked at, the short ones for what grows exponentially.
LENGTHS = (18, 120, 1200)
# A length four times as great may cost this much more: 4 is linear, 16 the square.
_MOST_GROWTH = 8
# Nothing linear takes longer for a character than so many looks at one; measured, then judged.
_SUSPICIOUS = 40
_TRIES = 5

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


def _one_look() -> float:
    """Return what a look at one character costs here and now."""
    text = "x" * 20_000
    return seconds(lambda t: [None for character in t if character == "y"], text, 7) / len(text)


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
    limit = _one_look() * _SUSPICIOUS
    call(repeated("x", LENGTHS[0]))  # what is made once is made now
    for make in texts:
        for length in LENGTHS:
            text = make(length)
            # A fixed cost is no growth: 400 characters' worth of it is let pass.
            if seconds(call, text) > limit * (length + 400) and _grows(call, make, length):
                return [text[:40]]
    return []


def _grows(call: Call, make: Callable[[int], str], length: int) -> bool:
    """Measure again, at a quarter of the length, at the length and, if need be, beyond it."""
    while True:
        before = seconds(call, make(length // 4), _TRIES)
        now = seconds(call, make(length), 2)
        if now < before * _MOST_GROWTH:
            return False
        # Seldom, a fixed cost hides in one of the two: a steep one is steep at the next, too.
        if now > before * _MOST_GROWTH * 4 or length > LENGTHS[-1]:
            return True
        length *= 4
