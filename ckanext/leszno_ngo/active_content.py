"""What pictures, pages and documents do when somebody opens them in a program of their own.

An SVG is a page with scripts, a document fetches its template or starts a program through a field
(DDE), a table reads other tables. XML is read by its namespaces, so that neither the name of a file
nor that of a part of a document hides anything; HTML, which is no XML, by its tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from xml.parsers import expat

from ckanext.leszno_ngo import compound_files, file_kinds, instructions, rich_text, word_fields

#: A picture or a page that runs something or fetches something.
ACTIVE = "active"
EXTERNAL = instructions.EXTERNAL
MACROS = "macros"
DAMAGED = "damaged"

_SVG = "http://www.w3.org/2000/svg"
_HTML = "http://www.w3.org/1999/xhtml"
_XLINK_HREF = "http://www.w3.org/1999/xlink href"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
#: Parts of tables in which nothing of all this stands but formulas, and of which there are many
#: megabytes: nothing else in them is looked at.
_QUIET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_EXTENSIONS = "http://schemas.microsoft.com/office/excel/2006/main"
_FORMULAS = frozenset(
    f"{space} {name}"
    for space in (*_QUIET, _EXTENSIONS)
    for name in ("f", "formula", "formula1", "formula2", "definedName", "oldFormula")
    + ("calculatedColumnFormula", "totalsRowFormula")
)
#: Roots that make a page or a picture, whatever the namespace is.
_PAGES = frozenset(["svg", "html"])

_RUNNING = frozenset(
    ["script", "foreignobject", "iframe", "frame", "object", "embed", "applet", "handler"]
    + ["listener", "form", "base", "portal"]
)
_ADDRESSES = frozenset(["href", "src", "action", "formaction", "data", "to", "from", "values"])
_TEXTS = frozenset(["style", "fill", "stroke", "filter", "mask", "clip-path", "cursor"])
_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_STYLE = re.compile(r"@import|expression\(|url\(\s{0,9}['\"]?(?!#|data:)[^'\"#\s)]", re.IGNORECASE)
#: Relationships by which a workbook takes values from others; their target may be any file.
_OF_OTHERS = ("/externalLink", "/externalLinkPath", "/connections", "/xlExternalLinkPath")
_OF_DDE = frozenset(["dde-source", "dde-link", "dde-connection-decl"])
_OF_OTHER_FILES = frozenset(["table-source", "section-source", "cell-range-source"])
#: Elements of OpenDocument that are macros, or run one; ``script`` is one in a text alone.
_OF_MACROS = frozenset(["event-listener", "execute-macro", "source-code", "applet"])
_SCRIPT_IN_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 script"
_OF_FORMULAS = (" formula", " expression", " condition")
#: What clicks on a slide do.
_CLICKS = frozenset(["hlinkClick", "hlinkHover", "hlinkMouseOver"])
_RUNNING_CLICKS = ("ppaction://program", "ppaction://macro")
_LONGEST_ENTITY = 200
_LONGEST_STYLE = 1 << 20

#: What pages of HTML do, as its tags say it.
_IN_HTML = re.compile(
    rb"<(?:script|iframe|frame|object|embed|applet|form|base|svg)\b|(?:java|vb)script\s{0,9}:"
    rb"|[\s\"'/]on[a-z]{3,24}\s{0,9}=|http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh"
    rb"|\b(?:src|background|data|poster)\s{0,9}=\s{0,9}[\"']?\s{0,9}(?:https?:|ftp:|file:|//|\\\\)",
    re.IGNORECASE,
)
_HTML_BEGINS = re.compile(rb"<(?:!doctype\s{1,9}html|html|head|body|script)\b", re.IGNORECASE)
_HTML_ENDINGS = frozenset(["htm", "html", "shtm", "shtml", "xht", "xhtml"])
_WINDOW = 256


class Watcher(Protocol):
    """Looks at the content of a file, piece by piece."""

    def feed(self, piece: bytes, *, last: bool) -> str:
        """Look at a piece.

        :param piece: the next bytes; none at the end
        :param last: whether there are no more
        :returns: why the file is not taken; empty for nothing
        """
        ...


def watchers(head: bytes, name: str) -> list[Watcher]:
    """Return what looks at a file that begins so.

    :param head: its first bytes
    :param name: its name
    """
    found: list[Watcher] = []
    plain = file_kinds.plain(head)
    if plain.startswith(b"<"):
        found.append(_Xml())
    if head.startswith(compound_files.OLE):
        found.append(compound_files.Watcher())
    if plain.startswith(b"{\\rt"):  # under any name: Word tells RTF by its beginning
        found.append(rich_text.Watcher())
    if file_kinds.ending(name) in _HTML_ENDINGS or _HTML_BEGINS.match(plain):
        found.append(_Html())
    return found


class _FoundError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_Handler = Callable[[str, str, Mapping[str, str]], None]


class _Xml:
    """Reads XML as far as it is any, by the namespaces of its elements."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity
        self._parser.ProcessingInstructionHandler = self._instruction
        self._ends = False
        self._is_page: bool | None = None
        self._is_picture = False
        self._in = ""
        self._kept: list[str] = []
        self._length = 0
        self._fields = word_fields.Fields()

    def feed(self, piece: bytes, *, last: bool) -> str:
        if self._ends:
            return ""
        try:
            self._parser.Parse(piece, last)
        except _FoundError as found:
            return found.code
        except (expat.ExpatError, LookupError, ValueError):
            self._ends = True
            # What a program makes of a broken picture nobody knows; broken data are only broken.
            return DAMAGED if self._is_picture else self._of_fields()
        return self._of_fields() if last else ""

    def _of_fields(self) -> str:
        return EXTERNAL if self._fields.are_harmful() else ""

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        space, _, name = full.rpartition(" ")
        if self._is_page is None:
            self._is_page = name.lower() in _PAGES
            self._is_picture = self._is_page and name.lower() == "svg"
            if space in _QUIET:
                self._look_at_formulas_alone()
        if self._is_page or space in (_SVG, _HTML):
            self._of_page(name.lower(), attributes)
        elif space == _RELATIONSHIPS:
            _of_relationship(attributes)
        elif space in _WORD:
            self._of_word(name, attributes)
        elif space.startswith(_ODF):
            _of_odf(full, attributes)
        elif name in _CLICKS and attributes.get("action", "").lower().startswith(_RUNNING_CLICKS):
            raise _FoundError(EXTERNAL)

    def _look_at_formulas_alone(self) -> None:
        """Have the parser give formulas alone; cells are many."""
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start_in_table
        self._parser.EndElementHandler = self._parser.CharacterDataHandler = None

    def _start_in_table(self, full: str, _attributes: list[str]) -> None:
        if full in _FORMULAS:
            self._kept, self._length = [], 0
            self._parser.CharacterDataHandler = self._keep_formula
            self._parser.EndElementHandler = self._end_formula

    def _keep_formula(self, text: str) -> None:
        self._length += len(text)
        if self._length > instructions.LONGEST_FORMULA:
            raise _FoundError(EXTERNAL)
        self._kept.append(text)

    def _end_formula(self, _full: str) -> None:
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        if instructions.is_harmful_formula("".join(self._kept)):
            raise _FoundError(EXTERNAL)

    def _of_page(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _RUNNING:
            raise _FoundError(ACTIVE)
        for full, value in attributes.items():
            attribute = full.rpartition(" ")[2].lower()
            if attribute.startswith("on") or (attribute in _TEXTS and _STYLE.search(value)):
                raise _FoundError(ACTIVE)
            if attribute == "http-equiv" and value.strip().lower() == "refresh":
                raise _FoundError(ACTIVE)
            if attribute in _ADDRESSES:
                _check_address(name, attribute, value)
        if name == "style":
            self._keep("style")

    def _of_word(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("instrText", "delInstrText") or (name == "t" and self._fields.are_open()):
            self._keep(name)
        for full, value in attributes.items():
            if full.endswith(" instr") and instructions.is_harmful_field(value):
                raise _FoundError(EXTERNAL)
        if name == "fldChar":
            for value in attributes.values():
                self._fields.mark(value)

    def _keep(self, name: str) -> None:
        self._in = name
        if name == "style":
            self._kept, self._length = [], 0

    def _text(self, text: str) -> None:
        if not self._in:
            return
        if self._in != "style":
            self._fields.add(text)
            return
        self._length += len(text)
        if self._length > _LONGEST_STYLE:
            raise _FoundError(ACTIVE)
        self._kept.append(text)

    def _end(self, full: str) -> None:
        if not self._in or full.rpartition(" ")[2].lower() != self._in.lower():
            return
        if self._in == "style" and _STYLE.search("".join(self._kept)):
            raise _FoundError(ACTIVE)
        self._in = ""

    def _entity(self, *declared: Any) -> None:
        value, system = declared[2], declared[4]
        if system or value is None or len(value) > _LONGEST_ENTITY or set("<&%") & set(value):
            raise _FoundError(ACTIVE)

    def _instruction(self, target: str, data: str) -> None:
        address = re.search(r"href\s{0,9}=\s{0,9}[\"']([^\"']{0,2000})", data)
        if target == "xml-stylesheet" and (address is None or instructions.is_remote(address[1])):
            raise _FoundError(ACTIVE)


def _check_address(name: str, attribute: str, value: str) -> None:
    # Browsers leave out line breaks and tabs.
    address = re.sub(r"[\x00-\x20]", "", value)
    if not address or address.startswith("#") or _EMBEDDED.match(address):
        return
    if attribute in ("to", "from", "values"):  # of an animation: numbers, unless they are scripts
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


def _of_relationship(attributes: Mapping[str, str]) -> None:
    kind, target = attributes.get("Type", ""), attributes.get("Target", "")
    if kind.endswith(_OF_OTHERS):
        raise _FoundError(EXTERNAL)
    is_outside = attributes.get("TargetMode", "").lower() == "external" or "://" in target
    is_link = kind.endswith("/hyperlink")
    if instructions.runs(target) if is_link else is_outside and instructions.is_remote(target):
        raise _FoundError(EXTERNAL)


def _of_odf(full: str, attributes: Mapping[str, str]) -> None:
    name, target = full.rpartition(" ")[2], attributes.get(_XLINK_HREF, "")
    if name in _OF_MACROS or full == _SCRIPT_IN_TEXT or instructions.runs(target):
        raise _FoundError(MACROS)
    if name in _OF_DDE or (name in _OF_OTHER_FILES and target and not target.startswith("#")):
        raise _FoundError(EXTERNAL)
    if name != "a" and instructions.is_remote(target):
        raise _FoundError(EXTERNAL)
    for attribute, value in attributes.items():
        if attribute.endswith(_OF_FORMULAS) and instructions.is_harmful_formula(
            value, of_excel=False
        ):
            raise _FoundError(EXTERNAL)


class _Html:
    """Looks for tags that do something; no browser reads HTML as strictly as XML."""

    def __init__(self) -> None:
        self._end = b""

    def feed(self, piece: bytes, *, last: bool) -> str:
        seen = self._end + piece.replace(b"\0", b"")
        self._end = seen[-_WINDOW:]
        return ACTIVE if _IN_HTML.search(seen) else ""
