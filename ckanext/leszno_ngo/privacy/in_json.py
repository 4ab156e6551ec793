"""A person's words in JSON: in its texts and keys, however their signs are escaped. Pure.

The text of the JSON is gone through piece by piece, so that all the rest stays as it is written.
"""

from __future__ import annotations

import json
import re

from ckanext.leszno_ngo.privacy import in_markup

# A text without an end goes to the end of all, so that each character is looked at once.
_PIECE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|-?\d[\w.+-]*', re.DOTALL)


def masked(pattern: re.Pattern[str], text: str) -> str:
    """Return JSON with a mask in the place of what a pattern finds; a number becomes ``null``.

    :param pattern: what is looked for
    :param text: JSON
    """
    return _PIECE.sub(lambda piece: _masked(pattern, piece[0]), text)


def _masked(pattern: re.Pattern[str], piece: str) -> str:
    if not piece.startswith('"'):
        return "null" if pattern.search(piece) else piece
    try:
        said = json.loads(piece, strict=False)
    except ValueError:
        return piece
    altered = in_markup.masked(pattern, said)
    return piece if altered == said else json.dumps(altered, ensure_ascii="\\u" in piece)
