"""Whether content can be of a format, told by how each file of that format begins.

Only what is sure is looked at, and only in the first bytes: what no program that reads the format
would take is none of it. A table of text (CSV), a note and YAML may have any text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from itertools import dropwhile
from typing import Any
from xml.parsers import expat

#: How far from its end a cut text of JSON may seem wrong: ``fals``, ``-``, ``\\ud83d\\ude0``.
_CUT = 16
_GEOJSON = frozenset(
    ["Feature", "FeatureCollection", "GeometryCollection", "LineString", "MultiLineString"]
    + ["MultiPoint", "MultiPolygon", "Point", "Polygon"]
)
#: Roots of XML by format, without their namespaces; any other but a page's for those not here.
_ROOTS = {
    "atom": ("feed", "entry"),
    "gpx": ("gpx",),
    "kml": ("kml", "document", "folder", "placemark"),
    "rss": ("rss", "rdf"),
    "svg": ("svg",),
    "xsd": ("schema",),
}
_PAGE = "html"
# A directive, or the beginning of a statement: RDF 1.1 Turtle and TriG, Notation3. A name with a
# prefix comes after the prefix has been declared.
_IRI = r"<[^<>\"{}|^`\\\s]{0,2000}>"
_PREDICATE = r"(?:<|a\s|[\w.-]{0,99}:)"
_OF_TURTLE = re.compile(
    rf"@[a-z]|(?:PREFIX|BASE|VERSION|GRAPH)\s|{_IRI}\s{{1,99}}(?:{_PREDICATE}|\{{)|_:|<<|\("
    rf"|\[\s{{0,99}}(?:\]|{_PREDICATE})|\{{\s{{0,99}}[^\s\"]",
    re.IGNORECASE,
)
_OF_TRIPLES = re.compile(rf"(?:{_IRI}|_:\S{{1,999}})\s{{0,99}}<|#|\Z")
#: Rich text, which Word knows by its beginning under any name.
_RICH = "{\\rt"


def is_text_of(kind: str, text: str, *, is_whole: bool) -> bool:
    """Whether a text can be of a format.

    :param kind: the ending of its name
    :param text: the beginning of it
    :param is_whole: whether there is no more of it
    """
    if "\0" in text or text.startswith(_RICH):
        return False
    look = _OF_TEXTS.get(kind)
    return look is None or not text.strip() or look(text, is_whole)


def is_picture_of(kind: str, head: bytes, *, is_whole: bool) -> bool:
    """Whether content can be a picture of a format.

    :param kind: the ending of its name
    :param head: the first bytes
    :param is_whole: whether there are no more
    """
    look = _OF_PICTURES.get(kind)
    return look is None or look(head, is_whole)


def begins_as_rdf(text: str) -> bool:
    """Whether a text that begins with ``<`` does so as Turtle and its like do, and no page.

    :param text: without white space before it
    """
    return _OF_TURTLE.match(text) is not None or _OF_TRIPLES.match(text) is not None


# ---------------------------------------------------------------------------------- JSON
#: Numbers stay texts: one of many digits would cost time.
_decoder = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


def _is_json(text: str, is_whole: bool) -> bool:
    return _parsed(text, is_whole) is not _NOTHING


_NOTHING, _BEGUN = object(), object()


def _parsed(text: str, is_whole: bool) -> Any:
    """Read JSON: ``_NOTHING`` for what is none, ``_BEGUN`` for what may become some."""
    try:
        return _decoder.decode(text)
    except json.JSONDecodeError as error:
        is_cut = error.msg.startswith("Unterminated string") or error.pos >= len(text) - _CUT
        is_extra = error.msg.startswith("Extra data")
        return _BEGUN if is_cut and not is_whole and not is_extra else _NOTHING
    except RecursionError:
        return _NOTHING


def _is_object_of(types: frozenset[str]) -> Callable[[str, bool], bool]:
    def look(text: str, is_whole: bool) -> bool:
        found = _parsed(text, is_whole)
        if found is _BEGUN:
            return text.lstrip().startswith("{")
        return isinstance(found, dict) and found.get("type") in types

    return look


def _is_linked_data(text: str, is_whole: bool) -> bool:
    return text.lstrip()[0] in "{[" and _is_json(text, is_whole)


def _is_json_by_lines(text: str, is_whole: bool) -> bool:
    lines = text.split("\n")
    cut = [] if is_whole else [lines.pop()]
    return all(_is_json(line, True) for line in lines if line.strip()) and all(
        _is_json(line, False) for line in cut if line.strip()
    )


# ---------------------------------------------------------------------------------- XML
def _is_xml(kind: str) -> Callable[[str, bool], bool]:
    def look(text: str, is_whole: bool) -> bool:
        roots: list[str] = []
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")

        def begin(name: str, _attributes: Mapping[str, str]) -> None:
            roots.append(name.rpartition(" ")[2].lower())
            parser.StartElementHandler = None

        parser.StartElementHandler = begin
        try:
            parser.Parse(text.lstrip().encode(errors="replace"), is_whole)
        except (expat.ExpatError, ValueError):
            return False
        return all(root in _ROOTS[kind] if kind in _ROOTS else root != _PAGE for root in roots)

    return look


# ---------------------------------------------------------------------------------- other texts
def _is_turtle(text: str, _is_whole: bool) -> bool:
    lines = dropwhile(lambda line: not line or line.startswith("#"), map(str.strip, _lines(text)))
    first = " ".join(lines)
    return not first or _OF_TURTLE.match(first) is not None


def _is_triples(text: str, is_whole: bool) -> bool:
    lines = _lines(text)
    whole = lines if is_whole else lines[:-1]
    return all(_OF_TRIPLES.match(line.strip()) for line in whole)


def _lines(text: str) -> list[str]:
    return text.replace("\r", "\n").split("\n")


def _is_calendar(text: str, _is_whole: bool) -> bool:
    return text.lstrip().upper().startswith("BEGIN:VCALENDAR")


_OF_TEXTS: dict[str, Callable[[str, bool], bool]] = {
    "json": _is_json,
    "geojson": _is_object_of(_GEOJSON),
    "topojson": _is_object_of(frozenset(["Topology"])),
    "jsonld": _is_linked_data,
    **dict.fromkeys(("jsonl", "ndjson"), _is_json_by_lines),
    **{kind: _is_xml(kind) for kind in ("xml", "rdf", "gml", *_ROOTS)},
    **dict.fromkeys(("ttl", "trig", "n3"), _is_turtle),
    **dict.fromkeys(("nt", "nq"), _is_triples),
    "ics": _is_calendar,
}


# ---------------------------------------------------------------------------------- pictures
_SCREEN = 13
_BLOCKS = (b"\x21", b"\x2c", b"\x3b")


def _is_gif(head: bytes, _is_whole: bool) -> bool:
    """Whether a block follows the screen's description and its colours (GIF89a, 17 to 20)."""
    if len(head) < _SCREEN or not head.startswith((b"GIF87a", b"GIF89a")):
        return False
    flags = head[10]
    first = _SCREEN + (3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0)
    return head[first : first + 1] in _BLOCKS


_BIG_TIFF = 43
_TYPES = frozenset(range(1, 19))


def _is_tiff(head: bytes, is_whole: bool) -> bool:
    """Whether there is a first directory with entries of a type that there is (TIFF 6, 2)."""
    order: Any = {b"II": "little", b"MM": "big"}.get(head[:2])
    if order is None:
        return False

    def number(start: int, length: int) -> int:
        return int.from_bytes(head[start : start + length], order)

    is_big = number(2, 2) == _BIG_TIFF
    place, count, entry = (number(8, 8), 8, 20) if is_big else (number(4, 4), 2, 12)
    if place + count + entry > len(head):
        return not is_whole  # it may be behind what is looked at
    first = place + count
    seen = min(number(place, count), (len(head) - first) // entry)
    return any(number(first + n * entry + 2, 2) in _TYPES for n in range(seen))


def _is_png(head: bytes, _is_whole: bool) -> bool:
    return head[8:16] == b"\0\0\0\x0dIHDR"


_OF_PICTURES: dict[str, Callable[[bytes, bool], bool]] = {
    "gif": _is_gif,
    "png": _is_png,
    **dict.fromkeys(("tif", "tiff"), _is_tiff),
}
