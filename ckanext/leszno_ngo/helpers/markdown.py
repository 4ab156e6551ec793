"""Texts in Markdown, shown within bounds, and nothing of what was typed left out."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import ckan.plugins.toolkit as tk
from markupsafe import Markup, escape

from ckanext.leszno_ngo import markup_in_text

# Python-Markdown takes time with the square of the brackets and the cube of the backticks of a
# text: 3000 backticks hold a process for minutes. No honest text has so many.
_MOST_SIGNS = {"[": 300, "`": 60}
_MOST_CHARACTERS = 100_000
# Whatever else is in angle brackets CKAN would take for a tag, and leave out: `x<y i y>z`.
_AS_IT_IS = re.compile(
    rf"{markup_in_text.TAG.pattern}|<(?:https?|ftp|mailto):[^<>\s]*>|<[^<>@\s]{{1,100}}@[^<>@\s]*>",
    re.IGNORECASE,
)
#: Stands for `<` while Markdown is read; no text has it (Unicode, noncharacters).
_LESS_THAN = "\ufdd0"


@tk.chained_helper
def render_markdown(
    next_helper: Callable[..., Markup], data: str, auto_link: bool = True, allow_html: bool = False
) -> Markup | str:
    """Show a text in Markdown; one that would cost too much is shown as it was typed.

    :param data: the text
    :param auto_link: as CKAN's helper has it
    :param allow_html: as CKAN's helper has it
    """
    if not isinstance(data, str) or allow_html and _is_affordable(data):
        return next_helper(data, auto_link, allow_html)
    if not _is_affordable(data):
        return Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, data.splitlines())))
    shown = next_helper(_without_false_tags(data), auto_link, allow_html)
    return Markup(str(shown).replace(_LESS_THAN, "&lt;"))  # noqa: S704 - as CKAN has cleaned it


@tk.chained_helper
def markdown_extract(
    next_helper: Callable[..., str], text: str, extract_length: int = 190
) -> Markup | str:
    """Return what a text in Markdown says, for a list; one that would cost too much as it is.

    :param text: the text
    :param extract_length: characters that the result may have; 0 for all
    """
    if not isinstance(text, str):
        return next_helper(text, extract_length)
    if _is_affordable(text):
        found = next_helper(_without_false_tags(text), extract_length)
        return found.replace(_LESS_THAN, "<")
    return textwrap.shorten(text, extract_length, placeholder="...") if extract_length else text


def _is_affordable(data: str) -> bool:
    has_room = len(data) <= _MOST_CHARACTERS
    return has_room and all(data.count(sign) <= most for sign, most in _MOST_SIGNS.items())


def _without_false_tags(data: str) -> str:
    """Put a sign in the place of each `<` that begins neither a tag nor an address."""
    data, kept, position = data.replace(_LESS_THAN, ""), [], 0
    for found in _AS_IT_IS.finditer(data):
        kept += [data[position : found.start()].replace("<", _LESS_THAN), found[0]]
        position = found.end()
    return "".join([*kept, data[position:].replace("<", _LESS_THAN)])
