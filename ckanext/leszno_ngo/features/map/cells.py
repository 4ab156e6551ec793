"""Entries counted by cells of a grid, for maps with more of them than are drawn one by one.

The grid is that of web maps (Web Mercator): a level divides the world into 2ⁿ × 2ⁿ squares, and the
cells of a zoom are 64 of its pixels wide. Solr counts what a search finds by the cell in which a
record was indexed, so that the answer does not grow with the catalogue.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.catalogue import places
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import capability

#: More entries than these are counted; fewer are points with what a popup says of each.
MOST_POINTS = 300
#: Cells of the largest window: 2048 pixels each way.
_MOST_CELLS = 1024
#: Zooms of maps: from a whole country on a telephone to a house.
_ZOOMS = range(4, 20)
# A tile of 256 pixels is 4 cells wide: two levels below that of its zoom.
_CELLS_OF_TILE = 2
_LEVELS = range(_ZOOMS[0] + _CELLS_OF_TILE, _ZOOMS[-1] + _CELLS_OF_TILE)
_NORTHERNMOST = 85.0  # where the grid ends
_LATITUDE, _LONGITUDE = "map_latitude_amount", "map_longitude_amount"
_SIDES = {
    "west": f"min({_LONGITUDE})",
    "south": f"min({_LATITUDE})",
    "east": f"max({_LONGITUDE})",
    "north": f"max({_LATITUDE})",
}
# No field is called so, and facets of fields are called as their fields.
_EXTENT, _WINDOW, _CELLS = "map:extent", "map:window", "cells"
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
_DECIMALS = 6  # 11 centimetres


class WindowError(ValueError):
    """What is wrong with the parameters of a window, in the reader's language."""


def indexed(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the index has of a record's place (``Contribution``).

    :returns: its coordinates as numbers and its cell of each level; empty without a place
    """
    place = places.coordinates(record_type, record)
    if place is None:
        return {}
    latitude, longitude = place
    cells = {_field(level): "{}-{}".format(*_cell(*place, level)) for level in _LEVELS}
    return {_LATITUDE: latitude, _LONGITUDE: longitude, **cells}


def _field(level: int) -> str:
    return f"map_cell_{level}"


def _cell(latitude: float, longitude: float, level: int) -> tuple[int, int]:
    """Return the column and the row of a place, from the north-west corner of the world."""
    side = 2**level
    bounded = max(-_NORTHERNMOST, min(_NORTHERNMOST, latitude))
    down = (1 - math.asinh(math.tan(math.radians(bounded))) / math.pi) / 2
    column = math.floor((longitude + 180) / 360 * side)
    return min(side - 1, column), math.floor(down * side)


def extent_facet() -> dict[str, Any]:
    """Return the JSON facet that :func:`extent` reads.

    :returns: empty on a Solr with CKAN's own schema, where a coordinate is a text
    """
    if not capability.has_polish():
        return {}
    asked = {**_SIDES, "placed": f"countvals({_LATITUDE})"}
    return {_EXTENT: {"type": "query", "q": "*:*", "facet": asked}}


def extent(counts: Mapping[str, Any]) -> str:
    """Return where the entries of a search are, where they are too many for a map of points.

    :param counts: Solr's answer to :func:`extent_facet`
    :returns: ``west,south,east,north``; empty for few entries, and until all are in the index with
        their cells
    """
    found = counts.get(_EXTENT, {})
    count = found.get("count", 0)
    if count <= MOST_POINTS or found.get("placed") != count:
        return ""
    return ",".join(str(found[side]) for side in _SIDES)


@dataclass(frozen=True)
class Window:
    """The part of the world that a map shows: degrees (WGS 84), and the zoom of web maps."""

    west: float
    south: float
    east: float
    north: float
    zoom: int

    @property
    def query(self) -> str:
        """The filter query of what is inside."""
        return (
            f"+{_LATITUDE}:[{self.south} TO {self.north}] "
            f"+{_LONGITUDE}:[{self.west} TO {self.east}]"
        )

    @property
    def facet(self) -> dict[str, Any]:
        """The JSON facet that :func:`inside` and :func:`features` read."""
        middle = {"latitude": f"avg({_LATITUDE})", "longitude": f"avg({_LONGITUDE})"}
        cells = {
            "type": "terms",
            "field": _field(self.level),
            "limit": _MOST_CELLS,
            "facet": {**middle, **_SIDES},
        }
        return {_WINDOW: {"type": "query", "q": self.query, "facet": {_CELLS: cells}}}

    @property
    def level(self) -> int:
        """The level of the grid whose cells are counted."""
        return min(_LEVELS[-1], self.zoom + _CELLS_OF_TILE)

    @property
    def cells(self) -> int:
        """How many cells of its level the window touches."""
        left, top = _cell(self.north, self.west, self.level)
        right, bottom = _cell(self.south, self.east, self.level)
        return (right - left + 1) * (bottom - top + 1)


def read_window(arguments: Mapping[str, str]) -> Window | None:
    """Read the window that a map asks for (``?bbox=16.5,51.8,16.6,51.9&zoom=13``).

    :param arguments: the request's arguments
    :returns: ``None`` where none is asked for
    :raises WindowError: one of the two is missing or no such thing, or the window is too large
    """
    bbox, zoom = arguments.get("bbox"), arguments.get("zoom")
    if bbox is None and zoom is None:
        return None
    window = Window(*_bbox(bbox or ""), _zoom(zoom or ""))
    if window.cells > _MOST_CELLS:
        raise WindowError(tk._("The area of bbox is too large for this zoom"))
    return window


def _bbox(text: str) -> tuple[float, float, float, float]:
    sides = text.split(",")
    if len(sides) == len(_SIDES) and all(map(_DEGREES.fullmatch, sides)):
        west, south, east, north = map(float, sides)
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:  # noqa: PLR2004
            return west, south, east, north
    raise WindowError(
        tk._("The parameter bbox must be four numbers of degrees: west, south, east, north")
    )


def _zoom(text: str) -> int:
    if text in map(str, _ZOOMS):
        return int(text)
    raise WindowError(
        tk._("The parameter zoom must be a whole number from %(least)s to %(most)s")
        % {"least": _ZOOMS[0], "most": _ZOOMS[-1]}
    )


def inside(counts: Mapping[str, Any]) -> int:
    """Return how many entries are in a window.

    :param counts: Solr's answer to :attr:`Window.facet`
    """
    return counts.get(_WINDOW, {}).get("count", 0)


def features(counts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the cells of a window as features of GeoJSON.

    :param counts: Solr's answer to :attr:`Window.facet`
    :returns: points in the middle of a cell's entries, with their number (``count``) and the area
        in which they are (``bbox``, RFC 7946, 5)
    """
    for bucket in counts.get(_WINDOW, {}).get(_CELLS, {}).get("buckets", ()):
        middle = [round(bucket[name], _DECIMALS) for name in ("longitude", "latitude")]
        yield {
            "type": "Feature",
            "bbox": [bucket[side] for side in _SIDES],
            "geometry": {"type": "Point", "coordinates": middle},
            "properties": {"count": bucket["count"]},
        }
