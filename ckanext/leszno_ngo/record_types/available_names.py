"""What a portal has for type files to name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ckanext.leszno_ngo.record_types.declarations import LinkedPart
from ckanext.leszno_ngo.record_types.shared_fields import Groups


@dataclass(frozen=True)
class AvailableNames:
    """What the rest of the portal has for type files to name.

    :param vocabularies: vocabulary → its codes
    :param checks: checks of whole records
    :param derivations: rule of derived values → its arguments
    :param fillers: rules by which tables are filled
    :param displays: ways to show a value
    :param validators: validators and converters
    :param helpers: helpers that may give choices
    :param form_snippets: templates of forms; ``display_snippets`` those of pages
    :param prefixes: prefixes of linked data; ``worked_out`` what its maps may name beside fields
    :param linked_parts: parts of linked data that types share → their maps
    :param core: CKAN's keys of a record that may be columns
    :param computed: values under the key ``computed``
    :param plugins: plugins that are switched on
    :param field_keys: keys of other plugins, allowed in schemas and fields
    :param field_groups: groups of fields that files of presets declare
    """

    vocabularies: Mapping[str, Collection[str]]
    checks: Collection[str]
    derivations: Mapping[str, Collection[str]]
    fillers: Collection[str]
    displays: Collection[str]
    validators: Collection[str]
    helpers: Collection[str]
    form_snippets: Collection[str]
    display_snippets: Collection[str]
    prefixes: Collection[str]
    worked_out: Collection[str]
    linked_parts: Mapping[str, LinkedPart]
    core: Collection[str]
    computed: Collection[str]
    plugins: Collection[str] = ()
    field_keys: Collection[str] = field(default_factory=frozenset)
    field_groups: Groups = field(default_factory=dict)
