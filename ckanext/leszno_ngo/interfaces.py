"""How another plugin brings record types and what belongs to them: docs/extending.md.

A plugin that implements :class:`IRecordTypes` needs nothing of this package but this module. The
hooks are called once, when CKAN reads its plugins, in the order of ``ckan.plugins``; what they give
is kept in registries that are only read afterwards. Two plugins that bring one name keep the portal
from starting, with a message that names both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ckan.plugins.interfaces import Interface

from ckanext.leszno_ngo.catalogue.checks import ERROR, WARNING, Case, Check, Demand, Finding
from ckanext.leszno_ngo.catalogue.copies import TableFiller
from ckanext.leszno_ngo.catalogue.derived import Derivation
from ckanext.leszno_ngo.catalogue.quality import QualityRule
from ckanext.leszno_ngo.exports.formats import Format
from ckanext.leszno_ngo.feature_plugins import Feature
from ckanext.leszno_ngo.harvest.source_kinds import SourceKind
from ckanext.leszno_ngo.logic.api_actions import ApiAction
from ckanext.leszno_ngo.logic.page_parts import (
    DashboardItem,
    FrontPart,
    Page,
    RecordForm,
    RecordPart,
    SharedField,
)
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.record_types.type_keys import TypeKey
from ckanext.leszno_ngo.search.index import Contribution

__all__ = [
    "ERROR",
    "WARNING",
    "ApiAction",
    "Case",
    "Check",
    "Contribution",
    "Demand",
    "Derivation",
    "Feature",
    "DashboardItem",
    "Finding",
    "Format",
    "FrontPart",
    "IRecordTypes",
    "Page",
    "QualityRule",
    "RecordForm",
    "RecordPart",
    "RecordType",
    "SharedField",
    "SourceKind",
    "TableFiller",
    "TypeKey",
]


class IRecordTypes(Interface):
    """Record types, and what their files may name.

    Implement it with ``p.implements(IRecordTypes, inherit=True)``: every hook has a default that
    brings nothing.
    """

    def get_type_files(self) -> Sequence[str]:
        """Return the plugin's type files, in the order in which people see the types.

        They are what a portal has that lists none in ``scheming.dataset_schemas``, and that option
        chooses among them: it says which of them there are, and in which order.

        :returns: addresses as ckanext-scheming reads them, such as
            ``["ckanext.playgrounds:playground.yaml"]``
        """
        return []

    def get_type_keys(self) -> Mapping[str, TypeKey]:
        """Return keys that the section ``record_type`` of type files may have beside the engine's.

        :returns: key → what may stand there, how it is read (``RecordType.extra`` has it), and
            what the names in it stand for, such as
            ``{"inspected_by": TypeKey(Literal["city", "state"], "who inspects it")}``
        """
        return {}

    def get_vocabulary_directories(self) -> Sequence[Path]:
        """Return folders of vocabularies, which type files name.

        :returns: folders with a file ``<name>.yaml`` a vocabulary (docs/internals.md), such as
            ``[Path(__file__).parent / "vocabularies"]``
        """
        return []

    def get_checks(self) -> Mapping[str, Check]:
        """Return checks of whole records (``checks`` of a type file), run when one is saved.

        They run in the order in which the type names them.

        :returns: name → check, such as
            ``{"opened_in_past": Check(opened_in_past, texts=sentences)}``
        """
        return {}

    def get_quality_rules(self) -> Mapping[str, QualityRule]:
        """Return rules of good data, for the page of quality; errors are shown before warnings.

        :returns: code → rule; the code is a term of the rule's vocabulary, such as
            ``{"equipment_missing": QualityRule("playground_quality", finds=lacks_equipment)}``
        """
        return {}

    def get_derivations(self) -> Mapping[str, Derivation]:
        """Return rules by which values are worked out from others (``derive`` of a field).

        :returns: name → function; its parameters are what ``derive: {from: …}`` of a type file
            fills, each a list of texts, and it gives a list of texts, such as
            ``{"spheres": lambda name, aims, pkd: ["17"]}``
        """
        return {}

    def get_formats(self) -> Mapping[str, Format]:
        """Return file formats, which every address of results then has, and the API's description.

        :returns: end of the address → format, in the order in which people are offered them, such
            as ``{"txt": Format("text/plain", stream, {"pl": "Tekst", "en": "Text"})}``
        """
        return {}

    def get_index_contributions(self) -> Mapping[str, Contribution]:
        """Return what is added to the index document of a record beside its own fields.

        Of one key of the document the last contribution counts.

        :returns: name → function of a record type and a record (``package_show``) that gives keys
            of the document; only the record is read, as bulk writers ask for thousands, such as
            ``{"goals": lambda record_type, record: {"vocab_goals": ["G1"]}}``
        """
        return {}

    def get_source_kinds(self) -> Mapping[str, SourceKind]:
        """Return kinds of harvest sources.

        Each has a harvester, a plugin of its own: a subclass of
        ``harvest.harvesters.base.LesznoNgoHarvester`` with this ``kind``.

        :returns: name → kind, such as
            ``{"krs": SourceKind(open_krs, priority=40, options=COMMON_OPTIONS)}``
        """
        return {}

    def get_features(self) -> Mapping[str, Feature]:
        """Return features that portals switch on by plugins of their own.

        The portal does not start before somebody has said which of those that its types have it
        is to have (``ckan.plugins`` or ``ckanext.leszno_ngo.switched_off``).

        :returns: name of the plugin → feature, such as
            ``{"playgrounds_plans": Feature("/playground/plans.pdf")}``
        """
        return {}

    def get_harvested_values(self) -> Mapping[str, Callable[[str], Any]]:
        """Return how fields are brought to form that another catalogue gives (the kind ``ckan``).

        :returns: field → function of a text; it raises ``values.ValueRefusedError`` for a value
            that cannot be taken, such as ``{"surface": KINDS["whole_number"]}``
        """
        return {}

    def get_table_fillers(self) -> Mapping[str, TableFiller]:
        """Return rules by which a table of a new record is filled (``copy: {fill: …}`` of a type).

        :returns: name → rule, such as ``{"inspections": TableFiller(rows, note=said)}``
        """
        return {}

    def get_api_actions(self) -> Mapping[str, ApiAction]:
        """Return actions that the API's description tells of; ``IActions`` brings them to CKAN.

        :returns: name of the action → what it is, such as
            ``{"playgrounds_near": ApiAction(playgrounds_near, accepts, ANSWER)}``
        """
        return {}

    def get_pages(self) -> Mapping[str, Page]:
        """Return pages that are there once, for the menu and the sitemap; ``IBlueprint`` has them.

        :returns: endpoint → page, such as ``{"playgrounds.about": Page(lambda: tk._("Rules"))}``
        """
        return {}

    def get_front_parts(self) -> Mapping[str, FrontPart]:
        """Return what the front page shows beside what the types' files declare.

        :returns: name → part, in the order in which people see them, such as
            ``{"newest": FrontPart(newest_playgrounds, "playgrounds/newest.html")}``
        """
        return {}

    def get_dashboard_items(self) -> Mapping[str, DashboardItem]:
        """Return what an official's dashboard (``/panel``) shows beside drafts and deadlines.

        :returns: name → part, in the order in which people see them, such as
            ``{"repairs": DashboardItem(repairs_of, "playgrounds/repairs.html")}``
        """
        return {}

    def get_record_parts(self) -> Mapping[str, RecordPart]:
        """Return boxes that stand beside a record on its page.

        :returns: name → part, in the order in which people see them, such as
            ``{"inspected": RecordPart(last_inspection, "playgrounds/inspected.html")}``
        """
        return {}

    def get_shared_fields(self) -> Mapping[str, SharedField]:
        """Return fields that mean the same in every type that has them.

        :returns: field → where searches across types filter by it, in the order shown, such as
            ``{"surface": SharedField(of_places=True)}``
        """
        return {}

    def get_record_forms(self) -> Mapping[str, RecordForm]:
        """Return forms on pages of their own that change a record, so that they keep what is typed.

        :returns: name → form, such as
            ``{"equipment": RecordForm("playgrounds.equipment_{type}", "package_update")}``
        """
        return {}
