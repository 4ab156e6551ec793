"""Write many records at once, with the outcome of ``package_create`` and ``package_update``.

One call of :func:`write` is one transaction and one request to Solr, whatever the number of
records: the number of SQL statements is constant. What CKAN's own actions leave behind is left
behind here too (rows, membership of the organisation, activity, index document with permission
labels); ``tests/catalogue/test_batch.py`` holds the two equal.

What runs as in CKAN: the type's validators; of the plugins, ``create``/``edit``,
``after_dataset_create``/``after_dataset_update``, ``read``, ``after_dataset_show``,
``before_dataset_index``, ``IPermissionLabels`` and ``IDomainObjectModification`` for packages.
What does not: authorization (the caller is trusted), the signal ``action_succeeded`` (its
subscriber for activities is done here in bulk), chained ``package_create``/``package_update``.

Limits: records of one type a call; a record whose resources, tags, groups or relationships would
change is refused with :class:`ValueError` (``package_update`` is for those), the ones it has stay.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import DataError, MissingNullEncoder
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search import SearchIndexError
from ckan.types import Context

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import (
    addresses,
    index_documents,
    rows,
    stored,
    uniqueness,
)
from ckanext.leszno_ngo.catalogue import identity as identities
from ckanext.leszno_ngo.catalogue.contexts import site_user
from ckanext.leszno_ngo.ckan_compat import validation

Status = Literal["created", "updated", "unchanged", "refused"]
Record = dict[str, Any]

#: Records read, turned into documents and sent at once by :func:`index`.
INDEX_CHUNK = 500

# What package_show says about a record beside its fields. The writer never takes it from the
# caller: package_update by a sysadmin would keep an old metadata_modified.
_DERIVED = frozenset({"metadata_modified", "metadata_created"})
# A B-tree's row holds 2704 bytes at most; title, name and identifiers are indexed.
_MOST_INDEXED_BYTES = 2_600
_RELATED = ("resources", "tags", "groups", "relationships_as_subject", "relationships_as_object")


@dataclass(frozen=True)
class Write:
    """A record to write.

    :param record: as for ``package_create`` (no ``id``; ``name`` may be missing: it is made from
        the title) or ``package_update`` (with ``id``: the whole record, as ``package_show``
        gives it, with the changes)
    :param seen: ``metadata_modified`` of the record the change was made on; when the stored one
        is another, someone has edited it since, and the write is refused
    """

    record: Record
    seen: str | None = None


@dataclass
class Outcome:
    """What became of a :class:`Write`, in the order given.

    :param status: ``created``, ``updated``, ``unchanged`` (nothing written) or ``refused``
    :param id: the record's id; ``None`` for a refused new one
    :param name: its name, the end of its address
    :param errors: field → messages, as ``ValidationError.error_dict``; empty unless refused
    :param record: what ``package_show`` gives for a created or updated record; else as given
    """

    status: Status
    id: str | None
    name: str | None
    errors: dict[str, Any]
    record: Record


class NotIndexed(Exception):  # noqa: N818 (it says what became of the records)
    """Solr did not take some documents. The records are stored; :func:`index` mends it.

    :param ids: ids of the records that are not in the index as they are stored
    :param outcomes: the outcomes of the batch; empty when raised by :func:`index`
    """

    def __init__(self, ids: Sequence[str], outcomes: Sequence[Outcome] = ()) -> None:
        super().__init__(f"{len(ids)} records are stored but not indexed")
        self.ids = list(ids)
        self.outcomes = list(outcomes)


def write(
    writes: Iterable[Write],
    *,
    user: str | None = None,
    before_commit: Callable[[list[Outcome]], None] | None = None,
    identity: identities.PreloadedIdentity | None = None,
    commit_index: bool = True,
) -> list[Outcome]:
    """Write records of one type in one transaction, then index them by one request.

    :param writes: the records; two that claim one identifier or name: the first has it
    :param user: name of the user the activity is of; the site user when ``None``
    :param before_commit: called in the transaction with the outcomes, when the rows are written;
        what it writes is committed with them, and an exception from it undoes all
    :param identity: identifiers known to the caller; brought up to date when the batch commits
    :param commit_index: make the records visible to searches at once; when ``False``, call
        :func:`commit_index` after the last batch
    :returns: one outcome for each write
    :raises NotIndexed: when the records are stored but Solr did not take them
    :raises ValueError: for records of different types, ids that do not exist or come twice,
        changes of related rows (nothing is written then)
    """
    writes = list(writes)
    if not writes:
        return []
    acting = _user(user)
    try:
        with _no_garbage_collection():
            batch = _Batch(writes, acting, identity)
            outcomes = batch.outcomes()
            if before_commit:
                before_commit(outcomes)
                model.Session.flush()
            made = batch.finish()
            model.Session.commit()
    except BaseException:
        model.Session.rollback()
        raise
    batch.identity.commit()
    failed = _send(made, batch.left_out(made), commit=commit_index)
    if failed:
        raise NotIndexed(failed, outcomes)
    return outcomes


def index(ids: Iterable[str]) -> None:
    """Index stored records, in bulk; what is deleted or gone leaves the index.

    The session's transaction is ended: nothing may be waiting in it.

    :param ids: ids of records of any type
    :raises NotIndexed: with the ids that Solr did not take
    """
    wanted = list(dict.fromkeys(ids))
    failed: list[str] = []
    for start in range(0, len(wanted), INDEX_CHUNK):
        chunk = wanted[start : start + INDEX_CHUNK]
        made = index_documents.documents(stored.load_many(chunk))
        present = {document["id"] for document in made}
        failed += _send(made, [id_ for id_ in chunk if id_ not in present], commit=False)
        model.Session.rollback()  # end the reading transaction: an idle one holds back vacuum
    if failed:
        raise NotIndexed(failed)
    commit_index()


def commit_index() -> None:
    """Make everything sent to Solr visible, unless ``ckan.search.solr_commit`` is off.

    :raises ckan.lib.search.SearchIndexError: when Solr cannot be reached
    """
    if tk.config["ckan.search.solr_commit"]:
        index_documents.commit()


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep Python's collector of reference cycles from running while a batch is made.

    A batch is a hundred thousand new dicts and lists at once, none of them garbage: the collector
    walks through them again and again and finds nothing, for a quarter of the batch's time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _send(
    made: Sequence[index_documents.Document], left_out: Sequence[str], *, commit: bool
) -> list[str]:
    failed = index_documents.send(made, commit=commit)
    try:
        index_documents.remove(left_out)
    except SearchIndexError:
        failed += left_out
    return failed


def _user(name: str | None) -> model.User:
    user = model.User.get(site_user() if name is None else name)
    if user is None:
        raise ValueError(f"there is no user {name!r}")
    return user


@dataclass
class _Pending:
    """A valid record on its way into the tables."""

    outcome: Outcome
    row: rows.Row
    valid: validation.Valid
    package: model.Package | None
    context: dict[str, Any]

    @property
    def is_new(self) -> bool:
        return self.package is None


class _Batch:
    """One transaction's worth of records."""

    def __init__(
        self,
        writes: Sequence[Write],
        user: model.User,
        identity: identities.PreloadedIdentity | None,
    ) -> None:
        self._user = user
        self._now = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)
        identities.lock()
        self._packages = stored.lock([w.record["id"] for w in writes if w.record.get("id")])
        self._type = _one_type(writes, self._packages)
        declared = record_types.get(self._type)
        self._identity_fields = declared.identity if declared else ()
        self._names = self._asked_names(writes)
        self.identity = uniqueness.Identifiers(
            self._type, self._identity_fields, [w.record for w in writes], identity
        )
        self.owner_org_validator = validation.remembering_owner_org_validator()
        self._writes = writes
        self._pending: list[_Pending] = []
        self._shown: list[stored.StoredRecord] = []

    # ------------------------------------------------------------------ validate
    def name_is_free(self, name: str, package_id: str | None) -> bool:
        """Answer the name validator (``validation.BatchState``)."""
        return self._names.is_free(name, package_id)

    def outcomes(self) -> list[Outcome]:
        """Validate and write the rows; return what became of each record."""
        related = self._related_rows()
        results = [self._validated(write, related) for write in self._writes]
        self._store()
        self._call_hooks()
        self._read_back()
        return results

    def _validated(self, write: Write, related: dict[str, Record]) -> Outcome:
        package = self._packages.get(write.record.get("id") or "")
        record = self._prepared(write.record, package)
        _refuse_related(write.record, related.get(package.id, {}) if package else {})
        if package and write.seen and package.metadata_modified.isoformat() != write.seen:
            message = tk._("Someone has changed this record meanwhile. Nothing was overwritten")
            return _refused(write, package, {"metadata_modified": [message]})
        context = self._context(package)
        action = "package_update" if package else "package_create"
        try:
            valid = validation.of_type(self._type, action).run(record, context)
        except DataError as error:
            return _refused(write, package, {"__before": [error.error]})
        errors = valid.errors or addresses.faults(record)
        if not errors:
            row = _changed_row(package, valid) if package else self._new_row(valid)
            errors = _unstorable(row, self._identity_fields)
        if errors:
            return _refused(write, package, errors)
        outcome = Outcome("created", row["id"], row["name"], {}, write.record)
        self._accept(_Pending(outcome, row, valid, package, context))
        return outcome

    def _prepared(self, record: Record, package: model.Package | None) -> Record:
        prepared = {
            key: value
            for key, value in record.items()
            if key not in _DERIVED and (key not in _RELATED or not value)
        }
        if package:
            prepared["type"] = package.type
        elif not prepared.get("name"):
            candidates = uniqueness.name_candidates(prepared, self._identity_fields)
            prepared["name"] = self._names.choose(candidates)
        return prepared

    def _accept(self, one: _Pending) -> None:
        row, package = one.row, one.package
        if package:
            one.outcome.status = "updated" if row != _row_of(package) else "unchanged"
            row["metadata_modified"] = self._now
        self._names.take(row["name"], row["id"], instead_of=package.name if package else None)
        self.identity.claim(
            identities.Owner(
                row["id"], row["name"], row["title"], not row["private"], row["owner_org"]
            ),
            row["extras"] if row["state"] == model.State.ACTIVE else {},
        )
        if one.outcome.status != "unchanged":
            self._pending.append(one)

    def _new_row(self, valid: validation.Valid) -> rows.Row:
        given = valid.top()
        row = {name: given.get(name) for name in rows.PACKAGE_COLUMNS}
        secret = given.get("plugin_data") if self._user.sysadmin else None
        return row | {
            "id": row["id"] or str(uuid.uuid4()),
            "type": self._type,
            "owner_org": row["owner_org"] or None,
            "creator_user_id": self._user.id,
            "metadata_created": self._now,
            "metadata_modified": self._now,
            "private": bool(row["private"]),
            "state": row["state"] or model.State.ACTIVE,
            "plugin_data": secret or None,
            "extras": valid.extras(),
        }

    def _context(self, package: model.Package | None) -> dict[str, Any]:
        context = {
            "user": self._user.name,
            "ignore_auth": True,
            "session": model.Session,
            "leszno_ngo_harvest": True,
            "leszno_ngo_identity": self.identity,
            "leszno_ngo_batch": self,
        }
        return context | {"package": package} if package else context

    def _asked_names(self, writes: Sequence[Write]) -> uniqueness.Names:
        asked: list[str] = []
        for write in writes:
            name = write.record.get("name")
            if isinstance(name, str) and name:
                asked.append(name)
            elif not write.record.get("id"):
                asked += uniqueness.name_candidates(write.record, self._identity_fields)
        return uniqueness.Names(asked)

    def _related_rows(self) -> dict[str, Record]:
        """Read the records to be updated that have resources, tags, groups or relationships."""
        found = stored.with_related_rows(self._packages) if self._packages else ()
        return {shown.package.id: shown.custom for shown in stored.load_many(found)}

    # ------------------------------------------------------------------ store
    def _store(self) -> None:
        new = [one for one in self._pending if one.is_new]
        changed = [one for one in self._pending if one.package]
        moved = [w for w in changed if w.package and w.row["owner_org"] != w.package.owner_org]
        rows.rename_to_id(self._names.retired())
        rows.insert_packages([one.row for one in new])
        rows.update_packages([one.row for one in changed])
        rows.join_organisations({one.row["id"]: one.row["owner_org"] for one in new})
        rows.change_organisations({one.row["id"]: one.row["owner_org"] for one in moved})

    def _call_hooks(self) -> None:
        for is_new, method in ((True, "after_dataset_create"), (False, "after_dataset_update")):
            for plugin in stored.hooks(p.IPackageController, method):
                for one in self._pending:
                    if one.is_new == is_new:
                        data = {**one.valid.nested(), "id": one.row["id"]}
                        context = tk.fresh_context(cast(Context, one.context))
                        context["leszno_ngo_batch"] = self  # type: ignore[typeddict-unknown-key]
                        getattr(plugin, method)(context, data)
        model.Session.flush()

    def _read_back(self) -> None:
        self._shown = stored.load_many([one.row["id"] for one in self._pending])
        told = {kind: stored.hooks(p.IPackageController, kind) for kind in ("create", "edit")}
        observers = stored.hooks(p.IDomainObjectModification, "notify")
        for one, shown in zip(self._pending, self._shown, strict=True):
            one.outcome.record = shown.custom
            kind, operation = ("create", "new") if one.is_new else ("edit", "changed")
            for plugin in told[kind]:
                getattr(plugin, kind)(shown.package)
            for plugin in observers:
                plugin.notify(shown.package, getattr(model.DomainObjectOperation, operation))

    def finish(self) -> list[index_documents.Document]:
        """Make the index documents and write the activities; return the documents."""
        documents = index_documents.documents(self._shown)
        if p.plugin_loaded("activity") and tk.config["ckan.activity_streams_enabled"]:
            by_id = {document["id"]: document for document in documents}
            rows.insert_activities(
                [
                    self._activity(one, shown, by_id.get(shown.package.id))
                    for one, shown in zip(self._pending, self._shown, strict=True)
                ]
            )
        return documents

    def _activity(
        self, one: _Pending, shown: stored.StoredRecord, document: index_documents.Document | None
    ) -> rows.Row:
        # The activity keeps what package_show says, which CKAN reads from the index.
        if document:
            record = json.loads(document["validated_data_dict"])
            labels = document["permission_labels"]
        else:
            record = json.loads(json.dumps(shown.custom, cls=MissingNullEncoder))
            labels = get_permission_labels().get_dataset_labels(shown.package)
        deleted = not one.is_new and shown.package.state == model.State.DELETED
        kind = "new" if one.is_new else "deleted" if deleted else "changed"
        return {
            "user_id": self._user.id,
            "object_id": shown.package.id,
            "activity_type": f"{kind} package",
            "data": {"package": record, "actor": self._user.name},
            "permission_labels": labels,
        }

    def left_out(self, documents: Sequence[index_documents.Document]) -> list[str]:
        """Return the ids of written records that the index must not have (deleted ones)."""
        present = {document["id"] for document in documents}
        return [one.row["id"] for one in self._pending if one.row["id"] not in present]


def _one_type(writes: Sequence[Write], packages: dict[str, model.Package]) -> str:
    types: set[str | None] = set()
    ids = [write.record["id"] for write in writes if write.record.get("id")]
    if len(ids) != len(set(ids)):
        raise ValueError("one call writes a record once")
    for write in writes:
        id_ = write.record.get("id")
        if id_ and id_ not in packages:
            raise ValueError(f"there is no record {id_}")
        types.add(packages[id_].type if id_ else write.record.get("type"))
    if len(types) != 1 or None in types:
        raise ValueError(f"one call writes records of one type, not of {sorted(map(str, types))}")
    return str(types.pop())


def _refuse_related(given: Record, known: Record) -> None:
    for key in _RELATED:
        if key in given and (given[key] or []) != (known.get(key) or []):
            raise ValueError(f"{key} would change: use package_update for such a record")


def _refused(write: Write, package: model.Package | None, errors: dict[str, Any]) -> Outcome:
    return Outcome(
        "refused",
        package.id if package else None,
        package.name if package else write.record.get("name"),
        errors,
        write.record,
    )


def _unstorable(row: rows.Row, indexed: Iterable[str]) -> dict[str, list[str]]:
    """Return errors for texts that PostgreSQL cannot keep; one would undo the whole batch.

    :param row: the row to be written
    :param indexed: extras that have an index of their own
    """
    texts = {name: value for name, value in row.items() if isinstance(value, str)}
    texts |= row["extras"]
    bad = [name for name, value in texts.items() if "\0" in value or not _has_bytes(value)]
    errors = {
        name: [tk._("This text has a character that cannot be stored. Remove it")] for name in bad
    }
    for name in {"title", *indexed} - errors.keys():
        if len((texts.get(name) or "").encode()) > _MOST_INDEXED_BYTES:
            errors[name] = [tk._("This text is too long. Shorten it")]
    return errors


def _has_bytes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _row_of(package: model.Package) -> rows.Row:
    row = {name: getattr(package, name) for name in rows.PACKAGE_COLUMNS}
    return row | {"extras": dict(package.extras or {})}


def _changed_row(package: model.Package, valid: validation.Valid) -> rows.Row:
    """Return the package's row with the new values (the rules of CKAN's ``from_dict``)."""
    given = valid.top()
    given.pop("plugin_data", None)
    row = _row_of(package)
    for name in rows.PACKAGE_COLUMNS:
        if name in given:
            row[name] = given[name]
        elif name in rows.EMPTIED_COLUMNS:
            row[name] = None
    return row | {"owner_org": row["owner_org"] or None, "extras": valid.extras()}
