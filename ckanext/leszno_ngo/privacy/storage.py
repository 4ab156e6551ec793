"""Texts in files: plain ones, and the parts of archives such as XLSX and ODS."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ckanext.leszno_ngo.privacy.patterns import MASK

# Scripts and styles that CKAN makes of its own.
_PROGRAMS = "webassets"
# Larger files are told, not read.
_MOST_BYTES = 256 << 20
_ENCODINGS = ("utf-8", "cp1250")

#: What becomes of a text; the same one where nothing is to be changed.
Change = Callable[[str], str]


@dataclass(frozen=True)
class Found:
    """What was found in files: those that have the text, and those that cannot be looked into."""

    files: list[Path]
    closed: list[Path]


def masking(pattern: re.Pattern[str]) -> Change:
    """Return the change that masks a text."""
    return lambda text: pattern.sub(MASK, text)


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
    """Return the files under a folder that a change would alter.

    :param root: the folder
    :param change: the change
    """
    found, closed = [], []
    for path in _files(root):
        content = _read(path)
        altered = _altered(content, change) if content is not None else None
        if altered is None:
            closed.append(path)
        elif altered != content:
            found.append(path)
    return Found(found, closed)


def rewrite(path: Path, change: Change) -> None:
    """Alter a file; the whole new one takes the old one's place.

    :param path: the file
    :param change: the change
    """
    content = _read(path)
    altered = _altered(content, change) if content is not None else None
    if altered is None or altered == content:
        return
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


def _altered(content: bytes, change: Change) -> bytes | None:
    """Return the content after the change, None where it cannot be looked into."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _altered_archive(content, change)
    if b"\0" in content:
        return None
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        changed = change(text)
        return content if changed == text else changed.encode(encoding, "replace")
    return None


def _altered_archive(content: bytes, change: Change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = sum(entry.file_size for entry in packed.infolist())
        if size > _MOST_BYTES:
            return content
        parts = [(entry, packed.read(entry)) for entry in packed.infolist()]
    altered = [(entry, part, _altered(part, change)) for entry, part in parts]
    if all(new is None or new == part for _, part, new in altered):
        return content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry, part, new in altered:
            packed.writestr(entry, part if new is None else new, entry.compress_type)
    return out.getvalue()
