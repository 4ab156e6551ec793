"""What was erased, as digests: so that no harvest brings it back, and a restore can repeat it.

The digests are keyed (``SECRET_KEY``), so nobody can guess from them whose data was erased. They
are in the table ``leszno_ngo_erasure``, and in a file beside the database for the day a backup of
it is restored (docs/operators.md).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from ckan import model
from ckan.lib import uploader

from ckanext.leszno_ngo import config, record_types, sent_json
from ckanext.leszno_ngo.catalogue import stored
from ckanext.leszno_ngo.catalogue.digests import digest
from ckanext.leszno_ngo.catalogue.erased_words import KEY, NUMBER, TEXT, Words
from ckanext.leszno_ngo.privacy import tables
from ckanext.leszno_ngo.privacy.patterns import words_of

_FILE = "leszno_ngo_erasures.jsonl"
_RECORD = "record"
# From the first of its backslashes only: a run of them is looked at once.
_ESCAPED = re.compile(r"(?<!\\)\\+u([0-9a-fA-F]{4})")
_INSERT = sa.text(
    "INSERT INTO leszno_ngo_erasure (digest, kind, words) VALUES (:digest, :kind, :words) "
    "ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class Noted:
    """A line of the file: a record's id, or a text's digest with the number of its words."""

    kind: str
    digest: str
    words: int = 0


def note(record: str, texts: Iterable[str]) -> None:
    """Note an erasure in the table, in the current transaction, and in the file.

    :param record: id of a record, ``""`` for none
    :param texts: texts
    """
    found = [Noted(_RECORD, record)] if record else []
    for text in texts:
        words = words_of(text)
        found.append(Noted(TEXT, digest(TEXT, " ".join(words)), len(words)))
    for one in found:
        if one.kind == TEXT:
            model.Session.execute(
                _INSERT, {"digest": one.digest, "kind": one.kind, "words": one.words}
            )
    path = file()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        moment = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
        with path.open("a", encoding="utf-8") as stream:
            for one in found:
                stream.write(json.dumps({**vars(one), "done": moment}) + "\n")


def keep_out(record: str) -> None:
    """Note in the current transaction by what no source may bring a record back."""
    shown = stored.load_many([record])[0].custom
    own = record_types.get(shown["type"])
    for field in own.identity if own else ():
        if shown.get(field):
            found = digest(NUMBER, field, str(shown[field]))
            model.Session.execute(_INSERT, {"digest": found, "kind": NUMBER, "words": 0})
    query = sa.text("SELECT harvest_source_id, guid FROM harvest_object WHERE package_id = :id")
    if sa.inspect(model.Session.connection()).has_table("harvest_object"):
        for source, key in model.Session.execute(query, {"id": record}):
            found = digest(KEY, source, key or "")
            model.Session.execute(_INSERT, {"digest": found, "kind": KEY, "words": 0})


def file() -> Path | None:
    """Return the file of erasures, None for a portal that keeps no files."""
    own, root = config.erasures_file(), uploader.get_storage_path()
    if own:
        return Path(own)
    return Path(root) / _FILE if root else None


def read(path: Path) -> list[Noted]:
    """Read a file of erasures.

    :param path: the file
    :raises ValueError: a line is none of such a file
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(_line(number, line) for number, line in enumerate(lines, 1)))


def _line(number: int, line: str) -> Noted:
    try:
        said = sent_json.read(line)
        return Noted(str(said["kind"]), str(said["digest"]), int(said["words"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"line {number} is no erasure") from error


def texts_with(noted: Collection[Noted], connection: sa.Connection) -> list[str]:
    """Return the texts of a database that were erased: how they are written there.

    :param noted: lines of a file
    :param connection: to the database
    """
    words = Words({one.digest: one.words for one in noted if one.kind == TEXT})
    found: set[str] = set()
    for text in _all_texts(connection) if words else ():
        plain = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)
        found.update(plain[start:end] for start, end in words.find(plain))
    return sorted(found)


def _all_texts(connection: sa.Connection) -> Iterator[str]:
    for table, columns in tables.columns(connection).items():
        if table in tables.ACCOUNTS:
            continue
        for column in columns:
            query = f'SELECT "{column.name}"::text FROM "{table}" WHERE "{column.name}" IS NOT NULL'
            yield from connection.scalars(sa.text(query))
