"""The portal's type files, checked against everything that they may name.

``record_types.check`` knows how files are checked; here is gathered what the portal has: checks,
rules, vocabularies, validators, helpers and templates, of this extension and of other plugins.
"""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import yaml
from ckan.exceptions import CkanConfigurationException
from ckan.lib import helpers
from ckanext.scheming import helpers as scheming
from ckanext.scheming.plugins import SchemingDatasetsPlugin

from ckanext.leszno_ngo import config, vocabularies
from ckanext.leszno_ngo.catalogue import checks, computed, copies, derived
from ckanext.leszno_ngo.exports import jsonld_mapping, rows
from ckanext.leszno_ngo.record_types import check, schema, shared_fields
from ckanext.leszno_ngo.record_types.available_names import AvailableNames
from ckanext.leszno_ngo.record_types.faults import Fault, TypeFileError
from ckanext.leszno_ngo.record_types.files import SchemaFile, located, presets_of

# Where CKAN looks for validators and converters (ckan.logic.get_validator).
_VALIDATORS = ("ckan.lib.navl.validators", "ckan.logic.validators", "ckan.logic.converters")
_checked: tuple[Sequence[SchemaFile], AvailableNames] | None = None


@dataclass(frozen=True)
class Templates(Collection[str]):
    """Names of templates in a folder, wherever CKAN looks for it.

    A name with a slash is a path from the root, as ckanext-scheming reads it. ``suffix`` is what
    a name in a type file leaves out.
    """

    roots: tuple[str, ...]
    folder: str
    suffix: str = ""

    def __contains__(self, name: object) -> bool:
        path = str(name) if "/" in str(name) else f"{self.folder}/{name}"
        return any((Path(root) / f"{path}{self.suffix}").is_file() for root in self.roots)

    def __iter__(self) -> Iterator[str]:
        found = (file for root in self.roots for file in (Path(root) / self.folder).glob("*.html"))
        return iter(sorted({file.name.removesuffix(self.suffix) for file in found}))

    def __len__(self) -> int:
        return len(list(iter(self)))


def require_right() -> None:
    """Refuse to start with type files that are wrong.

    :raises ckan.exceptions.CkanConfigurationException: the message has all faults
    """
    global _checked  # noqa: PLW0603 (CKAN reads its configuration again for every plugin)
    if not SchemingDatasetsPlugin.instance or not p.plugin_loaded("scheming_datasets"):
        return
    now = (loaded(), available_names())
    if now == _checked:
        return
    found = check.faults(now[0], _presets(), now[1])
    if found:
        raise CkanConfigurationException(str(TypeFileError(found)))
    _checked = now


def faults(paths: Sequence[Path] = ()) -> list[Fault]:
    """Return everything that is wrong in type files.

    :param paths: files to look at; a file of a type that the portal has takes its place. Without
        any, the portal's own files
    """
    mine = [SchemaFile(str(path), path.read_text(encoding="utf-8")) for path in paths]
    names = {_type_of(file) for file in mine}
    others = [file for file in loaded() if _type_of(file) not in names]
    found = check.faults([*mine, *others], _presets(), available_names())
    wanted = {file.name for file in mine}
    return [fault for fault in found if not wanted or fault.file in wanted]


def loaded() -> list[SchemaFile]:
    """Return the files of ``scheming.dataset_schemas``; of one from the web, what was read."""
    urls = tk.config.get("scheming.dataset_schemas", "").split()
    files = {url: located(url) for url in urls}
    found = [
        SchemaFile(url, path.read_text(encoding="utf-8")) for url, path in files.items() if path
    ]
    if len(found) < len(urls):
        read = {_type_of(file) for file in found}
        declared: Mapping[str, Any] = scheming.scheming_dataset_schemas(expanded=False) or {}
        found += [
            SchemaFile(name, yaml.safe_dump(own, allow_unicode=True, sort_keys=False))
            for name, own in declared.items()
            if name not in read
        ]
    return found


def with_shared(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a file as ckanext-scheming understands it.

    :param said: what a file says: of a schema, which gets the fields of the groups that it names,
        or of presets, which get the keys of the presets that they begin with
    :raises TypeFileError: a preset begins with one that is not there
    """
    if "presets" in said:
        # The file itself, too: one from the web is not found again.
        whole = presets_of([*_presets_files(), SchemaFile("presets", json.dumps(said))])
        names = [preset["preset_name"] for preset in said["presets"]]
        return {**said, "presets": [{"preset_name": n, "values": whole[n]} for n in names]}
    if not shared_fields.names_any(said):
        return said
    return shared_fields.grouped(said, _groups()).schema


def available_names() -> AvailableNames:
    """Return what the portal's type files may name, with all plugins that are loaded."""
    plugins = p.PluginImplementations(p.IValidators)
    return gathered(
        roots=tk.config.get("computed_template_paths") or (),
        validators={name for plugin in plugins for name in plugin.get_validators()},
        helpers=helpers.helper_functions,
        plugins=[plugin for plugin in tk.config["ckan.plugins"] if p.plugin_loaded(plugin)],
        field_keys=config.type_file_keys(),
        groups=_groups(),
    )


def gathered(
    roots: Iterable[str],
    validators: Iterable[str],
    helpers: Iterable[str],
    plugins: Iterable[str] = (),
    field_keys: Iterable[str] = (),
    groups: shared_fields.Groups | None = None,
) -> AvailableNames:
    """Gather what type files may name.

    :param roots: folders of templates
    :param validators: names of plugins' validators; CKAN's own are added
    :param helpers: names of helpers
    :param plugins: names of the plugins that are switched on
    :param field_keys: keys of other plugins
    :param groups: groups of fields
    """
    folders = tuple(roots)
    return AvailableNames(
        vocabularies={name: vocabularies.get(name).codes for name in vocabularies.names()},
        checks=frozenset(checks.CHECKS),
        derivations={
            name: tuple(inspect.signature(rule).parameters) for name, rule in derived.RULES.items()
        },
        fillers=frozenset(copies.FILLERS),
        displays=Templates(folders, "leszno_ngo/display", ".html"),
        validators=frozenset({*validators, *_validators_of_ckan()}),
        helpers=frozenset(helpers),
        form_snippets=Templates(folders, "scheming/form_snippets"),
        display_snippets=Templates(folders, "scheming/display_snippets"),
        prefixes=frozenset(jsonld_mapping.PREFIXES),
        worked_out=frozenset(jsonld_mapping.WORKED_OUT),
        linked_parts=schema.shared_parts(),
        core=frozenset(rows.CORE_LABELS),
        computed=computed.NAMES,
        plugins=frozenset(plugins),
        field_keys=frozenset(field_keys),
        field_groups=groups or {},
    )


@functools.cache
def _validators_of_ckan() -> frozenset[str]:
    functions = (vars(import_module(module)).items() for module in _VALIDATORS)
    found = {name for named in functions for name, one in named if callable(one)}
    # Both are made by CKAN and ckanext-scheming themselves.
    return frozenset({*found, "OneOf", "unicode"})


def _presets() -> Mapping[str, Mapping[str, Any]]:
    return scheming.scheming_get_presets() or {}


def _groups() -> shared_fields.Groups:
    """Return the groups that the portal's files of presets declare."""
    return shared_fields.groups_of([file.data for file in _presets_files()])


def _presets_files() -> list[SchemaFile]:
    urls = tk.config.get("scheming.presets", "ckanext.scheming:presets.json").split()
    found = map(located, urls)
    return [_presets_file(path, path.stat().st_mtime_ns) for path in found if path]


@functools.lru_cache(maxsize=16)
def _presets_file(path: Path, _changed: int) -> SchemaFile:
    return SchemaFile(str(path), path.read_text(encoding="utf-8"))


def _type_of(file: SchemaFile) -> str | None:
    try:
        data = file.data
    except yaml.YAMLError:
        return None
    return data.get("dataset_type") if isinstance(data, dict) else None
