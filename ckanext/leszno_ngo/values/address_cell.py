"""An address that a source has in one cell, taken apart."""

from __future__ import annotations

import re

from ckanext.leszno_ngo.values.refusal import ValueRefusedError
from ckanext.leszno_ngo.values.texts import line

_POSTAL = re.compile(r"(?<!\d)(\d{2}\s?-\s?\d{3})(?!\d)")
# What stands behind the street's name, at the end of the text.
_NUMBER = re.compile(
    r"(?<=\D)[\s,]{1,9}(?:nr\s{0,9})?(?P<building>\d{1,9}\s?[A-Za-z]?)"
    r"(?:\s{0,9}(?:/|m\.?|lok\.?|lokal)\s{0,9}(?P<flat>\d{1,9}\s?[A-Za-z]?))?$",
    re.IGNORECASE,
)

# A plot of land ("dz. nr 5/12 obr. 3") is no street.
_PLOT = re.compile(r"\b(?:dz|działk\w*|obr|obręb)\b", re.IGNORECASE)


def address(value: str) -> dict[str, str]:
    """Return the parts of an address written in one cell.

    :param value: ``ul. Karasia 15/2, 64-100 Leszno``, ``64-100 Leszno, Rynek 1``,
        ``Leszno``.
    :returns: those of ``street``, ``building_number``, ``flat_number``, ``postal_code``,
        ``town`` that are there, as texts still to be brought to form.
    :raises ValueRefusedError: ``address`` when it has digits but no known shape.
    """
    whole = line(value)
    match = _POSTAL.search(whole)
    before, after = (whole[: match.start()], whole[match.end() :]) if match else ("", whole)
    pieces = [piece.strip(" ,;") for piece in re.split(r"[,;\n]", after) if piece.strip(" ,;")]
    parts = {"postal_code": match[1]} if match else {}
    if before.strip(" ,;"):
        parts |= _street_parts(before.strip(" ,;"))
        town = pieces
    elif match:
        town, rest = pieces[:1], pieces[1:]
        parts |= _street_parts(" ".join(rest)) if rest else {}
    else:
        town = [piece for piece in pieces if not re.search(r"\d", piece)][-1:]
        rest = [piece for piece in pieces if piece not in town]
        parts |= _street_parts(" ".join(rest)) if rest else {}
    if town:
        parts["town"] = " ".join(town)
    return parts


def _street_parts(value: str) -> dict[str, str]:
    match = _NUMBER.search(value)
    if match is None or _PLOT.search(value):
        if re.search(r"\d", value):
            raise ValueRefusedError("address", hidden=True)
        return {"street": value}
    found = {
        "street": value[: match.start()].strip(" ,"),
        "building_number": match["building"],
        "flat_number": match["flat"],
    }
    return {key: part for key, part in found.items() if part}
