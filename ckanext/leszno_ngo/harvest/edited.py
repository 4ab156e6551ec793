"""Whether anybody but the harvest has a part in a record that a source gave."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestObject, HarvestObjectExtra

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import derived, stored
from ckanext.leszno_ngo.catalogue.contexts import site_user
from ckanext.leszno_ngo.harvest.snapshot import EDITED, KEPT, STORED, is_touched, rules_of
from ckanext.leszno_ngo.harvest.voices import Voice
from ckanext.leszno_ngo.record_types import RecordType

_object = HarvestObject.__table__
_extra = HarvestObjectExtra.__table__
_package = model.package_table
_CHUNK = 500
# What every record has, whoever made it.
_OF_ALL = frozenset({"name", "owner_org", "sources"})


def question() -> sa.ColumnElement[bool]:
    """Return the question whether somebody else is known to have made or changed a record."""
    user = model.User.get(site_user())
    assert user
    asked = [
        _package.c.creator_user_id.is_distinct_from(user.id),
        _has_extra(KEPT),
        _has_extra(EDITED),
        is_touched(),
        sa.exists().where(
            model.resource_table.c.package_id == _package.c.id,
            model.resource_table.c.state == model.State.ACTIVE,
        ),
    ]
    if p.plugin_loaded("activity"):
        from ckanext.activity.model import Activity  # its table is only there with the plugin

        asked.append(
            sa.exists().where(
                Activity.object_id == _package.c.id,
                Activity.user_id != user.id,
                Activity.activity_type.endswith(" package"),
            )
        )
    return sa.or_(*asked)


def _has_extra(key: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(_extra.c.harvest_object_id == _object.c.id, _extra.c.key == key)


def differing(object_ids: Collection[str]) -> set[str]:
    """Return the records that have a value which their source has not said.

    Edits from before version 0.3 are told by that alone where runs have written the record since.

    :param object_ids: the harvest objects of records that have one source
    :returns: ids of records; three SQL statements for each 500 of them
    """
    ids, found = sorted(object_ids), set()
    for start in range(0, len(ids), _CHUNK):
        voices = dict(_voices(ids[start : start + _CHUNK]))
        for shown in stored.load_many(sorted(voices)):
            record_type = record_types.get(shown.package.type)
            if record_type and _has_more(record_type, shown.custom, voices[shown.package.id]):
                found.add(shown.package.id)
    return found


def _voices(object_ids: Collection[str]) -> Iterator[tuple[str, Voice]]:
    query = (
        sa.select(_object.c.package_id, _object.c.content, _extra.c.value)
        .outerjoin(
            _extra, sa.and_(_extra.c.harvest_object_id == _object.c.id, _extra.c.key == STORED)
        )
        .where(_object.c.id.in_(list(object_ids)))
    )
    for record_id, content, kept in model.Session.execute(query):
        yield record_id, Voice("", 0, json.loads(content), json.loads(kept or "{}"))


def _has_more(record_type: RecordType, record: dict[str, Any], voice: Voice) -> bool:
    rules = rules_of(record_type)
    said = derived.without(record_type, record)
    compared = {rule.name for rule in rules.fields} | derived.derived_names(record_type) | _OF_ALL
    others = (field.name for field in record_type.fields if field.name not in compared)
    return any(said.get(name) for name in others) or any(
        rule.canonical(said.get(rule.name)) not in (None, False, voice.stands(rule))
        for rule in rules.fields
    )
