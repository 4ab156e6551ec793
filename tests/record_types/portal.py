"""Type files and what they may name, without CKAN's plugins."""

from functools import cache
from pathlib import Path

import ckanext.scheming
from ckanext.scheming import validation

from ckanext.leszno_ngo import type_files
from ckanext.leszno_ngo.cooperation import validators as of_cooperation
from ckanext.leszno_ngo.helpers import HELPERS
from ckanext.leszno_ngo.logic import validators
from ckanext.leszno_ngo.record_types import files, shared_fields
from ckanext.leszno_ngo.record_types.available_names import AvailableNames
from ckanext.leszno_ngo.record_types.files import SchemaFile
from tests.shared_data import ROOT

PACKAGE = ROOT / "ckanext" / "leszno_ngo"
SCHEMAS = PACKAGE / "schemas"
HERE = Path(__file__).parent
_SCHEMING = Path(ckanext.scheming.__file__).parent


def schema_file(path) -> SchemaFile:
    return SchemaFile(path.name, path.read_text(encoding="utf-8"))


@cache
def presets():
    return files.presets_of([schema_file(_SCHEMING / "presets.json"), presets_file()])


def presets_file() -> SchemaFile:
    return schema_file(SCHEMAS / "presets.yaml")


def all_files() -> list[SchemaFile]:
    """Every schema of the package, and the one that uses every key."""
    own = sorted(path for path in SCHEMAS.glob("*.yaml") if path.name != "presets.yaml")
    return [schema_file(path) for path in (*own, HERE / "complete.yaml")]


def whole(schema):
    """A schema with the fields of its groups, and with their presets' keys."""
    own = shared_fields.grouped(schema, known().field_groups).schema
    return files.expanded(own, presets())


@cache
def known() -> AvailableNames:
    """What the portal has when this plugin and ckanext-scheming are loaded."""
    return type_files.gathered(
        roots=(str(PACKAGE / "templates"), str(_SCHEMING / "templates")),
        validators={*validation.all_validators, *validators.__all__, *of_cooperation.__all__},
        helpers=HELPERS,
        groups=shared_fields.groups_of([presets_file().data]),
        plugins=("leszno_ngo", "leszno_ngo_cooperation"),
    )
