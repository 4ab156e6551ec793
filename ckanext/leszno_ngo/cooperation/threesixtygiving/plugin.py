"""The plugin ``leszno_ngo_360giving``: grants as files of the 360Giving standard."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins as p

from ckanext.leszno_ngo.cooperation.threesixtygiving import formats
from ckanext.leszno_ngo.interfaces import Format, IRecordTypes


class ThreeSixtyGivingPlugin(p.SingletonPlugin, IRecordTypes):
    """360Giving, for types whose mapping says what a grant is."""

    def get_formats(self) -> Mapping[str, Format]:
        """Return the package of grants and the table."""
        return formats.FORMATS
