"""Formats of files about grants: the 360Giving standard."""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.cooperation.threesixtygiving import files
from ckanext.leszno_ngo.exports.formats import Format
from ckanext.leszno_ngo.record_types import RecordType


def _has_giving(record_type: RecordType) -> bool:
    return type_keys.threesixtygiving(record_type) is not None


#: Suffix → format.
FORMATS: Mapping[str, Format] = {
    "360giving.json": Format(
        files.CONTENT_TYPE,
        files.stream,
        {"pl": "Standard 360Giving (JSON)", "en": "360Giving standard (JSON)"},
        fits=_has_giving,
        in_register=False,
        leaves_out=True,
    ),
    "360giving.csv": Format(
        files.CSV_CONTENT_TYPE,
        files.stream_csv,
        {"pl": "Standard 360Giving (CSV)", "en": "360Giving standard (CSV)"},
        fits=_has_giving,
        in_register=False,
        leaves_out=True,
    ),
}
