"""Type files checked: their keys and kinds, and that every name in them stands for something.

What other parts of the portal bring (checks, validators, templates …) is told by :class:`Known`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from ckanext.leszno_ngo.record_types import reading, type_keys
from ckanext.leszno_ngo.record_types.available_names import AvailableNames
from ckanext.leszno_ngo.record_types.declarations import (
    FieldGroup,
    Schedule,
)
from ckanext.leszno_ngo.record_types.faults import Fault, unknown
from ckanext.leszno_ngo.record_types.files import (
    SchemaFile,
    expanded,
    mapping_file,
    with_mappings,
)
from ckanext.leszno_ngo.record_types.references import references
from ckanext.leszno_ngo.record_types.shared_fields import Grouped, grouped
from ckanext.leszno_ngo.record_types.type_check import Type

Presets = Mapping[str, Mapping[str, Any]]
_SECTION = "record_type"
#: Keys of the section in version 0.1 → where they are now.
_MOVED: Mapping[Any, str] = {
    **{key: f"schedule: {{{key}: …}}" for key in reading.keys(Schedule)},
    "money": "finance: {sums: …}",
    "money_source": "finance: {source: …}",
}


def faults(files: Sequence[SchemaFile], presets: Presets, known: AvailableNames) -> list[Fault]:
    """Return everything that is wrong in the files of a portal's schemas.

    :param files: all schemas of datasets; a link may lead to a type of any of them
    :param presets: preset → its keys
    :param known: what the rest of the portal has
    :returns: the faults, file by file; none for a schema without ``record_type``, which is
        ckanext-scheming's alone
    """
    found = [fault for file in files for fault in file.faults()]
    found += _wrong_groups(presets, known)
    unreadable = {fault.file for fault in found if not fault.path}
    looked = [_looked_at(f, presets, known) for f in files if f.name not in unreadable]
    types = {one.type.name: one.type for one in looked if one.type}
    for one in looked:
        found += one.elsewhere
        found += map(one.placed, one.wrong)
        if one.type:
            if one.is_complete:
                found += map(one.placed, references(one.type, types, known))
            found += map(one.placed, _repeated_type(one, looked, one.type))
    return list(dict.fromkeys(found))


def _wrong_groups(presets: Presets, known: AvailableNames) -> Iterator[Fault]:
    """Look at the keys and kinds of the groups themselves."""
    for name, group in known.field_groups.items():
        path = ("field_groups", name)
        whole = group
        if isinstance(group, Mapping) and isinstance(group.get("fields"), list):
            fields = expanded({"dataset_fields": group["fields"]}, presets)
            whole = {**group, "fields": reading.without(fields, known.field_keys)["dataset_fields"]}
        for fault in reading.faults(FieldGroup, whole, path):
            yield replace(fault, file="scheming.presets")


@dataclass
class _Looked:
    """A file that was looked at: what is wrong in its keys and kinds, and the type it declares.

    ``mappings`` is the file of its mappings, ``elsewhere`` what was found in that file alone, or
    is placed already; ``grouped`` is the schema with the fields of its groups; ``is_complete``
    that every plugin that it needs is there.
    """

    file: SchemaFile
    wrong: list[Fault]
    grouped: Grouped = field(default_factory=lambda: Grouped({}))
    type: Type | None = None
    mappings: SchemaFile | None = None
    elsewhere: list[Fault] = field(default_factory=list)
    is_complete: bool = True

    def placed(self, fault: Fault) -> Fault:
        """Return a fault with the file and the line that it is in."""
        if self.mappings and fault.path[:1] == (_SECTION,) and len(fault.path) > 1:
            inner = fault.path[1:]
            if inner[0] in self.mappings.data and inner[0] not in self.file.data[_SECTION]:
                return self.mappings.placed(Fault(inner, fault.found, fault.remedy))
        path, group = self.grouped.in_file(fault.path)
        found = f'{fault.found} (in the field group "{group}")' if group else fault.found
        return self.file.placed(Fault(path, found, fault.remedy))


def _looked_at(file: SchemaFile, presets: Presets, known: AvailableNames) -> _Looked:
    """Look at keys and kinds; what is right is read, so that its names are looked at, too."""
    raw = file.data
    if not isinstance(raw, Mapping):
        remedy = "Write a schema of ckanext-scheming with the section record_type"
        return _Looked(file, [Fault((), "the file is no mapping", remedy)])
    if _SECTION not in raw:
        return _Looked(file, list(_nearly(raw)))
    own = grouped(raw, known.field_groups)
    looked = _with_mappings(_Looked(file, _presets(own.schema, presets), own))
    looked.elsewhere += [
        file.placed(unknown(path, name, "field group", known.field_groups))
        for path, name in own.unknown
    ]
    whole = with_mappings(expanded(own.schema, presets), looked.mappings)
    whole = reading.without(whole, known.field_keys)
    kind = type_keys.type_file()
    looked.wrong += map(_moved, reading.faults(kind, whole))
    with suppress(msgspec.ValidationError):
        looked.type = Type(reading.read(kind, reading.pruned(whole, looked.wrong)))
    away = list(_plugins_away(looked.type, known))
    if away:
        # What they bring is not known: every name of theirs would be a fault.
        looked.wrong, looked.elsewhere, looked.is_complete = away, [], False
    return looked


def _plugins_away(type_: Type | None, known: AvailableNames) -> Iterator[Fault]:
    for number, name in enumerate(type_.declared.record_type.plugins if type_ else ()):
        if name not in known.plugins:
            remedy = f"Add {name} to ckan.plugins in ckan.ini, after leszno_ngo"
            found = f'the plugin "{name}" is not switched on'
            yield Fault((_SECTION, "plugins", number), found, remedy)


def _moved(fault: Fault) -> Fault:
    """Say where a key of version 0.1 is now."""
    if len(fault.path) != 2 or fault.path[0] != _SECTION:
        return fault
    of_finance = {name for name, key in type_keys.TYPE_KEYS.items() if key.of_finance}
    moved = {**_MOVED, **{name: f"finance: {{{name}: …}}" for name in of_finance}}
    key = fault.path[1]
    return replace(fault, remedy=f"Write it as {moved[key]}") if key in moved else fault


def _with_mappings(looked: _Looked) -> _Looked:
    path = (_SECTION, "mappings")
    try:
        mappings = mapping_file(looked.file.data)
    except FileNotFoundError as error:
        remedy = "Write <package>:<path>, such as ckanext.city:schemas/mappings/grant.yaml"
        looked.wrong.append(Fault(path, f'there is no file "{error}"', remedy))
        return looked
    if not mappings:
        return looked
    looked.elsewhere += mappings.faults()
    if any(not fault.path for fault in looked.elsewhere):
        return looked
    said = mappings.data if isinstance(mappings.data, Mapping) else {}
    known = reading.keys(type_keys.mappings())
    foreign = (unknown((key,), str(key), "key", known) for key in said if key not in known)
    looked.elsewhere += map(mappings.placed, foreign)
    twice = [key for key in said if key in known and key in looked.file.data[_SECTION]]
    looked.wrong += [
        Fault((_SECTION, key), f'"{key}" is in {mappings.name}, too', "Keep one of the two")
        for key in twice
    ]
    looked.mappings = mappings
    return looked


def _nearly(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """A section that is spelt wrong would make the type an ordinary dataset."""
    for key in difflib.get_close_matches("record_type", list(map(str, raw)), cutoff=0.7):
        yield Fault((key,), f'there is no key "{key}"', 'Did you mean "record_type"?')


def _presets(raw: Mapping[str, Any], presets: Presets) -> list[Fault]:
    return [
        unknown((*path, "preset"), declared["preset"], "preset", presets)
        for group in ("dataset_fields", "resource_fields")
        for path, declared in _declared(raw.get(group), (group,))
        if isinstance(declared.get("preset"), str) and declared["preset"] not in presets
    ]


def _declared(fields: Any, path: tuple[str | int, ...]) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    for number, declared in enumerate(fields if isinstance(fields, list) else ()):
        if isinstance(declared, Mapping):
            yield (*path, number), declared
            inner = (*path, number, "repeating_subfields")
            yield from _declared(declared.get("repeating_subfields"), inner)


def _repeated_type(one: _Looked, looked: Sequence[_Looked], type_: Type) -> Iterator[Fault]:
    same = [o.file.name for o in looked if o is not one and o.type and o.type.name == type_.name]
    if same:
        found = f'the type "{type_.name}" is also in {", ".join(same)}'
        yield Fault(("dataset_type",), found, "Give each type a name of its own")
