"""Texts in Markdown, shown within bounds."""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
from markupsafe import Markup, escape

# Python-Markdown takes time with the square of the brackets and the cube of the backticks of a
# text: 3000 backticks hold a process for minutes. No honest text has so many.
_MOST_SIGNS = {"[": 300, "`": 60}
_MOST_CHARACTERS = 100_000


@tk.chained_helper
def render_markdown(
    next_helper: Callable[..., Markup], data: str, auto_link: bool = True, allow_html: bool = False
) -> Markup | str:
    """Show a text in Markdown; one that would cost too much is shown as it was typed.

    :param data: the text
    :param auto_link: as CKAN's helper has it
    :param allow_html: as CKAN's helper has it
    """
    if not isinstance(data, str) or _is_affordable(data):
        return next_helper(data, auto_link, allow_html)
    return Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, data.splitlines())))


def _is_affordable(data: str) -> bool:
    has_room = len(data) <= _MOST_CHARACTERS
    return has_room and all(data.count(sign) <= most for sign, most in _MOST_SIGNS.items())
