"""The language of the page, and texts, numbers and money in it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, polish, record_types, vocabularies
from ckanext.leszno_ngo.record_types import RecordType


def leszno_ngo_text(text: Any) -> str:
    """Return a ``{"pl": …, "en": …}`` text in the language of the page."""
    return record_types.localised(text, leszno_ngo_lang())


def leszno_ngo_lang() -> str:
    """Return the language of the page's texts, ``pl`` or ``en`` (``languages.spoken``)."""
    return config.language(tk.h.lang())


def leszno_ngo_first_sentence(text: str) -> str:
    """Return the first sentence of a text, no longer than two lines of a page."""
    return polish.first_sentence(text)


def leszno_ngo_counted(record_type: RecordType, number: int) -> str:
    """Say how many records there are, the noun in the right form."""
    return record_type.counted(number, leszno_ngo_lang())


def leszno_ngo_number(number: float) -> str:
    """Return a number as people of the page's language write it, with no more than two decimals."""
    return polish.format_number(number, leszno_ngo_lang(), polish.decimals_of(number))


def leszno_ngo_money(amount: float) -> str:
    """Return an amount of złoty for people."""
    return polish.format_money(amount, leszno_ngo_lang())


def leszno_ngo_licence(code: str) -> str:
    """Return the name of a licence of the vocabulary ``licences``."""
    return vocabularies.get("licences").label(code, leszno_ngo_lang())
