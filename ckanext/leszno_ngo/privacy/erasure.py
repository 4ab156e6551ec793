"""Take a person's data out of every store of the portal: a record whole, or a text wherever it is.

Everything may be done again: what a broken erasure left is found by the next. The database comes
first and is one transaction; the stores that are made of it follow.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search, uploader
from ckan.lib.search.common import make_connection

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import stored
from ckanext.leszno_ngo.privacy import erased, purging, redis, storage, tables
from ckanext.leszno_ngo.privacy.patterns import Pattern, is_long_enough, pattern
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registers import job

log = logging.getLogger(__name__)

#: Tables in which programs note what they did; a record's name is taken out of them with it.
NOTES = frozenset(
    {
        "activity",
        "harvest_gather_error",
        "harvest_object_error",
        "harvest_log",
        "leszno_ngo_waiting",
        "leszno_ngo_harvest_undo",
        "task_status",
    }
)
_SOLR_ROWS = 500


@dataclass(frozen=True)
class Place:
    """Where something was found, or taken out.

    :param store: ``database``, ``datastore``, ``index``, ``files``, ``queue``, ``logs``; by hand:
        ``accounts``, ``columns`` (their names in the DataStore), ``closed`` (files that cannot
        be looked into), ``likely`` (files that have it and stay, each by its name)
    :param name: table, file or the like
    :param number: rows, documents, files
    """

    store: str
    name: str
    number: int


class NothingToEraseError(ValueError):
    """There is no such record."""


@dataclass(frozen=True)
class Wanted:
    """What is to be erased.

    :param record: id of a record; ``""`` for none
    :param texts: a person's name, number, address, each as it is written
    """

    record: str
    texts: tuple[str, ...]
    type: RecordType | None = None
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: str = "", texts: Iterable[str] = ()) -> Wanted:
        """Return what is to be erased.

        :param record: id or name of a record
        :param texts: texts; those of white space alone are left out
        :raises NothingToEraseError: there is no such record, or nothing is named
        :raises TooShortError: a text is too short to be looked for
        """
        wanted = tuple(text.strip() for text in texts if text.strip())
        if wanted:
            pattern(list(wanted))
        if not record:
            if not wanted:
                raise NothingToEraseError
            return cls("", wanted)
        package = model.Package.get(record)
        own = record_types.get(package.type) if package else None
        if package is None or own is None:
            raise NothingToEraseError
        shown = stored.load_many([package.id])[0].custom
        fields = [f.name for f in own.fields if f.people == "name" or f.name == "title"]
        names = dict.fromkeys(str(shown[name]) for name in fields if shown.get(name))
        return cls(package.id, wanted, own, tuple(filter(is_long_enough, names)))

    @property
    def pattern(self) -> Pattern | None:
        """What is taken out wherever it is."""
        return pattern(list(self.texts)) if self.texts else None

    @property
    def noted(self) -> Pattern:
        """What is taken out of the queue, of kept texts and of logs: a record's names, too."""
        return pattern([*self.texts, *self.names, *filter(None, [self.record])])


def preview(wanted: Wanted) -> list[Place]:
    """Return where what is to be erased was found; nothing is changed.

    :param wanted: what is to be erased
    """
    found: list[Place] = []
    connection = model.Session.connection()
    if wanted.record:
        ids = pattern([wanted.record])
        found += _places("database", tables.count(connection, ids))
        found += _places("files", _by_folder(_storage_found(storage.without_rows(wanted.record))))
    if wanted.pattern:
        sought = wanted.pattern
        counted = tables.count(connection, sought)
        accounts = {t: n for t, n in counted.items() if t in tables.ACCOUNTS}
        found += _places("database", {t: n for t, n in counted.items() if t not in accounts})
        found += _places("accounts", accounts)
        with _datastore() as datastore:
            found += _of_datastore(datastore, sought, tables.count, masked=False)
        change = storage.masking(sought.python)
        files = _storage(change)
        found += _places("files", _by_folder(files.files))
        found += _left(files)
        found += _places("index", _counted(_documents_with(sought)))
    noted = wanted.noted.python
    found += _places("logs", {str(f): 1 for f in _logs_with(storage.masking(noted))})
    found += _places("queue", _counted(redis.keys_with(noted)))
    return found


def erase(wanted: Wanted) -> list[Place]:
    """Take it out, and say from where.

    :param wanted: what is to be erased
    :returns: what was changed; what has to be done by hand
    """
    done: list[Place] = []
    ids: set[str] = set()
    kinds: set[str] = {wanted.type.name} if wanted.type else set()
    connection = model.Session.connection()
    if wanted.record:
        done += _places("database", tables.count(connection, pattern([wanted.record])))
        _forget_record(wanted)
    if wanted.pattern:
        sought = wanted.pattern
        ids = set(tables.rows(connection, "package", "id", sought))
        ids |= set(tables.rows(connection, "resource", "package_id", sought))
        kinds |= _types_of(ids)
        done += _places("accounts", tables.count(connection, sought, tables.ACCOUNTS))
        done += _places("database", tables.take_out(connection, sought))
        _touch(ids)
    erased.note(wanted.record, wanted.texts)
    model.Session.commit()
    if wanted.record:
        purging.purge_record(wanted.record)
    if wanted.pattern:
        done += _from_index_and_tables(wanted.pattern, ids)
    done += _from_queue_and_logs(wanted.noted)
    _publish(kinds)
    done += _from_files(wanted)
    _settle_index()
    return done


# ------------------------------------------------------------------------------ a record
def _forget_record(wanted: Wanted) -> None:
    """Delete what programs noted of a record, in the current transaction."""
    id_ = {"id": wanted.record}
    erased.keep_out(wanted.record)
    there = set(sa.inspect(model.Session.connection()).get_table_names())
    for table, statement in _OF_A_RECORD:
        if table in there:
            model.Session.execute(sa.text(statement), id_)
    if wanted.names:
        named = pattern(list(wanted.names))
        tables.take_out(model.Session.connection(), named, NOTES)


_OBJECTS = "(SELECT id FROM harvest_object WHERE package_id = :id)"
_OF_A_RECORD = (
    ("activity_detail", "DELETE FROM activity_detail WHERE activity_id IN "
     "(SELECT id FROM activity WHERE object_id = :id)"),
    ("activity", "DELETE FROM activity WHERE object_id = :id"),
    ("harvest_object", f"DELETE FROM harvest_object_error WHERE harvest_object_id IN {_OBJECTS}"),
    ("harvest_object", f"DELETE FROM harvest_object_extra WHERE harvest_object_id IN {_OBJECTS}"),
    ("harvest_object", "DELETE FROM harvest_object WHERE package_id = :id"),
    ("leszno_ngo_harvest_undo", "DELETE FROM leszno_ngo_harvest_undo WHERE record_id = :id"),
    ("leszno_ngo_waiting", "DELETE FROM leszno_ngo_waiting WHERE record_id = :id"),
)  # fmt: skip


# ------------------------------------------------------------------------------ a text
def _touch(ids: set[str]) -> None:
    """Note that records changed: readers of files and copies ask by that moment."""
    if ids:
        table = model.package_table
        now = sa.func.timezone("UTC", sa.func.now())
        model.Session.execute(
            sa.update(table).where(table.c.id.in_(ids)).values(metadata_modified=now)
        )


def _from_index_and_tables(sought: Pattern, ids: set[str]) -> list[Place]:
    documents = set(_documents_with(sought)) | ids
    for id_ in sorted(documents):
        _index(id_)
    with _datastore() as datastore:
        changed = _of_datastore(datastore, sought, tables.take_out, masked=True)
    return [*_places("index", _counted(documents)), *changed]


def _of_datastore(
    datastore: sa.Connection | None,
    sought: Pattern,
    of_rows: Callable[[sa.Connection, Pattern], Mapping[str, int]],
    *,
    masked: bool,
) -> list[Place]:
    """Return what rows and descriptions of columns have or had, and names of columns, which stay.

    :param of_rows: counts rows, or takes a text out of them
    :param masked: take it out of the descriptions
    """
    if datastore is None:
        return []
    found = Counter(of_rows(datastore, sought))
    found.update(tables.comments(datastore, sought, masked=masked))
    return [
        *_places("datastore", found),
        *_places("columns", tables.names(datastore, sought)),
    ]


def _from_queue_and_logs(sought: Pattern) -> list[Place]:
    keys = redis.take_out(sought.python)
    change = storage.masking(sought.python)
    logs = _logs_with(change)
    for path in logs:
        _rewrite_in_place(path, change)
    return [
        *_places("queue", _counted(keys)),
        *_places("logs", {str(path): 1 for path in logs}),
    ]


def _index(id_: str) -> None:
    search.clear(id_)
    if (package := model.Package.get(id_)) and package.state != model.State.DELETED:
        search.rebuild(id_)


def _settle_index() -> None:
    """Have Solr forget the documents that it keeps as deleted."""
    make_connection().commit(expungeDeletes=True)


def _documents_with(sought: Pattern) -> list[str]:
    """Return ids of the records whose documents in the index have a text."""
    solr, found, start = make_connection(), [], 0
    here = f'site_id:"{tk.config["ckan.site_id"]}"'
    while True:
        answer = solr.search("*:*", fq=here, sort="index_id asc", rows=_SOLR_ROWS, start=start)
        found += [d["id"] for d in answer.docs if sought.python.search(_describe(d))]
        start += _SOLR_ROWS
        if start >= answer.hits:
            return found


def _describe(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, default=str)


class _datastore:  # noqa: N801 (a context manager, used as a function)
    """The DataStore's database in a transaction, None for a portal without."""

    def __enter__(self) -> sa.Connection | None:
        self._open: Any = None
        if not p.plugin_loaded("datastore"):
            return None
        from ckanext.datastore.backend.postgres import get_write_engine

        self._open = get_write_engine().begin()
        return self._open.__enter__()

    def __exit__(self, *error: Any) -> None:
        if self._open:
            self._open.__exit__(*error)


# ------------------------------------------------------------------------------ files
def _publish(kinds: set[str]) -> None:
    """Make the files of registers again; a register that cannot be made is rewritten as it is."""
    types = [record_type for name in sorted(kinds) if (record_type := record_types.get(name))]
    job.publish_all(types, force=True, tell=lambda _type, _outcome: None)


def _from_files(wanted: Wanted) -> list[Place]:
    changes = [storage.without_rows(wanted.record)] if wanted.record else []
    changes += [storage.masking(wanted.pattern.python)] if wanted.pattern else []
    done: list[Place] = []
    for change in changes:
        found = _storage(change)
        for path in found.files:
            storage.rewrite(path, change)
            _measure(path)
        done += _places("files", _by_folder(found.files))
        if wanted.pattern:
            done += _left(found)
    model.Session.commit()
    return done


def _measure(path: Path) -> None:
    """Write down the new size of a resource's file; its old digest would be a lie."""
    id_ = "".join(path.relative_to(_root() or path).parts[-3:])
    table = model.resource_table
    model.Session.execute(
        sa.update(table).where(table.c.id == id_).values(size=path.stat().st_size, hash="")
    )


def _root() -> Path | None:
    root = uploader.get_storage_path()
    return Path(root) if root else None


def _storage(change: storage.Change) -> storage.Found:
    root = _root()
    if root is None or not root.is_dir():
        return storage.Found([], [], [])
    found = storage.scan(root, change)
    own = erased.file()
    files = [path for path in found.files if path != own]
    return storage.Found(files, found.closed, found.likely)


def _left(found: storage.Found) -> Iterator[Place]:
    """Yield the files in which a person has to look; those that have it by their names."""
    yield from _places("closed", _by_folder(found.closed))
    root = _root()
    names = (str(path.relative_to(root)) if root else path.name for path in found.likely)
    yield from _places("likely", dict.fromkeys(names, 1))


def _storage_found(change: storage.Change) -> list[Path]:
    return _storage(change).files


def _logs_with(change: storage.Change) -> list[Path]:
    """Return the log files that this program writes and that have the text."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.Logger.manager.loggerDict)]
    paths = {
        Path(handler.baseFilename)
        for logger in loggers
        for handler in logger.handlers
        if isinstance(handler, logging.FileHandler)
    }
    there = (path for path in sorted(paths) if path.is_file())
    return [p for p in there if change(text := _log_text(p)) != text]


def _log_text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def _rewrite_in_place(path: Path, change: storage.Change) -> None:
    """Alter a log: the program that writes it has it open, so it stays the same file."""
    altered = change(_log_text(path))
    with path.open("r+", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        stream.write(altered)
        stream.truncate()


# ------------------------------------------------------------------------------ small things
def _types_of(ids: set[str]) -> set[str]:
    table = model.package_table
    return set(model.Session.scalars(sa.select(table.c.type).where(table.c.id.in_(ids))))


def _by_folder(paths: Iterable[Path]) -> Mapping[str, int]:
    root = _root()
    found: dict[str, int] = {}
    for path in paths:
        name = path.relative_to(root).parts[0] if root else str(path)
        found[name] = found.get(name, 0) + 1
    return found


def _counted(found: Iterable[Any]) -> dict[str, int]:
    number = len(list(found))
    return {"": number} if number else {}


def _places(store: str, found: Mapping[str, int]) -> Iterator[Place]:
    return (Place(store, name, number) for name, number in found.items())
