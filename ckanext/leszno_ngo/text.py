"""Texts from outside made safe: for the catalogue, and for a spreadsheet's cell.

Harvested strings are hostile until cleaned; what is cleaned here is still plain text, which
templates escape as any other.
"""

from __future__ import annotations

import html
import re
import unicodedata

from . import markup_in_text
from .polish.words import normalised

_LINE_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# What ends a line, controls a terminal or stands in no XML.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAKS = re.compile(r" ?\n ?")
_MANY_BREAKS = re.compile(r"\n{3,}")
# Control, format (bidi overrides, zero-width), surrogate, private and unassigned characters.
_UNWANTED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_ESCAPE_ROUNDS = 4
# With its semicolon alone: "?id=5&section=3" has no section sign in it.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe63\u2212|%"
_EQUALS = "=\uff1d"
#: Separators of the usual spreadsheets, then those that are chosen when a file is opened, each
#: alone: a formula may have the others in it (`+cmd|' /C calc'!A0`, `A:A`).
_SEPARATORS = (";,\t\r\n", "|", ":", "^", "~")
#: What follows a separator inside a cell, and begins as a formula does.
_PARTS = {
    separators: re.compile(
        f'([{re.escape(separators)}][" \u00a0]*)'
        "([=+\\-@\uff1d\uff0b\uff0d\uff20\ufe63\u2212])"
        f"([^{re.escape(separators)}\r\n]*)"
    )
    for separators in _SEPARATORS
}
# What makes a part behind `+`, `-` or `@` a formula. `opiekun(ka)` and `Pan(i)` are none: a name
# alone as an argument gives nothing.
_CALL = re.compile(
    r"""
    [^\W\d]\d{0,3}\( [-+\s({@%]{0,20} (?:      # a function, and what its arguments begin with:
        ["'$\[)]                              # a text, a fixed cell, another file, nothing
        | [\d\s.+*/^&-]{1,40} \) \s{0,9} (?:$|[-+*/&^=<>)])      # numbers alone
        | [A-Za-z]{1,3} (?: \$?\d{1,7}(?![^\W_]) | :\$?[A-Za-z]{1,3}\b )      # a cell, columns
        | [^\W\d][\w.]{0,60} \s{0,3} [(&]     # another function, a name that is put together
    )
    | \A[^|]*\|.*![\w'$]                      # a program (`cmd|topic!item`)
    | \A[^|]*\|\s{0,9}'
    | !\$?[A-Za-z]{1,3}\$?\d                   # a cell of another sheet
    """,
    re.VERBOSE,
)
_ARGUMENTS = re.compile("[;,\t]")
_NAME_OF_CALL = re.compile(r"[^\W\d]\d{0,3}\(")
_PLAIN_NUMBER = re.compile(r"-\d+(?:[.,]\d+)?")


def clean(value: str | None, max_length: int, *, lines: bool = False) -> str:
    """A text without anything but words and spaces.

    :param value: a text from outside, or None.
    :param max_length: the most characters the result may have; a longer text is cut and ends
        with an ellipsis.
    :param lines: keep line breaks (never more than one empty line) instead of turning them
        into spaces.
    :returns: NFC text without control characters, NUL, bidi overrides, zero-width characters,
        tags of HTML (the content of script and style goes too) and surplus white space; entities
        such as `&quot;` become their characters. What only looks like a tag stays
        (``markup_in_text``). Empty when nothing is left.
    """
    if not value:
        return ""
    # What hides in a tag goes before tags are looked for, or "<\u200b?>" would become one.
    text = _without_markup(_printable(value[: most_read(max_length)]))
    text = normalised("NFC", text)
    text = _SPACES.sub(" ", text)
    if lines:
        text = _MANY_BREAKS.sub("\n\n", _AROUND_BREAKS.sub("\n", text))
    else:
        text = " ".join(text.split())
    return _cut(text.strip(), max_length)


def most_read(max_length: int) -> int:
    """Return how much of a text :func:`clean` reads: markup takes room, but never without bound.

    :param max_length: the most characters that the result may have
    """
    return max_length * 8 + 1000


def one_line(value: str) -> str:
    """Return a name or a title as one line: what breaks a line or controls a terminal is a space.

    :param value: a text of bounded length
    :returns: the text as it is where it has no such character, else with single spaces
    """
    return " ".join(_CONTROL.sub(" ", value).split()) if _CONTROL.search(value) else value


def markup(value: str) -> str:
    """Return the first tag of HTML in a text that somebody typed.

    :param value: a text of bounded length
    :returns: the tag, entities read; empty where :func:`clean` loses none
    """
    text = _printable(value)
    for _ in range(_ESCAPE_ROUNDS):
        found = markup_in_text.first(text)
        if found or "&" not in text:
            return found
        text = _ENTITY.sub(_character, text)
    return markup_in_text.first(text)


def _printable(text: str) -> str:
    return "".join(filter(_is_wanted, _LINE_BREAK.sub("\n", text)))


def _is_wanted(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in _UNWANTED


def _without_markup(text: str) -> str:
    for _ in range(_ESCAPE_ROUNDS):
        before = text
        text = _ENTITY.sub(_character, text) if "&" in text else text
        text = markup_in_text.without(text)
        if text == before:
            break
    return text


def _character(entity: re.Match[str]) -> str:
    return _printable(html.unescape(entity[0]))


def _cut(text: str, max_length: int) -> str:
    if len(text) <= max_length:
        return text
    return text[: max(max_length - 1, 0)].rstrip() + "…" if max_length else ""


def safe_cell(value: object) -> str:
    """A spreadsheet's cell that no spreadsheet takes for a formula (OWASP, CSV injection).

    :param value: what the cell is to show; None is an empty cell.
    :returns: the text without control characters. One that begins, after any white space, with
        a character that may start a formula (`=`, `+`, `-`, `@`, their full-width variants) gets an
        apostrophe in front; a plain negative number stays a number. For parts see
        :func:`without_formulas_inside`.
    """
    if value is None:
        return ""
    raw = str(value)
    # What is printable has none of the unwanted characters: no need to look at each of them.
    text = raw if raw.isprintable() else "".join(filter(_is_wanted, _LINE_BREAK.sub("\n", raw)))
    text = without_formulas_inside(text)
    body = text.lstrip()
    risky = body[:1] in _FORMULA_STARTS or raw[:1] in ("\t", "\r", "\n")
    if body and risky and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def without_formulas_inside(text: str) -> str:
    """A cell's text of which no part is a formula for a program that splits it.

    A spreadsheet that expects semicolons makes cells of the parts of `x;=1+1` in a file with
    commas, whatever quotes are around it, and rows of its lines; so does one that is told to part
    cells at `|`, `:`, `^` or `~`.

    :param text: what a cell holds
    :returns: the text with an apostrophe before each part that would be worked out: with `=` in
        front, or with `+`, `-` or `@` and a call in it (`SUM(A1`, `cmd|…!`). Phone numbers,
        dashes of lists, endings in brackets (`opiekun(ka)`) and the like stay.
    """
    for separators, part in _PARTS.items():
        if len(separators) > 1 or separators in text:
            text = part.sub(_defused, text)
    return text


def _defused(found: re.Match[str]) -> str:
    before, sign, rest = found.groups()
    runs = any(map(str.isalnum, rest)) if sign in _EQUALS else _has_call(rest)
    return f"{before}'{sign}{rest}" if runs else found[0]


def _has_call(part: str) -> bool:
    # Behind every separator a call ends at its first argument (`IF(TRUE`), as it does for programs
    # that part cells there.
    return any(map(_is_cut_call, _ARGUMENTS.split(part))) or bool(_CALL.search(part))


def _is_cut_call(piece: str) -> bool:
    return piece.count("(") > piece.count(")") and bool(_NAME_OF_CALL.search(piece))
