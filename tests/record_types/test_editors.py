"""Editors complete and check type files by a JSON Schema (``make docs``)."""

import functools
import json

import jsonschema
import pytest

from ckanext.leszno_ngo.record_types import type_keys
from ckanext.leszno_ngo.record_types.reading import hints, keys
from tests.record_types import portal

TYPES = [file for file in portal.all_files() if "record_type" in file.data]
MAPPINGS = [portal.schema_file(path) for path in (portal.SCHEMAS / "mappings").glob("*.yaml")]
CASES = [
    *(pytest.param(file, "type-file", id=file.name) for file in TYPES),
    *(pytest.param(file, "mappings", id=f"mappings/{file.name}") for file in MAPPINGS),
]


@functools.cache
def validator(name):
    schema = json.loads((portal.SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(("file", "schema"), CASES)
def test_editors_find_a_file_right(file, schema):
    assert [error.message for error in validator(schema).iter_errors(file.data)] == []


@pytest.mark.parametrize(("file", "schema"), CASES)
def test_a_file_names_its_schema(file, schema):
    first = file.text.partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert first.endswith(f"{schema}.schema.json")


def test_editors_find_a_fault():
    wrong = {**TYPES[0].data, "record_typ": {}}
    assert [error.validator for error in validator("type-file").iter_errors(wrong)] == [
        "additionalProperties"
    ]


def test_the_complete_file_uses_every_key_of_the_section():
    """So that every key of the section can have a row in the table of faults."""
    (complete,) = (file for file in TYPES if file.name == "complete.yaml")
    section = hints(type_keys.type_file())["record_type"].__origin__
    assert set(complete.data["record_type"]) == set(keys(section)) - {"mappings"}
