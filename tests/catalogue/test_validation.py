"""Validation in bulk against CKAN's navl: the same values and the same errors."""

import copy

import pytest

from tests import identifiers

pytestmark = pytest.mark.usefixtures("with_plugins")

NESTED = {
    "title": "Tytuł",
    "resources": [
        {"url": "https://example.com/a.pdf", "format": "pdf"},
        {"url": "https://example.com/b", "size": "nie liczba", "własne": "pole"},
    ],
    "extras": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}],
    "tags": [{"name": "sport"}, {"name": "?"}],
    "nieznane": "pole",
}


@pytest.fixture
def validation():
    from ckanext.leszno_ngo.ckan_compat import validation

    return validation


@pytest.fixture
def context(validation):
    from ckan import model

    return {
        "user": "",
        "ignore_auth": True,
        "session": model.Session,
        "leszno_ngo_harvest": True,
        "leszno_ngo_batch": validation.Stored(),
    }


def by_navl(record, record_type, action, context):
    import ckan.lib.plugins as lib

    plugin = lib.lookup_package_plugin(record_type)
    schema = getattr(plugin, f"{action}_package_schema")()
    return lib.plugin_validate(
        plugin, dict(context), copy.deepcopy(record), schema, f"package_{action}"
    )


RECORDS = {
    "ngo": {"type": "ngo", "title": "Klub", "krs": "31247", "town": "Leszno", "opp": "tak"},
    "ngo with errors": {"type": "ngo", "title": "Klub", "krs": "x", "email": "?", "latitude": "1"},
    "ngo with lists": {"type": "ngo", "name": "klub", "krs": "1", **NESTED},
    "dataset": {"type": "dataset", "name": "zbior", **NESTED},
    "dataset with errors": {"type": "dataset", "name": "?", "extras": [{"key": ""}]},
    "dataset with a list in place of a text": {"type": "dataset", "name": "ab", "title": ["a"]},
    "dataset with text tags": {"type": "dataset", "name": "ab", "tag_string": "sport, kultura"},
    "empty lists": {"type": "dataset", "name": "ab", "resources": [], "tags": [], "inne": []},
}


@pytest.mark.usefixtures("clean_db")
@pytest.mark.parametrize("action", ["create", "update", "show"])
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_values_and_errors_are_those_of_navl(validation, context, record, action):
    expected, errors = by_navl(record, record["type"], action, context)
    prepared = validation.of_type(record["type"], f"package_{action}")
    for _ in range(2):  # the second time the shape of the record is known
        valid = prepared.run(copy.deepcopy(record), context)
        assert valid.nested() == expected
        if action != "show":  # nobody reads the errors of what is stored
            assert valid.errors == errors


def test_a_text_where_a_list_belongs_is_an_error_as_in_navl(validation, context):
    from ckan.lib.navl.dictization_functions import DataError

    record = {"type": "dataset", "name": "ab", "resources": "https://example.com"}
    with pytest.raises(DataError) as expected:
        by_navl(record, "dataset", "create", context)
    with pytest.raises(DataError) as got:
        validation.of_type("dataset", "package_create").run(record, context)
    assert got.value.error == expected.value.error


def test_many_shapes_do_not_fill_the_memory(validation, context, monkeypatch):
    monkeypatch.setattr(validation, "_MAX_SHAPES", 3)
    prepared = validation.Validation({"a": [], "__extras": []})
    for n in range(10):
        assert prepared.run({"a": 1, f"b{n}": 2}, context).flat["a",] == 1
    assert len(prepared._shapes) <= 3


def test_a_validator_must_be_a_function_as_in_navl(validation, context):
    with pytest.raises(TypeError, match="user-defined"):
        validation.Validation({"a": [str]}).run({"a": 1}, context)
    with pytest.raises(TypeError, match="takes 3 arguments"):
        validation.Validation({"a": [lambda _a, _b, _c: None]}).run({"a": 1}, context)


def test_any_form_plugins_own_validation_is_called(validation, context):
    """Types of other plugins, and repeating subfields of scheming, go the slow way."""
    from unittest import mock

    import ckan.lib.plugins as lib

    class Form(lib.DefaultDatasetForm):
        def validate(self, _context, data, _schema, action):
            return {**data, "seen": action}, {"title": ["źle"]} if action != "package_show" else {}

    with mock.patch.object(validation, "lookup_package_plugin", return_value=Form()):
        valid = validation.RecordValidation("inne", "package_create").run({"title": "a"}, context)
    assert valid.nested() == {"title": "a", "seen": "package_create"}
    assert valid.errors == {"title": ["źle"]}


@pytest.mark.usefixtures("clean_db")
def test_unique_identifiers_are_asked_of_the_context(validation, context):
    from ckanext.leszno_ngo.catalogue.identity import Owner

    class Taken:
        def owners(self, record_type, field, value):
            return [Owner("x", "inny", "Inny klub")] if field == "krs" else []

    record = {"type": "ngo", "title": "Klub", "name": "klub", "krs": identifiers.krs()}
    context["leszno_ngo_identity"] = Taken()
    valid = validation.of_type("ngo", "package_create").run(record, context)
    assert list(valid.errors) == ["krs"]
