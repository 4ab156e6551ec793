"""What the engine itself brings to every catalogue, whatever its record types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.catalogue import checks, quality
from ckanext.leszno_ngo.exports import formats
from ckanext.leszno_ngo.harvest import readers, values
from ckanext.leszno_ngo.interfaces import (
    ApiAction,
    Check,
    Feature,
    Format,
    IRecordTypes,
    QualityRule,
    RecordForm,
    SourceKind,
)
from ckanext.leszno_ngo.logic import action, findings

_PERSONAL_DATA = Check(checks.personal_data, findings.personal_data_texts)


class CommonParts(IRecordTypes):
    """Vocabularies, checks, rules, formats and source kinds that name no type and no field."""

    def get_type_files(self) -> Sequence[str]:
        """Return ordinary datasets, as which registers are published."""
        return ["ckanext.leszno_ngo:schemas/dataset.yaml"]

    def get_vocabulary_directories(self) -> Sequence[Path]:
        """Return the engine's own vocabularies."""
        return [vocabularies.DIRECTORY]

    def get_checks(self) -> Mapping[str, Check]:
        """Return the check for personal data, and the name that it had before."""
        return {checks.PERSONAL_DATA: _PERSONAL_DATA, "private_email": _PERSONAL_DATA}

    def get_quality_rules(self) -> Mapping[str, QualityRule]:
        """Return the rules of every catalogue."""
        return quality.COMMON

    def get_formats(self) -> Mapping[str, Format]:
        """Return the formats of every type."""
        return formats.COMMON

    def get_source_kinds(self) -> Mapping[str, SourceKind]:
        """Return other catalogues."""
        return readers.COMMON

    def get_harvested_values(self) -> Mapping[str, Callable[[str], Any]]:
        """Return those of names, numbers, addresses and texts."""
        return values.COMMON

    def get_api_actions(self) -> Mapping[str, ApiAction]:
        """Return the actions of every catalogue."""
        return action.DESCRIBED

    def get_record_forms(self) -> Mapping[str, RecordForm]:
        """Return the form of a record's documents."""
        return {"documents": RecordForm("leszno_ngo_documents.documents_{type}", "package_update")}

    def get_features(self) -> Mapping[str, Feature]:
        """Return the features of the engine that are plugins of their own."""
        return {
            "leszno_ngo_map": Feature(
                "maps: /mapa, and the map on a record's page",
                lambda record_type: bool(record_type.place),
                "ckanext-leszno_ngo[map]",
            ),
            "leszno_ngo_ods": Feature(
                "/<type>.ods, and the ODS files of registers", requirement="ckanext-leszno_ngo[ods]"
            ),
            "leszno_ngo_dane_gov_pl": Feature(
                "/api/leszno-ngo/dane-gov-pl.json, .xml and .md5, which dane.gov.pl reads",
                lambda record_type: record_type.register is not None,
            ),
        }
