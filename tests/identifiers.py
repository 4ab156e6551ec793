"""Random identifiers that are valid and never the same twice in a run (no CKAN needed)."""

import itertools
import random

_random = random.Random(20240429)
_sequence = itertools.count(1)


def krs() -> str:
    """A KRS number: ten digits, the first two zeros as in all that have been given."""
    return f"{900_000 + next(_sequence):010d}"


def nip() -> str:
    """A NIP with the right control digit."""
    while True:
        digits = f"{_random.randrange(1, 8)}{_random.randrange(10, 99)}{next(_sequence):06d}"
        control = _weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7))
        if control < 10:
            return f"{digits}{control}"


def regon() -> str:
    """A nine-digit REGON with the right control digit."""
    digits = f"{_random.randrange(1, 39):02d}{next(_sequence):06d}"
    return f"{digits}{_weighted(digits, (8, 9, 2, 3, 4, 5, 6, 7)) % 10}"


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
