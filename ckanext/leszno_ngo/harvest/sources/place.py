"""The municipality whose organisations are wanted.

A town's name alone is not enough: there is a municipality of Leszno in Mazowieckie,
Lesznowola beside Warsaw, and the county of Leszno (leszczyński) whose offices stand
in the city. So the voivodeship must agree, and the municipality or the county.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .headers import fold

# "M. LESZNO", "M.LESZNO", "MIASTO LESZNO", "M. ST. WARSZAWA", "GMINA …", "POWIAT …".
_PREFIX = re.compile(r"^(?:(?:m st|m|miasto|gmina|powiat)\s+)+")


@lru_cache(maxsize=8192)
def plain(name: str) -> str:
    """Return a municipality's or county's name as names are compared.

    :param name: as a register writes it: ``M. LESZNO``, ``LESZNO``.
    :returns: folded, without "m." and "miasto": ``leszno``.
    """
    return _PREFIX.sub("", fold(name))


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality to filter by.

    :param teryt: its seven-digit TERYT identifier.
    :param voivodeship: name of its voivodeship, e.g. ``wielkopolskie``.
    :param names: names by which lists call it (municipality, town).
    """

    teryt: str
    voivodeship: str
    names: tuple[str, ...]

    def holds(self, values: Mapping[str, str]) -> bool:
        """Tell whether a row's seat lies here.

        :param values: a raw row's values: ``teryt``, ``voivodeship``, ``county``,
            ``municipality``, ``town`` or ``seat`` where the source gives them.
        :returns: by TERYT where there is one; otherwise the voivodeship must agree and
            the municipality or the county be this one. A row with neither is judged by
            its town.
        """
        teryt = re.sub(r"\D", "", values.get("teryt", ""))
        if teryt:
            return teryt == self.teryt
        if fold(values.get("voivodeship", "")) != fold(self.voivodeship):
            return False
        wanted = {plain(name) for name in self.names}
        units = {plain(values.get(key, "")) for key in ("municipality", "county")} - {""}
        town = values.get("town") or values.get("seat") or ""
        return bool(wanted & (units or {plain(town)}))
