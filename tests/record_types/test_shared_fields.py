"""What type files share: groups of fields, and presets that begin with another preset."""

from dataclasses import replace

import pytest
import yaml

from ckanext.leszno_ngo.record_types import check, files, shared_fields
from ckanext.leszno_ngo.record_types.faults import TypeFileError
from ckanext.leszno_ngo.record_types.files import SchemaFile
from tests.record_types import portal

GROUPS = {
    "contact": {
        "section": {"name": "contact", "label": "Kontakt"},
        "fields": [
            {"field_name": "email", "preset": "leszno_ngo_text"},
            {"field_name": "phone", "section": "basics"},
            {"field_name": "sources", "section": None},
        ],
    },
    "place": {"section": "place", "fields": [{"field_name": "street"}]},
    "files": {"fields": [{"field_name": "url"}]},
}
SCHEMA = {
    "dataset_type": "dotacja",
    "record_type": {"sections": [{"name": "basics", "label": "Wpis"}]},
    "dataset_fields": [
        {"field_name": "title"},
        {"field_group": "contact"},
        {"field_group": "place"},
        {"field_name": "year"},
    ],
    "resource_fields": [{"field_group": "files"}],
}
#: A type file whose fields are on lines of their own.
TEXT = (portal.HERE / "complete.yaml").read_text(encoding="utf-8")


def grouped(**more):
    return shared_fields.grouped({**SCHEMA, **more}, GROUPS)


def faults(text, groups):
    known = replace(portal.known(), field_groups=groups)
    return check.faults([SchemaFile("typ.yaml", text)], portal.presets(), known)


def with_group(use):
    return TEXT.replace("dataset_fields:\n", f"dataset_fields:\n  - {{field_group: {use}}}\n", 1)


def test_fields_of_a_group_stand_in_its_place():
    fields = grouped().schema["dataset_fields"]
    names = [field["field_name"] for field in fields]
    assert names == ["title", "email", "phone", "sources", "street", "year"]
    sections = [field.get("section") for field in fields]
    assert sections == [None, "contact", "basics", None, "place", None]
    assert grouped().schema["resource_fields"] == [{"field_name": "url"}]
    assert SCHEMA["dataset_fields"][1] == {"field_group": "contact"}


def test_the_section_of_a_group_comes_after_those_of_the_type():
    sections = grouped().schema["record_type"]["sections"]
    assert [section["name"] for section in sections] == ["basics", "contact"]
    own = {"sections": [{"name": "contact", "label": "Kto"}, {"name": "basics", "label": "Wpis"}]}
    assert grouped(record_type=own).schema["record_type"] == own


def test_a_schema_without_groups_stays():
    plain = {"dataset_type": "a", "dataset_fields": [{"field_name": "b"}]}
    assert not shared_fields.names_any(plain)
    assert shared_fields.grouped(plain, GROUPS).schema == plain
    assert shared_fields.names_any(SCHEMA)


def test_a_group_that_is_not_there_is_told_with_its_line():
    (fault,) = faults(with_group("kontakt"), {"contact": GROUPS["contact"]})
    line = TEXT.splitlines().index("dataset_fields:") + 2
    assert (fault.line, fault.path) == (line, ("dataset_fields", 0, "field_group"))
    assert str(fault).endswith(
        'no field group "kontakt". Did you mean "contact"? Allowed: contact.'
    )


def test_a_fault_in_a_group_is_told_where_the_group_is_named_and_declared():
    groups = {"extra": {"fields": [{"field_name": "extra", "labell": "x"}]}}
    declared, *in_type = faults(with_group("extra"), groups)
    (used,) = (fault for fault in in_type if '"labell"' in fault.found)
    assert str(declared).startswith("scheming.presets: field_groups.extra.fields[0].labell")
    assert '"labell" (in the field group "extra")' in used.found
    assert used.line == TEXT.splitlines().index("dataset_fields:") + 2


def test_places_after_a_group_are_those_of_the_file():
    text = with_group("extra").replace("preset: leszno_ngo_field_title", "preset: nothing", 1)
    groups = {"extra": {"fields": [{"field_name": "a"}, {"field_name": "b"}]}}
    found = [fault for fault in faults(text, groups) if '"nothing"' in fault.found]
    assert [fault.line for fault in found] == [
        number for number, line in enumerate(text.splitlines(), 1) if "preset: nothing" in line
    ]


def test_a_group_without_fields_is_refused():
    found = faults(with_group("extra"), {"extra": {"section": "basics"}})
    assert 'the key "fields" is missing' in found[0].found


def test_a_preset_begins_with_another():
    text = """
presets:
  - preset_name: text
    values: {validators: clean, form_snippet: text.html}
  - preset_name: long
    values: {preset: text, form_snippet: area.html}
  - preset_name: notes
    values: {preset: long, label: Opis}
"""
    presets = files.presets_of([SchemaFile("presets.yaml", text)])
    assert presets["notes"] == {"validators": "clean", "form_snippet": "area.html", "label": "Opis"}
    assert presets["text"] == {"validators": "clean", "form_snippet": "text.html"}


@pytest.mark.parametrize(
    ("presets", "said"),
    [
        ({"a": {"preset": "b"}}, 'no preset "b"'),
        ({"a": {"preset": "a"}}, "begins with itself"),
        ({"a": {"preset": "b"}, "b": {"preset": "a"}}, "begins with itself"),
    ],
)
def test_a_preset_that_begins_with_nothing_is_refused(presets, said):
    with pytest.raises(TypeFileError, match=said):
        shared_fields.whole_presets(presets)


def test_type_files_are_short():
    """The measure of issue 10: what types share is said once."""
    lines = [
        line
        for path in portal.SCHEMAS.glob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(lines) <= 2800


@pytest.mark.usefixtures("with_plugins")
def test_ckanext_scheming_sees_fields_alone():
    from ckanext.scheming import helpers

    whole = portal.whole(yaml.safe_load((portal.SCHEMAS / "event.yaml").read_text("utf-8")))
    seen = helpers.scheming_dataset_schemas()["event"]
    names = [field["field_name"] for field in seen["dataset_fields"]]
    assert names == [field["field_name"] for field in whole["dataset_fields"]]
    assert not any("field_group" in field for field in seen["resource_fields"])
    assert "preset" not in helpers.scheming_get_presets()["leszno_ngo_field_notes"]
