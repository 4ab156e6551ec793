"""The plugin ``leszno_ngo_cooperation``: the record types of a programme of cooperation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.catalogue import programme as served
from ckanext.leszno_ngo.cooperation import checks, derivations, formats, quality, source_kinds
from ckanext.leszno_ngo.cooperation.views import programme, results, tax
from ckanext.leszno_ngo.interfaces import (
    Check,
    Contribution,
    Derivation,
    Feature,
    Format,
    IRecordTypes,
    QualityRule,
    RecordType,
    SourceKind,
)

_TYPES = (
    "ngo",
    "call-for-offers",
    "grant",
    "partnership",
    "event",
    "consultation",
    "premises",
    "volunteering",
    "recognition",
    "guide",
    "programme",
)


@tk.blanket.blueprints([programme.programme, results.results, tax.tax])  # type: ignore[arg-type]
class CooperationPlugin(p.SingletonPlugin, IRecordTypes):
    """Types, vocabularies, checks and sources of a city's cooperation with NGOs."""

    def get_type_files(self) -> Sequence[str]:
        """Return the types of the cooperation, the organisations first."""
        return [f"ckanext.leszno_ngo:schemas/{name}.yaml" for name in _TYPES]

    def get_vocabulary_directories(self) -> Sequence[Path]:
        """Return the vocabularies of the cooperation."""
        return [Path(__file__).parent / "vocabularies"]

    def get_checks(self) -> Mapping[str, Check]:
        """Return what the act on public benefit activity and good sense ask."""
        return checks.CHECKS

    def get_quality_rules(self) -> Mapping[str, QualityRule]:
        """Return the rules for grants."""
        return quality.RULES

    def get_derivations(self) -> Mapping[str, Derivation]:
        """Return how spheres are worked out."""
        return {"spheres": derivations.spheres}

    def get_formats(self) -> Mapping[str, Format]:
        """Return 360Giving."""
        return formats.FORMATS

    def get_index_contributions(self) -> Mapping[str, Contribution]:
        """Return the goals of the programme that a record serves."""
        return {"programme_goals": _goals}

    def get_source_kinds(self) -> Mapping[str, SourceKind]:
        """Return registers of NGOs and tables of results."""
        return source_kinds.SOURCE_KINDS

    def get_features(self) -> Mapping[str, Feature]:
        """Return the yearly report."""
        return {
            "leszno_ngo_report": Feature(
                "the yearly report: /program/raport/<year> and <year>.docx",
                _is_ours,
                "ckanext-leszno_ngo[report]",
            )
        }


def _is_ours(record_type: RecordType) -> bool:
    return record_type.name in _TYPES


def _goals(_type: RecordType, record: Mapping[str, Any]) -> Mapping[str, Any]:
    goals = served.goals(record.get(served.FORMS_FIELD) or ())
    return {served.GOALS_FIELD: goals} if goals else {}
