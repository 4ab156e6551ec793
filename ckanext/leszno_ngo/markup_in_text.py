"""Markup of HTML in a text, told from what only looks like it: `a < b`, `Jan <jan@x.pl>`, `x<y>z`.

A tag is the name of an element that there is (HTML Living Standard, obsolete ones and those of
office programs too), alone or with attributes. Everything else in angle brackets was written by
somebody and stays.
"""

from __future__ import annotations

import re

# Without `data`, which is a word of Polish before it is an element.
_ELEMENTS = """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
    blockquote body br button canvas caption center cite code col colgroup datalist dd del
    details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame
    frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins isindex kbd keygen
    label legend li link listing main map mark marquee math menu menuitem meta meter multicol nav
    nextid nobr noembed noframes noscript object ol optgroup option output p param picture plaintext
    pre progress q rb rp rt rtc ruby s samp script search section select slot small source spacer
    span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead
    time title tr track tt u ul var video wbr xml xmp
"""
_NAME = rf"(?:{'|'.join(sorted(_ELEMENTS.split(), key=len, reverse=True))}|(?:o|v|w|st1):[a-z]+)"
#: Attributes without a value; a word that is none makes `<b i c>` a sum, not a tag.
_ALONE = (
    "allowfullscreen|async|autofocus|autoplay|checked|compact|controls|default|defer|disabled|"
    "hidden|inert|ismap|itemscope|loop|multiple|muted|nomodule|noshade|novalidate|nowrap|open|"
    "playsinline|readonly|required|reversed|selected"
)
#: A tag, a comment, a declaration or an instruction.
TAG = re.compile(
    rf"</{_NAME}\s*>"
    rf"|<(?P<name>{_NAME})(?:\s*/?|[\s/]+(?:[a-z_:@.-][\w:.-]*\s*=|(?:{_ALONE})\b)[^<>]*)>"
    r"|<!(?:--[^<>]*|doctype\b[^<>]*|\[[^<>]*)>|<\?(?:xml|php|=)[^<>]*>",
    re.IGNORECASE,
)
_BREAKING = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|table|h[1-6])\b", re.IGNORECASE)
_HIDDEN_ELEMENTS = frozenset({"script", "style"})


def first(text: str) -> str:
    """Return the first tag of HTML in a text.

    :param text: any text
    :returns: the tag as it stands there; empty where there is none
    """
    found = TAG.search(text) if "<" in text else None
    return found[0] if found else ""


def without(text: str) -> str:
    """Return what a text of HTML says: no tags, nothing of scripts and styles.

    :param text: any text; a paragraph's or a list's tags become line breaks
    """
    if "<" not in text:
        return text
    kept, position, folded = [], 0, text.lower()
    if len(folded) != len(text):  # a letter that has two small ones
        folded = text
    while found := TAG.search(text, position):
        kept.append(text[position : found.start()])
        position = found.end()
        name = (found["name"] or "").lower()
        if name in _HIDDEN_ELEMENTS:
            end = folded.find(f"</{name}", position)
            position = end if end >= 0 else len(text)
        elif _BREAKING.match(found[0]):
            kept.append("\n")
    kept.append(text[position:])
    return "".join(kept)
