"""Template helpers of maps: places of records, tiles and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.leszno_ngo.catalogue import places
from ckanext.leszno_ngo.record_types import RecordType


def leszno_ngo_place(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return where a record is, ``None`` for a record without coordinates.

    :returns: ``latitude``, ``longitude`` (degrees) and ``url`` (the place on openstreetmap.org)
    """
    place = places.coordinates(record_type, record)
    if place is None:
        return None
    latitude, longitude = place
    return {
        "latitude": latitude,
        "longitude": longitude,
        "url": (
            f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"
            f"#map=17/{latitude}/{longitude}"
        ),
    }
