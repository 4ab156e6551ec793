"""Where a record is: coordinates that its type declares, inside the bounds of the country."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.values.places import LATITUDES, LONGITUDES


def coordinates(record_type: RecordType, record: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return where a record is.

    :param record_type: its type; ``place`` names the fields
    :param record: the record as ``package_show`` gives it
    :returns: (latitude, longitude) in degrees (WGS 84); ``None`` for a record without a place, or
        with one that is no place of the country (what got past the forms stays off every map)
    """
    place = record_type.place
    if not place:
        return None
    latitude = _degrees(record.get(place["latitude"]), LATITUDES)
    longitude = _degrees(record.get(place["longitude"]), LONGITUDES)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(value: Any, limits: tuple[Decimal, Decimal]) -> float | None:
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        return None
    inside = math.isfinite(degrees) and limits[0] <= Decimal(degrees) <= limits[1]
    return degrees if inside else None
