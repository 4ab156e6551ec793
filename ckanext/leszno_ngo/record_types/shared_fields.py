"""What type files share: groups of fields, and presets that begin with another preset.

A file of presets (``scheming.presets``) may have ``field_groups``; a type file writes
``{field_group: contact}`` where the fields of the group are to stand. ckanext-scheming knows
neither: both are worked out before it sees a file (``ckan_compat.schema_files``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.leszno_ngo.record_types.faults import Fault, Path, TypeFileError, unknown

#: The key that stands in the place of a group's fields.
KEY = "field_group"
#: Where a file of presets declares groups.
DECLARED = "field_groups"
_LISTS = ("dataset_fields", "resource_fields")

Groups = Mapping[str, Mapping[str, Any]]
Presets = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Grouped:
    """A schema with the fields of its groups.

    :param schema: the schema, as ckanext-scheming gets it
    :param places: list of fields → for each field the place in the file's own list, and its group
    :param unknown: places of names that are no group's
    """

    schema: Mapping[str, Any]
    places: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    unknown: Sequence[tuple[Path, str]] = ()

    def in_file(self, path: Path) -> tuple[Path, str]:
        """Return where a place of the whole schema is in the file, and its group, if any.

        :param path: a path in ``schema``
        """
        match path:
            case (str(key), int(number), *rest) if number < len(self.places.get(key, ())):
                own, group = self.places[key][number]
                return (key, own, *(() if group else rest)), group
        return path, ""


def grouped(schema: Mapping[str, Any], groups: Groups) -> Grouped:
    """Put the fields of groups in the place of their names.

    :param schema: a schema as its file has it
    :param groups: name → ``fields``, and ``section`` for those that belong in one: its name, or
        the whole section, which comes after those that the type declares
    """
    whole = dict(schema)
    places: dict[str, list[tuple[int, str]]] = {}
    unknown: list[tuple[Path, str]] = []
    sections: list[Mapping[str, Any]] = []
    for key in _LISTS:
        if not isinstance(schema.get(key), list):
            continue
        whole[key], places[key] = [], []
        for number, own in enumerate(schema[key]):
            name = own.get(KEY) if isinstance(own, Mapping) else None
            if name is None:
                whole[key].append(own)
                places[key].append((number, ""))
            elif not isinstance(name, str) or name not in groups:
                unknown.append(((key, number, KEY), str(name)))
            else:
                fields = list(_fields(groups[name]))
                whole[key] += fields
                places[key] += [(number, name)] * len(fields)
                section = groups[name].get("section")
                sections += [section] if isinstance(section, Mapping) else []
    return Grouped(_with_sections(whole, sections), places, unknown)


def names_any(schema: Mapping[str, Any]) -> bool:
    """Whether a schema names a group.

    :param schema: a schema as its file has it
    """
    lists = [schema.get(key) for key in _LISTS]
    fields = [own for one in lists if isinstance(one, list) for own in one]
    return any(isinstance(own, Mapping) and KEY in own for own in fields)


def groups_of(presets: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the groups of files of presets; the first file that has one counts.

    :param presets: what the files say
    """
    found: dict[str, Mapping[str, Any]] = {}
    for said in reversed(presets):
        found |= said.get(DECLARED) or {}
    return found


def whole_presets(presets: Presets) -> dict[str, Mapping[str, Any]]:
    """Return presets with the keys of the presets that they begin with.

    :param presets: preset → its keys, ``preset`` among them for one that begins with another
    :raises TypeFileError: a preset begins with one that is not there, or with itself
    """
    return {name: _whole(name, presets, ()) for name in presets}


def _whole(name: str, presets: Presets, above: tuple[str, ...]) -> Mapping[str, Any]:
    own = presets[name]
    base = own.get("preset")
    if base is None:
        return own
    path = ("presets", name, "preset")
    if base not in presets:
        raise TypeFileError([unknown(path, str(base), "preset", presets)])
    if base == name or base in above:
        found = f'the preset "{name}" begins with itself'
        raise TypeFileError([Fault(path, found, "Begin it with another one")])
    whole = {**_whole(base, presets, (*above, name)), **own}
    return {key: value for key, value in whole.items() if key != "preset"}


def _fields(group: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    section = group.get("section")
    name = section.get("name") if isinstance(section, Mapping) else section
    for own in group.get("fields") or ():
        whole = {"section": name, **own}
        yield {key: value for key, value in whole.items() if (key, value) != ("section", None)}


def _with_sections(
    schema: dict[str, Any], sections: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    type_ = schema.get("record_type")
    declared = type_.get("sections") if isinstance(type_, Mapping) else None
    if not isinstance(type_, Mapping) or not isinstance(declared or [], list):
        return schema
    names = {own.get("name") for own in declared or () if isinstance(own, Mapping)}
    new = {own.get("name"): own for own in sections if own.get("name") not in names}
    if not new:
        return schema
    return {**schema, "record_type": {**type_, "sections": [*(declared or []), *new.values()]}}
