"""What pictures, pages and documents do when somebody opens them in a program of their own.

An SVG is a page with scripts, a document fetches its template or starts a program through a field
(DDE), a table reads other tables. XML is read by its namespaces, so that neither the name of a file
nor that of a part of a document hides anything; HTML, which is no XML, by its tags.
"""

from __future__ import annotations

import binascii
import html
import re
import zlib
from collections.abc import Mapping
from typing import Any, Protocol
from xml.parsers import expat

from ckanext.leszno_ngo import (
    active_texts,
    compound_files,
    file_kinds,
    instructions,
    office_xml,
    rich_text,
    word_fields,
)

#: A picture or a page that runs something or fetches something.
ACTIVE = office_xml.ACTIVE
EXTERNAL = instructions.EXTERNAL
EMBEDDED = office_xml.EMBEDDED
PROGRAM = office_xml.PROGRAM
DAMAGED = "damaged"

_SVG = "http://www.w3.org/2000/svg"
_HTML = "http://www.w3.org/1999/xhtml"
_PAGE_SPACES = frozenset(
    [_SVG, _HTML, "http://www.w3.org/1998/Math/MathML"]
    + ["http://www.mozilla.org/keymaster/gatekeeper/there.is.only.xul"]
)
_TRANSFORMATIONS = "http://www.w3.org/1999/XSL/Transform"
#: Roots that make a page or a picture, whatever the namespace is.
_PAGES = frozenset(["svg", "html", "math"])
#: Roots of maps and feeds, whose texts are shown as HTML.
_WITH_HTML = frozenset(["kml", "gpx", "rss", "feed", "RDF"])

_RUNNING = frozenset(
    ["script", "foreignobject", "iframe", "frame", "object", "embed", "applet", "handler"]
    + ["listener", "form", "base", "portal"]
)
_ADDRESSES = frozenset(["href", "src", "action", "formaction", "data", "poster", "background"])
_ANIMATED = frozenset(["to", "from", "by", "values"])
_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_STYLE = re.compile(
    r"@import|expression\(|image-set\(\s*['\"]"
    r"|(?:url|src)\(\s*(?:['\"]\s*)?(?!#|data:)[^'\"#\s)]",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|([^0-9a-f\n]))", re.IGNORECASE)
#: Functions of XSLT that fetch.
_FETCHED = re.compile(
    r"(?:document|doc|unparsed-text|collection)\(\s*['\"](?:https?:|ftp:|file:|//|\\\\)",
    re.IGNORECASE,
)
_LONGEST_ENTITY = 200
_LONGEST_STYLE = 1 << 20

#: What pages of HTML do, as their tags say it.
_IN_HTML = re.compile(
    r"<(?:script|iframe|frame|object|embed|applet|form|base|svg)\b|(?:java|vb)script\s*:"
    r"|[\s\"'/]on[a-z]{3,24}\s*=|http-equiv\s*=\s*(?:[\"']\s*)?refresh"
    r"|\b(?:src|srcset|background|data|poster)\s*=\s*(?:[\"']\s*)?(?:https?:|ftp:|file:|[/\\]{2})"
    r"|<link\b[^<>]{0,500}\bhref\s*=\s*(?:[\"']\s*)?(?:https?:|ftp:|file:|[/\\]{2})"
    r"|@import|\burl\(\s*(?:[\"']\s*)?(?:https?:|ftp:|file:|[/\\]{2})"
    # Tables for Excel, and macros of Word.
    r"|<t[dh]\b[^<>]{0,300}>\s*=[^<>]{0,300}\|[^<>]{0,300}!|\beditdata\.mso"
    r"|<odc:OfficeDataConnection\b",
    re.IGNORECASE,
)
#: What runs in HTML in a text of a map or a feed; pictures of others do not.
_IN_TEXTS = re.compile(
    r"<(?:script|iframe|frame|object|embed|applet|form|base|svg|meta)\b"
    r"|=\s*(?:[\"']\s*)?(?:java|vb)script\s*:|<[a-z][^<>]{0,1500}[\s\"'/]on[a-z]{3,24}\s*=",
    re.IGNORECASE,
)
_HTML_BEGINS = re.compile(rb"<(?:!doctype\s{1,9}html|html|head|body|script)\b", re.IGNORECASE)
_HTML_ENDINGS = frozenset(["htm", "html", "shtm", "shtml", "xht", "xhtml"])
_WINDOW = 1 << 11
_LONGEST_TEXT = 1 << 16
#: How files begin that an office document in XML has no business with in it.
_UNTOLD = (
    compound_files.OLE,
    b"PK",
    b"ActiveMime",
    b"MSCF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"MIME-Version",
)
#: How pictures of Windows begin (WMF).
_METAFILES = (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00")
_DEEPEST = 3
_MOST_NAMES = 1_000
_NAMED_UTF16 = re.compile(
    rb"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"'](?:utf-?16|ucs-?2)", re.IGNORECASE
)
_UNKNOWN_ENCODINGS = frozenset(
    expat.errors.codes[one]
    for one in (
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
    )
)


class Watcher(Protocol):
    """Looks at the content of a file, piece by piece."""

    def feed(self, piece: bytes, *, last: bool) -> str:
        """Look at a piece.

        :param piece: the next bytes; none at the end
        :param last: whether there are no more
        :returns: why the file is not taken; empty for nothing
        """
        ...


def watchers(head: bytes, name: str, depth: int = 0) -> list[Watcher]:
    """Return what looks at a file that begins so.

    :param head: its first bytes
    :param name: its name
    :param depth: in how many others, written in letters, it is
    """
    found: list[Watcher] = []
    plain = file_kinds.plain(head)
    if plain.startswith(b"<"):
        found.append(_Xml(head, depth))
    if head.startswith(compound_files.OLE):
        found.append(compound_files.Watcher())
    if plain.startswith(b"{\\rt"):  # under any name: Word tells RTF by its beginning
        found.append(rich_text.Watcher())
    if text := active_texts.watcher(plain, name):
        found.append(text)
    if active_texts.is_calendar(plain):
        found.append(_Html(_IN_TEXTS))
    if file_kinds.ending(name) in _HTML_ENDINGS or _HTML_BEGINS.match(plain):
        found.append(_Html(_IN_HTML))
    return found


class _FoundError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Kept(Protocol):
    """What the text of an element is given to."""

    def add(self, text: str) -> str:
        """Take a piece, and return why the file is not taken; empty for nothing."""
        ...

    def end(self) -> str:
        """Return why the file is not taken, of the whole text."""
        ...


class _Text:
    """Text that is judged as a whole."""

    def __init__(self, judge: office_xml.Judge, longest: int, code: str) -> None:
        self._judge, self._longest, self._code = judge, longest, code
        self._pieces: list[str] = []
        self._length = 0

    def add(self, text: str) -> str:
        self._length += len(text)
        self._pieces.append(text)
        return self._code if self._length > self._longest else ""

    def end(self) -> str:
        return self._judge("".join(self._pieces))


class _FieldText:
    """A piece of a field of Word."""

    def __init__(self, fields: word_fields.Fields) -> None:
        self._fields = fields

    def add(self, text: str) -> str:
        self._fields.add(text)
        return ""

    def end(self) -> str:
        return ""


class _Encoded:
    """A file in letters (base64)."""

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._rest, self._head = "", b""
        self._watchers: list[Watcher] | None = None

    def add(self, text: str) -> str:
        letters = self._rest + re.sub(r"[^A-Za-z0-9+/]", "", text)
        whole = len(letters) // 4 * 4
        self._rest = letters[whole:]
        return self._look(binascii.a2b_base64(letters[:whole]), last=False)

    def end(self) -> str:
        end = self._rest[: len(self._rest) // 2 * 2 or None] if len(self._rest) > 1 else ""
        return self._look(binascii.a2b_base64(end + "=" * (-len(end) % 4)), last=True)

    def _look(self, piece: bytes, *, last: bool) -> str:
        if self._watchers is None:
            self._head += piece
            if not last and len(self._head) < _WINDOW:
                return ""
            piece = self._head
            is_untold = piece.startswith(_UNTOLD) or _is_packed(piece)
            if is_untold or self._depth >= _DEEPEST:
                return EMBEDDED
            if piece and file_kinds.is_executable(piece):
                return PROGRAM
            self._watchers = watchers(piece, "", self._depth + 1)
        return next(filter(None, (one.feed(piece, last=last) for one in self._watchers)), "")


def _is_packed(head: bytes) -> bool:
    """Whether a file is packed (gzip) and no picture of Windows, which Word keeps packed."""
    if not head.startswith(b"\x1f\x8b"):
        return False
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _WINDOW)
    except zlib.error:
        return True
    return not (unpacked.startswith(_METAFILES) or unpacked[40:44] == b" EMF")


class _Texts:
    """All the texts of a map or a feed, in which there may be HTML."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def add(self, text: str) -> str:
        self._pieces.append(text)
        self._length += len(text)
        return self.end() if self._length > _LONGEST_TEXT else ""

    def end(self) -> str:
        seen = "".join(self._pieces)
        self._pieces, self._length = [seen[-_WINDOW:]], 0
        return ACTIVE if _IN_TEXTS.search(seen) else ""


def _refuse(code: str) -> None:
    if code:
        raise _FoundError(code)


class _Xml:
    """Reads XML as far as it is any, by the namespaces of its elements."""

    def __init__(self, head: bytes, depth: int) -> None:
        # Some programs read a text of bytes that says it is of pairs of them.
        is_misnamed = _NAMED_UTF16.match(head.removeprefix(b"\xef\xbb\xbf")) is not None
        self._parser = expat.ParserCreate("utf-8" if is_misnamed else None, " ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity
        self._parser.StartDoctypeDeclHandler = self._grammar
        self._parser.ProcessingInstructionHandler = self._instruction
        self._depth = depth
        self._ends = False
        self._root = ""
        self._without_rules: set[str] = set()
        self._is_page = self._is_known = False
        self._kept: _Kept | None = None
        self._level = 0  # of elements in the one whose text is kept
        self._texts: _Texts | None = None
        self._fields = word_fields.Fields()

    def feed(self, piece: bytes, *, last: bool) -> str:
        if self._ends:
            return ""
        try:
            self._parser.Parse(piece, last)
        except _FoundError as found:
            return found.code
        except (expat.ExpatError, LookupError, ValueError) as error:
            self._ends = True
            # What a program makes of a broken picture nobody knows; broken data are only broken.
            is_unread = getattr(error, "code", None) in (None, *_UNKNOWN_ENCODINGS)
            return DAMAGED if self._is_known or is_unread else self._at_end()
        return self._at_end() if last else ""

    def _at_end(self) -> str:
        if self._fields.are_harmful():
            return EXTERNAL
        return self._texts.end() if self._texts else ""

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        if full in self._without_rules and not self._is_page:  # most of what there is in data
            if attributes:
                _refuse(office_xml.of_any(full.rpartition(" ")[2], attributes))
            if self._kept is not None:
                self._level += 1
            return
        space, _, name = full.rpartition(" ")
        if not self._root:
            self._see_root(space, name)
        space = self._space(space)
        self._look(space, name, attributes)
        kept = self._keeper(space, name)
        if self._kept is not None:
            self._level += 1
        elif kept is not None:
            self._kept, self._level = kept, 0
        elif not self._has_rules(space) and len(self._without_rules) < _MOST_NAMES:
            self._without_rules.add(full)

    def _has_rules(self, space: str) -> bool:
        is_of_page = self._is_page or space in _PAGE_SPACES or space == _TRANSFORMATIONS
        return is_of_page or office_xml.has_rules(space)

    def _look(self, space: str, name: str, attributes: Mapping[str, str]) -> None:
        if space == _TRANSFORMATIONS:
            self._is_page = True  # what it makes is a page, too
            _of_transformation(name, attributes)
        elif self._is_page or space in _PAGE_SPACES:
            _of_page(name.lower(), attributes)
        else:
            self._is_known = self._is_known or office_xml.has_rules(space)
            _refuse(office_xml.of_element(space, name, attributes))
            if name == "fldChar" and space in office_xml.WORD:
                for value in attributes.values():
                    self._fields.mark(value)

    def _see_root(self, space: str, name: str) -> None:
        self._root = name
        _refuse(office_xml.of_root(space, name))
        self._is_page = name.lower() in _PAGES
        # Much of HTML is no XML.
        self._is_known = self._is_page and name.lower() != "html"
        if name in _WITH_HTML:
            self._texts = _Texts()
        if space in office_xml.TABLES:
            self._look_at_formulas_alone()

    def _space(self, space: str) -> str:
        """Return the namespace of an element; that of its root where it has none of those known."""
        return space if self._has_rules(space) else office_xml.space_by_root(self._root) or space

    def _keeper(self, space: str, name: str) -> _Kept | None:
        if name == "style" and (self._is_page or space in _PAGE_SPACES):
            return _Text(_of_style, _LONGEST_STYLE, ACTIVE)
        if space in office_xml.WORD and (
            name in ("instrText", "delInstrText") or (name == "t" and self._fields.are_open())
        ):
            return _FieldText(self._fields)
        if office_xml.holds_file(space, name):
            return _Encoded(self._depth)
        judge = office_xml.judge_of(space, name)
        return _Text(judge, instructions.LONGEST_FORMULA, EXTERNAL) if judge else None

    def _text(self, text: str) -> None:
        if self._texts is not None:
            _refuse(self._texts.add(text))
        if self._kept is not None:
            _refuse(self._kept.add(text))

    def _end(self, _full: str) -> None:
        if self._kept is None:
            return
        if self._level:
            self._level -= 1
            return
        kept, self._kept = self._kept, None
        _refuse(kept.end())

    def _look_at_formulas_alone(self) -> None:
        """Have the parser give formulas alone; cells are many."""
        self._is_known = True
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start_in_table
        self._parser.EndElementHandler = self._parser.CharacterDataHandler = None

    def _start_in_table(self, full: str, attributes: list[str]) -> None:
        if full in office_xml.FORMULAS:
            self._kept = _Text(office_xml.of_formula, instructions.LONGEST_FORMULA, EXTERNAL)
            self._parser.CharacterDataHandler = self._text
            self._parser.EndElementHandler = self._end_formula
        elif full in office_xml.SOURCES_OF_TABLES:
            raise _FoundError(EXTERNAL)
        elif not full.startswith(office_xml.TABLES):
            space, _, name = full.rpartition(" ")
            if space in _PAGE_SPACES or space == _TRANSFORMATIONS:
                raise _FoundError(ACTIVE)
            named = dict(zip(attributes[::2], attributes[1::2], strict=True))
            _refuse(office_xml.of_element(space, name, named))

    def _end_formula(self, _full: str) -> None:
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        kept, self._kept = self._kept, None
        _refuse(kept.end() if kept else "")

    def _entity(self, *declared: Any) -> None:
        value, system = declared[2], declared[4]
        if system or value is None or len(value) > _LONGEST_ENTITY or set("<&%") & set(value):
            raise _FoundError(ACTIVE)

    def _grammar(self, _root: str, system: str | None, *_others: Any) -> None:
        _refuse(office_xml.of_grammar(system))

    def _instruction(self, target: str, data: str) -> None:
        _refuse(office_xml.of_instruction(target, data))


def _of_style(text: str) -> str:
    """Look at a style, as it stands and with escapes written out."""

    def plain(escape: re.Match[str]) -> str:
        code = int(escape[1], 16) if escape[1] else 0
        return chr(code) if 0 < code < 0x110000 else (escape[2] or "")

    bare = _COMMENT.sub("", text)
    readings = (text, bare, _ESCAPE.sub(plain, bare))
    return ACTIVE if any(map(_STYLE.search, readings)) else ""


def _of_page(name: str, attributes: Mapping[str, str]) -> None:
    if name in _RUNNING:
        raise _FoundError(ACTIVE)
    for full, value in attributes.items():
        attribute = full.rpartition(" ")[2].lower()
        if attribute.startswith("on") or (attribute == "base" and instructions.is_remote(value)):
            raise _FoundError(ACTIVE)
        if attribute == "http-equiv" and value.strip().lower() == "refresh":
            raise _FoundError(ACTIVE)
        if attribute == "attributename" and _is_never_animated(value):
            raise _FoundError(ACTIVE)
        if attribute in _ADDRESSES or attribute in _ANIMATED:
            _check_address(name, attribute, value)
        if attribute == "srcset" and any(map(instructions.is_remote, re.split(r"[\s,]+", value))):
            raise _FoundError(ACTIVE)
        if attribute == "style" or "(" in value:
            _refuse(_of_style(value))


def _is_never_animated(attribute: str) -> bool:
    name = attribute.strip().lower().rpartition(":")[2]
    return name in _ADDRESSES or name == "base" or name.startswith("on")


def _of_transformation(name: str, attributes: Mapping[str, str]) -> None:
    if attributes.get("disable-output-escaping", "").lower() == "yes":
        raise _FoundError(ACTIVE)
    made = attributes.get("name", "").lower() if name in ("element", "attribute") else ""
    if made.rpartition(":")[2] in _RUNNING or made.startswith("on") or "{" in made:
        raise _FoundError(ACTIVE)
    if name in ("import", "include") and instructions.is_remote(attributes.get("href", "")):
        raise _FoundError(ACTIVE)
    if any(map(_FETCHED.search, attributes.values())):
        raise _FoundError(ACTIVE)


def _check_address(name: str, attribute: str, value: str) -> None:
    # Browsers leave out line breaks and tabs.
    address = re.sub(r"[\x00-\x20]", "", value)
    if not address or address.startswith("#") or _EMBEDDED.match(address):
        return
    if attribute in _ANIMATED:  # of an animation: numbers, unless they are scripts
        if re.search(r"(?:java|vb)script:|data:", address, re.IGNORECASE):
            raise _FoundError(ACTIVE)
        return
    if name == "a" and not re.match(r"(?:java|vb)script:|data:|file:", address, re.IGNORECASE):
        return
    if not instructions.is_remote(address) and not re.match(
        r"[a-z][\w+.-]*:", address, re.IGNORECASE
    ):
        return  # a file beside it
    raise _FoundError(ACTIVE)


class _Html:
    """Looks for tags that do something; no browser reads HTML as strictly as XML."""

    def __init__(self, marks: re.Pattern[str]) -> None:
        self._marks = marks
        self._end = ""

    def feed(self, piece: bytes, *, last: bool) -> str:
        del last
        seen = self._end + piece.replace(b"\0", b"").decode("latin-1")
        self._end = seen[-_WINDOW:]
        try:
            shown = html.unescape(seen)
        except ValueError:  # a number of more digits than any sign has
            return ACTIVE
        readings = (seen, shown, re.sub(r"[\t\r\n]", "", shown))
        return ACTIVE if any(map(self._marks.search, readings)) else ""
