"""GeoJSON (RFC 7946): records with a place as points of a map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo.catalogue import places
from ckanext.leszno_ngo.exports import chunks, rows
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/geo+json"


def feature(
    record_type: RecordType, record: Mapping[str, Any], properties: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Make a feature of a record.

    :param record_type: its type
    :param record: the record as ``package_show`` gives it
    :param properties: what the feature says beside its place
    :returns: a Feature whose ``id`` is the record's, ``None`` for a record without a place
        (:func:`places.coordinates`)
    """
    place = places.coordinates(record_type, record)
    if place is None:
        return None
    latitude, longitude = place
    return {
        "type": "Feature",
        "id": record["id"],
        # RFC 7946 has the longitude first.
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": dict(properties),
    }


def collection(features: Iterable[Mapping[str, Any] | None], about: About) -> Iterator[bytes]:
    """Write a FeatureCollection, piece by piece.

    :param features: what :func:`feature` gives; ``None`` is left out
    :param about: origin of the file, in members of their own (RFC 7946, 6.1)
    :returns: pieces of the file. ``count``, after the features, is how many there are: a file
        without it was cut off on its way, and is not JSON either
    """
    head = {"type": "FeatureCollection", **about.members}
    return chunks.json_list(head, "features", (one for one in features if one is not None))


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as features, piece by piece, those without a place too.

    :param records: records as ``package_show`` gives them
    :param record_type: their type; its export map gives the properties
    :param lang: taken because every format takes it; properties hold codes, not labels
    :param about: origin of the file
    :returns: pieces of the file
    """
    return collection(_features(records, record_type, about), about)


def _features(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, about: About
) -> Iterator[Mapping[str, Any]]:
    for record, properties in rows.coded(records, record_type, about):
        # A feature that is nowhere has the geometry null (RFC 7946, 3.2).
        nowhere = {"type": "Feature", "id": record["id"], "geometry": None}
        yield feature(record_type, record, properties) or {**nowhere, "properties": properties}
