"""What an RTF file does when it is opened: fields, templates and objects, however they are written.

Words of a field may be in pieces, in hexadecimal (``\\'44``), in Unicode (``\\u68``) and in groups
within each other, so the file is read as far as texts need it (RTF 1.9.1). What stands in a group
that programs leave out (``\\*``) is read both ways, for nobody knows which groups a program knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ckanext.leszno_ngo import instructions

#: A file in a document that nothing can be told of.
EMBEDDED = "embedded"
DAMAGED = "damaged"

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,40})(?P<number>-?\d{1,12})? ?|\\'(?P<hex>..)"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|(?P<text>[^\\{}]+)",
    re.DOTALL,
)
_LONGEST_TOKEN = 60
_DEEPEST = 2_000
_LONGEST_KEPT = 20_000

_OBJECTS = frozenset(
    ["object", "objdata", "objupdate", "objautlink", "objlink", "objocx", "objhtml", "objemb"]
)
#: What is told of letters that the file is merged into, and of files that it is put together of.
_OTHERS = frozenset(
    ["mmconnectstr", "mmquery", "mmdatasource", "mmheadersource", "mmodsoudl", "mmodsosrc"]
    + ["filetbl", "subdocument", "nextfile"]
)
_SIGNS = {b"~": " ", b"\n": " ", b"\r": " ", b"\t": " ", b"-": "", b"_": "-"}
_CHARACTERS = {
    **dict.fromkeys(["tab", "par", "line", "cell", "row", "emspace", "enspace", "qmspace"], " "),
    **dict.fromkeys(["ldblquote", "rdblquote"], '"'),
    **dict.fromkeys(["lquote", "rquote"], "'"),
}
#: Groups of which a text is kept, and those that are shown though they begin with ``\\*``.
_KEPT = frozenset(["fldinst", "template", "sn", "sv"])
_SHOWN = frozenset(["fldinst", "ud"])
#: Groups of which nothing is shown, whether they begin with ``\\*`` or not.
_HIDDEN = frozenset(["pict", "fonttbl", "colortbl", "stylesheet", "info", "datafield", "formfield"])
#: Properties of shapes by which a picture is fetched (MSOBLIPFLAGS: linked, or not kept).
_FLAGS_OF_PICTURES = ("pibflags", "fillblipflags", "linefillblipflags")
_LINKED = 4 | 8
_OBJECT_FIELD = re.compile(r"\A\W{0,99}EMBED\b", re.IGNORECASE)


@dataclass(slots=True)
class _Kept:
    """What is read of a field's instruction or the like: what is shown, and all there is."""

    kind: str
    shown: list[str] = field(default_factory=list)
    all: list[str] = field(default_factory=list)
    length: int = 0


@dataclass(slots=True)
class _Group:
    is_hidden: bool = False
    is_starred: bool = False
    has_two: bool = False  # one in ANSI, one in Unicode
    replaced: int = 1
    kept: _Kept | None = None


class Watcher:
    """Looks at an RTF file, piece by piece."""

    def __init__(self) -> None:
        self._rest = b""
        self._groups = [_Group()]
        self._kept: list[_Kept] = []
        self._skipped = 0  # bytes of pictures
        self._replaced = 0  # characters that stand for one of Unicode before them
        self._property = ""

    def feed(self, piece: bytes, *, last: bool) -> str:
        """Look at a piece.

        :param piece: the next bytes; none at the end
        :param last: whether there are no more
        :returns: why the file is not taken; empty for nothing
        """
        content = self._rest + piece
        at, end = 0, len(content) - (0 if last else _LONGEST_TOKEN)
        while at < end:
            if self._skipped:
                taken = min(self._skipped, len(content) - at)
                self._skipped -= taken
                at += taken
                continue
            token = _TOKEN.match(content, at)
            if token is None:  # a backslash at the end
                at = len(content)
                break
            code = self._take(token)
            if code:
                return code
            at = token.end()
        self._rest = content[at:]
        return self._at_end() if last else ""

    def _at_end(self) -> str:
        if self._skipped:
            return DAMAGED  # another program would read on
        return next(filter(None, map(self._judged, self._kept)), "")

    def _take(self, token: re.Match[bytes]) -> str:
        kind = token.lastgroup
        if kind == "text":
            if self._kept:
                self._add_replaceable(re.sub(rb"[\r\n\0]", b"", token["text"]).decode("latin-1"))
        elif kind == "brace":
            return self._open() if token["brace"] == b"{" else self._close()
        elif kind == "hex":
            self._take_hex(token["hex"])
        elif kind == "sign":
            self._take_sign(token["sign"])
        else:
            return self._take_word(token["word"].decode().lower(), token["number"])
        return ""

    def _take_sign(self, sign: bytes) -> None:
        if sign == b"*":
            group = self._groups[-1]
            group.is_starred = group.is_hidden = True
        else:
            self._add_replaceable(_SIGNS.get(sign, sign.decode("latin-1")))

    def _open(self) -> str:
        outer = self._groups[-1]
        if len(self._groups) > _DEEPEST:
            return DAMAGED
        self._replaced = 0
        self._groups.append(_Group(outer.is_hidden or outer.has_two, replaced=outer.replaced))
        return ""

    def _close(self) -> str:
        self._replaced = 0
        group = self._groups.pop()
        if not self._groups:
            self._groups.append(_Group())  # what stands behind the end, some programs read
        if group.kept is None:
            return ""
        self._kept.remove(group.kept)
        return self._judged(group.kept)

    def _take_word(self, word: str, digits: bytes | None) -> str:
        if word in _OBJECTS:
            return EMBEDDED
        if word in _OTHERS:
            return instructions.EXTERNAL
        group = self._groups[-1]
        if word in _KEPT or word in _SHOWN or word in _HIDDEN:
            self._begin(group, word)
        elif word in _CHARACTERS:
            self._add_replaceable(_CHARACTERS[word])
        elif word == "upr":
            group.has_two = True
        elif digits is not None:
            self._take_number(group, word, int(digits))
        return ""

    def _take_number(self, group: _Group, word: str, number: int) -> None:
        if word == "u":
            self._replaced = 0
            self._add(chr(number % 65536))
            self._replaced = group.replaced
        elif word == "uc":
            group.replaced = min(max(number, 0), 100)
        elif word == "bin":
            self._skipped = max(number, 0)

    def _begin(self, group: _Group, word: str) -> None:
        """Take a word that may say what the group is."""
        if word in _SHOWN and group.is_starred:
            group.is_hidden = False
        elif word in _HIDDEN:
            group.is_hidden = True
        if word in _KEPT and group.kept is None:
            group.kept = _Kept(word)
            self._kept.append(group.kept)

    def _take_hex(self, digits: bytes) -> None:
        try:
            self._add_replaceable(bytes([int(digits, 16)]).decode("cp1250", "replace"))
        except ValueError:
            self._add_replaceable("?")

    def _add_replaceable(self, text: str) -> None:
        """Take characters, of which the first ones may be for programs without Unicode."""
        if not self._kept:
            self._replaced = 0
            return
        left_out = min(self._replaced, len(text))
        self._replaced -= left_out
        if left_out:
            self._kept[-1].all.append(text[:left_out])
        self._add(text[left_out:])

    def _add(self, text: str) -> None:
        if not self._kept or not text:
            return
        kept = self._kept[-1]
        kept.length += len(text)
        if kept.length > _LONGEST_KEPT:
            return
        kept.all.append(text)
        if not self._groups[-1].is_hidden or kept.kind != "fldinst":
            kept.shown.append(text)

    def _judged(self, kept: _Kept) -> str:
        readings = ("".join(kept.shown).strip(), "".join(kept.all).strip())
        if kept.kind == "sn":
            self._property = readings[0].lower()
            return ""
        is_cut = kept.length > _LONGEST_KEPT and kept.kind != "sv"
        is_harmful = is_cut or any(self._is_harmful(kept.kind, one) for one in readings)
        return instructions.EXTERNAL if is_harmful else ""

    def _is_harmful(self, kind: str, text: str) -> bool:
        if kind == "fldinst":
            return bool(_OBJECT_FIELD.match(text)) or instructions.is_harmful_field(text)
        if kind == "template":
            return instructions.is_remote(text)
        is_picture = self._property.endswith(_FLAGS_OF_PICTURES)
        return is_picture and text.isdecimal() and bool(int(text[:9]) & _LINKED)
