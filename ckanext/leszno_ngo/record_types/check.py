"""Type files checked: their keys and kinds, and that every name in them stands for something.

What other parts of the portal bring (checks, validators, templates …) is told by :class:`Known`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ckanext.leszno_ngo.record_types import reading
from ckanext.leszno_ngo.record_types.declarations import TypeFile
from ckanext.leszno_ngo.record_types.faults import Fault, unknown
from ckanext.leszno_ngo.record_types.files import SchemaFile, expanded
from ckanext.leszno_ngo.record_types.known import Known
from ckanext.leszno_ngo.record_types.references import Type, references

Presets = Mapping[str, Mapping[str, Any]]


def faults(files: Sequence[SchemaFile], presets: Presets, known: Known) -> list[Fault]:
    """Return everything that is wrong in the files of a portal's schemas.

    :param files: all schemas of datasets; a link may lead to a type of any of them
    :param presets: preset → its keys
    :param known: what the rest of the portal has
    :returns: the faults, file by file; none for a schema without ``record_type``, which is
        ckanext-scheming's alone
    """
    found = [fault for file in files for fault in file.faults()]
    unreadable = {fault.file for fault in found if not fault.path}
    looked = [_structure(f, presets, known) for f in files if f.name not in unreadable]
    types = {type_.name: type_ for _file, _wrong, type_ in looked if type_}
    for file, wrong, type_ in looked:
        named = list(references(type_, types, known)) if type_ else []
        found += [file.placed(fault) for fault in (*wrong, *named)]
        found += [file.placed(fault) for fault in _repeated_type(file, looked, type_)]
    return list(dict.fromkeys(found))


_Looked = tuple[SchemaFile, list[Fault], "Type | None"]


def _structure(file: SchemaFile, presets: Presets, known: Known) -> _Looked:
    """Look at keys and kinds; what is right is read, so that its names are looked at, too."""
    raw = file.data
    if not isinstance(raw, Mapping):
        remedy = "Write a schema of ckanext-scheming with the section record_type"
        return file, [Fault((), "the file is no mapping", remedy)], None
    if "record_type" not in raw:
        return file, list(_nearly(raw)), None
    whole = reading.without(expanded(raw, presets), known.field_keys)
    wrong = list(reading.faults(TypeFile, whole))
    wrong += _presets(raw, presets)
    try:
        declared = reading.read(TypeFile, reading.pruned(whole, wrong))
    except msgspec.ValidationError:
        return file, wrong, None
    return file, wrong, Type(declared)


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


def _repeated_type(
    file: SchemaFile, looked: Sequence[_Looked], type_: Type | None
) -> Iterator[Fault]:
    others = [other.name for other, _wrong, own in looked if own and type_ and own is not type_
              and own.name == type_.name]  # fmt: skip
    if type_ and others:
        found = f'the type "{type_.name}" is also in {", ".join(others)}'
        yield Fault(("dataset_type",), found, "Give each type a name of its own")
