"""Editors complete and check type files by a JSON Schema (``make docs``)."""

import json

import jsonschema
import pytest

from ckanext.leszno_ngo.record_types.declarations import TypeFile
from ckanext.leszno_ngo.record_types.reading import hints, keys
from tests.record_types import portal

SCHEMA = portal.SCHEMAS / "type-file.schema.json"
TYPES = [file for file in portal.all_files() if "record_type" in file.data]


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("file", TYPES, ids=lambda file: file.name)
def test_editors_find_a_type_file_right(validator, file):
    assert [error.message for error in validator.iter_errors(file.data)] == []


@pytest.mark.parametrize("file", TYPES, ids=lambda file: file.name)
def test_a_type_file_names_the_schema(file):
    first = file.text.partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert first.endswith("type-file.schema.json")


def test_editors_find_a_fault(validator):
    wrong = {**TYPES[0].data, "record_typ": {}}
    assert [error.validator for error in validator.iter_errors(wrong)] == ["additionalProperties"]


def test_the_complete_file_uses_every_key_of_the_section():
    """So that every key of the section can have a row in the table of faults."""
    (complete,) = (file for file in TYPES if file.name == "complete.yaml")
    section = hints(TypeFile)["record_type"].__origin__
    assert set(complete.data["record_type"]) == set(keys(section))
