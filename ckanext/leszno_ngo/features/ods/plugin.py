"""The plugin ``leszno_ngo_ods``: results and registers as ODS."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins as p

from ckanext.leszno_ngo.features.ods import spreadsheet
from ckanext.leszno_ngo.interfaces import Format, IRecordTypes


class OdsPlugin(p.SingletonPlugin, IRecordTypes):
    """ODS, for every type; needs the extra ``ods``."""

    def get_formats(self) -> Mapping[str, Format]:
        """Return ODS, offered beside XLSX."""
        return {
            "ods": Format(
                spreadsheet.CONTENT_TYPE,
                spreadsheet.stream,
                {"pl": "Arkusz LibreOffice (ODS)", "en": "LibreOffice spreadsheet (ODS)"},
                largest=spreadsheet.LARGEST,
                is_packed=True,
                after="xlsx",
            )
        }
