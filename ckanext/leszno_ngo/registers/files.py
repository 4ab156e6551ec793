"""The files of a register, made of its records with constant memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.exports.formats import Format
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registers.content import Content


@dataclass(frozen=True)
class Made:
    """A finished file: where it is, its size in bytes and its SHA-256."""

    path: Path
    size: int
    sha256: str


def make_files(
    record_type: RecordType, suffix: str, wanted: Format, content: Content, lang: str, about: About
) -> Made:
    """Write the records in one format, beside the file that holds them.

    :param record_type: the type of the records
    :param suffix: the format's suffix
    :param wanted: the format
    :param content: the records
    :param lang: language of headings and labels
    :param about: origin of the file
    :raises OSError: the disk is full, or the like
    """
    pieces = wanted.stream(content.records(), record_type, lang=lang, about=about)
    return write(content.path.with_name(f"register.{suffix}"), pieces)


def write(path: Path, pieces: Iterable[bytes]) -> Made:
    """Write a file piece by piece and take its measure."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as stream:
        for piece in pieces:
            stream.write(piece)
            digest.update(piece)
            size += len(piece)
    return Made(path, size, digest.hexdigest())


def measure(path: Path) -> Made:
    """Take the measure of a file that is there."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return Made(path, path.stat().st_size, digest.hexdigest())
