"""Record types read from their files, without CKAN's plugins."""

from functools import cache

import yaml

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import schema as schema_of
from tests.shared_data import ROOT

SCHEMAS = ROOT / "ckanext" / "leszno_ngo" / "schemas"
TYPES = (
    "call-for-offers",
    "grant",
    "partnership",
    "event",
    "consultation",
    "premises",
    "volunteering",
    "recognition",
    "guide",
    "programme",
)


def read(name: str) -> dict:
    return yaml.safe_load((SCHEMAS / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def presets() -> dict:
    return {p["preset_name"]: p["values"] for p in read("presets")["presets"]}


def expanded(field: dict) -> dict:
    whole = {**presets().get(field.get("preset"), {}), **field}
    subfields = [expanded(sub) for sub in field.get("repeating_subfields", ())]
    return {**whole, "repeating_subfields": subfields} if subfields else whole


@cache
def record_type(name: str) -> record_types.RecordType:
    schema = read(name)
    schema["dataset_fields"] = [
        {"label": "", **expanded(field)} for field in schema["dataset_fields"]
    ]
    return schema_of.build(schema)
