"""Type files and presets, read from YAML or JSON: their data, and on which line each place is."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path as PathOnDisk
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from ckanext.leszno_ngo.record_types import type_keys
from ckanext.leszno_ngo.record_types.faults import Fault, Path
from ckanext.leszno_ngo.record_types.reading import keys
from ckanext.leszno_ngo.record_types.shared_fields import whole_presets

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIELDS = ("dataset_fields", "resource_fields")


@dataclass(frozen=True)
class SchemaFile:
    """A file of a schema: its name for messages, and its text (JSON is YAML, too)."""

    name: str
    text: str

    @functools.cached_property
    def _root(self) -> yaml.Node | None:
        return yaml.compose(self.text, Loader=_Loader)

    @functools.cached_property
    def data(self) -> Any:
        """What the file says; reading it raises ``yaml.YAMLError`` where it is not YAML."""
        return SafeConstructor().construct_document(self._root) if self._root else None

    def faults(self) -> Iterator[Fault]:
        """Give what YAML itself takes silently, or not at all: keys that stand twice, no YAML."""
        try:
            _ = self.data
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = " ".join(str(getattr(error, "problem", None) or error).split())
            remedy = "Put texts with a colon, comma or # in quotation marks, and indent by spaces"
            yield Fault((), f"not YAML: {said}", remedy, self.name, mark.line + 1 if mark else 0)
            return
        # A tree of its own: what reads the data writes merged keys ("<<") into the other.
        yield from self._repeated(yaml.compose(self.text, Loader=_Loader), ())

    def placed(self, fault: Fault) -> Fault:
        """Return a fault with its file, line and field.

        A place that the file does not have (a key of a preset) is on the line of what it is in.
        """
        line, field = _place(self._root, fault.path)
        return Fault(fault.path, fault.found, fault.remedy, self.name, line, field)

    def _repeated(self, node: yaml.Node | None, path: Path) -> Iterator[Fault]:
        if isinstance(node, yaml.SequenceNode):
            for number, inner in enumerate(node.value):
                yield from self._repeated(inner, (*path, number))
        if not isinstance(node, yaml.MappingNode):
            return
        seen: dict[str, int] = {}
        for key, inner in node.value:
            line = key.start_mark.line + 1
            if key.value in seen and key.value != "<<":
                found = f'the key "{key.value}" stands on line {seen[key.value]} already'
                yield Fault((*path, key.value), found, "Keep one of the two", self.name, line)
            seen.setdefault(key.value, line)
            yield from self._repeated(inner, (*path, key.value))


def located(url: str) -> PathOnDisk | None:
    """Find a file as ckanext-scheming does.

    :param url: ``package:path``, the path from the package's folder
    :returns: the file; ``None`` where there is none, or no such package
    """
    module, _colon, path = url.partition(":")
    try:
        own = import_module(module).__file__
    except (ImportError, ValueError):
        return None
    found = PathOnDisk(own).parent / path if own else None
    return found if found and found.is_file() else None


def mapping_file(schema: Mapping[str, Any]) -> SchemaFile | None:
    """Return the file of a type's mappings, where it has one.

    :raises FileNotFoundError: the schema names one that is not there
    """
    section = schema.get("record_type")
    url = section.get("mappings") if isinstance(section, Mapping) else None
    if not url or not isinstance(url, str):
        return None
    path = located(url)
    if not path:
        raise FileNotFoundError(url)
    return SchemaFile(url, path.read_text(encoding="utf-8"))


def with_mappings(schema: Mapping[str, Any], mappings: SchemaFile | None) -> Mapping[str, Any]:
    """Return a schema that has in its section what the file of its mappings says."""
    if not mappings or not isinstance(mappings.data, Mapping):
        return schema
    said = {key: value for key, value in mappings.data.items() if key in keys(type_keys.mappings())}
    return {**schema, "record_type": {**said, **schema["record_type"]}}


def expanded(schema: Mapping[str, Any], presets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a schema whose fields have the keys of their presets, as ckanext-scheming makes it.

    :param presets: preset → its keys; a preset that is not there brings none
    """
    groups = {key: _expanded(schema[key], presets) for key in _FIELDS if key in schema}
    return {**schema, **groups}


def _expanded(fields: Any, presets: Mapping[str, Mapping[str, Any]]) -> Any:
    if not isinstance(fields, list):
        return fields
    return [_with_preset(f, presets) if isinstance(f, Mapping) else f for f in fields]


def _with_preset(
    field: Mapping[str, Any], presets: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    name = field.get("preset")
    values = presets.get(name, {}) if isinstance(name, str) else {}
    whole = {**values, **field}
    if "repeating_subfields" in whole:
        whole["repeating_subfields"] = _expanded(whole["repeating_subfields"], presets)
    return whole


def presets_of(files: Sequence[SchemaFile]) -> dict[str, Mapping[str, Any]]:
    """Return the presets of files; the first file that has one counts (`scheming.presets`).

    :raises TypeFileError: a preset begins with one that is not there
    """
    found: dict[str, Mapping[str, Any]] = {}
    for file in reversed(files):
        for preset in file.data["presets"]:
            found[preset["preset_name"]] = preset["values"]
    return whole_presets(found)


def _place(node: yaml.Node | None, path: Path) -> tuple[int, str]:
    """The line of a place, or of the last part of its path that there is, and its field."""
    line, field = 1, ""
    for key in path:
        step = _step(node, key)
        if not step:
            break
        line, node = step
        field = _field_name(node) or field
    return line, field


def _step(node: yaml.Node | None, key: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = [pair for pair in node.value if pair[0].value == str(key)]
        return (pairs[-1][0].start_mark.line + 1, pairs[-1][1]) if pairs else None
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        inner = node.value[key]
        return inner.start_mark.line + 1, inner
    return None


def _field_name(node: yaml.Node) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((v.value for k, v in pairs if k.value == "field_name"), "")
