"""A register published: records → files → dataset → DataStore.

The order keeps what is public whole. All files are made before any takes the place of an old one;
the dataset (dates, sizes, digests) is written when all files are in place; whatever fails before
leaves the last good files with their dates, and the next run begins anew. When nothing has changed
neither a file nor a date is touched.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.leszno_ngo import config, datetimes, polish
from ckanext.leszno_ngo.catalogue.contexts import site_user
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.exports.formats import Format
from ckanext.leszno_ngo.polish.numbers import NBSP
from ckanext.leszno_ngo.record_types import RecordType, Register
from ckanext.leszno_ngo.registers import content as contents
from ckanext.leszno_ngo.registers import (
    dataset_description,
    files,
    identity,
    kept_edits,
    lock,
    preview,
    storage,
)
from ckanext.leszno_ngo.registers.content import Content
from ckanext.leszno_ngo.registers.errors import RegisterError
from ckanext.leszno_ngo.registers.files import Made

log = logging.getLogger(__name__)

Status = Literal["created", "updated", "unchanged", "empty", "removed"]
Record = dict[str, Any]

# A snapshot is a table; its suffix.
_SNAPSHOT = "csv"


@dataclass(frozen=True)
class Outcome:
    """What became of a register.

    :param status: ``created``, ``updated``, ``unchanged``; ``empty`` when the type has no records
        and never had a register; ``removed`` when somebody deleted the dataset
    :param name: the end of the dataset's address
    :param count: how many records it has
    :param snapshots: names of the resources of past states that were made
    :param table: ``False`` when the DataStore did not take the records; the log says why
    :param left_out: suffixes of the formats that do not hold so many records
    """

    status: Status
    name: str
    count: int = 0
    snapshots: tuple[str, ...] = ()
    table: bool = True
    left_out: tuple[str, ...] = ()


def publish(
    record_type: RecordType, *, snapshot: bool = False, force: bool = False
) -> Outcome | None:
    """Bring a type's register to the present state of its records.

    :param record_type: the type
    :param snapshot: keep today's state as a resource that never changes
    :param force: make the files again though nothing has changed
    :returns: what became of it; ``None`` for a type that declares no register
    :raises RegisterError: see the class
    :raises ckan.lib.search.SearchError: Solr is away
    :raises OSError: the files could not be written
    """
    if record_type.register is None:
        return None
    with lock.register_lock(record_type.name), storage.workshop(record_type.name) as folder:
        run = _Run(record_type, record_type.register, folder)
        return run.outcome(snapshot=snapshot, force=force)


class _Run:
    """One run: what there was, what there is to be."""

    def __init__(self, record_type: RecordType, register: Register, folder: Path) -> None:
        self._type = record_type
        self._register = register
        self._folder = folder
        self._id = identity.dataset_id(record_type.name)
        self._package = model.Package.get(self._id)
        self._known = _show(self._id) if self._package else {}
        self._formats = dataset_description.file_formats(record_type)
        self._left_out: dict[str, Format] = {}
        self._about: About = dataset_description.about(record_type)
        self._now = self._about.generated.replace(tzinfo=None, microsecond=0)

    def outcome(self, *, snapshot: bool, force: bool) -> Outcome:
        """Publish the register, or leave it where its content is the same."""
        if self._package and self._package.state != model.State.ACTIVE:
            return Outcome("removed", self._package.name)
        content = contents.gather(
            self._type, self._folder / "records.jsonl", [self._about.page, *self._formats]
        )
        if not self._package and not content.count:
            return Outcome("empty", self._register.name)
        self._leave_out(content.count)
        fresh = force or self._known.get("content_digest") != content.digest
        fresh = fresh or not self._has_files()
        snapshots = self._snapshots(content, today=snapshot)
        resources = self._files(content) if fresh else []
        resources += self._others(resources)
        resources += snapshots
        filled = self._fill_table(content, resources)
        wanted = dataset_description.dataset(self._type, self._register, content, self._left_out)
        status = self._write(wanted, resources)
        if filled and status != "unchanged" and p.plugin_loaded("datastore"):
            preview.add(identity.resource_id(self._id, _SNAPSHOT), site_user())
        names = tuple(one["name"] for one in snapshots)
        left_out = tuple(self._left_out)
        return Outcome(status, self._known["name"], content.count, names, filled, left_out)

    def _leave_out(self, count: int) -> None:
        """Take away the formats that do not hold so many records."""
        self._left_out = {
            suffix: one
            for suffix, one in self._formats.items()
            if one.largest is not None and count > one.largest
        }
        self._formats = {s: one for s, one in self._formats.items() if s not in self._left_out}

    # ------------------------------------------------------------------ resources
    def _present(self) -> Mapping[str, Record]:
        return {one["id"]: one for one in self._known.get("resources", ())}

    def _has_files(self) -> bool:
        present = self._present()
        ids = [identity.resource_id(self._id, suffix) for suffix in self._formats]
        return all(one in present and storage.is_there(present[one]) for one in ids)

    def _files(self, content: Content) -> list[Record]:
        """Make all files, and only then put each in its place."""
        lang = dataset_description.language()
        made = {
            suffix: files.make_files(self._type, suffix, wanted, content, lang, self._about)
            for suffix, wanted in self._formats.items()
        }
        resources = []
        for suffix, one in made.items():
            resource = dataset_description.file(self._id, suffix, self._formats[suffix])
            resources.append(
                self._kept(resource, one, dataset_description.file_name(self._register, suffix))
            )
        return resources

    def _kept(self, resource: Record, made: Made, file_name: str) -> Record:
        """Put a file in its place; return its resource with what is to be said of the file."""
        storage.keep(made.path, resource["id"], file_name)
        time = self._now.isoformat()
        issued = self._present().get(resource["id"], {}).get("issued") or time
        return {
            **resource,
            "url": file_name,
            "url_type": "upload",
            "size": made.size,
            "hash": made.sha256,
            "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
            "last_modified": time,
            "modified": time,
            "issued": issued,
        }

    def _others(self, files_made: list[Record]) -> list[Record]:
        """The description of the API, and what is there already and stays as it is."""
        api = dataset_description.api(self._id)
        rest = [] if files_made else [self._described_again(suffix) for suffix in self._formats]
        own = {one["id"] for one in [*files_made, *rest, api]}
        own |= {identity.resource_id(self._id, suffix) for suffix in self._left_out}
        return [*rest, api, *(one for id_, one in self._present().items() if id_ not in own)]

    def _described_again(self, suffix: str) -> Record:
        return dataset_description.file(self._id, suffix, self._formats[suffix])

    def _snapshots(self, content: Content, *, today: bool) -> list[Record]:
        """Keep last year's state when a new year has begun, and today's when it is asked for."""
        day = datetimes.today(self._about.generated)
        made = []
        last_year = day.year - 1
        began = self._known.get("metadata_created", "9999")[:4]
        is_wanted = _is_kept(dt.date(last_year, 12, 31), day)
        if is_wanted and int(began) <= last_year and not self._has(f"snapshot-{last_year}"):
            made.append(self._last_year(last_year, content))
        if today and not self._has(f"snapshot-{day}"):
            made.append(self._snapshot(f"snapshot-{day}", day, self._table(content)))
        return made

    def _has(self, part: str) -> bool:
        return identity.resource_id(self._id, part) in self._present()

    def _last_year(self, year: int, content: Content) -> Record:
        """Keep the file that was public when the year ended; where it is lost, today's."""
        part, day = f"snapshot-{year}", dt.date(year, 12, 31)
        copy = self._folder / f"{part}.csv"
        if self._copied(identity.resource_id(self._id, _SNAPSHOT), copy):
            return self._snapshot(part, day, files.measure(copy))
        log.warning("%s: the file of %s is lost; today's state is kept", self._type.name, year)
        today = datetimes.today(self._about.generated)
        return self._snapshot(part, today, self._table(content))

    def _copied(self, resource: str, target: Path) -> bool:
        present = self._present().get(resource)
        if present is None:
            return False
        try:
            storage.copy(present, target)
        except FileNotFoundError:
            return False
        return True

    def _table(self, content: Content) -> Made:
        wanted, lang = self._formats[_SNAPSHOT], dataset_description.language()
        made = files.make_files(self._type, _SNAPSHOT, wanted, content, lang, self._about)
        return Made(made.path.rename(self._folder / "today.csv"), made.size, made.sha256)

    def _snapshot(self, part: str, day: dt.date, made: Made) -> Record:
        # a file's name: an ordinary space
        shown = polish.format_date(day, dataset_description.language()).replace(NBSP, " ")
        resource = dataset_description.snapshot(self._id, part, day.isoformat(), shown)
        name = dataset_description.file_name(self._register, _SNAPSHOT, day.isoformat())
        return self._kept(resource, made, name)

    # ------------------------------------------------------------------ dataset
    def _write(self, wanted: Record, resources: list[Record]) -> Status:
        user = model.User.get(site_user())
        assert user
        context = {"ignore_auth": True, "user": user.name, "auth_user_obj": user}
        if not self._package:
            name = self._register.name
            taken = model.Package.get(name) is not None
            created = tk.get_action("package_create")(
                context,  # type: ignore[arg-type]
                {
                    **wanted,
                    "id": self._id,
                    "type": identity.DATASET_TYPE,
                    "name": f"{name}-{self._type.name}" if taken else name,
                    "owner_org": _owner(),
                    "tags": [{"name": tag} for tag in self._register.tags],
                    "resources": resources,
                    "plugin_data": self._plugin_data(wanted, resources),
                },
            )
            self._known = created
            return "created"
        changed = self._with_edits(wanted, resources)
        if changed == self._known:
            return "unchanged"
        changed.pop("metadata_modified", None)
        changed["plugin_data"] = self._plugin_data(wanted, resources)
        self._known = tk.get_action("package_update")(context, changed)  # type: ignore[arg-type]
        return "updated"

    def _with_edits(self, wanted: Record, resources: list[Record]) -> Record:
        """Put what the publisher says together with what people changed since the last run."""
        before = ((self._package and self._package.plugin_data) or {}).get(kept_edits.KEPT)
        present, tags = self._present(), {tag["name"] for tag in self._known["tags"]}
        whole = [kept_edits.resource(one, present.get(one["id"]), before) for one in resources]
        mine = {"tags": sorted(self._register.tags), **wanted}
        texts = kept_edits.dataset(mine, {**self._known, "tags": sorted(tags)}, before)
        names = texts.pop("tags")
        changed = {**self._known, **texts, "resources": whole}
        if tags != set(names):
            changed["tags"] = [{"name": tag} for tag in names]
        return changed

    def _plugin_data(self, wanted: Record, resources: list[Record]) -> Record:
        stored = (self._package.plugin_data if self._package else None) or {}
        said = kept_edits.published_values(
            {"tags": sorted(self._register.tags), **wanted}, resources
        )
        return {**stored, kept_edits.KEPT: said}

    def _fill_table(self, content: Content, resources: list[Record]) -> bool:
        """Fill the DataStore, where the portal has one; files come out without it, too."""
        if not p.plugin_loaded("datastore"):
            return True
        from ckanext.leszno_ngo.registers import table  # needs the plugin's own options

        resource = identity.resource_id(self._id, _SNAPSHOT)
        try:
            table.fill(self._type, resource, content, dataset_description.language())
        except table.FAULTS:
            log.exception("The DataStore did not take the register of %s", self._type.name)
            return False
        for one in resources:
            if one["id"] == resource:
                one["datastore_active"] = True
        return True


def _is_kept(state: dt.date, today: dt.date) -> bool:
    """Whether a past state of that day is not to be deleted at once (``retention.snapshots``)."""
    days = config.retention().snapshots
    return not days or (today - state).days <= days


def _show(id_: str) -> Record:
    context = {"ignore_auth": True, "user": site_user(), "use_cache": False}
    return tk.get_action("package_show")(context, {"id": id_})  # type: ignore[arg-type]


def _owner() -> str:
    name = config.registers().owner_org
    group = model.Group.get(name)
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        raise RegisterError("owner", name=name)
    return group.id
