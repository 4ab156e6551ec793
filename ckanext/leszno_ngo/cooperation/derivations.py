"""Rules of derived values: the spheres of public tasks."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.leszno_ngo.cooperation import spheres as rules


def spheres(name: Sequence[str], aims: Sequence[str], pkd: Sequence[str]) -> list[str]:
    """Return the codes of the spheres that a body's name, aims and activities stand for."""
    return rules.derive(next(iter(name), ""), " ".join(aims), list(pkd))
