"""Texts in files: plain ones, and the parts of archives such as XLSX and ODS."""

from __future__ import annotations

import codecs
import contextlib
import copy
import csv
import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ckanext.leszno_ngo.privacy import in_json, in_markup, in_rtf

# Scripts and styles that CKAN makes of its own.
_PROGRAMS = "webassets"
# Larger files are told, not read.
_MOST_BYTES = 256 << 20
# Of OpenDocument: 256 pixels (part 2, 3.7), in which nothing can be read.
_THUMBNAIL = "Thumbnails/thumbnail.png"
# Archives in each other.
_DEPTH = 5
_ENCODINGS = ("utf-8", "cp1250")
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Texts that have others in a form of their own.
_NO_PLAIN_TEXTS = ("%PDF", in_rtf.BEGINNING, "%!PS")
# What no text has: the content is packed, and only by chance without a NUL.
_SIGNS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)

#: What becomes of a text; the same one where nothing is to be changed.
Change = Callable[[str], str]


@dataclass(frozen=True)
class Found:
    """What was found in files.

    :param files: have the text
    :param closed: cannot be looked into, or only in part
    :param likely: have the text in a form in which it cannot be taken out
    """

    files: list[Path]
    closed: list[Path]
    likely: list[Path]


def masking(pattern: re.Pattern[str]) -> Change:
    """Return the change that masks a text, also where markup parts it or writes its letters."""

    def change(text: str) -> str:
        if text[:99].lstrip("\ufeff\t\r\n ").startswith(("{", "[")):
            text = in_json.masked(pattern, text)
        return in_markup.masked(pattern, text)

    return change


def without_rows(value: str) -> Change:
    """Return the change that drops the rows of a CSV file of which a cell is a value."""

    def change(text: str) -> str:
        if value not in text:
            return text
        kept = [row for row in csv.reader(io.StringIO(text, newline="")) if value not in row]
        out = io.StringIO(newline="")
        csv.writer(out).writerows(kept)
        return out.getvalue()

    return change


def scan(root: Path, change: Change) -> Found:
    """Return the files under a folder that a change would alter, and those not read to their end.

    A file that has the text, and a picture beside it, is among both. RTF is only read.

    :param root: the folder
    :param change: the change
    """
    found, closed, likely = [], [], []
    for path in _files(root):
        content = _read(path)
        altered = _altered(content, change, _Room()) if content is not None else None
        if altered is None or not altered.is_whole:
            closed.append(path)
        if altered is not None and altered.content != content:
            found.append(path)
        if altered is not None and altered.content.startswith(in_rtf.BEGINNING.encode()):
            words = in_rtf.plain(altered.content.decode("cp1250", "replace"))
            if change(words) != words:
                likely.append(path)
    return Found(found, closed, likely)


def has(content: bytes, change: Change) -> bool:
    """Whether a change would alter what a file has.

    :param content: of the file
    :param change: the change
    """
    return _altered(content, change, _Room()).content != content


def rewrite(path: Path, change: Change) -> None:
    """Alter a file; the whole new one takes the old one's place.

    :param path: the file
    :param change: the change
    """
    content = _read(path)
    if content is None:
        return
    altered = _altered(content, change, _Room()).content
    if altered != content:
        made = path.with_name(f".{path.name}.erasing")
        made.write_bytes(altered)
        os.replace(made, path)


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        programs = path.relative_to(root).parts[0] == _PROGRAMS
        if path.is_file() and not path.is_symlink() and not programs:
            yield path


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None


@dataclass(frozen=True)
class _Altered:
    """What became of a content, and whether all of it could be looked into."""

    content: bytes
    is_whole: bool = False


@dataclass
class _Room:
    """What may still be unpacked of a file."""

    size: int = _MOST_BYTES
    depth: int = _DEPTH


def _altered(content: bytes, change: Change, room: _Room) -> _Altered:
    if zipfile.is_zipfile(io.BytesIO(content)):
        try:
            return _altered_archive(content, change, room)
        except _DAMAGED:
            return _Altered(content)
    encoding = _encoding(content)
    if encoding is None:
        return _Altered(content)
    text = content.decode(encoding)
    changed = change(text)
    is_whole = not text.lstrip("\ufeff").startswith(_NO_PLAIN_TEXTS) and not _SIGNS.search(text)
    new = content if changed == text else changed.encode(encoding, "replace")
    return _Altered(new, is_whole)


def _encoding(content: bytes) -> str | None:
    """Return what a text is written in, None for what is none."""
    marked = [encoding for mark, encoding in _MARKS.items() if content.startswith(mark)]
    if not marked and b"\0" in content:
        return None
    for encoding in marked or _ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            content.decode(encoding)
            return encoding
    return None


def _altered_archive(content: bytes, change: Change, room: _Room) -> _Altered:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        entries = packed.infolist()
        room.size -= sum(entry.file_size for entry in entries)
        if room.size < 0 or not room.depth or not content.startswith(b"PK"):
            return _Altered(content)
        room.depth -= 1
        names = {entry.filename: change(entry.filename) for entry in entries}
        parts = {entry.filename: packed.read(entry) for entry in entries}
        altered = {name: _altered(part, change, room) for name, part in parts.items()}
        room.depth += 1
        altered |= {
            name: _Altered(part, True) for name, part in parts.items() if name == _THUMBNAIL
        }
        is_whole = len(parts) == len(entries) == len(set(names.values())) and all(
            one.is_whole for one in altered.values()
        )
        is_same = all(
            names[name] == name and altered[name].content == part for name, part in parts.items()
        )
    if is_same or len(set(names.values())) != len(entries):
        return _Altered(content, is_whole)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in entries:
            new = altered[entry.filename].content
            kept = copy.copy(entry)
            kept.filename = names[entry.filename]
            made.writestr(kept, new, entry.compress_type)
    return _Altered(out.getvalue(), is_whole)
