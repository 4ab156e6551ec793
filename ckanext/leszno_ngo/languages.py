"""The languages of the product's own texts, and which of them readers of other languages get."""

from __future__ import annotations

from collections.abc import Collection

LANGUAGES = ("pl", "en")


def spoken(locale: object, offered: Collection[str] = ()) -> str:
    """Return the language of texts for a locale.

    :param locale: such as ``pl``, ``en_GB`` or ``de``: of a page, or the portal's own
    :param offered: the portal's locales (``ckan.locales_offered``); all where it is empty
    :returns: ``pl`` or ``en``. Other languages read English, which CKAN falls back to, too; where
        the portal offers none, Polish
    """
    language = str(locale)[:2]
    if language in LANGUAGES:
        return language
    has_english = not offered or any(one.startswith("en") for one in offered)
    return "en" if has_english else "pl"


def N_(text: str) -> str:  # noqa: N802
    """Mark a text for translation that is translated where it is used."""
    return text
