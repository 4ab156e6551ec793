"""Plural categories of CLDR."""

from __future__ import annotations


def plural_category(n: object, lang: str = "pl") -> str:
    """The CLDR plural category of a number in Polish or English.

    :param n: a whole number, or a number with a fraction (any other type of number).
    :param lang: `pl` or `en` (or a longer tag of these).
    :returns: Polish: `one` (1 organizacja), `few` (2 organizacje), `many` (5 organizacji), `other`
        (1,5 organizacji); English: `one` or `other`.
    """
    if not isinstance(n, int):
        return "other"
    count = abs(n)
    if count == 1:
        return "one"
    if lang.lower().startswith("en"):
        return "other"
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return "few" if few else "many"
