"""Spreadsheets in OpenDocument (ODS)."""

from ckanext.leszno_ngo.feature_plugins import require_libraries

require_libraries("leszno_ngo_ods", "ckanext-leszno_ngo[ods]", "odfdo")
