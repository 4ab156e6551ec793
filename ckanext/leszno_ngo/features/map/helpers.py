"""Template helpers of maps: what draws them, and their addresses."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
from xstatic.pkg import leaflet

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.record_types import RecordType

#: The folder that the portal serves as it is.
_PUBLIC = Path(__file__).parent / "public"


def leszno_ngo_tiles() -> config.Tiles:
    """Return where the pictures of maps come from."""
    return config.map_tiles()


def leszno_ngo_outline() -> str:
    """Return the address of the municipality's outline on this portal; empty for none."""
    name = f"leszno_ngo/outlines/{config.municipality().teryt}.geojson"
    return tk.h.url_for_static(f"/{name}") if (_PUBLIC / name).is_file() else ""


def leszno_ngo_leaflet() -> str:
    """Return the address of Leaflet's folder on this portal, with a slash at its end."""
    address = tk.url_for(
        "leszno_ngo_map.leaflet_file", version=leaflet.VERSION, name="leaflet.js", locale="default"
    )
    return address.removesuffix("leaflet.js")


def leszno_ngo_map_url(record_type: RecordType | None, query: str = "") -> str:
    """Return the address of the map of a search; empty for a type without a place.

    :param record_type: the type searched; the one that covers others has the map of all
    :param query: the search's own address after the question mark
    """
    if record_type is not None and not record_type.composite_of and not record_type.place:
        return ""
    one = record_type is not None and not record_type.composite_of
    named = {"package_type": record_type.name} if one and record_type else {}
    url = tk.h.url_for("leszno_ngo_map.show", **named)
    return f"{url}?{query}" if query else url
