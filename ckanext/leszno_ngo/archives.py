"""What is inside archives and office files, read within bounds: programs, macros, names that harm.

What pictures, pages and parts of documents do is told by ``active_content``.

Read are ZIP (with every office format that is one), tar, gzip, bzip2 and xz, and what is packed in
them again; of the old office formats (OLE) it is told whether they have macros. Sizes that a file
claims for itself are not believed: everything is unpacked, piece by piece, and thrown away.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from ckanext.leszno_ngo import active_content, compound_files, file_kinds, instructions

#: Files and folders in a file, with those of the archives in it.
MEMBERS = 2_000
#: Archives in each other; an office file is one, and so is a compressed tar twice.
DEPTH = 5
#: What looking at a file may cost, with all that is in it (seconds of the processor).
SECONDS = 20
#: Unpacked by packed size; less than ``_HARMLESS`` may have any ratio (empty rows of a table).
RATIO = 200
_HARMLESS = 10 << 20
_PIECE = 1 << 16
#: Twice what `xz -9` needs to unpack.
_MEMORY_OF_XZ = 128 << 20
#: What a tar may have in one of its headers.
_LONGEST_HEADER = 1 << 20

_OLE = compound_files.OLE
# Names of streams in OLE files and words of the parts that describe a zipped one, in small letters
# and without the NULs of UTF-16.
_IN_OLE = {
    b"_vba_project": "macros",
    b"\x1f\xff\x03\x14\x02\x04\x0c": "macros",  # VBAInfoContainer of PowerPoint 97 ([MS-PPT])
    b"encryptedpackage": "encrypted",
    b"\x01ole10native": "embedded",
    b"ddeauto ": "external",
    b"_xlfn.webservice": "external",
    b"_xlfn.image": "external",
    b"_xlfn.importtext": "external",
    b"_xlfn.importcsv": "external",
}
# Length, place, state, kind 1 (macros), and the letters of the name, of one byte each or two.
_BOUND_SHEET = re.compile(rb"\x85\0([\x09-\xff])\0.{5}\x01(.)([\0\1])", re.DOTALL)
# Associated strings of Word 97 ([MS-DOC], SttbfAssoc): 18 of them, each with its length before it;
# the second is the template.
_ASSOCIATED = re.compile(rb"\xff\xff\x12\0\0\0(?=.[\0\1])", re.DOTALL)
_IN_PARTS: dict[str, dict[bytes, str]] = {
    "[content_types].xml": {
        b"vbaproject": "macros",
        b"macroenabled": "macros",
        b"macrosheet": "macros",  # of Excel 4
    },
    "meta-inf/manifest.xml": {b"manifest:encryption-data": "encrypted"},
}
_LONGEST_MARK = 2 << 10  # two associated strings have 1 kB each at most
#: How macOS keeps what it knows of a file, beside it and under nearly its name.
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
#: Zipped office files; one with a password is an OLE file under the same name.
_OFFICE = frozenset(["docx", "xlsx", "pptx", "odt", "ods", "odp", "odg"])
_OPEN_DOCUMENT = frozenset(["odt", "ods", "odp", "odg", "odf", "odb", "ott", "ots", "otp", "otg"])
#: What OpenDocument has in its folder of macros where there are none.
_EMPTY_LIBRARIES = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml")
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNICODE_PATH = b"up"  # Info-ZIP's extra field 0x7075: another name for the same file

#: Of bzip2 and LZMA in a ZIP, zipfile unpacks all that a piece holds: 1 kB may be a gigabyte.
_UNPACKED_WITHIN_BOUNDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


class ArchiveError(Exception):
    """A file that is not taken because of what is in it.

    :param code: ``program``, ``macros``, ``active`` (a picture or a page that does something),
        ``external`` (a document that fetches something, or starts a program), ``embedded`` (a file
        in a document that nothing can be told of), ``name`` (leads out of the folder, or shows as
        another), ``link``, ``encrypted``, ``kind`` (an archive that cannot be read here),
        ``damaged``, ``members``, ``depth``, ``size``, ``time`` (looking at it costs too much)
    :param member: its name in the archive; empty for the archive itself
    """

    def __init__(self, code: str, member: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.member = member

    def inside(self, archive: str) -> None:
        """Put the archive that the member is in before its name."""
        self.member = f"{archive}/{self.member}".rstrip("/")


@dataclass
class _Left:
    """What may still be read."""

    members: int
    size: int
    #: The thread's own time at which it ends: other programs of the machine do not count.
    until: float

    def take_member(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise ArchiveError("members")
        self._take_time()

    def take(self, piece: bytes) -> bytes:
        self.size -= len(piece)
        if self.size < 0:
            raise ArchiveError("size")
        self._take_time()
        return piece

    def _take_time(self) -> None:
        if time.thread_time() > self.until:
            raise ArchiveError("time")


Members = Iterator[tuple[str, IO[bytes]]]


def inspect(file: IO[bytes], name: str, most: int) -> None:
    """Look for what is not taken in a file; one that holds no others passes.

    :param file: the file, open at any place; it is at its beginning afterwards
    :param name: its name
    :param most: bytes that its content may have, unpacked
    :raises ArchiveError: something in it is not taken, or cannot be told
    """
    packed = file.seek(0, io.SEEK_END)
    size = min(most, max(_HARMLESS, packed * RATIO))
    left = _Left(MEMBERS, size, time.thread_time() + SECONDS)
    file.seek(0)
    try:
        _inspect(file, name, DEPTH, left)
    finally:
        file.seek(0)


def _inspect(file: IO[bytes], name: str, depth: int, left: _Left) -> None:
    head = file.read(file_kinds.HEAD)
    file.seek(0)
    read = _reader(head, name)
    if read is None:
        if _marks(head, name) or active_content.watchers(head, name):
            _drain(file, b"", name, left)
        return
    if not depth:
        raise ArchiveError("depth")
    member = ""
    try:
        for member, content in read(file, name):
            left.take_member()
            _look_at_member(content, member, depth - 1, left)
    except _DAMAGED as error:
        raise ArchiveError("damaged", member) from error


def _look_at_member(content: IO[bytes], name: str, depth: int, left: _Left) -> None:
    try:
        _check_name(name)
        head = left.take(content.read(file_kinds.HEAD))
        _check_head(head)
        if _reader(head, name) is None:
            _drain(content, head, name, left)
        else:
            _look_deeper(content, head, name, depth, left)
    except ArchiveError as error:
        error.inside(name)
        raise


def _look_deeper(content: IO[bytes], head: bytes, name: str, depth: int, left: _Left) -> None:
    """Look into an archive in an archive, which is kept meanwhile: a ZIP is read from its end."""
    with SpooledTemporaryFile(_HARMLESS) as whole:
        whole.write(head)
        while piece := left.take(content.read(_PIECE)):
            whole.write(piece)
        whole.seek(0)
        _inspect(whole, name, depth, left)  # type: ignore[arg-type]


def _drain(content: IO[bytes], head: bytes, name: str, left: _Left) -> None:
    """Read to the end, and look for the marks of what is not taken."""
    piece = head or left.take(content.read(_PIECE))
    marks = _marks(piece, name)
    watchers = active_content.watchers(piece, name)
    end = b""
    while piece:
        _watch(watchers, piece)
        if marks:
            seen = (end + piece).replace(b"\0", b"").lower()
            for mark, code in marks.items():
                if mark in seen:
                    raise ArchiveError(code)
            if marks is _IN_OLE:
                _look_at_records(end + piece)
            end = (end + piece)[-_LONGEST_MARK:]
        piece = left.take(content.read(_PIECE))
    _watch(watchers, b"", last=True)


def _watch(watchers: list[active_content.Watcher], piece: bytes, *, last: bool = False) -> None:
    for watcher in watchers:
        code = watcher.feed(piece, last=last)
        if code:
            raise ArchiveError(code)


def _marks(head: bytes, name: str) -> dict[bytes, str]:
    """Return what is not taken in a file that is no archive, and begins so."""
    if head.startswith(_OLE):
        return _IN_OLE
    return _IN_PARTS.get(name.lower(), {})


def _look_at_records(content: bytes) -> None:
    """Look for records of old office files that are not taken."""
    if _has_sheet_of_macros(content):
        raise ArchiveError("macros")
    if any(map(instructions.is_remote, _templates(content))):
        raise ArchiveError("external")


def _templates(content: bytes) -> Iterator[str]:
    """Yield the addresses of templates of old Word files."""

    def end(start: int) -> int:
        return start + 2 + 2 * int.from_bytes(content[start : start + 2], "little")

    for found in _ASSOCIATED.finditer(content):
        second = end(found.end())
        yield content[second + 2 : end(second)].decode("utf-16-le", "replace")


def _has_sheet_of_macros(content: bytes) -> bool:
    """Whether a sheet of an old Excel file has macros of Excel 4 ([MS-XLS] 2.4.28, BoundSheet8)."""
    return any(
        found[1][0] == 8 + found[2][0] * (1 + (found[3][0] & 1))
        for found in _BOUND_SHEET.finditer(content)
    )


def _check_name(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name[:1] in "/\\" or name[1:2] == ":" or not _is_shown_as_is(name):
        raise ArchiveError("name")
    bare = name.rstrip(". /\\")
    ending = file_kinds.ending(bare)
    is_run = ending in file_kinds.RUNNING or _last(bare).lower() in file_kinds.AT_START
    if ending in file_kinds.MACROS or _is_macro(parts):
        raise ArchiveError("macros")
    if is_run and name[-1:] != "/":
        raise ArchiveError("program")


def _check_head(head: bytes) -> None:
    if file_kinds.is_executable(head):
        raise ArchiveError("program")


def _is_shown_as_is(name: str) -> bool:
    return bool(name) and not any(c < " " or c == "\x7f" or c in _OVERRIDES for c in name)


def _is_macro(parts: list[str]) -> bool:
    """Whether a part of an office file has macros in it, by where it is."""
    last = parts[-1].lower()
    return last == "vbaproject.bin" or "macrosheets" in map(str.lower, parts[:-1])


def _is_library(name: str) -> bool:
    """Whether a part of an OpenDocument is of macros, by its folder (part 2, "Packages")."""
    parts = name.split("/")
    last = parts[-1].lower()
    of_code = parts[0] in ("Basic", "Scripts")
    return of_code and len(parts) > 2 and bool(last) and last not in _EMPTY_LIBRARIES


def _reader(head: bytes, name: str) -> Callable[[Any, str], Members] | None:
    """Return what reads the members of an archive that begins so; none for other files."""
    for signature, reader in _READERS.items():
        if head.startswith(signature):
            return reader
    kind = "" if head.startswith(file_kinds.PLAIN) else file_kinds.content_type(head)
    if kind in ("application/x-tar", "application/x-gtar"):
        return _of_tar
    is_closed = file_kinds.ending(name) in file_kinds.UNREADABLE_ENDINGS
    is_closed = is_closed or file_kinds.is_image_of_disc(head)
    if is_closed or kind.startswith(file_kinds.UNREADABLE):
        raise ArchiveError("kind")
    if head and file_kinds.is_archive(name) and not _is_no_archive(head, name):
        raise ArchiveError("damaged")  # some programs look for its beginning further on
    return None


def _is_no_archive(head: bytes, name: str) -> bool:
    """Whether a file that is named as an archive is what macOS or an office program wrote."""
    if head.startswith(_OLE):
        return file_kinds.ending(name) in _OFFICE
    return head.startswith(_APPLE_DOUBLE) and _last(name).startswith("._")


def _of_zip(file: IO[bytes], archive_name: str) -> Members:
    if _count(file, b"PK\x01\x02") > MEMBERS:
        raise ArchiveError("members")  # before a directory of all of them is made
    with zipfile.ZipFile(file) as archive:
        is_open_document = _is_open_document(archive, archive_name)
        for info in archive.infolist():
            name = info.orig_filename if "\0" in info.orig_filename else info.filename
            if info.flag_bits & 1:
                raise ArchiveError("encrypted", name)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise ArchiveError("link", name)
            name = _checked_second_name(info.extra, name)
            if is_open_document and (_is_library(info.filename) or _is_library(name)):
                raise ArchiveError("macros", name)
            if info.compress_type not in _UNPACKED_WITHIN_BOUNDS:
                raise ArchiveError("kind", name)
            info.file_size = 1 << 62  # read to the end of what is there, whatever is claimed
            with archive.open(info) as content:
                yield name, content


def _is_open_document(archive: zipfile.ZipFile, name: str) -> bool:
    # A folder in any other archive may be called Basic.
    told = {"mimetype", "META-INF/manifest.xml"} & set(archive.namelist())
    return bool(told) or file_kinds.ending(name) in _OPEN_DOCUMENT


def _checked_second_name(extra: bytes, first: str) -> str:
    """Return the name that newer programs unpack a file under; older ones take the first."""
    rest, name = extra, first
    while len(rest) >= 4:
        length = int.from_bytes(rest[2:4], "little")
        if rest[:2] == _UNICODE_PATH:
            name = rest[9 : 4 + length].decode()
        rest = rest[4 + length :]
    if name == first:
        return first
    for one in (first, name):
        _check_second(one, name)
    if file_kinds.ending(first) != file_kinds.ending(name):
        raise ArchiveError("name", name)
    return name


def _check_second(one: str, shown: str) -> None:
    try:
        _check_name(one)
    except ArchiveError as error:
        raise ArchiveError(error.code, shown) from error
    if one.lower() in _IN_PARTS:  # no office program writes these twice
        raise ArchiveError("name", shown)


def _count(file: IO[bytes], signature: bytes) -> int:
    found, end = 0, b""
    while piece := file.read(_PIECE):
        found += (end + piece).count(signature)
        end = piece[-len(signature) + 1 :]
    file.seek(0)
    return found


class _Careful:
    """A file of which no program reads a header of any length into memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _LONGEST_HEADER:
            raise ValueError(f"{size} bytes at once")
        return self._file.read(size)


def _of_tar(file: IO[bytes], _name: str) -> Members:
    # What stands behind the end, or behind a damaged header, other programs may find.
    with tarfile.TarFile(fileobj=_Careful(file), ignore_zeros=True) as archive:  # type: ignore[arg-type]
        for member in archive:
            if member.isdir():
                yield f"{member.name}/", io.BytesIO()
                continue
            content = archive.extractfile(member) if member.isreg() else None
            if content is None:
                raise ArchiveError("link", member.name)
            yield member.name, content


def _of_gzip(file: IO[bytes], name: str) -> Members:
    with gzip.GzipFile(fileobj=file, mode="rb") as content:  # type: ignore[arg-type]
        yield _name_in_gzip(file) or _unpacked_name(name), content  # type: ignore[misc]


def _name_in_gzip(file: IO[bytes]) -> str:
    """Return the name that programs give the unpacked file (RFC 1952, FNAME)."""
    head = file.read(file_kinds.HEAD)
    file.seek(0)
    start = 10 + (2 + int.from_bytes(head[10:12], "little") if head[3] & 4 else 0)
    return head[start:].partition(b"\0")[0].decode("latin-1") if head[3] & 8 else ""


def _of_bzip2(file: IO[bytes], name: str) -> Members:
    with bz2.BZ2File(file) as content:
        yield _unpacked_name(name), content  # type: ignore[misc]


def _of_xz(file: IO[bytes], name: str) -> Members:
    with io.BufferedReader(_Unpacked(file)) as content:
        yield _unpacked_name(name), content  # type: ignore[misc]


class _Unpacked(io.RawIOBase):
    """What an xz file has, one stream after another, unpacked with a bound on memory.

    A file says itself how large a dictionary it needs; :class:`lzma.LZMAFile` believes it.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._stream = _stream_of_xz()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            packed = b""
            if self._stream.eof:
                packed = self._begin_of_next()
                if not packed:
                    return 0
                self._stream = _stream_of_xz()
            elif self._stream.needs_input:
                packed = self._file.read(_PIECE)
                if not packed:
                    raise EOFError("the stream does not end")
            piece = self._stream.decompress(packed, len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)

    def _begin_of_next(self) -> bytes:
        packed = self._stream.unused_data.lstrip(b"\0")  # NULs may stand between streams
        while not packed:
            piece = self._file.read(_PIECE)
            if not piece:
                return b""
            packed = piece.lstrip(b"\0")
        return packed


def _stream_of_xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, _MEMORY_OF_XZ)


def _unpacked_name(name: str) -> str:
    return _last(name).rpartition(".")[0] or _last(name)


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


_READERS: dict[bytes, Callable[[Any, str], Members]] = {
    b"PK\x03\x04": _of_zip,
    b"PK\x05\x06": _of_zip,
    b"PK\x07\x08": _of_zip,
    b"\x1f\x8b": _of_gzip,
    b"BZh": _of_bzip2,
    b"\xfd7zXZ\0": _of_xz,
}
