"""Fills the registries with what plugins bring (``interfaces.IRecordTypes``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ckan.plugins as p
from ckan.config.declaration import Declaration, Key
from ckan.exceptions import CkanConfigurationException

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.catalogue import checks, copies, derived, quality
from ckanext.leszno_ngo.exports import formats
from ckanext.leszno_ngo.feature_plugins import FEATURES
from ckanext.leszno_ngo.harvest import values
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS
from ckanext.leszno_ngo.interfaces import IRecordTypes
from ckanext.leszno_ngo.logic import api_actions, page_parts
from ckanext.leszno_ngo.record_types.type_keys import TYPE_KEYS
from ckanext.leszno_ngo.registry import RegistrationError, Registry
from ckanext.leszno_ngo.search import index, lexicon

_PRESETS = "ckanext.scheming:presets.json ckanext.leszno_ngo:schemas/presets.yaml"
Plugins = Sequence[tuple[str, IRecordTypes]]

# What a hook brings → where it is kept.
_REGISTRIES: Sequence[tuple[Callable[[IRecordTypes], Mapping[str, Any]], Registry[Any]]] = (
    (lambda plugin: _vocabularies(plugin.get_vocabulary_directories()), vocabularies.FILES),
    (lambda plugin: plugin.get_type_keys(), TYPE_KEYS),
    (lambda plugin: plugin.get_checks(), checks.CHECKS),
    (lambda plugin: plugin.get_quality_rules(), quality.RULES),
    (lambda plugin: plugin.get_derivations(), derived.RULES),
    (lambda plugin: plugin.get_formats(), formats.FORMATS),
    (lambda plugin: plugin.get_index_contributions(), index.CONTRIBUTIONS),
    (lambda plugin: plugin.get_source_kinds(), SOURCE_KINDS),
    (lambda plugin: plugin.get_features(), FEATURES),
    (lambda plugin: plugin.get_harvested_values(), values.FIELDS),
    (lambda plugin: plugin.get_table_fillers(), copies.FILLERS),
    (lambda plugin: plugin.get_api_actions(), api_actions.API_ACTIONS),
    (lambda plugin: plugin.get_pages(), page_parts.PAGES),
    (lambda plugin: plugin.get_front_parts(), page_parts.FRONT_PARTS),
    (lambda plugin: plugin.get_dashboard_items(), page_parts.DASHBOARD_ITEMS),
    (lambda plugin: plugin.get_record_parts(), page_parts.RECORD_PARTS),
    (lambda plugin: plugin.get_shared_fields(), page_parts.SHARED_FIELDS),
    (lambda plugin: plugin.get_record_forms(), page_parts.RECORD_FORMS),
)


def fill_from_plugins() -> None:
    """Fill the registries from the plugins of the portal.

    :raises ckan.exceptions.CkanConfigurationException: what they bring does not go together
    """
    try:
        fill(loaded())
    except (RegistrationError, vocabularies.VocabularyError) as error:
        raise CkanConfigurationException(str(error)) from error


def loaded() -> Plugins:
    """Return the plugins that bring record types, in the order of ``ckan.plugins``."""
    return [(plugin.name, plugin) for plugin in p.PluginImplementations(IRecordTypes)]


def fill(plugins: Plugins) -> None:
    """Fill the registries, in the place of what was in them.

    :param plugins: name → plugin, in the order in which people see what they bring
    :raises RegistrationError: two bring one name, or a rule has no words
    :raises VocabularyError: a folder of vocabularies is not there, or a vocabulary is wrong
    """
    for hook, registry in _REGISTRIES:
        registry.fill([(name, hook(plugin)) for name, plugin in plugins])
    for name in vocabularies.names():
        vocabularies.get(name)
    lexicon.get()
    for code, rule in quality.RULES.items():
        if not vocabularies.get(rule.vocabulary).get(code):
            raise RegistrationError(
                f'The quality rule "{code}" has no words: add a term "{code}" to the vocabulary '
                f'"{rule.vocabulary}"'
            )


def declare(declaration: Declaration, key: Key) -> None:
    """Give the options of ckanext-scheming defaults: the types of all plugins, and our presets.

    :param declaration: CKAN's declarations; ckanext-scheming declares none of its own
    :param key: the beginning of every key
    """
    declaration.declare(key.from_string("scheming.dataset_schemas"), " ".join(type_files()))
    declaration.declare(key.from_string("scheming.presets"), _PRESETS)


def type_files() -> list[str]:
    """Return the type files of all plugins, in order, each once."""
    files: Iterable[str] = (file for _name, plugin in loaded() for file in plugin.get_type_files())
    return list(dict.fromkeys(files))


def _vocabularies(directories: Iterable[Path]) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    for directory in directories:
        found |= vocabularies.in_directory(directory)
    return found
