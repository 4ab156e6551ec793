"""Validators of the cooperation: forms of the programme, spheres, who funds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator

from ckanext.leszno_ngo import config, record_types
from ckanext.leszno_ngo.cooperation import programme, spheres
from ckanext.leszno_ngo.logic import flattened
from ckanext.leszno_ngo.logic.record_validators import composed, loaded
from ckanext.leszno_ngo.record_types import RecordType

__all__ = [
    "leszno_ngo_default_funder",
    "leszno_ngo_programme_forms",
    "leszno_ngo_spheres",
]


def leszno_ngo_default_funder(value: Any) -> str:
    """Put the City where nobody is named as the one who funds."""
    return config.publisher_name() if value in (None, "", tk.missing) else value


@scheming_validator
def leszno_ngo_programme_forms(
    _field: dict[str, Any] | None, schema: dict[str, Any]
) -> Callable[..., None]:
    """Propose the programme's forms by the record's coded fields where an official chose none.

    Forms that are just what was proposed before follow a change of those fields.
    """

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        record_type = record_types.get(schema["dataset_type"])
        if record_type is None or errors.get((programme.FORMS_FIELD,)):
            return
        record = composed(record_type, data, errors)
        chosen = record.get(programme.FORMS_FIELD) or []
        if not chosen or chosen == _proposed_before(record_type, context):
            proposed = programme.propose(record_type, record)
            flattened.set_value(data, programme.FORMS_FIELD, json.dumps(proposed))

    return validator


def _proposed_before(record_type: RecordType, context: Context) -> list[str] | None:
    package = context.get("package")
    if not package:
        return None
    stored = {f.name: loaded(f, package.extras.get(f.name)) for f in record_type.fields}
    return programme.propose(record_type, stored)


@scheming_validator
def leszno_ngo_spheres(
    _field: dict[str, Any] | None, schema: dict[str, Any]
) -> Callable[..., None]:
    """Say whether the spheres were chosen by a person or derived, and derive them where none are.

    The harvest says itself how it came by them. For everyone else: no sphere chosen → derived
    from name, aims and PKD codes (rules in ``vocabularies/spheres.yaml``); the same spheres as
    stored → as before; others → declared.
    """
    kinds = ("spheres", "spheres_source")

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if context.get("leszno_ngo_harvest") or any(errors.get((kind,)) for kind in kinds):
            return
        chosen = json.loads(flattened.value(data, "spheres") or "[]")
        if not chosen:
            codes = [
                code
                for field in ("pkd_unpaid", "pkd_paid")
                if not errors.get((field,))
                for code in json.loads(flattened.value(data, field) or "[]")
            ]
            name = flattened.value(data, "legal_name") or data.get(("title",)) or ""
            derived = spheres.derive(name, flattened.value(data, "aims") or "", codes)
            flattened.set_value(data, "spheres", json.dumps(derived))
            flattened.set_value(data, "spheres_source", "derived" if derived else "")
            return
        package = context.get("package")
        stored = package.extras if package else {}
        same = chosen == json.loads(stored.get("spheres") or "[]")
        flattened.set_value(
            data, "spheres_source", stored.get("spheres_source", "declared") if same else "declared"
        )

    return validator
